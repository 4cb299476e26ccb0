"""Pages of auth: sign-in, links, one's own account, accounts of a region."""

from app.auth.routes import account, links, sign_ins, users
from app.auth.routes.blueprint import bp

__all__ = ["account", "bp", "links", "sign_ins", "users"]
