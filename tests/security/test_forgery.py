"""No other site, and no program without a token, makes a browser or the API do anything."""

import pytest

from tests.security.submissions import OWN, PROGRAMS
from tests.security.walker import SECRET, routes

# The form of a one-time link checks its token itself: its page names no referrer, which the general check
# would refuse.
OWN_CHECK = {"auth.accept_invitation", "auth.reset_password"}


def unsafe(app):
    return [route for route in routes(app) if route.method != "GET"]


def test_every_form_of_every_page_needs_the_token_of_its_own_browser(app, walker, world):
    dinas, passed = world.people["dinas"], []
    for route in [each for each in unsafe(app) if not each.is_api]:
        path = walker.path(route, world.fill(set(route.names), world.own))
        for kind, data in (
            ("none", {}),
            ("empty", {"csrf_token": ""}),
            ("of another browser", {"csrf_token": walker.token("another browser's secret")}),
            ("garbage", {"csrf_token": SECRET}),
            ("in the query", None),
        ):
            target = f"{path}?csrf_token={walker.token()}" if data is None else path
            answer = walker.send(
                dinas,
                route.method,
                target,
                data={"idempotency_key": "x" * 32, "reason": "Alasan", **(data or {})},
                bare=True,
                headers={"Cookie": walker.cookie(dinas)},
            )
            expected = {404, 422} if route.endpoint in OWN_CHECK else {403}
            if answer.status not in expected or answer.changed:
                passed.append(f"{route} with token {kind}: {answer.status} {answer.changed}")
    assert not passed, "\n".join(passed)


@pytest.mark.parametrize("submission", OWN, ids=str)
def test_what_would_be_done_is_not_done_without_the_token(walker, world, submission):
    person = world.people[submission.person]
    cookie = {"Cookie": walker.cookie(person)}
    for token in ({}, {"csrf_token": walker.token("another browser's secret")}):
        answer = walker.send(
            person,
            "POST",
            submission.path(world),
            data={**submission.facts(world), **token},
            bare=True,
            headers=cookie,
        )
        assert (answer.status, answer.changed) == (403, [])


OURS = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (OURS, 422),
        ({"Origin": "http://localhost"}, 422),
        ({}, 403),
        ({"Origin": "https://jahat.example"}, 403),
        ({"Origin": "null"}, 403),
        ({**OURS, "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 403),
    ],
)
def test_a_form_whose_reader_signed_in_again_comes_back_filled(walker, world, headers, status):
    person = world.people["dinas"]
    typed = {
        "name": "Siti Rahmah",
        "phone": "0812-3456-7890",
        "csrf_token": walker.token("the session before"),
    }
    sent = {"Cookie": walker.cookie(person), **headers}
    answer = walker.send(person, "POST", "/trainees/register", data=typed, bare=True, headers=sent)
    assert (answer.status, answer.changed) == (status, [])
    if status == 422:
        assert "Isian Anda tidak hilang" in answer.body
        assert 'value="Siti Rahmah"' in answer.body
        assert walker.token("the session before") not in answer.body


@pytest.mark.parametrize("submission", OWN, ids=str)
def test_get_does_nothing_that_a_form_does(walker, world, submission):
    answer = walker.send(
        world.people[submission.person], "GET", submission.path(world), query_string=submission.facts(world)
    )
    assert answer.changed == []
    assert answer.status in (200, 404, 405)


def test_looking_changes_nothing(app, walker, world):
    """A GET of any page by anybody leaves the rows as they were; an address for POST alone is
    none for GET.
    """
    getting = {route.endpoint for route in routes(app, "GET")}
    changed = []
    for route in routes(app):
        if route.method == "GET" or route.endpoint not in getting:
            path = walker.path(route, world.fill(set(route.names), world.own))
            answer = walker.send(world.people["dinas"], "GET", path)
            others_get = any(
                rule.rule == rule_of(app, route) and "GET" in rule.methods
                for rule in app.url_map.iter_rules()
            )
            if answer.changed or (not others_get and answer.status not in (404, 405)):
                changed.append(f"GET {path}: {answer.status} {answer.changed}")
    assert not changed, "\n".join(changed)


def rule_of(app, route):
    """Return the rule of a route as it is written."""
    return next(rule.rule for rule in app.url_map.iter_rules() if rule.endpoint == route.endpoint)


def test_the_api_knows_nobody_without_a_token_of_its_own(app, walker, world):
    dinas, passed = world.people["dinas"], []
    for route in [each for each in routes(app) if each.is_api and each.access != "public"]:
        path = walker.path(route, world.fill(set(route.names), world.own))
        for kind, headers in (
            ("nothing", {}),
            ("a cookie", {"Cookie": walker.cookie(dinas)}),
            ("garbage", {"Authorization": "Bearer garbage"}),
            ("the cookie's secret", {"Authorization": f"Bearer {dinas.session}"}),
            ("basic", {"Authorization": f"Basic {dinas.bearer}"}),
            ("a query", {"Cookie": walker.cookie(dinas)}),
        ):
            target = f"{path}?access_token={dinas.bearer}" if kind == "a query" else path
            answer = walker.send(None, route.method, target, json={}, bare=True, headers=headers)
            if answer.status != 401 or answer.changed:
                passed.append(f"{route} with {kind}: {answer.status} {answer.changed}")
    assert not passed, "\n".join(passed)


def test_a_page_leads_who_is_signed_out_to_sign_in(app, walker, world):
    passed = []
    for route in [each for each in routes(app) if not each.is_api and each.access != "public"]:
        answer = walker.send(None, route.method, walker.path(route, world.fill(set(route.names), world.own)))
        if answer.status != 302 or not answer.headers["Location"].startswith("/sign-in") or answer.changed:
            passed.append(f"{route}: {answer.status} {answer.changed}")
    assert not passed, "\n".join(passed)


@pytest.mark.parametrize("submission", PROGRAMS, ids=str)
@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_json_under_another_name_is_no_json(walker, world, submission, kind):
    """What a form of another site can send is not read."""
    import json

    body = json.dumps(submission.facts(world)).encode()
    answer = walker.send(
        world.people[submission.person],
        submission.method,
        submission.path(world),
        data=body,
        headers={"Content-Type": kind} if kind else {},
    )
    assert 400 <= answer.status < 500
    assert answer.changed == []
