"""Nobody reaches into another kabupaten: every route is walked with own, foreign and unknown ids."""

import pytest

from tests.security.walker import SLOW, Route, Walker, routes
from tests.security.world import CANARY, SHARED, World

# Open to everybody with an account whatever the kabupaten, and why.
OPEN = {
    "enrollments.enroll_others": (
        "a diklat is announced to all; the right is about the people who are brought"
    ),
    "api.enroll": "the same for programs",
    "api.show_region": "regions are public reference data",
}
# Answer 404 to everybody of the world, and why.
NOBODYS = {
    "auth.accept_invitation": "needs the secret of a letter",
    "auth.reset_password": "needs the secret of a letter",
    "certificates.preview_certificate": "nothing to preview before a graduation is approved",
    "api.change_curriculum_pass_mark": "the same for programs",
    "courses.change_curriculum_pass_mark": (
        "the ministry's alone, who is not in this world; tests/assessment/test_pass_mark.py sets it"
    ),
}
QUERIES = {
    "enrollments.answer_own_enrollment": {"batch": "batch_code"},
    "enrollments.withdraw_own_enrollment": {"batch": "batch_code"},
}
TAPIN = (
    "dinas",
    "committee",
    "signer",
    "tksk",
    "volunteer",
    "graduate",
    "trainer",
    "mentor",
    "host_contact",
    "ipsm",
    "auditor",
    "administrator",
)
SAME_PAGES = {"auditor", "mentor", "administrator"}  # see no page that another of these does not see


def address(walker: Walker, world: World, route: Route, home=None, only=None) -> str:
    """Return the path of a route, filled with ids of a home (the own one unless another is given)."""
    path = walker.path(route, world.fill(set(route.names), home or world.own, only))
    query = "&".join(
        f"{name}={world.own.ids[value]}" for name, value in QUERIES.get(route.endpoint, {}).items()
    )
    return f"{path}?{query}" if query else path


def around(body: str) -> str:
    """Return the words around a canary."""
    return body[max(0, body.index(CANARY) - 60) : body.index(CANARY) + 40]


def scoped(route: Route) -> list[str]:
    """Return the parts of its address that name a row of a jurisdiction."""
    return sorted(route.names - SHARED)


def closed(app, *methods: str) -> list[Route]:
    """Return the routes about a row that not everybody may see."""
    return [
        each
        for each in routes(app, *methods)
        if scoped(each) and each.access != "public" and each.endpoint not in OPEN
    ]


@pytest.fixture(scope="module")
def opened(app, walker):
    """Every page and answer of GET that people of Tapin and of the provinsi get for their own ids."""
    found = []
    for person in (*(each for each in TAPIN if each not in SAME_PAGES), "provinsi", None):
        for route in routes(app, "GET"):
            if route.endpoint in SLOW and person not in ("dinas", "graduate"):
                continue
            who = walker.world.people[person] if person else None
            found.append((person, route, walker.send(who, "GET", address(walker, walker.world, route))))
    return found


def test_own_ids_are_answered(app, walker, world, opened):
    """The control of all others: a world in which everything is 404 proves nothing."""
    reached = {(route.endpoint, "GET") for _person, route, answer in opened if answer.status != 404}
    for route in routes(app, "POST", "PUT", "PATCH", "DELETE"):
        for person in TAPIN:
            merging = {"duplicate_id": world.own.more["other"], "canonical_id": world.own.ids["trainee_id"]}
            data = merging if route.endpoint == "trainees.merge_trainees" else None
            answer = walker.send(world.people[person], route.method, address(walker, world, route), data=data)
            assert answer.status < 500, f"{person} {route}: {answer.status}"
            if answer.status != 404:
                reached.add((route.endpoint, route.method))
                break
    missing = [
        str(each)
        for each in routes(app)
        if (each.endpoint, each.method) not in reached and each.endpoint not in NOBODYS
    ]
    assert not missing, "\n".join(missing)
    for_dinas = {
        route.endpoint for person, route, answer in opened if person == "dinas" and answer.status == 200
    }
    assert len(for_dinas) > 120


def test_no_page_of_tapin_shows_a_word_of_semarang(opened):
    told_to_all = {"coverage.list_public"}  # which office to ask, and its number
    leaks = [
        f"{person} {answer.path}: {around(answer.body)}"
        for person, route, answer in opened
        if CANARY in answer.body and route.endpoint not in told_to_all
    ]
    assert not leaks, "\n".join(leaks)


def test_the_words_of_semarang_are_seen_by_semarang(app, walker, world):
    """The control of the one above: the canary stands in what these pages show."""
    shown = [
        route.endpoint
        for route in routes(app, "GET")
        if route.endpoint not in SLOW
        and CANARY
        in walker.send(world.people["stranger"], "GET", address(walker, world, route, world.foreign)).body
    ]
    assert len(shown) > 70, shown
    assert {
        "trainees.list_trainees",
        "workspace.show_trainee",
        "auth.list_users",
        "fieldwork.show_host",
        "dashboard.list_events",
    } <= {*shown}


def test_a_foreign_id_is_an_unknown_id_to_the_dinas(app, walker, world):
    dinas = world.people["dinas"]
    different = []
    for route in closed(app):
        for only in [None, *scoped(route)][: None if len(scoped(route)) > 1 else 1]:
            foreign = walker.send(dinas, route.method, address(walker, world, route, world.foreign, only))
            unknown = walker.send(dinas, route.method, address(walker, world, route, world.unknown, only))
            same = (foreign.status, foreign.masked, foreign.changed) == (unknown.status, unknown.masked, [])
            if not same or (only is None and foreign.status != 404 and route.endpoint != "auth.end_sign_in"):
                different.append(
                    f"{route} ({only or 'all'}): {foreign.status} {foreign.changed}, unknown {unknown.status}"
                )
    assert not different, "\n".join(different)


@pytest.mark.parametrize("name", TAPIN[1:])
def test_a_foreign_id_is_an_unknown_id_to_everybody_else(app, walker, world, name):
    person = world.people[name]
    different = []
    for route in closed(app):
        answer = walker.send(person, route.method, address(walker, world, route, world.foreign))
        unknown = walker.send(person, route.method, address(walker, world, route, world.unknown))
        if (
            route.endpoint != "auth.end_sign_in" and (answer.status, answer.masked) != (404, unknown.masked)
        ) or answer.changed:
            different.append(f"{route}: {answer.status} {answer.changed}")
    assert not different, "\n".join(different)


def test_what_is_open_changes_nothing_without_people_of_ones_own(app, walker, world):
    for route in routes(app, "POST", "PUT", "PATCH", "DELETE"):
        if scoped(route) and (route.endpoint in OPEN or route.access == "public"):
            for name in TAPIN:
                answer = walker.send(
                    world.people[name], route.method, address(walker, world, route, world.foreign)
                )
                assert (answer.changed, answer.status < 500) == ([], True), f"{name} {route}: {answer.status}"


def test_the_provinsi_reads_below_and_writes_nothing_there(app, walker, world):
    provinsi = world.people["provinsi"]
    read = [
        route.endpoint
        for route in closed(app, "GET")
        if route.endpoint not in SLOW
        and walker.send(provinsi, "GET", address(walker, world, route)).status == 200
    ]
    assert {
        "workspace.show_batch",
        "workspace.show_trainee",
        "coverage.show_coverage",
        "api.show_trainee",
        "api.show_batch",
    } <= set(read)
    written = []
    for route in closed(app, "POST", "PUT", "PATCH", "DELETE"):
        answer = walker.send(provinsi, route.method, address(walker, world, route))
        reads_only = (
            route.endpoint == "coverage.export_names" and answer.status == 200
        )  # names below are read, and the reading is recorded
        if answer.changed or not (answer.status == 404 or reads_only or route.endpoint == "auth.end_sign_in"):
            written.append(f"{route}: {answer.status} {answer.changed}")
    assert not written, "\n".join(written)


@pytest.mark.parametrize(
    "path",
    [
        "/trainees?words=siti",
        f"/trainees?words={CANARY[:6]}",
        f"/users?name={CANARY[:4]}",
        "/trainees?region=33.74",
        "/trainees?region=33",
        f"/certificates?number={CANARY[:3]}",
        "/certificates?number=0",
        "/batches/{batch_id}/enrollments/add?q=siti",
        "/batches/{batch_id}/enrollments/add?q=kanari",
        "/appointments/new?words=siti&region=33.74",
        "/courses?year=2026",
        "/trainees/merge?duplicate={foreign_trainee}&canonical={trainee_id}",
        "/trainees/merge?duplicate={trainee_id}&canonical={foreign_trainee}",
        "/api/v1/certificates?organiser={foreign_organiser}",
        "/api/v1/certificates?number=0",
        "/api/v1/trainees?per_page=200",
        "/coverage/63/names",
        "/coverage/00/names?who=active",
        "/coverage/33.74?format=csv",
        "/coverage/33.74.01.1001/names",
        "/me/enrollments/answer?batch={foreign_code}",
        "/api/v1/coverage/33.74/gaps",
        "/api/v1/coverage/00/gaps",
        "/api/v1/coverage/00",
    ],
)
def test_no_search_and_no_list_finds_semarang(walker, world, path):
    filled = path.format(
        **world.own.ids,
        foreign_trainee=world.foreign.ids["trainee_id"],
        foreign_organiser=world.foreign.ids["organiser_id"],
        foreign_code=world.foreign.ids["batch_code"],
    )
    for name in ("dinas", "committee", "tksk", "provinsi", "volunteer"):
        answer = walker.send(world.people[name], "GET", filled)
        assert answer.status in (200, 404), f"{name}: {answer.status}"
        assert CANARY not in answer.body
        assert '"33.74' not in answer.body, name


def test_a_foreign_nik_is_an_unknown_nik(walker, world):
    from app.extensions import db
    from app.trainees.models import Trainee

    with walker.app.app_context():
        nik = db.session.get_one(Trainee, world.foreign.ids["trainee_id"]).nik
    dinas = world.people["dinas"]
    known, unknown = (
        walker.send(dinas, "POST", "/trainees/find", data={"nik": each}) for each in (nik, "3374014101859999")
    )
    assert (known.status, known.masked, known.headers["Location"]) == (
        303,
        unknown.masked,
        unknown.headers["Location"],
    )
