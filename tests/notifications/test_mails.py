"""Every kind of mail in both forms: the same facts and links, escaped in HTML and as typed in text, whatever
people typed.
"""

import ast
import re
from dataclasses import fields
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from app.core.text import _
from app.core.unit_of_work import atomic
from app.demo.mails import Words, preview_mails
from app.extensions import db as database
from app.notifications import delivery, document
from app.notifications.mails import Link, Mail
from app.notifications.models import Message
from app.notifications.rules import Outgoing
from app.notifications.services import enqueue_mail

ROOT = Path(__file__).resolve().parents[2] / "app"
OURS = "bekal.example.go.id"
HOSTILE = "<img src=//x.example onerror=alert(1)>\"'&{{7*7}}%(x)s</p><a href=https://x.example>"
LIMITS = {
    "name": 200,
    "officer": 200,
    "approver": 200,
    "office": 200,
    "course": 200,
    "venue": 200,
    "host": 200,
    "contact": 120,
    "phone": 40,
    "reason": 500,
    "provided": 500,
    "to_bring": 500,
    "number": 160,
}
LONGEST = Words(**{field: ("Abdurrahman Nu'man " * 40)[:most].strip() for field, most in LIMITS.items()})
WORST = Words(**dict.fromkeys(Words.__dataclass_fields__, HOSTILE))
SECRET = ("auth.invitation", "auth.reset")
# Words that only English has: a mail that was never put into Indonesian holds some of them.
ENGLISH = frozenset(
    (
        "the",
        "and",
        "your",
        "you",
        "has",
        "been",
        "with",
        "for",
        "is",
        "of",
        "please",
        "dear",
        "click",
        "here",
        "certificate",
        "course",
        "seat",
    )
)


@pytest.fixture
def written(app):
    with app.app_context():
        yield lambda words=None: preview_mails(base_url=f"https://{OURS}", product="Bekal", words=words)


def words_of(html):
    return " ".join(BeautifulSoup(html, "html.parser").body.get_text(" ").split())


def links_in(text):
    return set(re.findall(r"https?://[^\s<>\"']+", text))


def test_every_mail_that_is_written_has_a_preview(written):
    """Each public function of a mails module is a kind of mail."""
    kinds = {
        f"{path.parent.name}.{node.name}"
        for path in ROOT.glob("*/mails.py")
        if path.parent.name not in ("notifications", "demo")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and isinstance(node.returns, ast.Name)
        and node.returns.id == "Mail"
        if not node.name.startswith("_")
    }
    assert kinds <= {mail.name for mail in written()}
    assert len(kinds) >= 17


@pytest.mark.parametrize("words", [None, LONGEST], ids=["usual", "longest"])
def test_both_forms_say_the_same(written, words):
    for mail in written(words):
        told = words_of(mail.html)
        body, _dashes, footer = mail.text.partition("\n-- \n")
        for line in [*body.splitlines(), *footer.splitlines()]:
            label, colon, value = line.partition(": ")
            for part in (label, value) if colon else (line,):
                assert " ".join(part.split()).rstrip(":") in told, (mail.name, line)
        hrefs = {a["href"] for a in BeautifulSoup(mail.html, "html.parser").select("a")}
        assert links_in(mail.text) == hrefs, mail.name


@pytest.mark.parametrize("words", [None, LONGEST], ids=["usual", "longest"])
def test_the_address_of_the_button_is_written_out_too(written, words):
    for mail in written(words):
        told = words_of(mail.html)
        assert all(a["href"] in told for a in BeautifulSoup(mail.html, "html.parser").select("a")), mail.name


def test_it_is_small_has_no_picture_and_calls_nobody_else(written):
    for mail in written():
        assert len(mail.html.encode()) < 6_000, (mail.name, len(mail.html.encode()))
        soup = BeautifulSoup(mail.html, "html.parser")
        assert not soup.select("img, script, style, link, table, iframe, form, [src], [background]"), (
            mail.name
        )
        assert "url(" not in mail.html
        assert {urlsplit(link).netloc for link in links_in(mail.html)} == {OURS}
        assert soup.html["lang"] == "id"
        assert "max-width:600px" in soup.body.div["style"]


def test_what_people_typed_is_escaped_in_html_and_left_as_typed_in_text(written):
    usual = {mail.name: mail for mail in written()}
    for mail in written(WORST):
        soup, plain = (
            BeautifulSoup(mail.html, "html.parser"),
            BeautifulSoup(usual[mail.name].html, "html.parser"),
        )
        assert [tag.name for tag in soup.find_all(True)] == [tag.name for tag in plain.find_all(True)], (
            mail.name
        )
        assert {urlsplit(a["href"]).netloc for a in soup.select("a")} == {OURS}
        assert HOSTILE in mail.text
        assert " ".join(HOSTILE.split()) in words_of(mail.html)


def test_a_name_is_one_line_and_cannot_write_paragraphs_of_its_own(written):
    for mail in written(Words(name="Budi\n\nBuka https://jahat.example/", officer="A\nB", contact="C\nD")):
        assert "\nBuka https" not in mail.text
        assert re.match(r"Yth\. Bapak/Ibu [^\n]+,\n\n", mail.text)


def test_a_link_for_one_use_stands_only_where_it_is_meant(written):
    for mail in written():
        secrets = {
            link
            for link in links_in(mail.text + mail.html)
            if re.search("/(invitations|reset-password)/", link)
        }
        assert len(secrets) == (mail.name in SECRET), mail.name
        assert mail.text.count("".join(secrets) or "\0") == (mail.name in SECRET)


def test_it_speaks_indonesian_and_says_who_writes_and_why(written):
    for mail in written():
        for part in (mail.subject, mail.text, words_of(mail.html)):
            plain = re.sub(r"https?://\S+", "", part)
            assert not ENGLISH & {word.lower() for word in re.findall(r"[A-Za-z]+", plain)}, mail.name
        assert mail.subject[0].isupper()
        assert len(mail.subject) <= 100, mail.subject
        assert "Anda menerima surat ini " in mail.text
        office = mail.name.partition(".")[0] in (
            "courses",
            "enrollments",
            "fieldwork",
            "assessment",
            "certificates",
            "petitions",
        )
        assert mail.text.partition("\n-- \n")[0].splitlines()[-1] == (
            "Dinas Sosial Kabupaten Tapin" if office else "Bekal"
        )


def test_no_nik_and_no_date_in_figures_is_told(written):
    for mail in written():
        assert not re.search(r"\d{16}|\d{4}-\d{2}-\d{2}|\d{2}/\d{2}/\d{4}", mail.text), mail.name


def test_the_mail_about_a_certificate_leads_to_its_page(written):
    mail = next(mail for mail in written() if mail.name == "certificates.issued")
    assert f"https://{OURS}/me/certificates/7" in links_in(mail.text)


def test_a_mail_is_queued_in_both_forms_and_neither_can_be_read_in_the_database(db):
    mail = Mail(
        subject=_("Undangan"),
        name="Siti",
        opening=(_("Ada undangan."),),
        why=_("Anda diundang."),
        button=Link(_("Buka"), "https://x.id/1"),
    )
    with atomic():
        message = enqueue_mail("siti@contoh.id", mail)
    assert message.body == document.as_text(mail)
    assert message.html == document.as_html(mail)
    row = db.session.connection().exec_driver_sql("SELECT body, html FROM messages").one()
    assert not any("undangan" in column.lower() or "https" in column for column in row)


def test_facts_without_a_value_are_left_out(app):
    mail = Mail(
        subject=_("A"),
        name="B",
        opening=(),
        why=_("C"),
        facts=((_("Ada"), 0), (_("Kosong"), " "), (_("Tidak ada"), None)),
    )
    assert mail.known_facts == [("Ada", "0")]
    with app.app_context():
        assert "Kosong" not in document.as_text(mail) + document.as_html(mail)


def test_a_mail_that_waits_survives_the_way_to_the_release_before_and_back(file_app):
    from flask_migrate import downgrade, upgrade

    with file_app.app_context():
        with atomic():
            enqueue_mail(
                "siti@contoh.id",
                Mail(
                    subject=_("Undangan"), name="Siti", opening=(_("Ada undangan."),), why=_("Anda diundang.")
                ),
            )
        text = database.session.scalars(select(Message)).one().body
        database.session.remove()
        downgrade(revision="0001")
        upgrade()
        kept = database.session.scalars(select(Message)).one()
        assert (kept.recipient, kept.subject, kept.body, kept.html) == (
            "siti@contoh.id",
            "Undangan",
            text,
            None,
        )
        assert (
            delivery.as_mail(
                Outgoing(**{field.name: getattr(kept, field.name) for field in fields(Outgoing)})
            ).body
            == text
        )
