"""Both forms of a mail, laid out by one frame each."""

from flask import current_app

from app.core.text import _
from app.notifications.mails import Mail

# Whom no mail reaches often has no account either, and the page asks for one.
WAY_IN = _(
    "Halaman itu dibuka dengan NIK dan kode masuk Anda. Belum punya kode? Hubungi kami, jawaban Anda kami"
    " catatkan."
)


def as_text(mail: Mail) -> str:
    """Return the mail as plain text."""
    return current_app.jinja_env.get_template("emails/_frame.txt").render(mail=mail).strip() + "\n"


def as_html(mail: Mail) -> str:
    """Return the mail as HTML; every value in it is escaped by the template engine."""
    return current_app.jinja_env.get_template("emails/_frame.html").render(mail=mail).strip() + "\n"


def as_message(mail: Mail) -> str:
    """Return the mail as a short text to be copied into a message: greeting, sentences, facts, where it
    stands, whom to ask.
    """
    lines = [f"Yth. {mail.greeted},", *(str(each) for each in mail.opening)]
    lines += [f"{label}: {' '.join(value.split())}" for label, value in mail.known_facts]
    lines += [str(each) for each in mail.closing]
    lines += [f"{mail.button.label}: {mail.button.address}"] if mail.button else []
    lines += [str(WAY_IN)] if mail.button and "/me/" in mail.button.address else []
    lines += [f"Narahubung: {mail.contact}"] if mail.contact else []
    return "\n".join([*lines, mail.sender] if mail.sender else lines)
