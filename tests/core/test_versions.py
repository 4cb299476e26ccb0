"""A version says what was read: what the reader did not change stays as others saved it, what both changed is
asked.
"""

import pytest

from app.core.versions import Line, Stale, lines_to_leave, version_of

EMPTY = Line((), "present")  # shown with its usual value


def stored(value):
    return Line((value,), value)


@pytest.mark.parametrize(
    ("read", "typed", "now", "expected"),
    [
        (EMPTY, "present", EMPTY, "write"),
        (EMPTY, "sick", EMPTY, "write"),
        (stored("present"), "sick", stored("present"), "write"),
        (stored("present"), "present", stored("absent"), "leave"),
        (EMPTY, "present", stored("absent"), "leave"),
        (EMPTY, "sick", stored("absent"), "ask"),
        (EMPTY, "sick", stored("present"), "ask"),
        (stored("present"), "sick", stored("absent"), "ask"),
        (stored("present"), "absent", stored("absent"), "write"),
        (stored("absent"), "absent", EMPTY, "leave"),  # emptied by others: not filled again with what it said
        (stored("present"), "present", EMPTY, "leave"),
        (stored("absent"), "sick", EMPTY, "ask"),
        (stored("absent"), "present", EMPTY, "write"),
        (EMPTY, "present", Line((1,), "present"), "write"),  # filled in part: the rest may be filled
        (None, "present", EMPTY, "write"),
        (None, "present", stored("absent"), "ask"),
    ],
)
def test_each_line_is_written_left_or_asked(read, typed, now, expected):
    version = version_of({} if read is None else {7: read}, frame="9.15")

    try:
        left = lines_to_leave(version, {7: typed}, {7: now}, frame="9.15")
        found = "leave" if left else "write"
    except Stale as stale:
        found = (
            "ask" if (stale.asked, stale.version) == ({7}, version_of({7: now}, frame="9.15")) else "wrong"
        )

    assert found == expected


def test_a_program_is_asked_wherever_something_else_is_stored():
    version = version_of({7: stored("present")}, shown=False)

    with pytest.raises(Stale):
        lines_to_leave(version, {7: "present"}, {7: stored("absent")})
    assert lines_to_leave(version, {7: "sick"}, {7: stored("present")}) == frozenset()


def test_another_frame_is_asked_though_no_line_has_changed():
    version = version_of({7: EMPTY}, frame="9.15")

    with pytest.raises(Stale, match="Jadwalnya berubah"):
        lines_to_leave(version, {7: "present"}, {7: EMPTY}, frame="10.00")


@pytest.mark.parametrize(
    "text", ["", "x", "~", "a~b~c", "a~1.2", "~1.2.3.4", "~²..", "~7" * 9999, "a~99999999999999999999.x.y"]
)
def test_a_text_that_is_no_version_has_read_nothing(text):
    with pytest.raises(Stale):
        lines_to_leave(text, {7: "sick"}, {7: stored("absent")})
