"""How a message is sent: by SMTP through Flask-Mail, or as a file where no mail server is set."""

import smtplib
import ssl
from collections.abc import Callable
from email.charset import QP, Charset
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import parseaddr
from pathlib import Path
from typing import Any, cast

import flask_mail
from flask import current_app

from app.notifications.rules import Outgoing, ServerUnreachable

TIMEOUT = 20.0  # seconds for each step; Flask-Mail sets none
IMPLICIT_TLS_PORT = 465


class PatientConnection(flask_mail.Connection):
    """A connection that has a time limit, verifies certificates, and treats an error while closing as
    harmless.
    """

    def configure_host(self) -> smtplib.SMTP:
        host: smtplib.SMTP | None = None
        try:
            host = self._connect()
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except OSError as error:  # refused, timed out, certificate or account not accepted
            if host is not None:
                host.close()
            raise ServerUnreachable(f"{type(error).__name__}: {error}") from error
        return host

    def _connect(self) -> smtplib.SMTP:
        server, port, trusted = self.mail.server, self.mail.port, ssl.create_default_context()
        if port == IMPLICIT_TLS_PORT:
            return smtplib.SMTP_SSL(server, port, timeout=TIMEOUT, context=trusted)
        host = smtplib.SMTP(server, port, timeout=TIMEOUT)
        if self.mail.use_tls:
            try:
                host.starttls(context=trusted)
            except OSError:
                host.close()
                raise
        return host

    def __exit__(self, *error: Any) -> None:
        """Close the connection; the mail is accepted or not by now, whatever the server answers to QUIT."""
        if self.host is not None:
            try:
                self.host.quit()
            except OSError:
                self.host.close()


_QUOTED = Charset("utf-8")
_QUOTED.body_encoding = QP  # short lines in plain ASCII: no server of the world breaks or refuses them


class TwoFormMail(flask_mail.Message):
    """A mail whose text and HTML are alternatives of each other, without the wrapping that Flask-Mail uses
    for attachments.
    """

    def as_bytes(self) -> bytes:
        return self._message().as_bytes(policy=compat32.clone(linesep="\r\n"))

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMEText:
        return MIMEText(text or "", subtype, cast(str, _QUOTED))

    def _message(self) -> MIMEBase:
        wrapping = super()._message()
        if not wrapping.is_multipart():
            return wrapping
        (both,) = cast("list[MIMEBase]", wrapping.get_payload())
        for name, value in wrapping.items():
            if name.lower() not in ("content-type", "mime-version"):
                both[name] = value
        return both


def as_mail(message: Outgoing) -> flask_mail.Message:
    """Return the mail, its text first; its Message-ID is the same at each try, so that a repeated one is
    recognised.
    """
    made = TwoFormMail(
        subject=message.subject,
        recipients=[message.recipient],
        body=message.body,
        html=message.html,
        extra_headers={"Auto-Submitted": "auto-generated"},
    )
    domain = parseaddr(str(made.sender))[1].rpartition("@")[2] or "localhost"
    made.msgId = f"<{message.message_id}@{domain}>"
    made.date = message.created_at.timestamp()
    return made


def send_by_smtp(message: Outgoing) -> None:
    """Hand one message to the mail server; raises what smtplib raises, or ServerUnreachable."""
    with PatientConnection(current_app.extensions["mail"]) as connection:
        connection.send(as_mail(message))


def send_to_folder(folder: Path) -> Callable[[Outgoing], None]:
    """Return a sender that writes each message as an .eml file, readable by its owner alone (it may hold an
    invitation).
    """

    def send(message: Outgoing) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{message.id:06d}-{message.message_id[:8]}.eml"
        path.touch(mode=0o600)
        path.write_bytes(as_mail(message).as_bytes())

    return send


def sender(mail_server: str, data_dir: Path) -> Callable[[Outgoing], None]:
    """Return the function that sends mail in this installation."""
    return send_by_smtp if mail_server else send_to_folder(data_dir / "outbox")
