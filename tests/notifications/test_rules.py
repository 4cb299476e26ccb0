"""What may be sent, and what a mail server's answer means."""

import smtplib
from datetime import timedelta

import pytest

from app.notifications import rules


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("siti@contoh.id", "siti@contoh.id"),
        (" siti@CONTOH.id ", "siti@contoh.id"),
        ("siti+diklat@dinsos.tapinkab.go.id", "siti+diklat@dinsos.tapinkab.go.id"),
        ("siti@bücher.example", "siti@xn--bcher-kva.example"),
    ],
)
def test_one_bare_address_is_taken(text, address):
    assert rules.bare_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "siti",
        "siti@",
        "siti@localhost",
        "siti@contoh.id, budi@contoh.id",
        "siti@contoh.id;budi@contoh.id",
        "Siti <siti@contoh.id>",
        "siti@contoh.id\r\nBcc: budi@contoh.id",
        "siti@contoh.id\n",
        "siti@contoh.id%0aBcc:budi@contoh.id",
        "siti\x00@contoh.id",
        "=?utf-8?q?siti=0A?=@contoh.id",
        '"siti\r\n"@contoh.id',
        "siti@contoh.id\u2028budi@contoh.id",
    ],
)
def test_anything_more_than_one_address_is_refused(text):
    assert rules.bare_address(text) is None
    assert rules.refusal_to_write(text, "Undangan")


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "   ",
        "Undangan\r\nBcc: budi@contoh.id",
        "Undangan\nX: y",
        "Undangan\rX: y",
        "Undangan\x0bX",
        "Undangan\x85X",
        "Undangan\u2029X",
        "=?utf-8?q?Undangan=0D=0ABcc:_budi@contoh.id?=",
        "=?utf-8?b?VQ0KQmNjOiB4QHku?=",
        "=?no-such-set?q?a?=",
        "\udcff",
    ],
)
def test_a_subject_that_would_begin_another_header_is_refused(subject):
    assert rules.refusal_to_write("siti@contoh.id", subject)


@pytest.mark.parametrize(
    "subject", ["Undangan diklat", "Diklat “Dasar” – 100 %", "{{7*7}} %(x)s =? bukan kode", "Ñandú 社会"]
)
def test_other_subjects_are_taken_as_they_are(subject):
    assert rules.refusal_to_write("siti@contoh.id", subject) is None


def test_a_long_subject_is_shortened():
    assert rules.shortened("a" * 200) == "a" * 200
    assert rules.shortened("a" * 201) == "a" * 199 + "…"


def test_a_body_has_one_kind_of_line_end_and_no_control_signs():
    assert rules.plain_body("a\r\nb\rc\nd\u2028e\x00f\x1bg\th") == "a\nb\nc\nd\nefg\th"


def test_it_is_tried_eight_times_over_hours():
    waits = [rules.wait_after(tried) for tried in range(1, rules.MOST_TRIES)]
    assert waits == sorted(waits)
    assert timedelta(hours=6) < sum(waits, timedelta()) < timedelta(hours=12)
    assert rules.wait_after(rules.MOST_TRIES) is None


@pytest.mark.parametrize(
    ("error", "final"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b": (550, b"no such user")}), True),
        (smtplib.SMTPRecipientsRefused({"a@b": (450, b"greylisted")}), False),
        (smtplib.SMTPDataError(554, b"refused"), True),
        (smtplib.SMTPDataError(451, b"later"), False),
        (smtplib.SMTPSenderRefused(553, b"not you", "x"), True),
        (smtplib.SMTPSenderRefused(530, b"authenticate first", "x"), False),
        (smtplib.SMTPServerDisconnected("gone"), False),
        (TimeoutError(), False),
        (ValueError("cannot be put together"), True),
    ],
)
def test_only_a_no_about_the_message_is_final(error, final):
    assert rules.is_final(error) is final


def test_the_reason_is_short_and_names_no_address():
    error = smtplib.SMTPRecipientsRefused(
        {"siti@contoh.id": (550, b"5.1.1 <siti@contoh.id>\r\n unknown " + b"x" * 500)}
    )
    reason = rules.reason_of(error)
    assert reason.startswith("550 5.1.1 … unknown")
    assert "siti" not in reason
    assert len(reason) <= rules.REASON_LENGTH
