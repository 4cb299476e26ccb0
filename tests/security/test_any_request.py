"""Requests that another project's tester makes up from the description, as four people: every answer is one
that was promised.

`EXAMPLES=50` tries that many of each operation instead of the few of an ordinary run.
"""

import os
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.security.walker import Walker

EXAMPLES = int(os.environ.get("EXAMPLES", "2"))


class Quiet(WSGIRequestHandler):
    """A server that writes no line for each of a thousand requests."""

    def log(self, *_args: object) -> None:
        pass


def settings(walker: Walker, name: str, *, knows_rows: bool, tries_bounds: bool) -> SchemathesisConfig:
    """Return the tester's settings: who asks, and whether the addresses are those of rows within reach or
    any.
    """
    person = walker.world.people.get(name)
    ids = walker.world.own.ids if knows_rows else {}
    said: dict[str, Any] = {
        "generation": {
            "max-examples": EXAMPLES if knows_rows else EXAMPLES // 2,
            "deterministic": EXAMPLES == 2,
        },
        # The bounds of every field are tried by one person, who reaches what she names.
        "phases": {
            "stateful": {"enabled": EXAMPLES > 2},
            "coverage": {"enabled": tries_bounds or EXAMPLES > 2, "unexpected-methods": []},
        },
        # A rule may refuse what is well formed.
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "404", "409", "422", "429"]}
        },
        "parameters": {f"path.{key}": value for key, value in ids.items()},
        "suppress-health-check": ["all"],
    }
    return SchemathesisConfig.from_dict(
        said | ({"headers": {"Authorization": f"Bearer {person.bearer}"}} if person else {})
    )


@pytest.fixture
def address(walker: Walker, keeping: None) -> Iterator[str]:
    """A server of one thread, in the transaction of the world."""
    server = make_server("127.0.0.1", 0, walker.app, request_handler=Quiet)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("name", "knows_rows"), [("dinas", True), ("signer", True), ("volunteer", False), ("nobody", False)]
)
def test_every_answer_was_promised(walker: Walker, address: str, name: str, knows_rows: bool) -> None:
    config = settings(walker, name, knows_rows=knows_rows, tries_bounds=name == "dinas")
    config.projects.default.update(base_url=address)
    schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json", config=config)
    found, asked = {}, 0
    for each in from_schema(schema).execute():
        if isinstance(each, events.NonFatalError | events.FatalError):
            found[repr(each)] = str(each)
        if isinstance(each, events.ScenarioFinished):
            asked += len(each.recorder.cases)
            for number, checks in each.recorder.checks.items():
                for check in checks:
                    if check.failure_info:
                        met = each.recorder.interactions[number]
                        answer = met.response and (met.response.status_code, met.response.content[:500])
                        found[each.recorder.label, check.name] = (
                            f"{check.failure_info.failure}\n{met.request.uri}\n{answer}"
                        )
    assert found == {}, "\n".join(map(str, found.items()))
    assert asked > 93
