"""Pages of hosts, visits and placements."""

from app.fieldwork.routes import hosts, placements, visits
from app.fieldwork.routes.blueprint import bp

__all__ = ["bp", "hosts", "placements", "visits"]
