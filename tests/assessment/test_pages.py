"""Nilai & Kelulusan: the sheet, marks from Excel, proposing, approving on a phone, the berita acara."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.assessment import queries, services
from app.assessment.models import Mark
from app.assessment.rules import GraduationStatus, MarkKind, ResultOutcome
from app.attendance.rules import Presence
from app.attendance.services import Entry, record_presences
from app.audit import queries as audit
from app.audit.models import Event
from app.auth.rules import Role
from app.extensions import db as database

HELD = "2011-05-27"


def propose(scene):
    return services.propose_graduation(scene.batch, held_on=date(2011, 5, 27), by=scene.proposer)


def version_read(browser, scene, kind="posttest"):
    page = browser.get("assessment.record_marks", batch_id=scene.batch.id, kind=kind)
    return {"version": page.soup.find("input", attrs={"name": "version"})["value"]}


def test_the_page_says_why_somebody_does_not_pass(browser, scene):
    browser.sign_in(scene.proposer)
    page = browser.get("assessment.show_graduation", batch_id=scene.batch.id)
    row = next(
        tr.get_text(" ", strip=True) for tr in page.soup.select("tbody tr") if "Siti Aminah" in tr.get_text()
    )
    assert "Hadir 20 dari 25 JP (80 %), syarat 85 %." in row
    assert "Tidak mengikuti PKL" in row
    assert "Tidak lulus" in row
    assert row.count("belum memenuhi") == 2
    columns = [th.get_text(strip=True) for th in page.soup.select("thead th")]
    assert columns == ["Nama", "Kehadiran, syarat 85 %", "PKL", "Menurut syarat"]


def test_what_is_missing_is_said_before_anybody_tries(browser, scene, make):
    make.attendee(scene.batch)
    browser.sign_in(scene.proposer)
    page = browser.get("assessment.show_graduation", batch_id=scene.batch.id)
    assert "Kehadiran belum lengkap: Selasa, 24 Mei 2011 (pagi)" in page.text
    assert page.soup.find("input", attrs={"name": "held_on"}) is None


def test_marks_from_excel_are_checked_then_saved(browser, scene):
    browser.sign_in(scene.proposer)
    pasted = "Nama\tNilai\nSiti Aminah\t72,5\nPeserta 01\t88"
    page = browser.post(
        "assessment.check_marks", batch_id=scene.batch.id, data={"kind": "final", "text": pasted}, expect=200
    )
    assert queries.marks_by_attendee(scene.batch) == {}
    assert "Peserta 02" in page.text.split("nilainya tidak berubah")[1]
    form = page.soup.find("form", attrs={"class": "post-form"})
    hidden = {
        field["name"]: field["value"] for field in form.find_all("input") if field["name"].startswith("mark_")
    }
    browser.post(form["action"], data=hidden)
    assert queries.marks_by_attendee(scene.batch) == {
        scene.siti.id: {MarkKind.FINAL: Decimal("72.5")},
        scene.others[0].id: {MarkKind.FINAL: Decimal(88)},
    }


def test_each_line_that_cannot_be_read_is_named_and_nothing_can_be_saved(browser, scene):
    browser.sign_in(scene.proposer)
    pasted = "Siti Aminah\t72\nPeserta 01\t880\nSiapa\t70"
    page = browser.post(
        "assessment.check_marks", batch_id=scene.batch.id, data={"kind": "final", "text": pasted}, expect=422
    )
    assert "Baris 2: “880” bukan nilai" in page.error
    assert "Baris 3: Tidak ada peserta bernama “Siapa”" in page.error
    assert page.soup.find("form", attrs={"class": "post-form"}) is None
    assert page.soup.find("textarea", attrs={"name": "text"}).text.strip() == pasted


def test_marks_are_filled_one_by_one(browser, scene):
    browser.sign_in(scene.proposer)
    fields = {
        f"mark_{scene.siti.id}": "72,5",
        f"mark_{scene.others[0].id}": "abc",
        f"mark_{scene.others[1].id}": "",
    }
    page = browser.post(
        "assessment.record_marks", batch_id=scene.batch.id, kind="posttest", data=fields, expect=422
    )
    assert "Peserta 01: Isi dengan nilai dari 0 sampai 100" in page.error
    assert page.soup.find("input", attrs={"name": f"mark_{scene.siti.id}"})["value"] == "72,5"
    browser.post(
        "assessment.record_marks",
        batch_id=scene.batch.id,
        kind="posttest",
        data={**fields, f"mark_{scene.others[0].id}": "80.25"},
    )
    assert queries.marks_by_attendee(scene.batch) == {
        scene.siti.id: {MarkKind.POSTTEST: Decimal("72.5")},
        scene.others[0].id: {MarkKind.POSTTEST: Decimal("80.25")},
    }
    taken = version_read(browser, scene) | {f"mark_{scene.siti.id}": ""}
    browser.post("assessment.record_marks", batch_id=scene.batch.id, kind="posttest", data=taken)
    assert scene.siti.id not in queries.marks_by_attendee(scene.batch)
    assert "80,25" in str(
        browser.get("assessment.record_marks", batch_id=scene.batch.id, kind="posttest").soup
    )


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_who_enter_marks_at_once_lose_nothing(browser, new_browser, scene, make, order):
    services.record_marks(scene.batch, MarkKind.POSTTEST, {scene.siti.id: Decimal(60)}, by=scene.proposer)
    other = new_browser()
    browser.sign_in(scene.proposer)
    other.sign_in(make.user(Role.COMMITTEE))
    people = [scene.siti, *scene.others]
    forms = [
        {f"mark_{each.id}": {scene.siti.id: "60"}.get(each.id, "") for each in people}
        | version_read(who, scene)
        | change
        for who, change in (
            (browser, {f"mark_{scene.siti.id}": "75"}),
            (other, {f"mark_{scene.others[0].id}": "88"}),
        )
    ]
    for turn in order:
        who = (browser, other)[turn]
        who.post("assessment.record_marks", batch_id=scene.batch.id, kind="posttest", data=forms[turn])
    assert {
        key: values[MarkKind.POSTTEST] for key, values in queries.marks_by_attendee(scene.batch).items()
    } == {
        scene.siti.id: Decimal(75),
        scene.others[0].id: Decimal(88),
    }


def test_a_mark_that_both_changed_is_shown_twice_and_saved_when_sent_again(browser, new_browser, scene, make):
    services.record_marks(scene.batch, MarkKind.POSTTEST, {scene.siti.id: Decimal(60)}, by=scene.proposer)
    other = new_browser()
    browser.sign_in(scene.proposer)
    other.sign_in(make.user(Role.COMMITTEE, name="Ratna Dewi"))
    read = version_read(browser, scene)
    theirs = version_read(other, scene) | {f"mark_{scene.siti.id}": "70"}
    other.post("assessment.record_marks", batch_id=scene.batch.id, kind="posttest", data=theirs)

    data = read | {f"mark_{scene.siti.id}": "75", f"mark_{scene.others[0].id}": "88"}
    page = browser.post(
        "assessment.record_marks", batch_id=scene.batch.id, kind="posttest", data=data, expect=409
    )
    assert "Tersimpan sekarang: 70 (oleh Ratna Dewi" in page.text
    assert "Isian Anda: 75." in page.text
    assert page.soup.find("input", attrs={"name": f"mark_{scene.others[0].id}"})["value"] == "88"
    assert queries.marks_by_attendee(scene.batch) == {scene.siti.id: {MarkKind.POSTTEST: Decimal(70)}}

    again = data | {"version": page.soup.find("input", attrs={"name": "version"})["value"]}
    browser.post("assessment.record_marks", batch_id=scene.batch.id, kind="posttest", data=again)
    assert queries.marks_by_attendee(scene.batch)[scene.siti.id] == {MarkKind.POSTTEST: Decimal(75)}
    event = database.session.scalars(
        select(Event).where(Event.action == "mark.recorded").order_by(Event.id.desc())
    ).all()[1]
    details = audit.details_of([event])[event.id]["details"]
    assert (details["before_by"], event.actor_label) == ("Ratna Dewi", scene.proposer.name)


@pytest.mark.parametrize("others_saved", [False, True])
def test_pasted_marks_overwrite_what_the_check_showed_and_nothing_saved_since(browser, scene, others_saved):
    services.record_marks(scene.batch, MarkKind.FINAL, {scene.siti.id: Decimal(60)}, by=scene.proposer)
    browser.sign_in(scene.proposer)
    data = {"kind": "final", "text": "Siti Aminah\t72"}
    page = browser.post("assessment.check_marks", batch_id=scene.batch.id, data=data, expect=200)
    assert page.soup.find("td", attrs={"data-label": "Sebelumnya"}).get_text() == "60"
    form = page.soup.find("form", attrs={"class": "post-form"})
    if others_saved:
        services.record_marks(scene.batch, MarkKind.FINAL, {scene.siti.id: Decimal(80)}, by=scene.signer)

    hidden = {
        field["name"]: field["value"]
        for field in form.find_all("input")
        if field["name"].startswith(("mark_", "version"))
    }
    browser.post(form["action"], data=hidden, expect=409 if others_saved else 303)

    assert queries.marks_by_attendee(scene.batch) == {
        scene.siti.id: {MarkKind.FINAL: Decimal(80 if others_saved else 72)}
    }


def test_a_mark_that_was_not_sent_was_not_typed(browser, scene, monkeypatch):
    browser.sign_in(scene.proposer)
    hold = services.lock_for

    def wait_for_another(*args, **options):
        make_mark = Mark(attendee_id=scene.others[0].id, kind=MarkKind.FINAL, value=Decimal(88))
        database.session.add(make_mark)
        database.session.flush()
        return hold(*args, **options)

    monkeypatch.setattr(services, "lock_for", wait_for_another)
    browser.post("assessment.record_marks", batch_id=scene.batch.id, data={f"mark_{scene.siti.id}": "70"})

    assert queries.marks_by_attendee(scene.batch) == {
        scene.siti.id: {MarkKind.FINAL: Decimal(70)},
        scene.others[0].id: {MarkKind.FINAL: Decimal(88)},
    }


def test_the_short_form_of_the_tab_proposes_what_the_rules_suggest(browser, scene):
    browser.sign_in(scene.proposer)
    tab = browser.get("assessment.show_graduation", batch_id=scene.batch.id)
    assert tab.soup.find("input", attrs={"name": "held_on"})["value"]
    browser.post("assessment.propose_graduation", batch_id=scene.batch.id, data={"held_on": HELD})
    graduation = queries.latest_graduation(scene.batch)
    assert {r.attendee_id: r.outcome for r in queries.list_results(graduation)}[
        scene.siti.id
    ] is ResultOutcome.FAILED
    assert "menunggu persetujuan" in browser.get("assessment.show_graduation", batch_id=scene.batch.id).text


def test_the_long_form_keeps_where_the_meeting_differs(browser, scene):
    browser.sign_in(scene.proposer)
    browser.get("assessment.propose_graduation", batch_id=scene.batch.id)
    key = scene.others[0].id
    data = {"held_on": HELD, f"outcome_{key}": "deferred", f"note_{key}": ""}
    page = browser.post("assessment.propose_graduation", batch_id=scene.batch.id, data=data, expect=422)
    assert "Tuliskan alasannya dengan kata-kata" in page.error
    browser.post(
        "assessment.propose_graduation",
        batch_id=scene.batch.id,
        data={**data, f"note_{key}": "tugas belum selesai"},
    )
    meeting = browser.get("assessment.show_meeting", graduation_id=queries.latest_graduation(scene.batch).id)
    assert "Rapat memutuskan lain: Peserta 01, Ditunda (tugas belum selesai)." in meeting.text


def test_a_pass_against_the_rules_is_not_even_a_choice(browser, scene):
    browser.sign_in(scene.proposer)
    data = {"held_on": HELD, f"outcome_{scene.siti.id}": "passed", f"note_{scene.siti.id}": "dibantu"}
    browser.post("assessment.propose_graduation", batch_id=scene.batch.id, data=data, expect=422)
    assert queries.latest_graduation(scene.batch) is None


def test_the_signer_approves_in_three_taps(browser, scene):
    graduation = propose(scene)
    browser.sign_in(scene.signer)
    page = browser.get("assessment.show_meeting", graduation_id=graduation.id)
    assert (
        "2 orang memenuhi semua syarat. 1 orang tidak: Siti Aminah (hadir 20 dari 25 JP (80 %), syarat 85 %;"
        " tidak mengikuti PKL)." in page.text
    )
    asked = page.soup.select_one("main details:not([open])")
    assert asked.summary.get_text() == "Setujui hasil rapat"
    assert "hanya dapat ditarik kembali selama sertifikatnya belum terbit" in asked.p.get_text()
    form = asked.form
    assert form.button.get_text(strip=True) == "Ya, setujui hasil rapat"
    done = browser.get(browser.post(form["action"]).location)
    assert "Hasil rapat disetujui" in done.text
    assert queries.approved_graduation(scene.batch).approved_by_id == scene.signer.id


def test_pressing_approve_twice_has_one_effect(browser, scene):
    graduation = propose(scene)
    browser.sign_in(scene.signer)
    first = browser.post("assessment.approve_graduation", graduation_id=graduation.id, key="a" * 32)
    again = browser.post("assessment.approve_graduation", graduation_id=graduation.id, key="a" * 32)
    assert first.location == again.location
    other = browser.post("assessment.approve_graduation", graduation_id=graduation.id, expect=409)
    assert "sudah berstatus Disetujui" in other.error


def test_the_proposer_finds_no_button_and_a_forged_press_is_refused(browser, scene, make):
    graduation = propose(scene)
    make.grant(scene.proposer, Role.SIGNER, make.region())
    browser.sign_in(scene.proposer)
    page = browser.get("assessment.show_meeting", graduation_id=graduation.id)
    assert page.soup.find("a", string="Setujui hasil rapat") is None
    assert "pejabat lain yang menyetujuinya" in page.text
    refused = browser.post("assessment.approve_graduation", graduation_id=graduation.id, expect=422)
    assert "Anda usulkan sendiri" in refused.error
    assert queries.get_graduation(graduation.id).status is GraduationStatus.PROPOSED


def test_signing_in_again_does_not_make_the_proposer_another_person(new_browser, scene, make):
    graduation = propose(scene)
    make.grant(scene.proposer, Role.SIGNER, make.region())
    for _each in range(2):
        fresh = new_browser()
        fresh.sign_in(scene.proposer)
        fresh.post("assessment.approve_graduation", graduation_id=graduation.id, expect=422)
    assert queries.approved_graduation(scene.batch) is None


def test_a_committee_cannot_approve_at_all(browser, scene, make):
    graduation = propose(scene)
    browser.sign_in(make.user(Role.COMMITTEE))
    browser.get("assessment.show_meeting", graduation_id=graduation.id)
    browser.get("assessment.approve_graduation", graduation_id=graduation.id, expect=404)
    browser.post(
        "assessment.return_graduation", graduation_id=graduation.id, data={"reason": "x"}, expect=404
    )


def test_other_offices_see_nothing_of_it(browser, scene, make):
    graduation = propose(scene)
    for role, region in ((Role.KABUPATEN_DINAS, "63.03"), (Role.SIGNER, "33.74"), (Role.SIGNER, "63.03")):
        browser.sign_in(make.user(role, region))
        browser.get("assessment.show_graduation", batch_id=scene.batch.id, expect=404)
        browser.get("assessment.record_marks", batch_id=scene.batch.id, expect=404)
        browser.get("assessment.show_meeting", graduation_id=graduation.id, expect=404)
        browser.post("assessment.approve_graduation", graduation_id=graduation.id, expect=404)


def test_the_provinsi_reads_and_does_not_write(browser, scene, make):
    graduation = propose(scene)
    browser.sign_in(make.user(Role.PROVINSI_DINAS, "63"))
    browser.get("assessment.show_graduation", batch_id=scene.batch.id)
    browser.get("assessment.show_meeting", graduation_id=graduation.id)
    browser.get("assessment.record_marks", batch_id=scene.batch.id, expect=404)
    browser.get("assessment.propose_graduation", batch_id=scene.batch.id, expect=404)


def test_changed_figures_are_said_to_the_signer_and_stop_a_press(browser, scene):
    graduation = propose(scene)
    record_presences(scene.practice, {scene.others[0].id: Entry(Presence.ABSENT)}, by=scene.proposer)
    browser.sign_in(scene.signer)
    page = browser.get("assessment.show_meeting", graduation_id=graduation.id)
    assert "Data berubah sejak diusulkan. Panitia mengusulkan ulang" in page.text
    changed = f"Peserta 01: kehadiran semula 25/25 JP, kini 20/25 JP (oleh {scene.proposer.name})."
    assert changed in page.text
    assert "Menurut data dan syarat saat diusulkan: 2 orang memenuhi semua syarat." in page.text
    assert page.soup.find("a", string="Setujui hasil rapat") is None
    refused = browser.post("assessment.approve_graduation", graduation_id=graduation.id, expect=422)
    assert "usulkan ulang" in refused.error


def test_a_change_after_approval_is_refused_with_a_sentence(browser, scene):
    services.approve_graduation(propose(scene), by=scene.signer)
    browser.sign_in(scene.proposer)
    closed = f"Kelulusan angkatan ini sudah disetujui oleh {scene.signer.name}"
    old_form = {f"mark_{scene.siti.id}": "90"}
    refused = browser.post("assessment.record_marks", batch_id=scene.batch.id, data=old_form, expect=422)
    assert closed in refused.error
    assert closed in browser.get("assessment.show_graduation", batch_id=scene.batch.id).text
    assert closed in browser.get("assessment.record_marks", batch_id=scene.batch.id).text


def test_a_proposal_is_returned_with_a_reason(browser, scene):
    graduation = propose(scene)
    browser.sign_in(scene.signer)
    browser.post("assessment.return_graduation", graduation_id=graduation.id, data={"reason": ""}, expect=422)
    browser.post(
        "assessment.return_graduation", graduation_id=graduation.id, data={"reason": "Tanggal rapat keliru."}
    )
    browser.sign_in(scene.proposer)
    assert "Tanggal rapat keliru." in browser.get("assessment.show_graduation", batch_id=scene.batch.id).text


def test_the_berita_acara_is_on_the_page_for_the_printer(browser, scene):
    graduation = propose(scene)
    services.approve_graduation(graduation, by=scene.signer)
    browser.sign_in(scene.signer)
    page = browser.get("assessment.show_meeting", graduation_id=graduation.id)
    paper = " ".join(part.get_text(" ", strip=True) for part in page.soup.select(".print-only"))
    assert "Dinas Sosial Kabupaten Tapin" in paper
    assert "Berita Acara Rapat Kelulusan" in paper
    day = "Jumat, tanggal dua puluh tujuh bulan Mei tahun dua ribu sebelas (27 Mei 2011)"
    assert f"Pada hari ini, {day}, telah diadakan rapat kelulusan Diklat Dasar PSM, Angkatan" in paper
    assert scene.signer.name in paper
    assert len(page.soup.select("tbody tr")) == 3


@pytest.mark.parametrize(
    "endpoint", ["assessment.show_graduation", "assessment.propose_graduation", "assessment.record_marks"]
)
def test_pages_stay_light_with_thirty_people(browser, build, endpoint):
    scene = build(others=29)
    browser.sign_in(scene.proposer)
    page = browser.get(endpoint, batch_id=scene.batch.id)
    assert len(page.soup.select("tbody tr")) == 30
    assert len(page.response.data) < 100_000
