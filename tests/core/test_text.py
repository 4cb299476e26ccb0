"""Sentences of the program: their values, and how they end."""

import pytest
from flask import render_template_string

from app.core.text import Text, _

CASES = [
    ("Disetujui oleh %(name)s. Terima kasih.", "Dra. Rusmini, M.Si.", "Disetujui oleh Dra. Rusmini, M.Si. Terima kasih."),
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
