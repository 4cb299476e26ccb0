"""A port says so when nobody answers."""

from collections.abc import Callable

import pytest

from app.core import ports
from app.core.ports import Port, UnfilledPortError


@pytest.fixture
def port(monkeypatch) -> Port[Callable[[], str]]:
    monkeypatch.setattr(ports, "_declared", [])
    return Port("somebody.asks")


def test_an_unfilled_port_raises_and_names_itself(port):
    with pytest.raises(UnfilledPortError, match=r"somebody\.asks"):
        [answer() for answer in port]
    assert ports.unfilled() == ["somebody.asks"]


def test_providers_answer_in_their_order_and_once_however_often_it_is_filled(port):
    for _application in range(2):
        port.fill(lambda: "one", lambda: "two")
    assert [answer() for answer in port] == ["one", "two"]
    assert ports.unfilled() == []


def test_nobody_cannot_fill_a_port(port):
    with pytest.raises(ValueError, match=r"somebody\.asks"):
        port.fill()
