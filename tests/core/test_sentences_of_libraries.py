"""No sentence of a form library reaches a page in English: each that the libraries can say has ours."""

import ast
from pathlib import Path

import flask_wtf
import wtforms
from flask_wtf.csrf import CSRFProtect
from werkzeug.datastructures import MultiDict
from wtforms import FileField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    URL,
    UUID,
    AnyOf,
    Email,
    EqualTo,
    InputRequired,
    IPAddress,
    Length,
    MacAddress,
    NoneOf,
    NumberRange,
    Regexp,
)

from app.web.forms import BaseForm
from app.web.messages import COUNTED, SENTENCES, translations

# Sentence to programmers only: of a field that was built wrongly, of a way to guard forms that is not ours.
NEVER_SHOWN = {
    "Choices cannot be None.",
    "Invalid field name '%s'.",
    "CSRF failed.",
    "CSRF token expired.",
    "CSRF token missing.",
    "Invalid CSRF Token.",
}


def sentences_of(package):
    """Return every text that a library gives to its translations."""
    found = set()
    for path in Path(package.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            name = (
                getattr(call.func, "attr", getattr(call.func, "id", "")) if isinstance(call, ast.Call) else ""
            )
            if name in ("gettext", "ngettext"):
                found |= {
                    each.value
                    for each in call.args[: 2 if name == "ngettext" else 1]
                    if isinstance(each, ast.Constant)
                }
    return found


def test_every_sentence_has_ours():
    found = sentences_of(wtforms) | sentences_of(flask_wtf)
    assert len(found) > 35
    assert sorted(found - set(SENTENCES) - set(COUNTED) - NEVER_SHOWN) == []
    for singular in found:
        if singular not in NEVER_SHOWN:
            assert translations().gettext(singular) not in found
            assert translations().ngettext(singular, singular, 2) not in found or singular in SENTENCES


class Strict(BaseForm):
    """Whatever a validator can refuse."""

    class Meta(BaseForm.Meta):
        csrf = False

    needed = StringField("Isian", [InputRequired()])
    short = StringField("Isian", [Length(min=5, max=7)])
    shortest = StringField("Isian", [Length(min=5)])
    longest = StringField("Isian", [Length(max=1)])
    exact = StringField("Isian", [Length(min=5, max=5)])
    mail = StringField("Isian", [Email()])
    same = StringField("Isian", [EqualTo("mail")])
    number = IntegerField("Isian", [NumberRange(5, 7)])
    pattern = StringField("Isian", [Regexp("z")])
    address = StringField("Isian", [URL()])
    machine = StringField("Isian", [IPAddress()])
    card = StringField("Isian", [MacAddress()])
    key = StringField("Isian", [UUID()])
    one_of = StringField("Isian", [AnyOf(["z"])])
    none_of = StringField("Isian", [NoneOf(["abc"])])
    choice = SelectField("Isian", choices=[SelectChoice("z", "z")])
    round_choice = RadioField("Isian", choices=[SelectChoice("z", "z")])
    numbers = SelectMultipleField("Isian", choices=[SelectChoice(1, "z")], coerce=int)
    some = SelectMultipleField("Isian", choices=[SelectChoice("z", "z")])
    file = FileField("Isian", [InputRequired()])


def test_what_each_validator_refuses_is_said_in_our_words(app):
    english = {
        "field",
        "must",
        "value",
        "valid",
        "invalid",
        "required",
        "choice",
        "characters",
        "number",
        "address",
        "not",
        "be",
        "is",
    }
    with app.test_request_context(method="POST"):
        typed = dict.fromkeys(Strict()._fields, "abc") | {"needed": "", "file": "", "same": "other"}
        form = Strict(MultiDict(typed))
        assert not form.validate()
    assert set(form.errors) >= set(form._fields) - {"idempotency_key"}, set(form._fields) - set(form.errors)
    said = [sentence for errors in form.errors.values() for sentence in errors]
    assert [
        sentence for sentence in said if english & set(sentence.casefold().replace(".", "").split())
    ] == []


def test_a_form_that_guards_itself_says_so_in_indonesian(app, browser):
    """The page of a one-time link checks its own token."""
    assert isinstance(app.extensions["csrf"], CSRFProtect)
    with app.test_request_context(method="POST"):
        form = BaseForm(MultiDict({}))
        assert not form.validate()
    assert "csrf" not in " ".join(form.errors.get("csrf_token", [])).casefold()
