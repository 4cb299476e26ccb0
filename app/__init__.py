"""Bekal: training, certification and coverage of community social workers."""

import hashlib
import logging
from importlib import import_module
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from flask_babel import gettext
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from app.config import ROOT, Settings, read_settings

STATIC = ROOT / "app" / "static"
YEAR = 365 * 24 * 3600  # seconds; the address of a static file changes with its content
ROUTES = (
    "regions",
    "auth",
    "organisers",
    "courses",
    "trainees",
    "petitions",
    "enrollments",
    "attendance",
    "fieldwork",
    "assessment",
    "certificates",
    "coverage",
    "workspace",
    "dashboard",
)
PACKAGES_WITH_TABLES = (
    "core.idempotency",
    "core.throttle",
    "regions.models",
    "audit.models",
    "notifications.models",
    "auth.models",
    "organisers.models",
    "courses.models",
    "trainees.models",
    "petitions.models",
    "enrollments.models",
    "attendance.models",
    "fieldwork.models",
    "assessment.models",
    "certificates.models",
    "coverage.models",
)


def create_app(settings: Settings | None = None) -> APIFlask:
    """Build the application: settings, extensions, blueprints, error pages, commands; nothing else."""
    from app import extensions
    from app.core import clock, crypto, database
    from app.web.headers import headers_of_files

    settings = settings or read_settings()
    app = APIFlask(
        "app", title=settings.product_name, version="1", docs_path=None, spec_path=None, json_errors=False
    )
    app.config.from_mapping(flask_config(settings, database.sqlite_module()))
    app.config["SETTINGS"] = settings
    start_log(app, settings)
    crypto.use_keys(settings.nik_key)
    clock.start_at(settings.clock_start)
    for package in PACKAGES_WITH_TABLES:
        import_module(f"app.{package}")
    extensions.db.init_app(app)
    extensions.migrate.init_app(app, extensions.db, directory=str(ROOT / "migrations"), render_as_batch=True)
    extensions.login_manager.init_app(app)
    extensions.csrf.init_app(app)
    extensions.mail.init_app(app)
    extensions.babel.init_app(app, default_locale="id", default_timezone="Asia/Makassar")
    extensions.compress.init_app(app)
    with app.app_context():
        database.prepare_engine(extensions.db.engine)
    register_web(app, settings)
    register_packages(app)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(STATIC),
        prefix="/static/",
        allow_all_origins=False,
        max_age=YEAR,
        autorefresh=False,
        add_headers_function=headers_of_files(production=settings.is_production),
    )
    if settings.proxy_hops:
        hops = settings.proxy_hops
        behind_proxy = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)
        app.wsgi_app = behind_proxy  # type: ignore[method-assign]
    return app


def flask_config(settings: Settings, sqlite: Any) -> dict[str, Any]:
    """Translate our settings into those of Flask and its extensions."""
    on_sqlite = settings.database_url.startswith("sqlite")
    if on_sqlite:
        engine_options: dict[str, Any] = {"module": sqlite, "connect_args": {"timeout": 20}}
    else:
        engine_options = {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10, "pool_timeout": 15}
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.testing,
        "TRUSTED_HOSTS": list(settings.trusted_hosts) or None,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options,
        "SESSION_COOKIE_NAME": "__Host-bekal" if settings.is_production else "bekal",
        "SESSION_COOKIE_SECURE": settings.is_production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": 8 * 1024 * 1024,
        "MAX_FORM_PARTS": 2000,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": True,
        "MAIL_SERVER": settings.mail_server or "localhost",
        "MAIL_PORT": settings.mail_port,
        "MAIL_USERNAME": settings.mail_username or None,
        "MAIL_PASSWORD": settings.mail_password or None,
        "MAIL_USE_TLS": settings.mail_use_tls,
        "MAIL_DEFAULT_SENDER": settings.mail_default_sender,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 5,
        "COMPRESS_STREAMS": False,
    }


def start_log(app: Any, settings: Settings) -> None:
    """Write the log where LOG_FILE says, else to standard error."""
    handler: logging.Handler = (
        logging.FileHandler(settings.log_file) if settings.log_file else logging.StreamHandler()
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger("app")
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    root.propagate = settings.testing


def register_web(app: Any, settings: Settings) -> None:
    """Join what all pages share: headers, errors, filters, what every template knows."""
    from uuid import uuid4

    from flask import appcontext_pushed
    from flask_babel import get_locale

    from app.core.text import translate_with
    from app.web import errors, filters, headers

    headers.init_headers(app, production=settings.is_production)
    errors.init_errors(app)
    filters.init_filters(app)
    # Requests, commands and the worker's rounds all push a context of the application.
    appcontext_pushed.connect(lambda _app: translate_with(gettext), app, weak=False)
    digests = {
        path.relative_to(STATIC).as_posix(): digest_of(path) for path in STATIC.rglob("*") if path.is_file()
    }

    @app.url_defaults
    def name_the_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and values.get("filename") in digests:
            values["v"] = digests[values["filename"]]

    app.jinja_env.globals.update(
        product_name=settings.product_name,
        help_contact=settings.help_contact,
        idempotency_key=lambda: uuid4().hex,
        base_url=settings.base_url,
        language=lambda: str(get_locale() or "id"),
    )


def digest_of(path: Path) -> str:
    """Return a short digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def register_packages(app: Any) -> None:
    """Join each package's pages, the API and the commands, lowest layer first."""
    for package in ROUTES:
        app.register_blueprint(import_module(f"app.{package}.routes").bp)
    if not app.config["SETTINGS"].is_production:
        app.register_blueprint(import_module("app.gallery.routes").bp)
    import_module("app.wiring").fill_ports()
    import_module("app.api").init_api(app)
    import_module("app.dashboard.navigation").init_navigation(app)
    import_module("app.cli").init_commands(app)
