"""Sentences of the program: their values, and how they end."""

import pytest
from flask import render_template_string

from app.core.naming import addressed
from app.core.text import Text, _
from app.notifications.document import as_html, as_message, as_text
from app.notifications.mails import Mail

CASES = [
    (
        "Disetujui oleh %(name)s. Terima kasih.",
        "Dra. Rusmini, M.Si.",
        "Disetujui oleh Dra. Rusmini, M.Si. Terima kasih.",
    ),
    ("Disetujui oleh %(name)s. Terima kasih.", "Rusmini", "Disetujui oleh Rusmini. Terima kasih."),
    ("Alasan: %(name)s.", "Aula dipakai.", "Alasan: Aula dipakai."),
    ("Tunggu %(name)s...", "M.Si.", "Tunggu M.Si...."),
    ("Alasan: %(name)s.", Text("Sudah lewat."), "Alasan: Sudah lewat."),
]


@pytest.mark.parametrize(("key", "name", "words"), CASES)
def test_a_sentence_ends_with_one_full_stop(app, key, name, words):
    assert str(_(key, name=name)) == words
    with app.test_request_context():
        assert render_template_string("{{ _(key, name=name) }}", key=key, name=name) == words
        assert render_template_string("{{ _(key, name=name) }}", key="%(name)s.", name="<b>.") == "&lt;b&gt;."


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Siti Aminah", "Bapak/Ibu Siti Aminah"),
        ("Ibu Kartini", "Ibu Kartini"),
        ("ibu Kartini", "ibu Kartini"),
        ("Bapak Budi", "Bapak Budi"),
        ("Bpk. Budi", "Bpk. Budi"),
        ("Pak Budi", "Pak Budi"),
        ("Bu Tini", "Bu Tini"),
        ("Ibu", "Bapak/Ibu Ibu"),
        ("Ibunda Sari", "Bapak/Ibu Ibunda Sari"),
        ("Budi", "Bapak/Ibu Budi"),
        ("Pakpahan Sinaga", "Bapak/Ibu Pakpahan Sinaga"),
        ("H. Syamsul, S.Sos.", "Bapak/Ibu H. Syamsul, S.Sos."),
        ("Ibu\nKartini", "Ibu Kartini"),
    ],
)
def test_people_are_addressed_once(app, name, words):
    assert addressed(name) == words
    assert addressed("Kartini", "Ibu") == "Ibu Kartini"
    mail = Mail(Text("Perihal"), name, ("Isi.",), Text("Karena"))
    with app.test_request_context():
        assert f"Yth. {words}," in as_text(mail)
        assert f"Yth. {words}," in as_html(mail)
        assert as_message(mail).startswith(f"Yth. {words},")
