"""The document at /api/v1/openapi.json is valid for a validator that is not ours, and promises what is really
answered.
"""

import re
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from app.api.answers import ROWS
from app.api.description import operations
from app.core.reasons import LEAST_LETTERS
from tests.contract import Contract

FROZEN = Path(__file__).parent / "operations.txt"
ENGLISH = re.compile(
    r"\b(?:not|missing|unknown|must|valid|field|invalid|shorter|longer|greater|less|one of|input)\b",
    re.IGNORECASE,
)


@pytest.fixture
def document(app, program):
    return program(None).send("GET", "/openapi.json", expect=200)


@pytest.fixture
def found(app, document):
    """Every operation: method, path, what the document says, the view."""
    return [
        (method.upper(), path, document["paths"][path][method], view)
        for path, method, _endpoint, view in operations(app)
    ]


def test_it_is_valid(document):
    validate(document)
    assert document["servers"] == [{"url": "https://bekal.example.go.id"}]


def test_null_is_said_as_this_version_of_the_description_says_it(found, document):
    assert "nullable" not in str(document)
    for _method, path, operation, _view in found:
        for parameter in operation["parameters"]:
            assert parameter["schema"].get("default", "") is not None, path


def test_names_of_operations_do_not_change(found):
    lines = sorted(f"{method} {path} {operation['operationId']}" for method, path, operation, _view in found)
    assert lines == FROZEN.read_text().splitlines(), (
        "a program knows operations by these names: a change wants a decision page"
    )
    assert len({operation["operationId"] for _method, _path, operation, _view in found}) == len(found)


def test_every_answer_has_a_shape_and_every_failure_is_a_problem(found, document):
    shared = document["components"]["responses"]
    for method, path, operation, view in found:
        assert "503" in operation["responses"], path
        assert (
            ("401" in operation["responses"]) == (view.access != "public") == bool(operation.get("security"))
        ), path
        for status, answer in operation["responses"].items():
            content = (shared[answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer)["content"]
            assert content, (method, path, status)
            assert all(each["schema"] for each in content.values()), (method, path, status)
            assert ("application/problem+json" in content) == (int(status) >= 400), (method, path, status)


def test_what_changes_something_takes_a_key_and_a_body_that_is_said_to_be_required(found, document):
    for method, path, operation, _view in found:
        named = {parameter["name"]: parameter for parameter in operation["parameters"]}
        assert ("Idempotency-Key" in named) == (method != "GET"), path
        if "requestBody" in operation:
            name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[
                2
            ]
            assert operation["requestBody"]["required"] == bool(
                document["components"]["schemas"][name].get("required")
            ), path


def test_ids_have_bounds_and_days_a_format(found, document):
    for _method, path, operation, _view in found:
        for parameter in operation["parameters"]:
            if parameter["in"] == "path":
                schema = parameter["schema"]
                assert (schema.get("maximum") == 2**31 - 1) or "pattern" in schema, path
    for name, schema in document["components"]["schemas"].items():
        for field, said in schema.get("properties", {}).items():
            assert "type" in said or "$ref" in said, (name, field)
            if field.endswith("_on"):
                assert said["format"] == "date", (name, field)
            if field in ("region", "duty_region", "home_region", "venue_region"):
                assert "pattern" in said, (name, field)
            if field == "reason" and field in schema.get("required", ()) and name not in ROWS:
                assert said["minLength"] == LEAST_LETTERS, name
            if field in ("starts_at", "ends_at"):
                assert "pattern" in said, (name, field)
            elif field.endswith("_at"):
                assert said["format"] == "date-time", (name, field)


def test_refusals_of_what_was_sent_are_indonesian(found):
    """Send every field something of every wrong kind, and nothing at all."""
    said = {}

    def collect(errors, where):
        for key, each in errors.items() if isinstance(errors, dict) else enumerate(errors):
            if isinstance(each, str):
                said.setdefault(each, where)
            else:
                collect(each, f"{where} {key}")

    for method, path, _operation, view in found:
        schemas = [view._spec["body"]] if "body" in view._spec else []
        for schema in schemas + [schema for schema, _location in view._spec.get("args", [])]:
            for wrong in (
                None,
                {},
                [],
                [{}],
                [1, "x"],
                "\x07",
                "x" * 200_000,
                -1,
                10**12,
                True,
                1.5,
                "2026-13-45",
                [{"attendee": "x"}],
            ):
                collect(
                    schema.validate({**dict.fromkeys(schema.fields, wrong), "tidak_ada": 1}),
                    f"{method} {path}",
                )
            collect(schema.validate({}), f"{method} {path}")
    assert len(said) > 15
    assert {
        each: where
        for each, where in said.items()
        if ENGLISH.search(re.sub(r"[\w, ]*\(null\)|: .*", "", each))
    } == {}


def test_the_contract_sees_what_is_not_promised(app, make, dinas):
    """The hook of every test client fails where it should: a control of the control."""
    batch = make.batch()
    answer = dinas.client.get(f"/api/v1/batches/{batch.id}", headers=dinas.headers)
    path = f"/api/v1/batches/{batch.id}"
    contract = Contract(app)
    assert contract.fault_of("GET", path, None, answer) == ""
    promised = contract.document["components"]["schemas"]["Batch"]
    quota = promised["properties"].pop("quota")
    assert "'quota' was unexpected" in contract.fault_of("GET", path, None, answer)
    contract.validators.clear()
    promised["properties"]["quota"] = {**quota, "type": "string"}
    assert "is not of type 'string'" in contract.fault_of("GET", path, None, answer)
    del contract.by_endpoint["api.show_batch"]["responses"]["200"]
    assert "which is not declared" in contract.fault_of("GET", path, None, answer)
