"""Figures of other scripts: what people type is read as on the pages, what programs write is refused with a
sentence.
"""

import pytest

from app.trainees.queries import find_by_nik

SCRIPTS = {"Arabic": "٠١٢٣٤٥٦٧٨٩", "Devanagari": "०१२३४५६७८९", "full width": "０１２３４５６７８９"}
WRITINGS = pytest.mark.parametrize("figures", SCRIPTS.values(), ids=SCRIPTS)


def written(text, figures):
    return str(text).translate({ord("0") + number: sign for number, sign in enumerate(figures)})


@WRITINGS
def test_numbers_days_hours_and_region_codes_are_refused_with_a_sentence(make, dinas, figures):
    batch, person = make.batch(), make.trainee()
    session = {
        "kind": "ceremony",
        "title": "Pembukaan",
        "held_on": f"{batch.starts_on}",
        "starts_at": "08:00",
        "ends_at": "09:00",
    }
    at = f"/batches/{batch.id}/sessions"
    for path, body, name, says in (
        (at, {**session, "held_on": written(batch.starts_on, figures)}, "held_on", "tahun-bulan-hari"),
        (at, {**session, "starts_at": "0" + written("8:00", figures)}, "starts_at", "jam setempat"),
        (at, {**session, "lesson_hours": written(2, figures)}, "lesson_hours", "bilangan bulat"),
        (
            f"/batches/{batch.id}/enrollments",
            {"trainee": written(person.id, figures)},
            "trainee",
            "bilangan bulat",
        ),
        (
            "/trainees",
            {"name": "Siti", "duty_region": written("63.05.06.2001", figures)},
            "duty_region",
            "kode wilayah",
        ),
    ):
        assert says in dinas.send("POST", path, expect=422, json=body)["errors"]["json"][name][0], (
            path,
            name,
        )
    for query, name in ((f"per_page={written(10, figures)}", "per_page"), ("per_page=1_0", "per_page")):
        assert (
            "bilangan bulat"
            in dinas.send("GET", f"/trainees?{query}", expect=422)["errors"]["query"][name][0]
        )
    day = dinas.send("GET", f"/coverage/63.05?as_of={written('2026-01-01', figures)}", expect=422)
    assert "tahun-bulan-hari" in day["errors"]["query"]["as_of"][0]
    dinas.send("GET", f"/regions/{written('63.05', figures)}", expect=404)


@WRITINGS
def test_nik_and_telephone_are_read_as_figures(make, dinas, figures):
    sent = {
        "name": "Siti Aminah",
        "duty_region": "63.05.06.2001",
        "sex": "female",
        "birth_date": "1968-03-12",
    }
    typed = {"nik": written("6305065203689777", figures), "phone": written("081234567890", figures)}
    made = dinas.send("POST", "/trainees", expect=200, json={**sent, **typed})
    assert (made["phone"], find_by_nik("6305065203689777").id) == ("+6281234567890", made["id"])


@WRITINGS
def test_ids_in_addresses_and_codes_of_certificates_are_read_as_figures(make, dinas, with_token, figures):
    held = make.certificate()
    assert dinas.send("GET", f"/batches/{written(held.batch_id, figures)}", expect=200)["id"] == held.batch_id
    assert (
        with_token(None).send("GET", f"/verify/{written(held.code, figures)}", expect=200)["number"]
        == held.number
    )
