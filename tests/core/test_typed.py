"""What people type is read the way they mean it, through the forms of pages and the schemas of programs
alike.
"""

from datetime import date
from decimal import Decimal

import pytest
from apiflask import Schema
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict
from wtforms import StringField, TextAreaField
from wtforms.validators import Optional

from app.api.fields import Words, day
from app.assessment.importing import read_pasted
from app.auth.rules import NameKind, normal_name, typed_name
from app.certificates.rules import read_code, read_number
from app.core import clock
from app.core.errors import RuleViolation
from app.core.phones import number_to_call, read_phone
from app.core.scores import read_score
from app.core.text import Text
from app.core.typed import MINUTES, clean_text
from app.enrollments.forms import AskNikForm, phone_field
from app.trainees.rules import check_nik
from app.web.fields import ClockField, DayField, NumberField
from app.web.forms import BaseForm
from app.web.scores import ScoreField
from tests.core import typed_values as corpus


class Typed(BaseForm):
    """One field of each kind that reads."""

    class Meta(BaseForm.Meta):
        csrf = False

    day = DayField("", [Optional()])
    birth = DayField("", [Optional()], born=True)
    clock = ClockField("", [Optional()])
    number = NumberField("", [Optional()])
    minutes = NumberField("", [Optional()], units=MINUTES)
    mark = ScoreField("")
    phone = phone_field(Text("HP"), [Optional()])
    line = StringField("")
    lines = TextAreaField("")


class Sent(Schema):
    """The same as a program sends it."""

    day = day()
    words = Words(4000)


@pytest.fixture
def form_of(app):
    def fill(**values):
        with app.test_request_context(method="POST"):
            form = Typed(MultiDict(values))
            form.validate()
            return form

    return fill


def ids(values):
    return [ascii(str(typed))[:60] for typed, _meant in values]


def cases(values):
    return pytest.mark.parametrize(("typed", "meant"), values, ids=ids(values))


def test_the_list_is_long_enough():
    lists = [value for name, value in vars(corpus).items() if name.isupper() and isinstance(value, list)]
    assert sum(map(len, lists)) >= 200
    assert all(len({typed for typed, _meant in each}) == len(each) for each in lists)


@cases(corpus.DAYS)
def test_a_day(form_of, typed, meant):
    for name in ("day", "birth"):
        form = form_of(**{name: typed})
        told = form[name].data if not form.errors else " ".join(form.errors[name])
        assert told == meant if isinstance(meant, date) else meant in told
        assert (
            'type="text"' in form[name]()
        )  # a calendar of the browser reads 05/06 as the browser's language has it
        if form.errors:
            assert form[name]._value() == typed  # nothing that was typed is lost


@cases(corpus.SHORT_YEARS)
def test_a_year_of_two_figures_is_understood_of_a_birth_alone(form_of, typed, meant):
    birth = form_of(birth=typed)
    told = birth.birth.data if not birth.errors else " ".join(birth.errors["birth"])
    assert told == meant if isinstance(meant, date) else meant in told
    assert corpus.FULL_YEAR in " ".join(form_of(day=typed).errors["day"])


def test_a_day_is_shown_as_it_is_written(form_of):
    form = form_of(day="24 Mei 2011", birth="2011-05-24")
    for field in (form.day, form.birth):
        assert 'value="24-05-2011"' in field()
        assert 'inputmode="numeric"' in field()
    assert "24-05-1985" in str(form.birth.description)
    assert f"24-05-{clock.now().year}" in str(form.day.description)


@cases([*corpus.DAYS, *corpus.SHORT_YEARS])
def test_a_program_sends_days_in_one_way_and_reads_so_in_indonesian(app, typed, meant):
    with app.test_request_context():
        if isinstance(meant, date) and typed == meant.isoformat():
            assert Sent().load({"day": typed}) == {"day": meant}
            return
        with pytest.raises(ValidationError) as refused:
            Sent().load({"day": typed})
    [sentence] = refused.value.messages["day"]
    assert "2011-05-24" in sentence
    assert "Tulis" in sentence


@cases(corpus.TIMES)
def test_a_time_of_day(form_of, typed, meant):
    form = form_of(clock=typed)
    assert f"{form.clock.data:%H:%M}" == meant if not form.errors else meant in " ".join(form.errors["clock"])
    assert form.clock._value() == (typed if form.errors else meant.replace(":", "."))
    assert 'type="text"' in form.clock()


@cases(corpus.WHOLE_NUMBERS)
def test_a_whole_number(form_of, typed, meant):
    form = form_of(number=typed)
    told = form.number.data if not form.errors else " ".join(form.errors["number"])
    assert told == meant if isinstance(meant, int) else meant in str(told)
    if form.errors:
        assert form.number._value() == clean_text(typed) or form.number._value() == typed


@cases(corpus.MINUTES_LATE)
def test_a_number_with_a_word_behind_it(form_of, typed, meant):
    form = form_of(minutes=typed)
    told = form.minutes.data if not form.errors else " ".join(form.errors["minutes"])
    assert told == meant if isinstance(meant, int) else meant in str(told)


@cases(corpus.MARKS)
def test_a_mark(form_of, typed, meant):
    form = form_of(mark=typed)
    pasted = read_pasted(f"Aminah\t{typed}", [(7, "Aminah")])
    if meant is None:
        assert form.errors
        assert pasted.errors
        with pytest.raises(ValueError, match="no score"):
            read_score(typed)
    else:
        assert form.mark.score == pasted.values[7] == read_score(typed) == Decimal(meant)


@cases(corpus.MOBILES)
def test_a_phone(form_of, app, typed, meant):
    form = form_of(phone=typed)
    with app.test_request_context():
        sent = read_phone(Sent().load({"words": typed})["words"])
    if meant is None:
        assert "0812-3456-7890" in " ".join(form.errors["phone"])  # an example of what is wanted
        assert isinstance(sent, Text)
    else:
        assert form.phone.checked == sent == meant
        assert typed_name(clean_text(typed)) == (NameKind.PHONE, meant)


@cases(corpus.NO_MOBILES)
def test_nothing_of_a_phone_is_passed_over(form_of, typed, meant):
    assert meant in " ".join(form_of(phone=typed).errors["phone"])
    assert normal_name(NameKind.PHONE, typed) is None  # nor does anybody sign in by it


@cases(corpus.NUMBERS_TO_CALL)
def test_a_number_to_call(typed, meant):
    if meant is None:
        with pytest.raises(RuleViolation):
            number_to_call(typed, field="phone")
        assert (
            number_to_call(typed, known=typed, field="phone") == typed
        )  # what stands there stays until it is changed
    else:
        assert number_to_call(typed, field="phone") == meant


@cases(corpus.NIKS)
def test_a_nik(app, typed, meant):
    with app.test_request_context(method="POST"):
        form = AskNikForm(MultiDict({"nik": typed}), meta={"csrf": False})
        is_right = form.validate()
        sent = check_nik(Sent().load({"words": typed})["words"])
    assert is_right == (meant is not None)
    if meant is not None:
        assert form.nik.checked == sent == meant
    else:
        assert form.errors["nik"] == [str(sent)]


@cases(corpus.TEXTS)
def test_a_text(form_of, app, typed, meant):
    form = form_of(line=typed, lines=typed)
    with app.test_request_context():
        try:
            sent = Sent().load({"words": typed})["words"]
        except ValidationError as refused:
            sent = refused.messages["words"][0]
    if meant is None:
        for told in (form.errors["line"][0], form.errors["lines"][0], sent):
            assert "tidak dapat dibaca" in told
    else:
        assert form.line.data == form.lines.data == sent == meant


def test_a_control_sign_is_said_once(form_of):
    assert len(form_of(line="Siti\x07", lines="").errors["line"]) == 1


@pytest.mark.parametrize("text", ["Aula 😀", "قاعة"])
def test_a_program_prints_no_boxes_either(app, text):
    with app.test_request_context(), pytest.raises(ValidationError) as refused:
        Sent().load({"words": text})
    assert "tidak dapat dicetak" in refused.value.messages["words"][0]


def test_a_line_stays_one_line_and_lines_stay_lines(form_of):
    form = form_of(line="Siti\r\nAminah", lines="satu\ndua\u2028tiga")
    assert form.line.data == "Siti Aminah" or form.line.data == "Siti  Aminah"
    assert form.lines.data == "satu\ndua\ntiga"


@cases(corpus.CODES)
def test_a_code(typed, meant):
    assert read_code(typed) == meant


@cases(corpus.CERTIFICATE_NUMBERS)
def test_the_number_of_a_certificate(typed, meant):
    assert read_number(typed) == meant
