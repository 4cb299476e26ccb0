"""What the picker's script asks for."""


def test_children_are_public_and_may_be_kept_for_a_day(browser):
    page = browser.get("regions.list_children", parent="63.05")
    assert len(page.json["regions"]) == 12
    assert page.json["regions"][0] == {"code": "63.05.07", "name": "Bakarangan"}
    assert page.response.headers["Cache-Control"] == "public, max-age=86400"
    assert "Set-Cookie" not in page.response.headers


def test_without_a_parent_come_the_provinsi(browser):
    assert [each["code"] for each in browser.get("regions.list_children").json["regions"]] == ["33", "63"]


def test_an_unknown_parent_has_no_children(browser):
    for parent in ("99", "63.05.08.2001", "63.05.08.9999", "x" * 300, "63%"):
        assert browser.get("regions.list_children", parent=parent).json == {"regions": []}


def test_the_cost_does_not_grow_with_the_children(browser, count_queries):
    with count_queries() as few:
        browser.get("regions.list_children", parent="63.72")
        a_few = few()
    with count_queries() as many:
        browser.get("regions.list_children", parent="63.05")
        assert many() == a_few
