"""A test client that holds the API to its own document: every answer that any test receives was promised
there, to the last field.
"""

from copy import deepcopy
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.exceptions import HTTPException

API = "/api/v1/"


class Contract:
    """The document of one application, as validators."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.validators: dict[str, Draft202012Validator] = {}
        self.adapter = app.url_map.bind("localhost")

    @cached_property
    def document(self) -> dict[str, Any]:
        with self.app.test_request_context():
            document = deepcopy(self.app.spec)  # type: ignore[attr-defined]
        document["components"]["schemas"] = {
            name: closed(schema) for name, schema in document["components"]["schemas"].items()
        }
        return document

    @cached_property
    def by_endpoint(self) -> dict[str, dict[str, Any]]:
        """Return the operations by endpoint."""
        found = [operation for path in self.document["paths"].values() for operation in path.values()]
        return {f"api.{operation['operationId']}": operation for operation in found}

    def fault_of(self, method: str, path: str, sent: Any, answer: Any) -> str:
        """Say in what an answer, or a body that was accepted, differs from the document; nothing when it does
        not.
        """
        if method == "OPTIONS":
            return ""  # what HTTP itself asks
        try:
            endpoint, _values = self.adapter.match(path.partition("?")[0], method=method)
        except HTTPException:
            return ""  # no such address, or not with this method: no operation of the document
        operation = self.by_endpoint.get(endpoint)
        if operation is None:
            return ""
        declared = operation["responses"].get(str(answer.status_code))
        if declared is None:
            return f"answers {answer.status_code}, which is not declared"
        if "$ref" in declared:
            declared = self.document["components"]["responses"][declared["$ref"].rpartition("/")[2]]
        missing = [
            name
            for name in declared.get("headers", {})
            if answer.status_code >= 400 and name not in answer.headers
        ]
        if missing:
            return f"answers {answer.status_code} without {missing}"
        if answer.mimetype not in declared["content"]:
            return f"answers {answer.status_code} as {answer.mimetype}, which is not declared"
        if method == "HEAD":
            return ""  # the same without its body
        if "json" in answer.mimetype and (
            said := self.differs(declared["content"][answer.mimetype]["schema"], answer.json)
        ):
            return f"answers {answer.status_code} otherwise than declared: {said}"
        if answer.status_code < 300 and sent and "requestBody" in operation:
            taken = operation["requestBody"]["content"]["application/json"]["schema"]
            if said := self.differs(taken, sent):
                return f"takes what the document does not: {said}"
        return ""

    def differs(self, schema: dict[str, Any], value: Any) -> str:
        """Say where a value is not as the schema says."""
        key = repr(schema)
        if key not in self.validators:
            whole = {**closed(schema), "components": self.document["components"]}
            self.validators[key] = Draft202012Validator(
                whole, format_checker=FormatChecker(["date", "date-time"])
            )
        return "; ".join(
            f"{list(error.path)}: {error.message[:300]}" for error in self.validators[key].iter_errors(value)
        )


CONTRACTS: WeakKeyDictionary[Flask, Contract] = WeakKeyDictionary()


def contract_of(app: Flask) -> Contract:
    """Return the contract of an application."""
    if app not in CONTRACTS:
        CONTRACTS[app] = Contract(app)
    return CONTRACTS[app]


def closed(schema: Any) -> Any:
    """Return a schema that allows no field but those it names: what is sent is declared, not only what is
    declared sent.
    """
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(each) for name, each in schema.items()}
    return (
        {"additionalProperties": False, **found}
        if "properties" in found and found.get("type") == "object"
        else found
    )


class ContractClient(FlaskClient):
    """Flask's test client; an answer of the API that its document does not promise fails the test."""

    looks = True  # not where a test makes every operation fall over, or asks a host that is none of ours

    def open(self, *args: Any, **kwargs: Any) -> Any:
        answer = super().open(*args, **kwargs)
        request = answer.request
        if self.looks and request.path.startswith(API) and answer.status_code < 500:
            fault = contract_of(self.application).fault_of(
                request.method, request.path, kwargs.get("json"), answer
            )
            assert not fault, f"{request.method} {request.path} {fault}"
        return answer


def hold_every_client() -> None:
    """Let every test client of every application be one that looks."""
    Flask.test_client_class = ContractClient
