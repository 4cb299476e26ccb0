"""Every view declares its access exactly once; a new one without a declaration fails here."""

from app.auth.rules import RIGHTS, Permission, Role

OUTSIDE = {"static"}


def views(app):
    return {
        rule.endpoint: app.view_functions[rule.endpoint]
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in OUTSIDE
    }


def test_every_view_declares_its_access(app):
    undeclared = [endpoint for endpoint, view in views(app).items() if getattr(view, "access", None) is None]
    assert undeclared == [], f"add @public, @signed_in or @requires to {undeclared}"


def test_a_declared_permission_exists(app):
    known = {"public", "signed_in", *map(str, Permission)}
    unknown = {endpoint: view.access for endpoint, view in views(app).items() if view.access not in known}
    assert unknown == {}


def test_a_view_of_one_row_checks_that_row(app):
    unchecked = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in OUTSIDE
        and any(name.endswith("_id") for name in rule.arguments)
        and app.view_functions[rule.endpoint].access not in ("public", "signed_in")
        and app.view_functions[rule.endpoint].access_on is None
    ]
    assert unchecked == [], f"load the row with requires(…, on=…): {unchecked}"


def test_each_permission_is_held_by_some_role():
    held = {permission for rights in RIGHTS.values() for permission in rights}
    assert set(Permission) == held


def test_each_role_has_its_line():
    assert set(RIGHTS) == set(Role)


def test_an_unsafe_method_never_shares_its_work_with_get(app):
    """A state change is a POST (or PUT, PATCH, DELETE of the API): no view takes work on GET alone by another
    name.
    """
    odd = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.methods - {"GET", "HEAD", "OPTIONS", "POST", "PATCH", "PUT", "DELETE"}
    ]
    assert odd == []
