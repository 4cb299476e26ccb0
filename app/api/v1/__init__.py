"""The first version: one module for each group of resources."""

from app.api import problems
from app.api.blueprint import bp
from app.api.v1 import (
    certificates,
    courses,
    coverage,
    days,
    enrollments,
    fieldwork,
    notices,
    own,
    petitions,
    places,
    targets,
    tokens,
    trainees,
    verify,
)

__all__ = [
    "bp",
    "certificates",
    "courses",
    "coverage",
    "days",
    "enrollments",
    "fieldwork",
    "notices",
    "own",
    "petitions",
    "places",
    "problems",
    "targets",
    "tokens",
    "trainees",
    "verify",
]
