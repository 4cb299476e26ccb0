"""How a message leaves: to a mail server that is really there, or into a folder."""

import email
import email.policy
import socket
import stat
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller

from app.notifications import delivery, rules
from app.notifications.rules import Outgoing, ServerUnreachable

MESSAGE = Outgoing(
    id=7,
    recipient="siti@contoh.id",
    subject="Undangan “Dasar”",
    body="Halo Siti,\nñ 社会\n.\nakhir",
    html=None,
    message_id="f" * 32,
    created_at=datetime(2026, 5, 1, 1, tzinfo=UTC),
)


class Box:
    """A mail server that keeps what it accepts and answers as told."""

    def __init__(self):
        self.mails = []
        self.recipient_answer = self.data_answer = None

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if self.recipient_answer:
            return self.recipient_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        if self.data_answer:
            return self.data_answer
        self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        return "250 OK"


@pytest.fixture
def state(app, monkeypatch):
    """The settings of Flask-Mail, sending in earnest."""
    state = app.extensions["mail"]
    monkeypatch.setattr(state, "suppress", False)
    monkeypatch.setattr(state, "server", "127.0.0.1")
    monkeypatch.setattr(state, "default_sender", "Bekal <bekal@dinsos.example>")
    with app.app_context():
        yield state


@pytest.fixture
def box(state, monkeypatch):
    box = Box()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setattr(state, "port", port)
    yield box
    controller.stop()


def read(content):
    return email.message_from_bytes(content, policy=email.policy.default)


def test_the_mail_arrives_as_it_was_written(box):
    delivery.send_by_smtp(MESSAGE)
    ((sender, recipients, content),) = box.mails
    mail = read(content)
    assert recipients == ["siti@contoh.id"]
    assert "bekal@dinsos.example" in sender
    assert mail["Subject"] == MESSAGE.subject
    assert mail["To"] == "siti@contoh.id"
    assert mail["Message-ID"] == f"<{'f' * 32}@dinsos.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == MESSAGE.created_at
    assert mail.get_content().replace("\r\n", "\n").rstrip("\n") == MESSAGE.body
    assert not mail.is_multipart()


def test_a_mail_in_two_forms_has_its_text_first(box):
    delivery.send_by_smtp(replace(MESSAGE, html="<!doctype html><p>Halo <b>Siti</b> ñ 社会</p>"))
    ((_sender, _recipients, content),) = box.mails
    mail = read(content)
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    text, html = (part.get_content().replace("\r\n", "\n").rstrip("\n") for part in mail.iter_parts())
    assert (text, html) == (MESSAGE.body, "<!doctype html><p>Halo <b>Siti</b> ñ 社会</p>")
    assert not list(mail.iter_attachments())


@pytest.mark.parametrize("html", [None, f"<p>{'社会' * 900}</p>"])
def test_every_line_is_short_ascii_and_ends_as_mail_servers_demand(box, html):
    delivery.send_by_smtp(replace(MESSAGE, body="社会 " * 900, html=html))
    ((_sender, _recipients, content),) = box.mails
    assert content.isascii()
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert "社会 " * 899 in read(content).get_body(("plain",)).get_content()


def test_a_repeated_mail_can_be_recognised(box):
    delivery.send_by_smtp(MESSAGE)
    delivery.send_by_smtp(MESSAGE)
    first, second = (read(content) for _sender, _recipients, content in box.mails)
    assert first["Message-ID"] == second["Message-ID"]


PAYLOADS = [
    "{{7*7}}",
    "%(x)s",
    "<img onerror=x>",
    "Bcc: lain@contoh.id",
    "=?utf-8?q?Bcc=3A?=",
    "a" * 190,
    ".",
    "\u202etxt",
    "社会" * 60,
]


@pytest.mark.parametrize("text", PAYLOADS)
def test_words_of_people_stay_words(box, text):
    delivery.send_by_smtp(replace(MESSAGE, subject=text, body=f"{text}\nBcc: lain@contoh.id\n\n{text}"))
    ((_sender, recipients, content),) = box.mails
    assert recipients == ["siti@contoh.id"]
    assert sorted(name.lower() for name in read(content)) == sorted(
        [
            "subject",
            "from",
            "to",
            "date",
            "message-id",
            "auto-submitted",
            "content-type",
            "mime-version",
            "content-transfer-encoding",
        ]
        + [name for name in ("x-peer", "x-mailfrom", "x-rcptto") if name in read(content)]
    )


@pytest.mark.parametrize(("answer", "final"), [("550 no such user", True), ("450 greylisted", False)])
def test_the_answer_about_a_recipient_decides(box, answer, final):
    box.recipient_answer = answer
    with pytest.raises(OSError, match=r"\d") as caught:
        delivery.send_by_smtp(MESSAGE)
    assert rules.is_final(caught.value) is final


@pytest.mark.parametrize(("answer", "final"), [("554 not this", True), ("451 later", False)])
def test_the_answer_about_the_content_decides(box, answer, final):
    box.data_answer = answer
    with pytest.raises(OSError, match=r"\d") as caught:
        delivery.send_by_smtp(MESSAGE)
    assert rules.is_final(caught.value) is final


def test_nobody_at_the_door_is_the_fault_of_no_message(state, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        monkeypatch.setattr(state, "port", probe.getsockname()[1])
    with pytest.raises(ServerUnreachable):
        delivery.send_by_smtp(MESSAGE)


def test_a_server_that_says_nothing_is_not_waited_for(state, monkeypatch):
    monkeypatch.setattr(delivery, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(state, "port", silent.getsockname()[1])
        began = time.monotonic()
        with pytest.raises(ServerUnreachable):
            delivery.send_by_smtp(MESSAGE)
        assert time.monotonic() - began < 2


def test_a_server_without_tls_is_not_spoken_to_where_tls_is_asked_for(box, state, monkeypatch):
    monkeypatch.setattr(state, "use_tls", True)
    with pytest.raises(ServerUnreachable):
        delivery.send_by_smtp(MESSAGE)
    assert box.mails == []


def test_an_account_that_is_not_accepted_is_the_fault_of_no_message(box, state, monkeypatch):
    monkeypatch.setattr(state, "username", "bekal")
    monkeypatch.setattr(state, "password", "salah")
    with pytest.raises(ServerUnreachable):
        delivery.send_by_smtp(MESSAGE)
    assert box.mails == []


def test_where_no_server_is_set_the_mail_is_a_file_for_its_owner_alone(state, tmp_path):
    send = delivery.sender("", tmp_path)
    send(MESSAGE)
    send(MESSAGE)
    (path,) = (tmp_path / "outbox").iterdir()
    assert path.suffix == ".eml"
    assert read(path.read_bytes())["Subject"] == MESSAGE.subject
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_where_a_server_is_set_the_mail_goes_there(tmp_path):
    assert delivery.sender("mail.example", tmp_path) is delivery.send_by_smtp
