"""The account of a merged person opens by what the record that counts says, whichever record it came from;
parting gives it all back.
"""

import pytest

from app.auth import services as auth
from app.auth.queries import find_by_name, name_indexes_of
from app.auth.rules import NameKind, Role
from app.core.actor import PUBLIC
from app.petitions import queries as petitions
from app.petitions.rules import PetitionKind
from app.trainees import services

TOLD = ("events", "person_keys", "merges", "notices", "messages", "outgoing_events", "sign_in_names")
CODE = "bunga-kenanga-7"


@pytest.fixture
def dinas(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def with_account(make, dinas, db):
    """Return a function that makes a record whose account signs in by NIK and phone."""

    def of(has_account: bool, **values):
        person = make.trainee(**values)
        if has_account:
            names = services.free_names(person)
            account = auth.open_account(person.name, password=CODE, names=names, by=PUBLIC)
            person.user_id = account.id
            db.session.commit()
        return person

    return of


def opened_by(nik, phone):
    return [
        each and each.id for each in (find_by_name(NameKind.NIK, nik), find_by_name(NameKind.PHONE, phone))
    ]


@pytest.mark.parametrize("same_phone", [False, True])
@pytest.mark.parametrize("kept_has", [False, True])
@pytest.mark.parametrize("gone_has", [False, True])
def test_the_account_signs_in_by_what_the_record_that_counts_says(
    with_account, dinas, dump, db, kept_has, gone_has, same_phone
):
    gone = with_account(gone_has, name="Siti Amina", phone="+6281200001111")
    kept = with_account(
        kept_has, name="Hj. Siti Aminah", phone="+6281200001111" if same_phone else "+6281200002222"
    )
    accounts = [each.user for each in (gone, kept) if each.user]
    before, names = dump(*TOLD), [name_indexes_of(each) for each in accounts]
    merge = services.merge_trainees(gone, kept, "NIK-nya salah satu angka", dinas, despite_differences=True)
    owner = kept.user
    assert (owner is None) is not (kept_has or gone_has)
    assert opened_by(kept.nik, kept.phone) == [owner and owner.id] * 2
    assert find_by_name(NameKind.NIK, gone.nik) is None
    if not same_phone:
        assert find_by_name(NameKind.PHONE, gone.phone) is None
    assert {each.name for each in accounts} <= {kept.name}
    services.undo_merge(merge, dinas)
    assert dump(*TOLD) == before
    assert [name_indexes_of(each) for each in accounts] == names


def test_the_nik_of_the_record_that_counts_signs_in_with_the_account_that_came_along(
    with_account, make, dinas, browser
):
    kept = make.trainee(name="Siti Aminah", phone="+6281200002222")
    gone = with_account(True, name="Siti Aminah", phone="+6281200001111", nik=None)
    right, wrong = kept.nik, gone.phone
    services.merge_trainees(gone, kept, "Satu orang", dinas, despite_differences=True)
    assert (
        "tidak cocok"
        in browser.post("auth.sign_in", data={"typed": wrong, "password": CODE}, expect=422).text
    )
    browser.post("auth.sign_in", data={"typed": right, "password": CODE})
    assert "Siti Aminah" in browser.get("trainees.show_own_data").text


def test_a_phone_put_right_meanwhile_stays_with_the_record_it_was_put_right_on(with_account, dinas):
    gone = with_account(True, name="Siti", phone="+6281200001111")
    kept = with_account(True, name="Siti", phone="+6281200002222")
    merge = services.merge_trainees(gone, kept, "Satu orang", dinas, despite_differences=True)
    services.correct_facts(kept, {"phone": "081200003333"}, by=dinas)
    mine, theirs = kept.user.id, gone.user.id
    assert opened_by(kept.nik, "+6281200003333") == [mine, mine]
    services.undo_merge(merge, dinas)
    assert opened_by(kept.nik, "+6281200003333") == [mine, mine]
    assert opened_by(gone.nik, "+6281200001111") == [theirs, theirs]
    assert find_by_name(NameKind.PHONE, "+6281200002222") is None


def test_the_page_says_whose_account_will_open_the_record(with_account, make, dinas, browser, db):
    gone, kept = (
        with_account(True, name="Siti Aminah", nik=None, phone="+6281200001111"),
        make.trainee(name="Siti Aminah"),
    )
    browser.sign_in(dinas)
    page = browser.get("trainees.merge_trainees", duplicate=gone.id, canonical=kept.id)
    assert f"Akun data ganda nomor {gone.id} pindah ke data yang dipertahankan" in page.text
    assert "dibuat sendiri dan kodenya belum pernah dipastikan dinas" in page.text
    services.hand_out_account(gone, by=dinas)
    db.session.commit()
    page = browser.get("trainees.merge_trainees", duplicate=kept.id, canonical=gone.id)
    assert f"Akun data nomor {gone.id}" in page.text
    assert "dibuat sendiri" not in page.text


def used(person):
    """Let somebody sign in to her account."""
    _user, token = auth.sign_in(person.nik or person.phone, CODE, address="203.0.113.9")
    assert token
    return person


def test_the_account_that_is_signed_in_to_opens_the_record_that_counts_and_parting_gives_it_back(
    with_account, dinas, browser
):
    kept = with_account(True, name="Norhayati", phone="+6281200002222", nik=None)
    gone = used(with_account(True, name="Norhayati", phone="+6281200001111"))
    mine, theirs, nik = gone.user.id, kept.user.id, gone.nik
    before = [name_indexes_of(each.user) for each in (kept, gone)]
    browser.sign_in(dinas)
    page = browser.get("trainees.merge_trainees", duplicate=gone.id, canonical=kept.id)
    assert f"Akun data ganda nomor {gone.id} pindah" in page.text
    assert f"Akun data nomor {kept.id} tidak dapat masuk lagi" in page.text
    assert "Akun itu dipakai" not in page.text
    merge = services.merge_trainees(gone, kept, "Satu orang", dinas, despite_differences=True)
    assert (kept.user_id, gone.user_id) == (mine, theirs)
    assert auth.sign_in(nik, CODE, address="203.0.113.9")[0].id == mine
    assert petitions.list_waiting(dinas.reach) == []  # nobody is locked out
    services.undo_merge(merge, dinas)
    assert (kept.user_id, gone.user_id) == (theirs, mine)
    assert [name_indexes_of(each.user) for each in (kept, gone)] == before


def test_whoever_used_the_account_that_a_merge_closes_waits_for_the_office_with_a_new_way_in(
    with_account, dinas, browser
):
    kept = used(with_account(True, name="Norhayati", phone="+6281200002222"))
    gone = used(with_account(True, name="Norhayati", phone="+6281200001111", nik=None))
    browser.sign_in(dinas)
    page = browser.get("trainees.merge_trainees", duplicate=gone.id, canonical=kept.id)
    assert "Akun itu dipakai: beri tahu orangnya" in page.text
    merge = services.merge_trainees(gone, kept, "Satu orang", dinas, despite_differences=True)
    (task,) = petitions.list_waiting(dinas.reach)
    assert (task.kind, task.person.id) == (PetitionKind.CODE, kept.id)
    page = browser.get("petitions.answer_petition", petition_id=task.id)
    assert (
        "Kode yang biasa Anda pakai tidak berlaku lagi sejak data Anda yang tercatat dua kali digabungkan"
        in page.text
    )
    assert "Buat tautan kata sandi" in page.text
    services.undo_merge(merge, dinas)
    assert petitions.list_waiting(dinas.reach) == []
