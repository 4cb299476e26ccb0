"""/api/v1: the same services, rules and scopes as the pages, for programs."""

from typing import Any

from apiflask import HTTPTokenAuth

from app.api import v1
from app.api.description import ABOUT, described
from app.extensions import csrf
from app.web.errors import failure


def init_api(app: Any) -> None:
    """Register the API, its description and its way to say that something is wrong."""
    csrf.exempt(v1.bp)  # a bearer token is no cookie: no other site can make a browser send it
    app.register_blueprint(v1.bp)
    app.security_schemes = {"token": HTTPTokenAuth().get_security_scheme()}
    app.config["INFO"] = {"description": ABOUT}
    app.servers = [{"url": app.config["SETTINGS"].base_url}]
    app.spec_processor(lambda document: described(app, document))

    # Not by app.error_processor: that would answer the errors of all pages too, which app.web.errors does.
    app.error_callback = lambda error: failure(error.status_code, errors=error.detail or None)
