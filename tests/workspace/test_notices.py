"""Belum dikabari: who is to be told what, the number and the text, a tick each; page, service and API."""

from datetime import date
from smtplib import SMTPRecipientsRefused

import pytest
from flask import g

from app.api import serializers
from app.auth import services as auth
from app.auth.rules import Role
from app.core.errors import NotFound
from app.core.unit_of_work import atomic
from app.enrollments.rules import EnrollmentStatus as S
from app.extensions import db as database
from app.notifications import services as notifications
from app.notifications.mails import Mail
from app.notifications.models import Notice
from app.notifications.rules import PersonKind, Recipient
from app.workspace import queries, services


@pytest.fixture
def tell():
    """Tell somebody of a batch something."""

    def told(batch, person, subject="Tempat berubah", kind=PersonKind.TRAINEE, address=None):
        mail = Mail(subject, person.name, ("Tempatnya pindah ke Balai.",), why="")
        with atomic():
            return notifications.notify(
                Recipient(kind, person.id, person.name, address), mail, batch_id=batch.id
            )

    return told


@pytest.fixture
def dinas(make, browser):
    user = make.user(Role.KABUPATEN_DINAS)
    browser.sign_in(user)
    return user


def test_the_page_gives_number_text_and_a_chat(make, browser, dinas, tell, post):
    batch, siti = make.batch(), make.trainee(name="Siti Aminah", phone="+6281200000001")
    tell(batch, siti)
    tell(batch, make.trainee(name="Rudi Tanpa Nomor"))
    tell(batch, make.trainee(name="Punya Email"), address="punya@contoh.id")

    page = browser.get("workspace.list_notices", batch_id=batch.id)

    cards = {
        card.summary.strong.get_text(strip=True): card for card in page.soup.select("details.card-plain")
    }
    assert list(cards) == ["Siti Aminah", "Rudi Tanpa Nomor"]
    assert "0812-0000-0001" in cards["Siti Aminah"].get_text()
    assert "Tempatnya pindah ke Balai." in cards["Siti Aminah"].textarea.get_text()
    chat = cards["Siti Aminah"].find("a", href=lambda way: way and "wa.me" in way)["href"]
    assert chat.startswith("https://wa.me/6281200000001?text=Yth.%20Bapak/Ibu%20Siti%20Aminah")
    assert "Nomor HP belum tercatat" in cards["Rudi Tanpa Nomor"].get_text()
    assert cards["Rudi Tanpa Nomor"].find("a", href=lambda way: way and "wa.me" in way) is None
    assert (
        "Punya Email: "
        in page.soup.find("h2", string="Sedang dikirim lewat email").find_next("ul").get_text()
    )
    post()
    page = browser.get("workspace.list_notices", batch_id=batch.id)
    assert page.soup.find("h2", string="Sedang dikirim lewat email") is None
    told = page.soup.select("main details.help")[-1]
    assert "Punya Email" in told.get_text()
    assert not told.has_attr("open")


def test_a_mail_that_is_given_up_leaves_the_text_to_the_office(make, browser, dinas, tell):
    batch = make.batch()
    tell(batch, make.trainee(name="Punya Email"), address="punya@contoh.id")

    def refuse(_message):
        raise SMTPRecipientsRefused({"punya@contoh.id": (550, b"no such user")})

    assert notifications.send_pending(refuse).failed == 1

    page = browser.get("workspace.list_notices", batch_id=batch.id)
    assert [card.summary.strong.get_text(strip=True) for card in page.soup.select("details.card-plain")] == [
        "Punya Email"
    ]
    assert "surat kepadanya tidak dapat terkirim" in page.text


def test_one_tick_each_and_all_at_once(make, browser, dinas, tell, db):
    batch = make.batch()
    first, *others = [tell(batch, make.trainee()) for _number in range(3)]
    foreign = tell(make.batch(), make.trainee())
    here = {"batch_id": batch.id}

    browser.post("workspace.list_notices", data={"notices": first.id}, **here)
    assert (first.told_label, first.told_by_id) == (dinas.label, dinas.id)
    assert [each.told_at for each in others] == [None, None]
    assert "2 orang belum dikabari." in browser.get("workspace.show_batch", **here).text
    ids = [
        each["value"]
        for each in browser.get("workspace.list_notices", **here).soup.select(
            ".post-form input[name=notices]"
        )
    ]
    unseen = tell(batch, make.trainee())
    browser.post("workspace.list_notices", data={"notices": ids}, **here)
    assert unseen.told_at is None  # came after the page was opened
    browser.post("workspace.list_notices", data={"notices": unseen.id}, **here)
    assert all(each.told_at for each in others)
    assert foreign.told_at is None
    assert "Semua sudah dikabari" in browser.get("workspace.list_notices", **here).text
    assert "orang belum dikabari" not in browser.get("workspace.show_batch", **here).text


def test_who_is_to_be_told_two_things_is_one_person(make, browser, tell):
    batch, siti = make.batch(), make.trainee()
    tell(batch, siti)
    tell(batch, siti, subject="Tanggal berubah")
    tell(batch, make.facilitator(batch.course.organiser), kind=PersonKind.FACILITATOR)
    assert queries.progress_of(batch).untold == 2
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    page = browser.get("workspace.list_notices", batch_id=batch.id)
    cards = page.soup.select("details.card-plain")
    assert [len(card.select("textarea")) for card in cards] == [2, 1]
    data = {"notices": [field["value"] for field in cards[0].select("input[name=notices]")]}
    browser.post("workspace.list_notices", batch_id=batch.id, data=data)
    assert queries.progress_of(batch).untold == 1


def test_a_notice_of_another_batch_is_unknown(make, browser, dinas, tell):
    batch, foreign = make.batch(), tell(make.batch(), make.trainee())
    with pytest.raises(NotFound):
        services.mark_told(batch, [foreign.id], by=dinas)
    browser.post("workspace.list_notices", batch_id=batch.id, data={"notices": foreign.id}, expect=404)
    assert foreign.told_at is None


def test_it_is_still_told_that_a_batch_was_called_off(make, browser, dinas):
    batch = make.batch(contact_phone="0812")
    make.enrollment(batch, status=S.ACCEPTED)
    browser.post("courses.cancel_batch", batch_id=batch.id, data={"reason": "Anggaran ditunda"})
    page = browser.get("workspace.show_batch", batch_id=batch.id)
    assert "1 orang belum dikabari." in page.text
    assert "Anggaran ditunda" in page.text
    assert "1 orang belum dikabari." in browser.get("dashboard.home").text
    everything = browser.get("workspace.list_notices", batch_id=batch.id).soup.select(
        ".post-form input[name=notices]"
    )
    browser.post(
        "workspace.list_notices", batch_id=batch.id, data={"notices": [each["value"] for each in everything]}
    )
    assert database.session.query(Notice).filter(Notice.told_at.is_(None)).count() == 0


@pytest.mark.parametrize(
    ("role", "region"), [(Role.SIGNER, "63.05"), (Role.KABUPATEN_DINAS, "33.74"), (Role.AUDITOR, "63.05")]
)
def test_only_who_decides_about_the_batch_reads_numbers(make, browser, tell, role, region):
    batch = make.batch()
    notice = tell(batch, make.trainee(phone="+6281200000001"))
    browser.sign_in(make.user(role, region))
    browser.get("workspace.list_notices", batch_id=batch.id, expect=404)
    browser.post("workspace.list_notices", batch_id=batch.id, data={"everybody": "1"}, expect=404)
    assert notice.told_at is None


def test_a_host_is_called_by_its_number(make, tell):
    batch, host = make.batch(), make.host(phone="0812 0000 0009")
    tell(batch, host, kind=PersonKind.HOST)
    assert [(each.shown_phone, bool(each.chat_url)) for each in queries.list_tellings(batch)] == [
        ("0812-0000-0009", True)
    ]


def test_programs_read_and_tick_the_same_list(app, make, tell, monkeypatch):
    batch = make.batch()
    notice = tell(batch, make.trainee(phone="+6281200000001"))
    tell(batch, make.trainee(), address="punya@contoh.id")
    dinas, stranger = make.user(Role.KABUPATEN_DINAS), make.user(Role.KABUPATEN_DINAS, "33.74")
    client, keys = app.test_client(), {}
    for user in (dinas, stranger):
        keys[user.id] = {"Authorization": f"Bearer {auth.make_access_token(user, 'test', days=1, by=user)}"}

    def send(method, path, user, expect):
        g.pop("_login_user", None)
        database.session.expire_all()
        answer = client.open(f"/api/v1{path}", method=method, headers=keys[user.id])
        assert answer.status_code == expect, answer.text
        return answer.json

    items = send("GET", f"/batches/{batch.id}/notices", dinas, 200)["items"]
    assert [(each["phone"], each["by_mail"], bool(each["told_at"])) for each in items] == [
        ("+6281200000001", False, False),
        (None, True, False),
    ]
    send("GET", f"/batches/{batch.id}/notices", stranger, 404)
    send("POST", f"/notices/{notice.id}/told", stranger, 404)
    assert notice.told_at is None
    monkeypatch.setattr(queries, "list_notices", None)  # one is read, not all of the batch
    first = send("POST", f"/notices/{notice.id}/told", dinas, 200)
    assert (first["told_by"], first["phone"]) == (dinas.label, "+6281200000001")
    again = send("POST", f"/notices/{notice.id}/told", dinas, 409)
    assert f"Sudah dicatat dikabari oleh {dinas.label}" in again["detail"]
    send("POST", "/notices/999999/told", dinas, 404)


def test_the_state_stands_beside_the_status_over_the_api(make, at):
    at(2026, 5, 1)
    batch = make.batch(starts_on=date(2026, 5, 20), ends_on=date(2026, 5, 23))
    assert (serializers.batch(batch)["status"], serializers.batch(batch)["state"]) == ("open", "open")
    at(2026, 5, 28)
    assert (serializers.batch(batch)["status"], serializers.batch(batch)["state"]) == ("open", "over")
