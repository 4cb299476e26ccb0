"""The blueprint that all resources of the first version share."""

from apiflask import APIBlueprint

bp = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="Bekal")
