"""Pages of enrollments: of a batch, of one enrollment, of oneself."""

from app.enrollments.routes import batch, decisions, joining, own
from app.enrollments.routes.blueprint import bp

__all__ = ["batch", "bp", "decisions", "joining", "own"]
