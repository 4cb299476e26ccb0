"""Issuing: who gets a certificate, with which number, dated when; who does not."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.assessment.rules import ResultOutcome
from app.audit.models import Event
from app.certificates import rules, services
from app.certificates.document import certificate_pdf, facts_digest
from app.certificates.models import Certificate, Counter
from app.certificates.rules import CertificateKind
from app.core import clock
from app.core.actor import SYSTEM
from app.core.errors import RuleViolation
from app.courses.rules import CourseKind
from app.organisers.models import OrganiserName, Signer
from app.trainees.models import Qualification
from app.trainees.queries import held_ranks
from tests.certificates.conftest import CLOSING
from tests.certificates.test_document import FACTS
from tests.factories import in_letters

ADDRESS = "https://bekal.example.go.id/V/AAAAAAAAAAAAA"


def issue(batch, on=CLOSING, by=SYSTEM):
    return services.issue_for_batch(batch, issued_on=on, by=by)


def test_everybody_who_passed_gets_a_number_in_the_order_of_names(graduated):
    report = issue(graduated("Camelia", "Aminah", "Bahriah"))

    assert [certificate.facts["name"] for certificate in report.issued] == ["Aminah", "Bahriah", "Camelia"]
    assert [certificate.number for certificate in report.issued] == [
        f"00{n}/DIKLAT-D/DINSOS-TAPIN/V/2011" for n in (1, 2, 3)
    ]
    assert len({certificate.code for certificate in report.issued}) == 3
    assert (report.already, report.parked) == ([], [])


def test_pressing_twice_changes_nothing(graduated, outbox, db):
    batch = graduated("Aminah", "Bahriah")
    first = issue(batch)
    codes = {certificate.code for certificate in first.issued}
    mails = len(outbox())

    second = issue(batch)

    assert second.issued == []
    assert {certificate.code for certificate in second.already} == codes
    assert len(outbox()) == mails
    assert db.session.scalar(select(Counter.last)) == 2


def test_numbers_go_on_in_the_next_batch_of_the_tier_and_begin_anew_each_year(graduated, make):
    course = make.course(year=2011)
    issue(graduated("Aminah", "Bahriah", course=course))
    [third] = issue(graduated("Camelia", course=make.course(year=2011))).issued
    [other_year] = issue(graduated("Dahlia", course=make.course(year=2011)), on=date(2012, 1, 2)).issued

    assert third.number.startswith("003/")
    assert other_year.number == "001/DIKLAT-D/DINSOS-TAPIN/I/2012"


def test_tiers_and_organisers_count_apart(graduated, make):
    [dasar] = issue(graduated("Aminah")).issued
    [madya] = issue(graduated("Bahriah", course=make.course(make.organiser("63"), tier="madya"))).issued
    [other] = issue(graduated("Camelia", course=make.course(make.organiser("63.72")))).issued

    assert [each.sequence for each in (dasar, madya, other)] == [1, 1, 1]


def test_a_pattern_that_cannot_tell_tiers_apart_is_refused_before_a_number_is_taken(graduated, make, db):
    organiser = make.organiser("63", number_pattern="{sequence:03}/STTPP/{year}")
    issue(graduated("Aminah", course=make.course(organiser)))
    batch = graduated("Bahriah", course=make.course(organiser, tier="madya"))

    with pytest.raises(RuleViolation) as refusal:
        issue(batch)

    assert "{tier}" in str(refusal.value.reason)
    assert db.session.scalar(select(func.count(Certificate.id)).where(Certificate.batch_id == batch.id)) == 0


def test_without_an_approved_graduation_nothing_is_issued(graduated, make, db):
    for batch in (graduated("Aminah", approved=False), make.batch(starts_on=date(2011, 5, 24))):
        with pytest.raises(RuleViolation):
            issue(batch)
    assert db.session.scalar(select(func.count(Certificate.id))) == 0


@pytest.mark.parametrize("outcome", [ResultOutcome.DEFERRED, ResultOutcome.FAILED])
def test_who_did_not_pass_gets_none_and_is_not_parked(graduated, outcome, db):
    report = issue(graduated("Aminah", outcome=outcome))
    assert (report.issued, report.already, report.parked) == ([], [], [])
    assert db.session.scalar(select(func.count(Certificate.id))) == 0


def test_who_attended_gets_a_paper_but_no_tier(graduated, db):
    [certificate] = issue(graduated("Aminah", outcome=ResultOutcome.ATTENDED)).issued
    assert certificate.kind is CertificateKind.PARTICIPATION
    assert certificate.facts["kind"] == "participation"
    assert db.session.scalar(select(func.count(Qualification.id))) == 0


def test_only_a_diklat_leads_up_the_ladder(graduated, make, db):
    issue(graduated("Aminah", course=make.course(kind=CourseKind.BIMTEK, title="Bimtek PSM")))
    assert db.session.scalar(select(func.count(Qualification.id))) == 0


@pytest.mark.parametrize("days", [-1, 10_000])
def test_a_date_outside_graduation_and_today_is_refused_at_the_field(graduated, days):
    with pytest.raises(RuleViolation) as refusal:
        issue(graduated("Aminah"), on=CLOSING + timedelta(days=days))
    assert refusal.value.field == "issued_on"


def test_today_is_the_day_of_the_venue(graduated, at):
    batch = graduated("Aminah")
    at(2026, 3, 1, 17)  # one in the morning of the 2nd in Tapin, still the 1st in London
    assert issue(batch, on=date(2026, 3, 2)).issued


def test_the_name_of_the_office_and_the_signer_are_those_of_the_day_of_issue(graduated, make, db):
    organiser = make.organiser()
    db.session.add(
        OrganiserName(
            organiser_id=organiser.id,
            name="Dinas Sosial Tenaga Kerja",
            government="Pemerintah",
            starts_on=date(2012, 1, 1),
        )
    )
    make.signer(
        organiser, name="Drs. Rifani", position="Kepala Dinas", prefix="Plt.", starts_on=date(2012, 1, 1)
    )

    [old] = issue(graduated("Aminah", course=make.course(organiser))).issued
    [new] = issue(graduated("Bahriah", course=make.course(organiser)), on=date(2012, 2, 1)).issued

    assert (old.facts["organiser"], old.facts["signer"]["name"]) == (
        "Dinas Sosial Kabupaten Tapin",
        "Dra. Rusmini, M.Si.",
    )
    assert (new.facts["organiser"], new.facts["signer"]["prefix"]) == ("Dinas Sosial Tenaga Kerja", "Plt.")


def test_without_a_signer_on_that_day_nothing_is_issued(graduated, make, db):
    organiser = make.organiser("63.72")
    batch = graduated("Aminah", course=make.course(organiser))
    for signer in db.session.scalars(select(Signer).where(Signer.organiser_id == organiser.id)):
        signer.ends_on = date(2011, 1, 1)
    db.session.commit()

    with pytest.raises(RuleViolation) as refusal:
        issue(batch)

    assert refusal.value.field == "issued_on"


def test_the_frozen_copy_has_exactly_the_facts_that_the_sheet_is_drawn_from(issued):
    [certificate] = issued("Aminah")
    facts = certificate.facts

    assert set(facts) == set(FACTS)
    assert set(facts["signer"]) == set(FACTS["signer"])
    assert (facts["number"], facts["code"]) == (certificate.number, certificate.code)
    assert certificate.facts_digest == facts_digest(facts)
    assert (facts["duty_desa"], facts["duty_kecamatan"]) == ("Desa Keladan", "Kecamatan Candi Laras Utara")
    assert (facts["position"], facts["lesson_hours"], facts["batch_ordinal"]) == (
        "Pekerja Sosial Masyarakat",
        4,
        "I",
    )


def test_the_desa_is_that_of_the_last_day_of_the_diklat(graduated, make, db):
    trainee = make.trainee(name="Aminah", since=date(2011, 6, 1))
    batch = make.batch(starts_on=date(2011, 5, 24))
    make.graduation(batch, make.attendee(batch, trainee))

    [certificate] = issue(batch).issued

    assert (certificate.facts["duty_desa"], certificate.facts["position"]) == (None, None)


def test_a_name_that_no_font_can_draw_is_parked_and_takes_no_number(graduated, db):
    batch = graduated("Aminah", "Bahriah \U0001f600", "Camelia")

    report = issue(batch)

    assert [certificate.number[:3] for certificate in report.issued] == ["001", "002"]
    [parked] = report.parked
    assert parked.trainee.name == "Bahriah \U0001f600"
    assert "\U0001f600" in str(parked.reason)
    parked.trainee.name = "Bahriah"
    db.session.commit()
    again = issue(batch)
    assert [certificate.number[:3] for certificate in again.issued] == ["003"]
    assert len(again.already) == 2


def test_the_sheet_is_drawn_before_the_decision_begins(graduated, monkeypatch):
    drawn_inside = []

    def draw(facts, *, address):
        drawn_inside.append(services.in_transaction())

    monkeypatch.setattr(services, "refuse_sheet", draw)
    issue(graduated("Warga Satu", "Warga Dua"))

    assert drawn_inside == [False, False]


def test_the_tier_is_held_from_the_graduation_however_late_the_paper(graduated, db):
    [certificate] = issue(graduated("Aminah"), on=date(2015, 8, 3)).issued
    row = db.session.scalar(select(Qualification))
    assert (row.held_from, row.held_to, row.source_id, row.number) == (
        CLOSING,
        None,
        certificate.id,
        certificate.number,
    )
    assert held_ranks(certificate.trainee, date(2011, 5, 23)) == set()
    assert held_ranks(certificate.trainee, CLOSING) == {1}


def test_each_certificate_is_an_event_and_one_mail_to_those_who_have_an_address(graduated, make, outbox, db):
    batch = make.batch(starts_on=date(2011, 5, 24))
    people = [
        make.trainee(name="Aminah", email="aminah@contoh.id"),
        make.trainee(name="Bahriah"),
        make.trainee(name="Camelia", email="kosong"),
    ]
    make.graduation(batch, *(make.attendee(batch, person) for person in people))

    report = issue(batch, by=make.user())

    assert len(report.issued) == 3
    assert db.session.scalar(select(func.count(Event.id)).where(Event.action == "certificate.issued")) == 3
    assert [mail.recipient for mail in outbox()] == ["aminah@contoh.id"]
    assert report.issued[0].number in outbox()[0].body


def test_what_changes_afterwards_does_not_reach_the_certificate(issued, db):
    [certificate] = issued("Aminah")
    before, sheet = dict(certificate.facts), certificate_pdf(certificate.facts, address=ADDRESS)

    certificate.trainee.name, certificate.trainee.birth_date = "Siti Aminah", date(1990, 1, 1)
    certificate.batch.venue = "Gedung lain"
    db.session.commit()
    db.session.expire_all()

    assert certificate.facts == before
    assert certificate_pdf(certificate.facts, address=ADDRESS) == sheet


def test_a_merged_record_is_printed_as_the_person_who_counts(graduated, make, db):
    batch = graduated("Aminnah")
    [result] = services.plan_issue(batch, CLOSING).ready
    result.attendee.trainee.canonical_id = make.trainee(name="Aminah").id
    db.session.commit()

    [certificate] = issue(batch).issued

    assert certificate.facts["name"] == "Aminah"
    assert certificate.trainee.name == "Aminnah"


def test_a_revoked_person_is_not_issued_again_by_the_same_button(issued):
    [certificate] = issued("Aminah")
    services.revoke_certificate(
        certificate, reason="Nama orang lain", revoked_on=clock.today(certificate.batch.zone), by=SYSTEM
    )
    report = issue(certificate.batch)
    assert (report.issued, report.already, report.parked) == ([], [], [])
    [without] = services.plan_issue(certificate.batch, CLOSING).without
    assert str(without.reason) == f"Sertifikat nomor {certificate.number} dicabut."


def test_the_number_of_queries_to_plan_does_not_grow_with_the_people(graduated, count_queries, monkeypatch):
    monkeypatch.setattr(services, "refusal_to_print", lambda _facts: None)
    counts = []
    for people in (1, 12):
        batch = graduated(*(f"Warga {in_letters(number)}" for number in range(people)))
        with count_queries() as counted:
            services.plan_issue(batch, CLOSING)
        counts.append(counted())
    assert counts[1] <= counts[0]


def test_the_address_in_the_code_is_the_one_that_is_answered():
    assert rules.check_address("https://bekal.example.go.id", "ABC") == "https://bekal.example.go.id/V/ABC"
