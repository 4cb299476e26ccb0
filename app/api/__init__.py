"""/api/v1: the same services, rules and scopes as the pages, for programs."""

from typing import Any


def init_api(app: Any) -> None:
    """Register the API."""
