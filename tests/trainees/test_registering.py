"""Entering people, by an office and by themselves; correcting; showing a NIK.

A NIK is nowhere in the clear.
"""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.audit.queries import details_of, history_of
from app.auth.models import OneTimeLink, SignInName, User
from app.auth.rules import NameKind, Role
from app.auth.services import find_by_sign_in_name
from app.core import clock
from app.core.errors import Conflict, DomainError, RuleViolation, TooManyTries
from app.organisers.queries import name_on
from app.trainees import queries, services
from app.trainees.models import DutyPost, Standing, Trainee
from app.trainees.rules import (
    SELF_REGISTRATIONS_PER_ADDRESS,
    SELF_REGISTRATIONS_PER_NIK,
    Sex,
    TraineeStatus,
    code_above,
)
from app.trainees.services import TraineeData
from tests.trainees.conftest import KELADAN

NIK = "6305064101859777"
PASSWORD = "perahu kelotok di rawa"
URL = "https://bekal.example.go.id"


@pytest.fixture
def dinas(make):
    return make.user(Role.KABUPATEN_DINAS)


def data(make, **values):
    return TraineeData(
        **{
            "name": "Siti Aminah",
            "duty_region": make.region(KELADAN),
            "nik": NIK,
            "birth_date": date(1985, 1, 1),
            **values,
        }
    )


def own(make, **values):
    return data(make, **{"phone": "0812-3456-7890", "birth_place": "Rantau", "sex": Sex.FEMALE, **values})


def register(make, password=PASSWORD, **values):
    services.register_self(own(make, **values), password, base_url=URL)


def test_an_office_enters_a_calon_psm_with_desa_standing_and_count(make, dinas, actions, counts_hold):
    trainee = services.register_trainee(data(make, phone="0812 3456 7890", name=" Siti   Aminah "), by=dinas)

    assert (trainee.name, trainee.folded_name, trainee.nik_masked) == (
        "Siti Aminah",
        "siti aminah",
        "6305************",
    )
    assert (trainee.nik, trainee.phone, trainee.status) == (NIK, "+6281234567890", TraineeStatus.CANDIDATE)
    today = clock.today("Asia/Makassar")
    assert queries.duty_on(trainee, today).code == KELADAN
    assert queries.standing_on(trainee, today) is TraineeStatus.CANDIDATE
    assert queries.standing_on(trainee, today - timedelta(days=1)) is None
    assert actions() == ["trainee.registered"]
    assert queries.stored_counts() == {(trainee.duty_region_id, TraineeStatus.CANDIDATE, 0): 1}
    counts_hold()


def test_a_person_may_be_entered_without_a_nik_and_since_an_earlier_day(make, dinas):
    trainee = services.register_trainee(
        data(make, nik=None, birth_date=None, duty_since=date(2011, 1, 4)), by=dinas
    )
    assert trainee.nik is None
    assert queries.duty_on(trainee, date(2011, 1, 4)).code == KELADAN


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "-"}, "name"),
        ({"nik": "123"}, "nik"),
        ({"phone": "0812"}, "phone"),
        ({"email": "siti@"}, "email"),
        ({"birth_place": "x" * 81}, "birth_place"),
        ({"address": "x" * 400}, "address"),
        ({"address": "漢" * 150}, "address"),
        ({"birth_date": clock.today("Asia/Makassar") - timedelta(days=17 * 365)}, "birth_date"),
        ({"duty_region": None}, "duty_region"),
        ({"duty_since": clock.today("Asia/Makassar") + timedelta(days=1)}, "duty_since"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field_and_nothing_is_entered(make, dinas, db, digest, values, field):
    before = digest()
    with pytest.raises(RuleViolation) as refused:
        services.register_trainee(data(make, **values), by=dinas)
    assert refused.value.field == field
    assert digest() == before


def test_an_office_enters_nobody_in_another_kabupaten(make, dinas, digest):
    before = digest()
    for code in ("63.03.01.2001", "33.74.01.1001"):
        with pytest.raises(RuleViolation, match="tidak berwenang mencatat") as refused:
            services.register_trainee(data(make, duty_region=make.region(code)), by=dinas)
        assert refused.value.field == "duty_region"
    with pytest.raises(RuleViolation, match="Pilih sampai desa"):
        services.register_trainee(data(make, duty_region=make.region("63.05.06")), by=dinas)
    assert digest() == before


def test_a_tksk_enters_people_of_the_own_kecamatan_only(make):
    tksk = make.user(Role.TKSK, "63.05.06")
    assert services.register_trainee(data(make), by=tksk).id
    with pytest.raises(RuleViolation, match="tidak berwenang mencatat"):
        services.register_trainee(data(make, nik=None, duty_region=make.region("63.05.01.1001")), by=tksk)


def test_a_known_nik_names_the_person_to_those_who_may_see_her_and_to_nobody_else(make, dinas):
    known = make.trainee(name="Hasanah", nik=NIK)
    with pytest.raises(Conflict, match="Hasanah, Desa Keladan") as refused:
        services.register_trainee(data(make), by=dinas)
    assert refused.value.field == "nik"

    stranger = make.user(Role.KABUPATEN_DINAS, "63.03")
    with pytest.raises(RuleViolation) as refused:
        services.register_trainee(data(make, duty_region=make.region("63.03.01.2001")), by=stranger)
    assert refused.value.status == 422
    for word in (known.name, "Keladan", "terdaftar", "NIK"):
        assert word not in str(refused.value.reason).replace("didaftarkan", "")


def test_who_registers_herself_can_sign_in_by_nik_phone_and_mail(make, db, actions, counts_hold, outbox):
    register(make, email="Siti@Contoh.id")
    trainee = db.session.scalars(select(Trainee)).one()
    assert trainee.status is TraineeStatus.CANDIDATE
    assert (trainee.recorded_by_id, trainee.user.email) == (None, "siti@contoh.id")
    for typed in (NIK, "0812-3456-7890", "siti@contoh.id"):
        assert find_by_sign_in_name(typed).id == trainee.user_id
    assert actions() == ["account.opened", "trainee.registered"]
    assert outbox() == []
    counts_hold()


def test_a_known_nik_changes_nothing_and_tells_its_owner_alone(make, db, dump, outbox):
    known = make.trainee(name="Hasanah", nik=NIK, email="hasanah@contoh.id")
    known.recorded_at = clock.now() - timedelta(days=30)
    db.session.commit()
    told = ("events", "tries", "messages", "person_keys")
    before = dump(*told)

    register(make, email="lain@contoh.id", name="Orang Lain")

    assert dump(*told) == before
    assert [message.recipient for message in outbox()] == ["hasanah@contoh.id"]
    assert "Dinas sosial memeriksa pendaftaran itu" in outbox()[0].body
    assert NIK not in outbox()[0].body


def test_the_owner_is_not_flooded_with_mails(make, db, outbox):
    known = make.trainee(nik=NIK, email="hasanah@contoh.id")
    known.recorded_at = clock.now() - timedelta(days=30)
    db.session.commit()
    for _number in range(5):
        register(make)
    assert len(outbox()) == 3


def test_pressing_twice_mails_nobody(make, outbox):
    register(make, email="siti@contoh.id")
    register(make, email="siti@contoh.id")
    assert outbox() == []


def test_a_phone_that_another_account_uses_is_not_told_of(make, db):
    register(make)
    register(make, nik="6305064101859778", name="Adiknya")
    younger = queries.find_by_nik("6305064101859778")
    kinds = set(db.session.scalars(select(SignInName.kind).where(SignInName.user_id == younger.user_id)))
    assert kinds == {NameKind.NIK}
    assert find_by_sign_in_name("0812-3456-7890").id == queries.find_by_nik(NIK).user_id


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"nik": ""}, "nik"),
        ({"nik": "1234"}, "nik"),
        ({"birth_date": None}, "birth_date"),
        ({"phone": ""}, "phone"),
        ({"password": "pendek"}, "password"),
        ({"password": "siti aminah"}, "password"),
        ({"birth_date": date(2015, 1, 1)}, "birth_date"),
        ({"code": "63.05.06"}, "duty_region"),
    ],
)
def test_a_bad_form_is_refused_alike_for_known_and_unknown_nik(make, digest, values, field):
    values = dict(values)
    if "code" in values:
        values["duty_region"] = make.region(values.pop("code"))
    answers = []
    for known in (False, True):
        if known:
            make.trainee(nik=NIK)
        before = digest()
        with pytest.raises(DomainError) as refused:
            register(make, **values)
        answers.append((refused.value.field, refused.value.status, str(refused.value.reason)))
        assert digest() == before
    assert answers[0] == answers[1]
    assert answers[0][0] == field


def test_one_address_begins_the_registrations_of_a_kabupaten_but_not_of_a_thousand(make):
    for _number in range(SELF_REGISTRATIONS_PER_ADDRESS):
        services.admit_registration("203.0.113.5")
    with pytest.raises(TooManyTries, match="TKSK kecamatan atau dinas sosial"):
        services.admit_registration("203.0.113.5")
    services.admit_registration("198.51.100.7")
    register(make)  # whoever was let in is not turned away at the end


def test_one_nik_is_sent_some_times_a_day(make):
    for _number in range(SELF_REGISTRATIONS_PER_NIK):
        register(make)
    with pytest.raises(TooManyTries, match="tetap tersimpan di HP ini"):
        register(make)
    register(make, nik="6305064101859099")


def test_the_public_makes_itself_neither_active_nor_an_officer(make, db):
    register(make, member_number="1", duty_since=date(2001, 1, 1))
    trainee = db.session.scalars(select(Trainee)).one()
    assert trainee.user.roles() == set()
    assert db.session.scalars(select(DutyPost.starts_on)).one() == clock.today("Asia/Makassar")
    assert db.session.scalars(select(Standing.status)).one() is TraineeStatus.CANDIDATE


def test_a_correction_keeps_what_is_not_named_and_lets_the_account_follow(make, dinas, db, actions):
    register(make)
    trainee = queries.find_by_nik(NIK)
    services.correct_trainee(
        trainee,
        own(
            make,
            name="Siti Aminah binti Hasan",
            nik="6305064101859779",
            phone="0813-0000-1111",
            address="Jl. Desa",
        ),
        by=dinas,
    )
    assert trainee.folded_name == "siti aminah binti hasan"
    assert find_by_sign_in_name(NIK) is None
    assert find_by_sign_in_name("6305064101859779").id == trainee.user_id
    assert find_by_sign_in_name("0813-0000-1111").id == trainee.user_id
    assert actions()[-1] == "trainee.corrected"
    assert len(queries.page_of_trainees(dinas.reach("trainee:see"), words="hasan")) == 1
    services.correct_trainee(trainee, own(make, nik=None, name="Siti Aminah"), by=dinas)
    assert trainee.nik == "6305064101859779"
    assert len(queries.page_of_trainees(dinas.reach("trainee:see"), words="hasan")) == 0


def test_a_nik_is_masked_even_under_the_seal_of_an_event(make, dinas, db):
    trainee = services.register_trainee(data(make), by=dinas)
    services.correct_trainee(trainee, data(make, nik="6305064101859778"), by=dinas)
    told = [said["details"] for said in details_of(history_of(trainee)).values()]
    assert told[0]["nik"] == "6305************"
    assert told[1] == {"before": {"nik": "6305************"}, "after": {"nik": "6305************"}}


def test_a_correction_that_changes_nothing_records_nothing(make, dinas, actions):
    trainee = services.register_trainee(data(make), by=dinas)
    services.correct_trainee(trainee, data(make), by=dinas)
    assert actions() == ["trainee.registered"]


def test_a_correction_takes_no_nik_of_another_person(make, dinas):
    make.trainee(name="Hasanah", nik=NIK)
    other = make.trainee(nik=None)
    with pytest.raises(Conflict, match="Hasanah"):
        services.correct_trainee(other, data(make), by=dinas)


def test_seeing_a_full_nik_is_recorded(make, dinas, actions):
    trainee = make.trainee(nik=NIK)
    assert services.show_nik(trainee, by=dinas) == NIK
    assert actions() == ["nik.shown"]


def test_the_office_opens_an_account_for_somebody_whom_it_knows(make, dinas, db, actions):
    trainee = make.trainee(nik=NIK)
    link = services.hand_out_account(trainee, by=dinas)
    assert link.startswith(URL)
    assert find_by_sign_in_name(NIK).id == trainee.user_id
    assert "trainee.account_handed_out" in actions()
    services.hand_out_account(trainee, by=dinas)
    assert (
        db.session.scalar(select(func.count(SignInName.id)).where(SignInName.user_id == trainee.user_id)) == 1
    )
    stranger = make.user(Role.KABUPATEN_DINAS, "63.03")
    with pytest.raises(RuleViolation, match="Akun di wilayah ini di luar wewenang"):
        services.hand_out_account(trainee, by=stranger)


def test_a_link_that_somebody_takes_to_the_village_lives_long_enough(make, dinas, at, db):
    start = at(2026, 10, 1, 1)
    services.hand_out_account(make.trainee(nik=NIK), by=dinas)
    link = db.session.scalars(select(OneTimeLink)).one()
    assert abs(link.expires_at - start - timedelta(days=3)) < timedelta(minutes=1)


def test_a_nik_is_nowhere_in_the_clear(make, dinas, db, dump, caplog):
    phone, address = "0813-5555-6666", "Jalan Rahasia 77"
    register(make, phone=phone, address=address, email="siti@contoh.id")
    trainee = queries.find_by_nik(NIK)
    services.correct_trainee(
        trainee, own(make, nik="6305064101859778", phone="0813-5555-7777", address=address), by=dinas
    )
    services.correct_trainee(trainee, own(make, nik=NIK, phone=phone, address=address), by=dinas)
    services.show_nik(trainee, by=dinas)
    with pytest.raises(Conflict):
        services.register_trainee(data(make), by=dinas)
    register(make)
    kept = repr(dump())
    for secret in (NIK, "6305064101859778", "+6281355556666", "81355556666", "Rahasia", PASSWORD):
        assert secret not in kept
        assert secret not in caplog.text
    assert "6305************" in kept
    assert db.session.scalar(select(func.count(User.id)).where(User.name == "Siti Aminah")) == 1


@pytest.mark.parametrize(
    ("areas", "code", "above"),
    [
        ({"63.05.06"}, "63.05.06.2001", "63.05"),  # a TKSK asks the own dinas
        ({"63.05.06", "63.05.01"}, "63.05.01.1001", "63.05"),
        ({"63.05"}, "63.05.06.2001", "63"),
        ({"63.05", "63.05.06"}, "63.05.06.2001", "63"),  # the widest reach counts
        ({"63.05", "33.74.01"}, "33.74.01.1001", "33.74"),  # of the region where the person is to serve
        ({"63"}, "63.05.06.2001", "00"),
        (set(), "63.05.06.2001", "63.05"),
    ],
)
def test_the_office_that_sees_further_is_one_step_up(areas, code, above):
    assert code_above(areas, code) == above


def refusal_of_known(make, by, desa):
    with pytest.raises(RuleViolation) as refused:
        services.register_trainee(data(make, duty_region=make.region(desa)), by=by)
    assert refused.value.field is None
    return str(refused.value.reason)


def test_a_tksk_is_sent_to_her_own_dinas_by_name_and_number_and_reads_nothing_of_the_stranger(make, db):
    known = make.trainee(name="Hasanah", nik=NIK, desa="63.05.01.1001", status=TraineeStatus.CANDIDATE)
    assert known.duty_region.code[:5] == "63.05"  # another kecamatan of the same kabupaten
    tksk = make.user(Role.TKSK, "63.05.06")

    assert "Hubungi dinas sosial Kabupaten Tapin untuk" in refusal_of_known(make, tksk, "63.05.06.2001")

    name_on(make.organiser(), clock.today("Asia/Makassar")).phone = "0517-31234"
    db.session.commit()
    told = refusal_of_known(make, tksk, "63.05.06.2001")
    assert "Hubungi Dinas Sosial Kabupaten Tapin (telepon 0517-31234) untuk" in told
    for word in ("Hasanah", "63.05.01", "provinsi", "terdaftar"):
        assert word not in told.replace("didaftarkan", "")


def test_a_stranger_from_far_away_and_one_from_next_door_are_refused_in_the_same_words(make, db):
    tksk = make.user(Role.TKSK, "63.05.06")
    told = []
    for desa in ("63.05.01.1001", "33.74.01.1001"):
        known = make.trainee(nik=NIK, desa=desa)
        told.append(refusal_of_known(make, tksk, "63.05.06.2001"))
        known.nik = known.nik_index = known.nik_masked = None
        db.session.commit()
    assert told[0] == told[1]


def test_the_dinas_is_sent_to_the_provinsi_also_when_it_corrects_a_nik(make, dinas):
    make.trainee(nik=NIK, desa="33.74.01.1001")
    assert "Hubungi dinas sosial Provinsi Kalimantan Selatan" in refusal_of_known(make, dinas, KELADAN)
    person = make.trainee(nik=None)
    with pytest.raises(RuleViolation, match="Hubungi dinas sosial Provinsi Kalimantan Selatan"):
        services.correct_trainee(person, data(make, duty_region=person.duty_region), by=dinas)


@pytest.mark.parametrize(
    ("other", "is_asked"),
    [
        ({}, True),
        ({"name": "SITI  Amínah"}, True),
        ({"desa": "63.05.01.1001"}, True),  # the same birth date in the same kabupaten
        ({"desa": "63.05.01.1001", "birth_date": None}, False),
        ({"birth_date": None}, True),  # in the same desa nothing says otherwise
        ({"desa": "63.05.01.1001", "phone": "0812-3456-7890"}, True),
        ({"birth_date": date(1990, 5, 18)}, False),
        (
            {"nik": "6305065705909002"},
            True,
        ),  # one figure of the NIK: mistyped, more likely than another person
        ({"nik": "6305065705909555"}, False),
        ({"name": "Siti Aminah B"}, True),  # nearly the same name, born on the same day, in the same desa
        ({"name": "Siti Halimah"}, False),
        ({"name": "Hj. SITI AMINAH, S.Sos."}, True),
        (
            {"name": "Aminah", "desa": "63.05.01.1001", "phone": "0812-3456-7890"},
            True,
        ),  # birth date and phone alike
        ({"name": "Aminah", "desa": "63.05.01.1001"}, False),
    ],
)
def test_whoever_may_be_known_already_is_asked_about_first(other, is_asked, make, dinas, digest):
    first = {"name": "Siti Aminah", "birth_date": date(1990, 5, 17), "phone": "081234567890"}
    known = services.register_trainee(
        services.TraineeData(duty_region=make.region("63.05.06.2001"), nik="6305065705909001", **first),
        by=dinas,
    )
    values = {**first, "phone": None, "desa": "63.05.06.2001", **other}
    again = services.TraineeData(duty_region=make.region(values.pop("desa")), **values)
    before = digest()
    if is_asked:
        with pytest.raises(services.MaybeKnown, match=f"data nomor {known.id}"):
            services.register_trainee(again, by=dinas)
        assert digest() == before
    assert services.register_trainee(again, by=dinas, another_person=is_asked).id != known.id


def test_of_a_stranger_nobody_is_asked(make, dinas):
    make.trainee(name="Siti Aminah", desa="63.03.01.2001", phone="+6281234567890", nik=None)
    again = services.TraineeData(
        name="Siti Aminah",
        duty_region=make.region("63.05.06.2001"),
        birth_date=date(1985, 1, 1),
        phone="081234567890",
    )
    assert services.register_trainee(again, by=dinas).id


def test_a_correction_by_name_keeps_what_is_not_named_and_clears_what_is_null(make, dinas):
    person = make.trainee(phone="+6281234567890", address="Jalan Mawar 1")
    nik = person.nik
    services.correct_facts(person, {"name": "Nama Baru", "nik": person.nik_masked, "address": None}, by=dinas)
    assert (person.name, person.nik, person.phone, person.address) == (
        "Nama Baru",
        nik,
        "+6281234567890",
        None,
    )
    assert person.birth_date == date(1985, 1, 1)
    services.correct_facts(person, {"nik": None}, by=dinas)
    assert (person.nik, person.nik_index, person.nik_masked) == (None, None, None)


def test_an_odd_name_that_was_recorded_once_stays_when_something_else_is_put_right(make, dinas):
    trainee = make.trainee(name="Siti 2")
    services.correct_facts(trainee, {"birth_place": "Marabahan"}, by=dinas)
    assert (trainee.name, trainee.birth_place) == ("Siti 2", "Marabahan")
    with pytest.raises(RuleViolation, match="tidak memuat"):
        services.correct_facts(trainee, {"name": "Siti 3"}, by=dinas)


def test_an_address_without_a_domain_reaches_nobody_and_is_refused(make, dinas):
    trainee = make.trainee()
    with pytest.raises(RuleViolation, match="tidak lengkap"):
        services.correct_facts(trainee, {"email": "ibu@kedua"}, by=dinas)
