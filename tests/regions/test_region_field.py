"""The region picker with and without JavaScript."""

import pytest
from flask import get_flashed_messages, render_template_string
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import InputRequired

from app.regions.fields import RegionField
from app.regions.rules import Level
from app.web.forms import BaseForm

PAGE = "{% from 'components/forms.html' import render_form %}{{ render_form(form, submit='Simpan') }}"
FULL = {
    "place-provinsi": "63",
    "place-kabupaten": "63.05",
    "place-kecamatan": "63.05.08",
    "place-desa": "63.05.08.2001",
}


@pytest.fixture
def asked(app, db):
    """Return a form with a region field of these options, as it was sent (or opened, without data)."""

    def ask(sent=None, *, given=None, **options):
        class PlaceForm(BaseForm):
            class Meta(BaseForm.Meta):
                csrf = False

            name = StringField("Nama", [InputRequired()])
            place = RegionField("Tempat tugas", **options)

        method = "GET" if sent is None else "POST"
        with app.test_request_context("/", method=method, data=sent):
            form = PlaceForm(place=given) if given is not None else PlaceForm()
            form.answered = form.carry_out(lambda: None, to="/done")
            form.said = get_flashed_messages()
            form.drawn = render_template_string(PAGE, form=form)
            return form

    return ask


def chosen(form):
    return [step.value for step in form.place.levels]


def test_an_empty_form_offers_the_provinsi_only(asked):
    form = asked()
    assert [step.level for step in form.place.levels] == [
        Level.PROVINSI,
        Level.KABUPATEN,
        Level.KECAMATAN,
        Level.DESA,
    ]
    assert [len(step.choices) for step in form.place.levels] == [3, 0, 0, 0]
    assert form.place.data is None
    assert 'data-children-url="/regions/children"' in form.drawn
    assert form.drawn.count("<select") == 4


def test_four_steps_lead_to_a_desa(asked):
    form = asked(FULL | {"name": "Siti"})
    assert form.answered.status_code == 303
    assert form.place.data.code == "63.05.08.2001"


@pytest.mark.parametrize(
    ("left_out", "says"),
    [
        (["place-desa"], "Pilih desa/kelurahan."),
        (["place-kecamatan", "place-desa"], "Pilih kecamatan."),
        (list(FULL), "Pilih provinsi."),
    ],
)
def test_a_required_region_must_be_chosen_to_the_end(asked, left_out, says):
    form = asked({name: value for name, value in FULL.items() if name not in left_out} | {"name": "Siti"})
    assert form.answered is None
    assert form.status == 422
    assert form.place.errors == [says]


def test_an_error_elsewhere_keeps_every_step(asked):
    form = asked(FULL | {"name": ""})
    assert form.status == 422
    assert chosen(form) == list(FULL.values())
    assert form.drawn.count(" selected") == 4
    assert not form.place.errors


def test_the_refresh_button_shows_the_next_choices_and_checks_nothing(asked):
    form = asked({"name": "", "place-provinsi": "63", "place-refresh": "1"})
    assert (form.answered, form.status, form.errors, form.said) == (None, 200, {}, [])
    assert [len(step.choices) > 1 for step in form.place.levels] == [True, True, False, False]
    assert "error-summary" not in form.drawn


def test_another_provinsi_lets_go_of_what_lay_in_the_old_one(asked):
    form = asked(FULL | {"name": "Siti", "place-provinsi": "33"})
    assert chosen(form) == ["33", "", "", ""]
    assert form.place.errors == ["Pilih kabupaten/kota."]


@pytest.mark.parametrize("within", ["63.05", lambda: "63.05"])
def test_a_fixed_beginning_shows_only_what_lies_below(asked, within):
    form = asked(within=within)
    assert [step.level for step in form.place.levels] == [Level.KECAMATAN, Level.DESA]
    assert len(form.place.levels[0].choices) == 13


def test_what_lies_outside_the_beginning_cannot_be_chosen(asked):
    form = asked(
        {"name": "Siti", "place-kecamatan": "63.72.01", "place-desa": "63.72.01.1001"}, within="63.05"
    )
    assert form.place.data is None
    assert form.place.errors == ["Pilih kecamatan."]


def test_a_beginning_at_the_last_level_leaves_nothing_to_choose(asked, make):
    form = asked({"name": "Siti"}, within="63.05.08", level=Level.KECAMATAN)
    assert form.place.levels == []
    assert form.place.data is make.region("63.05.08")


def test_an_unknown_beginning_is_a_fault_of_ours(asked):
    with pytest.raises(LookupError):
        asked(within="99.99")


def test_where_it_is_optional_any_step_will_do(asked):
    assert asked({"name": "Siti"}, required=False).place.data is None
    form = asked({"name": "Siti", "place-provinsi": "63", "place-kabupaten": "63.05"}, required=False)
    assert form.answered.status_code == 303
    assert form.place.data.code == "63.05"


def test_a_known_region_is_shown_chosen(asked, make):
    form = asked(given=make.region("63.05.08.2001"))
    assert chosen(form) == list(FULL.values())


def test_it_reads_a_query_string_too(app, db):
    class Filter(BaseForm):
        class Meta(BaseForm.Meta):
            csrf = False

        place = RegionField("Wilayah", level=Level.KABUPATEN, required=False)

    with app.test_request_context("/"):
        assert (
            Filter(formdata=MultiDict({"place-provinsi": "63", "place-kabupaten": "63.05"})).place.data.code
            == "63.05"
        )
        assert Filter(formdata=MultiDict()).place.data is None
