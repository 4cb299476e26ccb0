"""What may be sent, how long it is tried, and which answers of a mail server are final."""

import json
import re
import smtplib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from urllib.parse import quote

from app.core.choices import Choice
from app.core.text import Text, _

SUBJECT_LENGTH = 200
REASON_LENGTH = 300
MOST_TRIES = 8
WAITS = (1, 5, 15, 30, 60, 120, 240)  # minutes after the first, second, … try: nearly eight hours in all
LEASED_FOR = timedelta(minutes=5)  # longer than the sender's timeout
UNREACHABLE_WAIT = timedelta(minutes=1)
HELD_BACK = timedelta(minutes=10)  # news of a change: several within minutes are sent as one
GIVEN_UP_AFTER = timedelta(days=3)  # a server that is never reached
AUTHENTICATION_ANSWERS = {530, 534, 535, 538}  # about our account, not about the message
LAPSED = "lapsed"  # label of a notice that nobody passed on in time
LASTING = frozenset({"result", "certificate"})  # what is news after the days of a batch, too


class PersonKind(Choice):
    """Who is notified of a decision."""

    TRAINEE = "trainee", _("Peserta")
    FACILITATOR = "facilitator", _("Pengajar")
    HOST = "host", _("Lokasi PKL")
    OFFICER = "officer", _("Petugas")


@dataclass(frozen=True)
class Recipient:
    """Somebody to be notified; without an address, a person has to pass the text on."""

    kind: PersonKind
    id: int | None
    name: str
    address: str | None = None


@dataclass(frozen=True)
class Known:
    """What somebody knew before a change that is to be notified: of each thing ("batch", "session:12") its
    facts by their names, none of what is new; why it was changed; and whether she was asked anew by it.
    """

    facts: Mapping[str, Mapping[str, str]]
    reasons: tuple[str, ...] = ()
    asks: bool = False

    @classmethod
    def read(cls, text: str) -> "Known":
        stored = json.loads(text)
        return cls(stored["facts"], tuple(stored["reasons"]), stored["asks"])

    def written(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def known_before(changes: Iterable[Known]) -> Known:
    """Return what was known before the first of several changes, the oldest first, with every reason once.

    What was new is new still.
    """
    facts: dict[str, dict[str, str]] = {}
    reasons: list[str] = []
    asks = False
    for each in changes:
        for thing, known in each.facts.items():
            if thing not in facts:
                facts[thing] = dict(known)
            elif facts[thing]:
                facts[thing] = {**known, **facts[thing]}
        reasons += [reason for reason in each.reasons if reason and reason not in reasons]
        asks = asks or each.asks
    return Known(facts, tuple(reasons), asks)


@dataclass(frozen=True)
class Outgoing:
    """A message as a sender takes it: plain values, so that no transaction is open while the
    network is used.
    """

    id: int
    recipient: str
    subject: str
    body: str
    html: str | None
    message_id: str
    created_at: datetime


class ServerUnreachable(Exception):
    """The mail server did not take the connection: not the fault of any message."""


def chat_url(phone: str | None, text: str) -> str | None:
    """Return the address that opens a chat with a mobile number with a text to send; None for any other
    number.
    """
    return (
        f"https://wa.me/{phone.removeprefix('+')}?text={quote(text)}"
        if phone and phone.startswith("+628")
        else None
    )


def bare_address(recipient: str) -> str | None:
    """Return the one address that this is, or None: no name around it, no second one, no hidden
    characters.
    """
    from email_validator import (
        EmailNotValidError,
        validate_email,
    )  # 40 ms that only who writes a message pays

    if has_hidden_characters(recipient):
        return None
    try:
        found = validate_email(
            recipient.strip(), check_deliverability=False, allow_smtputf8=False, globally_deliverable=False
        )
    except EmailNotValidError:
        return None
    return found.ascii_email


def refusal_to_write(recipient: str, subject: str) -> Text | None:
    """Return the reason why a message cannot be written, or None."""
    if bare_address(recipient) is None:
        return _("Alamat email ini tidak dapat dipakai. Contoh: nama@contoh.id")
    if not subject.strip():
        return _("Pesan ini belum mempunyai judul.")
    if has_hidden_characters(subject):
        return _("Judul pesan memuat tanda yang tidak terlihat.")
    return None


def has_hidden_characters(text: str) -> bool:
    """Return whether a header text holds line ends or other control characters, as it is or once a mail
    program decodes it.
    """
    return any(_is_hidden(character) for form in (text, _decoded(text)) for character in form)


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


def _decoded(text: str) -> str:
    if "=?" not in text:
        return text
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return "\0"  # what no mail program can read, nobody sends


def shortened(subject: str) -> str:
    """Return the subject in the length that is stored."""
    return subject if len(subject) <= SUBJECT_LENGTH else subject[: SUBJECT_LENGTH - 1] + "…"


def plain_body(body: str) -> str:
    """Return the body with one kind of line end and without control characters."""
    lines = re.split(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", body)
    return "\n".join(
        "".join(character for character in line if character == "\t" or not _is_hidden(character))
        for line in lines
    )


def wait_after(attempts: int) -> timedelta | None:
    """Return how long to wait after so many tries, or None when there is no further one."""
    return timedelta(minutes=WAITS[attempts - 1]) if attempts < MOST_TRIES else None


def is_final(error: Exception) -> bool:
    """Return whether a mail server's answer settles this message for good: 5xx about sender, recipient or
    content.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        codes = [error.smtp_code]
    else:
        return not isinstance(
            error, OSError
        )  # SMTPException is an OSError; all else is a message that cannot be put together
    return bool(codes) and all(500 <= code < 600 and code not in AUTHENTICATION_ANSWERS for code in codes)


def reason_of(error: Exception) -> str:
    """Return the short reason stored with a message; addresses are left out of it."""
    answers: list[tuple[int, bytes | str]] = (
        list(error.recipients.values()) if isinstance(error, smtplib.SMTPRecipientsRefused) else []
    )
    if isinstance(error, smtplib.SMTPResponseException):
        answers = [(error.smtp_code, error.smtp_error)]
    words = "; ".join(
        f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
        for code, text in answers
    )
    plain = words or f"{type(error).__name__}: {error}"
    return re.sub(r"\S+@\S+", "…", " ".join(plain.split()))[:REASON_LENGTH]
