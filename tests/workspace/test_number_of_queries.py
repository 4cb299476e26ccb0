"""How many statements the most used pages ask the database, exactly.

A change of a number here is a change of how fast a page is: look at it before you write the new one down.
That lists cost the same with one row and with thirty is tested beside each list.
"""

import pytest
from sqlalchemy import select

from app.auth.models import User
from app.auth.rules import Role
from app.courses.models import Curriculum, Tier
from app.courses.rules import BatchStatus
from tests.security import world as worlds
from tests.security.world import Home

IDS = ("batch_id", "trainee_id", "code")
MORE = ("running", "running_block", "passed")
PAGES = {
    ("officer", "/"): 238,
    ("officer", "/batches/{batch_id}/workspace"): 31,
    ("officer", "/batches/{batch_id}/enrollments"): 9,
    ("officer", "/batches/{batch_id}/enrollments/decide"): 10,
    ("officer", "/batches/{batch_id}/sessions"): 11,
    ("officer", "/batches/{running}/attendance"): 25,
    ("officer", "/batches/{running}/attendance/{running_block}"): 18,
    ("officer", "/batches/{passed}/graduation"): 51,
    ("officer", "/batches/{passed}/certificates"): 19,
    ("officer", "/trainees"): 6,
    ("officer", "/trainees/{trainee_id}"): 13,
    ("officer", "/coverage/33.74"): 20,
    ("officer", "/coverage/33.74/gaps"): 10,
    ("officer", "/certificates"): 5,
    ("officer", "/hosts"): 3,
    ("volunteer", "/"): 25,
    ("volunteer", "/me/enrollments"): 8,
    ("volunteer", "/me/data"): 23,
    ("nobody", "/"): 2,
    ("nobody", "/batches"): 7,
    ("nobody", "/batches/{batch_id}"): 5,
    ("nobody", "/v/{code}"): 3,
}


@pytest.fixture
def home(make, db) -> Home:
    curriculum = db.session.scalars(select(Curriculum).join(Tier).where(Tier.code == "dasar")).first()
    if curriculum is None:
        curriculum = make.curriculum()
    home = Home("33.74", "33.74.01.1001")
    worlds.furnish(make, home, curriculum, batch_status=BatchStatus.OPEN, officer_name="Sri Wahyuni")
    return home


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_a_page_asks_the_database_so_often(home, db, browser, make, count_queries, who, path):
    if who == "officer":
        browser.sign_in(make.user(Role.KABUPATEN_DINAS, "33.74"))
    elif who == "volunteer":
        browser.sign_in(db.session.get_one(User, home.more["account"]))
    address = path.format(
        **{name: home.ids[name] for name in IDS}, **{name: home.more[name] for name in MORE}
    )
    browser.get(address)  # what is read once in a process was read
    with count_queries() as counted:
        browser.get(address)
        assert counted() == PAGES[who, path]
