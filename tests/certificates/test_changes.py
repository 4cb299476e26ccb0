"""Revoking and replacing: nothing is deleted, every number stays, the tier follows."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.audit.models import Event
from app.auth import services as auth
from app.auth.rules import Role
from app.certificates import delivery, queries, services
from app.certificates.models import Certificate
from app.core import clock
from app.core.actor import SYSTEM
from app.core.errors import Conflict, RuleViolation
from app.core.unit_of_work import atomic
from app.enrollments.models import Enrollment
from app.enrollments.queries import list_attendees
from app.enrollments.rules import EnrollmentStatus
from app.notifications import services as notifications
from app.notifications.mails import Mail
from app.notifications.models import Notice
from app.notifications.queries import UNTOLD
from app.notifications.rules import PersonKind, Recipient
from app.organisers import services as organisers
from app.trainees.models import Qualification
from app.trainees.queries import recount, stored_counts
from app.trainees.rules import EndedAs
from tests.certificates.conftest import CLOSING

LATER = date(2015, 3, 2)


def revoke(certificate, reason="Dokumen palsu", on=LATER):
    return services.revoke_certificate(certificate, reason=reason, revoked_on=on, by=SYSTEM)


def replace(certificate, reason="Ejaan nama", on=LATER):
    return services.replace_certificate(certificate, reason=reason, issued_on=on, by=SYSTEM)


def test_a_revoked_certificate_stays_with_day_and_reason_and_its_tier_ends_the_day_before(
    issued, make, db, outbox
):
    [certificate] = issued("Aminah")
    certificate.trainee.email = "aminah@contoh.id"
    db.session.commit()
    facts = dict(certificate.facts)

    revoke(certificate)

    assert (certificate.revoked_on, certificate.revoked_reason, certificate.facts) == (
        LATER,
        "Dokumen palsu",
        facts,
    )
    row = db.session.scalar(select(Qualification))
    assert (row.held_to, row.ended_as) == (LATER - timedelta(days=1), EndedAs.REVOKED)
    assert db.session.scalar(select(func.count(Event.id)).where(Event.action == "certificate.revoked")) == 1
    assert "Dokumen palsu" in outbox()[-1].body


def test_the_counts_of_the_desa_are_those_of_a_recount_after_each_step(issued, db):
    first, second = issued("Aminah", "Bahriah")
    assert stored_counts() == recount()
    revoke(first)
    assert stored_counts() == recount()
    replace(second)
    assert stored_counts() == recount()


@pytest.mark.parametrize("reason", ["", "   ", "x", ".....", "ok", "alasan " * 72])
def test_revoking_and_replacing_need_a_reason(issued, reason):
    [certificate] = issued("Aminah")
    for act in (revoke, replace):
        with pytest.raises(RuleViolation) as refusal:
            act(certificate, reason=reason)
        assert refusal.value.field == "reason"
    assert certificate.revoked_at is None
    assert certificate.superseded_by_id is None


@pytest.mark.parametrize("day", [CLOSING - timedelta(days=1), date(2200, 1, 1)])
def test_a_day_before_the_certificate_or_to_come_is_refused(issued, day):
    [certificate] = issued("Aminah")
    with pytest.raises(RuleViolation) as refusal:
        revoke(certificate, on=day)
    assert refusal.value.field == "revoked_on"
    with pytest.raises(RuleViolation) as refusal:
        replace(certificate, on=day)
    assert refusal.value.field == "issued_on"


def test_a_replacement_is_never_older_than_what_it_replaces(issued):
    [certificate] = issued("Aminah", on=LATER)
    with pytest.raises(RuleViolation) as refusal:
        replace(certificate, on=LATER - timedelta(days=1))
    assert refusal.value.field == "issued_on"


def test_what_has_ended_cannot_end_again(issued):
    first, second = issued("Aminah", "Bahriah")
    revoke(first)
    new = replace(second)
    for certificate, word in ((first, "sudah dicabut"), (second, new.number)):
        with pytest.raises(Conflict) as refusal:
            revoke(certificate)
        assert word in str(refusal.value.reason)
    with pytest.raises(Conflict) as refusal:
        replace(second)
    assert new.number in str(refusal.value.reason)


def test_a_replacement_keeps_office_and_regulation_of_the_first_issue_and_is_signed_by_whoever_signs_today(
    issued, make, db
):
    organiser = make.organiser()
    [old] = issued("Aminnah", course=make.course(organiser, year=2011))
    organisers.rename_organiser(
        organiser,
        name="Dinas Sosial dan Perlindungan Anak Kabupaten Tapin",
        government="Pemerintah Kabupaten Tapin Baru",
        address="",
        phone="",
        starts_on=date(2014, 1, 1),
        by=SYSTEM,
    )
    old.trainee.name = "Aminah"
    db.session.commit()
    new = replace(replace(old, on=date(2015, 2, 2)), on=date(2015, 3, 3))
    for fact in ("organiser", "government", "legal_basis", "starts_on", "place"):
        assert new.facts[fact] == old.facts[fact], fact
    assert (new.facts["name"], new.facts["issued_on"]) == ("Aminah", "2015-03-03")


def test_a_replacement_has_a_new_number_and_code_and_the_data_of_today_and_both_are_linked(issued, db):
    old, _other = issued("Aminnah", "Bahriah")
    facts = dict(old.facts)
    old.trainee.name = "Aminah"
    db.session.commit()

    new = replace(old)

    assert (new.number, new.facts["name"]) == ("001/DIKLAT-D/DINSOS-TAPIN/III/2015", "Aminah")
    assert new.code != old.code
    assert old.facts == facts
    assert old.superseded_by_id == new.id
    assert queries.find_replaced(new).id == old.id
    assert queries.find_replaced(old) is None
    assert db.session.scalar(select(func.count(Certificate.id))) == 3


def test_the_tier_passes_to_the_replacement_without_a_day_between(issued, db):
    [old] = issued("Aminah")
    new = replace(old)
    rows = {
        row.source_id: (row.held_from, row.held_to, row.ended_as)
        for row in db.session.scalars(select(Qualification))
    }
    assert rows == {
        old.id: (CLOSING, LATER - timedelta(days=1), EndedAs.REPLACED),
        new.id: (LATER, None, None),
    }


def test_a_replacement_on_the_day_of_issue_holds_from_that_day(issued, db):
    [old] = issued("Aminah")
    new = replace(old, on=CLOSING)
    row = db.session.scalar(select(Qualification).where(Qualification.source_id == new.id))
    assert (row.held_from, row.held_to) == (CLOSING, None)


def test_the_replacement_takes_the_next_number_of_its_year(issued):
    first, _second = issued("Aminah", "Bahriah")
    assert replace(first, on=date(2011, 6, 1)).number == "003/DIKLAT-D/DINSOS-TAPIN/VI/2011"


def test_a_revoked_certificate_gets_no_successor(issued, db):
    [old] = issued("Aminah")
    revoke(old)
    with pytest.raises(Conflict) as refusal:
        replace(old, on=clock.today(old.batch.zone))
    assert (
        str(refusal.value.reason)
        == "Sertifikat ini dicabut. Bila pencabutannya keliru, tarik kembali dahulu pencabutannya."
    )
    assert (old.revoked_on, old.superseded_by_id) == (LATER, None)
    assert db.session.scalar(select(func.count(Certificate.id))) == 1


def test_a_name_that_cannot_be_printed_leaves_the_old_certificate_in_force(issued, db):
    [old] = issued("Aminah")
    old.trainee.name = "Aminah \U0001f600"
    db.session.commit()
    with pytest.raises(RuleViolation):
        replace(old)
    assert old.superseded_by_id is None
    assert db.session.scalar(select(func.count(Certificate.id))) == 1


def test_the_details_of_an_event_are_sealed_with_the_key_of_the_person(issued, db):
    [certificate] = issued("Aminah")
    revoke(certificate)
    for event in db.session.scalars(select(Event).where(Event.action.like("certificate.%"))):
        assert event.person_id == certificate.trainee_id
        assert "Dokumen palsu" not in event.details


def reinstate(certificate, reason="Yang dimaksud nomor lain"):
    return services.reinstate_certificate(certificate, reason=reason, by=SYSTEM)


def test_a_revocation_by_mistake_is_taken_back_as_if_it_had_never_been(issued, db, outbox):
    [certificate] = issued("Aminah")
    certificate.trainee.email = "aminah@contoh.id"
    db.session.commit()
    tables = [
        select(table) for table in (Certificate.__table__, Qualification.__table__, Enrollment.__table__)
    ]
    before = [[tuple(row) for row in db.session.execute(table)] for table in tables]
    revoke(certificate)
    assert "DICABUT" in delivery.sheet_filename(certificate)

    reinstate(certificate)

    assert [[tuple(row) for row in db.session.execute(table)] for table in tables] == before
    assert stored_counts() == recount()
    assert "DICABUT" not in delivery.sheet_filename(certificate)
    assert "keliru dicabut" in outbox()[-1].body
    acts = list(
        db.session.scalars(select(Event.action).where(Event.subject_type == "Certificate").order_by(Event.id))
    )
    assert acts == ["certificate.issued", "certificate.revoked", "certificate.reinstated"]


def test_a_revocation_is_taken_back_once_with_a_reason(issued):
    [certificate] = issued("Aminah")
    with pytest.raises(Conflict, match="tidak dicabut"):
        reinstate(certificate)
    revoke(certificate)
    with pytest.raises(RuleViolation) as refusal:
        reinstate(certificate, reason="x")
    assert refusal.value.field == "reason"


def test_a_revocation_stays_once_something_else_took_the_place(issued, make):
    [certificate] = issued("Aminah")
    revoke(certificate)
    elsewhere = make.batch()
    held = make.enrollment(elsewhere, certificate.trainee, status=EnrollmentStatus.ACCEPTED)
    with pytest.raises(Conflict, match=f"tempat di angkatan {elsewhere.code}"):
        reinstate(certificate)
    other = make.certificate(list_attendees(elsewhere)[0])
    with pytest.raises(Conflict, match=f"memegang sertifikat nomor {other.number}"):
        reinstate(certificate)
    assert (held.ended_as, certificate.revoked_on) == (None, LATER)


def test_pages_and_programs_lead_from_a_revoked_certificate_to_taking_it_back(issued, make, browser):
    [certificate] = issued("Aminah")
    browser.sign_in(make.user(Role.SIGNER))
    browser.get("certificates.reinstate_certificate", certificate_id=certificate.id)
    revoke(certificate)
    assert (
        "Tarik kembali pencabutan"
        in browser.get("certificates.show_certificate", certificate_id=certificate.id).text
    )
    assert (
        "Dokumen palsu"
        in browser.get("certificates.reinstate_certificate", certificate_id=certificate.id).text
    )
    browser.post(
        "certificates.reinstate_certificate", certificate_id=certificate.id, data={"reason": "Salah nomor"}
    )
    assert browser.get("certificates.verify_certificate", code=certificate.code).h1 == "BERLAKU"


def test_staff_read_that_it_was_revoked_and_the_public_reads_nothing_of_it(issued, make, browser):
    certificate, other = issued("Aminah", "Bahriah")
    revoke(certificate)
    reinstate(certificate)
    said = "Dicabut sejak 2 Maret 2015 karena: Dokumen palsu; pencabutan ditarik kembali oleh "
    why = "karena: Yang dimaksud nomor lain."
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    for page in ("show_certificate", "list_register"):
        text = browser.get(f"certificates.{page}", certificate_id=certificate.id).text
        assert (text.count(said), text.count(why)) == (1, 1)
    assert said not in browser.get("certificates.show_certificate", certificate_id=other.id).text
    revoke(certificate)
    assert "DICABUT" in browser.get("certificates.show_certificate", certificate_id=certificate.id).text
    reinstate(certificate)
    assert browser.get("certificates.show_certificate", certificate_id=certificate.id).text.count(said) == 2
    browser.sign_out()
    public = browser.get("certificates.verify_certificate", code=certificate.code)
    assert (public.h1, "cabut" in public.text.lower()) == ("BERLAKU", False)


def test_a_replacement_of_the_same_day_interrupts_nothing_on_the_page_of_the_person(issued, make, browser):
    [old] = issued("Aminah")
    new = replace(old, on=CLOSING)
    last = replace(new, on=CLOSING)
    revoke(last)
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    text = browser.get("workspace.show_trainee", trainee_id=old.trainee_id).text
    assert "tidak pernah berlaku" not in text
    assert text.index(last.number) < text.index(new.number) < text.index(old.number)
    said = browser.get("certificates.show_certificate", certificate_id=old.id).text
    assert f"Penggantinya, nomor {last.number}, sudah dicabut" in said


def test_one_certificate_has_one_number_in_the_answer(graduated, make, browser):
    batch = graduated("Aminah")
    browser.sign_in(make.user(Role.SIGNER))
    day = {"issued_on": CLOSING.isoformat()}
    looked = browser.post(
        "certificates.issue_certificates", batch_id=batch.id, data={**day, "check": "1"}, expect=200
    )
    assert "1 sertifikat, nomor 001/DIKLAT-D/DINSOS-TAPIN/V/2011." in looked.text
    browser.post("certificates.issue_certificates", batch_id=batch.id, data=day)
    page = browser.get("certificates.list_certificates", batch_id=batch.id)
    assert "1 sertifikat terbit, nomor 001/DIKLAT-D/DINSOS-TAPIN/V/2011." in page.text


def untold(db, person):
    rows = db.session.scalars(
        select(Notice).where(Notice.person_id == person.id, *UNTOLD).order_by(Notice.id)
    )
    return [notice.subject for notice in rows]


@pytest.mark.parametrize("is_notified", [True, False])
def test_what_she_was_not_told_before_a_mistaken_revocation_comes_back(graduated, db, is_notified):
    batch = graduated("Aminah")
    [certificate] = services.issue_for_batch(batch, issued_on=CLOSING, by=SYSTEM).issued
    person = certificate.trainee
    with atomic():
        for subject, about in (("Lulus", "result"), ("Sertifikat terbit", "certificate")):
            mail = Mail(subject, person.name, ("Kabar.",), why="")
            notifications.notify(
                Recipient(PersonKind.TRAINEE, person.id, person.name), mail, batch_id=batch.id, about=about
            )
    before = untold(db, person)
    revoke(certificate)
    (revoked,) = db.session.scalars(select(Notice).where(Notice.person_id == person.id, *UNTOLD)).all()
    assert "dicabut" in revoked.subject
    if is_notified:
        notifications.mark_told([revoked], by=SYSTEM)
    reinstate(certificate)
    now = untold(db, person)
    assert [subject for subject in now if subject in before] == before == ["Lulus", "Sertifikat terbit"]
    assert len(now) == len(before) + is_notified


def test_a_second_sheet_that_would_be_the_same_wants_a_word(issued, make, browser, app, db):
    [certificate] = issued("Aminah")
    signer = make.user(Role.SIGNER)
    token = auth.make_access_token(signer, "test", days=1, by=signer)
    path, headers = f"/api/v1/certificates/{certificate.id}/replace", {"Authorization": f"Bearer {token}"}
    body = {"reason": "Lembar lama hilang", "issued_on": LATER.isoformat()}
    refused = app.test_client().post(path, json=body, headers=headers)
    assert refused.status_code == 422
    assert "Selain nomor, kode, dan tanggal tidak ada yang akan berbeda" in refused.json["detail"]
    assert "confirm" in refused.json["errors"]["json"]
    browser.sign_in(signer)
    data = {"reason": "Lembar lama hilang", "issued_on": f"{LATER:%d-%m-%Y}"}
    page = browser.post(
        "certificates.replace_certificate", certificate_id=certificate.id, data=data, expect=422
    )
    assert "tidak ada yang akan berbeda" in page.text
    assert db.session.get(type(certificate), certificate.id).superseded_by_id is None
    browser.post(
        "certificates.replace_certificate", certificate_id=certificate.id, data={**data, "confirm": "y"}
    )
    assert db.session.get(type(certificate), certificate.id).superseded_by_id is not None


def test_a_sheet_that_would_differ_is_replaced_without_a_word(issued, make, browser, db):
    [certificate] = issued("Aminah")
    certificate.trainee.name = "Aminah Sari"
    db.session.commit()
    browser.sign_in(make.user(Role.SIGNER))
    page = browser.get("certificates.replace_certificate", certificate_id=certificate.id)
    assert "pengganti dengan isi yang sama" not in page.text
    assert "nama penyelenggara, dan dasar hukumnya tetap" not in page.text
    data = {"reason": "Ejaan nama sesuai KTP", "issued_on": f"{LATER:%d-%m-%Y}"}
    browser.post("certificates.replace_certificate", certificate_id=certificate.id, data=data)


def test_the_date_that_the_signer_types_is_no_change_by_others(issued, make, browser, db):
    [certificate] = issued("Aminah")
    certificate.trainee.name = "Siti Aminah"
    db.session.commit()
    browser.sign_in(make.user(Role.SIGNER))
    seen = browser.get("certificates.replace_certificate", certificate_id=certificate.id)
    data = {"reason": "Ejaan nama sesuai KTP", "version": seen.soup.find(attrs={"name": "version"})["value"]}
    early = {**data, "issued_on": "26-05-2011"}
    page = browser.post(
        "certificates.replace_certificate", expect=422, certificate_id=certificate.id, data=early
    )
    assert "tidak boleh sebelum rapat kelulusan, 27 Mei 2011" in page.text
    browser.post(
        "certificates.replace_certificate",
        certificate_id=certificate.id,
        data={**data, "issued_on": "28-05-2011"},
    )
    assert certificate.superseded_by.issued_on == date(2011, 5, 28)
