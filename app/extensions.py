"""Bare extension objects; create_app binds them. Imports nothing of ours."""

from typing import Any

from flask import request
from flask_babel import Babel
from flask_compress import Compress
from flask_login import LoginManager
from flask_mail import Mail
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Root of all rows: every constraint has a name that migrations and error handling can use."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class PageGuard(CSRFProtect):
    """Refuses what another site sends.

    A page of ours whose token is out of date, because its reader signed in again elsewhere or left it open
    too long, is let through to its form: the form refuses the token, and comes back with all that was typed
    and a new one.
    """

    def protect(self, **how: Any) -> None:
        """Let through what the browser declares to come from a page of ours, with a token that is no longer
        right.
        """
        try:
            super().protect(**how)
        except CSRFError:
            site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin", "")
            is_own = origin == request.host_url.rstrip("/") and site in (None, "same-origin")
            if not (is_own and request.form.get("csrf_token")):
                raise


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
migrate = Migrate()
login_manager = LoginManager()
csrf = PageGuard()
mail = Mail()
babel = Babel()
compress = Compress()
