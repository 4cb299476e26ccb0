"""Pages of certificates: of a batch, the register, one's own, and the public check."""

from app.certificates.routes import batch, own, register, sample, verify
from app.certificates.routes.blueprint import bp

__all__ = ["batch", "bp", "own", "register", "sample", "verify"]
