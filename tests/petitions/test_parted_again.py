"""What was put right on the record that counts while another one was part of it goes where it belongs once
they part.
"""

import pytest

from app.auth.rules import Role
from app.certificates.queries import list_renamed
from app.petitions import queries, services
from app.petitions.rules import Answer, PetitionKind
from app.trainees import services as trainees


@pytest.fixture
def dinas(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def two(make):
    """Hers with her account and a certificate, and the one kept of another person; merged by mistake."""
    user = make.user(name="Siti Amina")
    hers = make.trainee(name="Siti Amina", user_id=user.id, phone="+6281200001111")
    make.certificate(make.attendee(make.batch(), hers))
    return hers, make.trainee(name="Rahmah", phone=None)


def renamed(kept, dinas, name="Siti Aminah"):
    account = kept.user
    petition = services.ask_for_name(kept, name, reason="Huruf h kurang.", by=account)
    services.answer_petition(petition, Answer.CORRECTED, words="", by=dinas)
    return petition


def test_the_name_that_she_asked_for_goes_back_with_her_and_so_does_the_task(two, dinas, browser):
    hers, kept = two
    merge = trainees.merge_trainees(hers, kept, "Satu orang", dinas, despite_differences=True)
    petition = renamed(kept, dinas)
    trainees.correct_facts(kept, {"birth_place": "Binuang"}, by=dinas)
    browser.sign_in(dinas)
    page = browser.get("trainees.undo_merge", merge_id=merge.id)
    ticks = {box["value"]: box.has_attr("checked") for box in page.soup.select("input[name=back]")}
    assert ticks == {"name": True, "birth_place": False}
    assert "Nama: dari Rahmah menjadi Siti Aminah" in page.text
    assert "Tempat lahir: dari Rantau menjadi Binuang" in page.text
    browser.post("trainees.undo_merge", merge_id=merge.id, data={"back": ["name"]})
    assert (kept.name, kept.folded_name, kept.birth_place, kept.renamed_at) == (
        "Rahmah",
        "rahmah",
        "Binuang",
        None,
    )
    assert (hers.name, hers.folded_name, hers.user.name) == ("Siti Aminah", "siti aminah", "Siti Aminah")
    assert [each.trainee_id for each in list_renamed()] == [hers.id]
    assert petition.trainee_id == hers.id
    assert queries.last_answered_of(kept, PetitionKind.NAME, merge.merged_at) is None


def test_what_a_program_does_not_name_goes_as_the_page_proposes(two, dinas):
    hers, kept = two
    merge = trainees.merge_trainees(hers, kept, "Satu orang", dinas, despite_differences=True)
    renamed(kept, dinas)
    trainees.correct_facts(kept, {"phone": "081200009999"}, by=dinas)
    trainees.undo_merge(merge, dinas)
    assert (hers.name, kept.name) == ("Siti Aminah", "Rahmah")
    assert (hers.phone, kept.phone) == ("+6281200001111", "+6281200009999")


def test_the_officer_may_let_it_stay_and_let_other_facts_go(two, dinas):
    hers, kept = two
    merge = trainees.merge_trainees(hers, kept, "Satu orang", dinas, despite_differences=True)
    renamed(kept, dinas)
    trainees.correct_facts(kept, {"phone": "081200009999"}, by=dinas)
    with pytest.raises(Exception, match="tidak diubah"):
        trainees.undo_merge(merge, dinas, ["email"])
    trainees.undo_merge(merge, dinas, ["phone"])
    assert (hers.name, kept.name) == ("Siti Amina", "Siti Aminah")
    assert (hers.phone, kept.phone) == ("+6281200009999", None)
    assert list_renamed() == []


def test_a_wish_that_still_waits_follows_her(two, dinas):
    hers, kept = two
    merge = trainees.merge_trainees(hers, kept, "Satu orang", dinas, despite_differences=True)
    petition = services.ask_for_name(kept, "Siti Aminah", reason="", by=kept.user)
    trainees.undo_merge(merge, dinas)
    assert queries.list_open_of(hers, PetitionKind.NAME) == [petition]
    services.answer_petition(petition, Answer.CORRECTED, words="", by=dinas)
    assert (hers.name, kept.name) == ("Siti Aminah", "Rahmah")


def test_a_name_put_right_by_the_office_makes_the_same_task(two, dinas, browser, make):
    hers, _kept = two
    browser.sign_in(dinas)
    browser.post(
        "trainees.correct_trainee",
        trainee_id=hers.id,
        data={"name": "Siti Aminah", "birth_date": "1985-01-01"},
    )
    assert [each.trainee_id for each in list_renamed()] == [hers.id]
    page = browser.get("workspace.show_trainee", trainee_id=hers.id)
    assert "1 sertifikat memuat nama yang lama dan perlu diganti" in page.text
