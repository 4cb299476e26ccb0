"""Pages of certificates: of a batch, the register, one's own, and the public check."""

from flask import Blueprint

bp = Blueprint("certificates", __name__)

from app.certificates.routes import batch, own, register, sample, verify  # noqa: E402, F401
