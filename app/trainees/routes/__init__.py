"""Pages of people: the list, registration, what is recorded about one, SK, duplicates, one's own data."""

from app.trainees.routes import appointments, lists, merges, own, people
from app.trainees.routes.blueprint import bp

__all__ = ["appointments", "bp", "lists", "merges", "own", "people"]
