"""Settings: each environment variable once, typed, explained.

Production refuses to start without the needed ones.
"""

import base64
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
NEEDED_IN_PRODUCTION = (
    "DATABASE_URL",
    "BASE_URL",
    "SECRET_KEY",
    "NIK_KEY",
    "MAIL_SERVER",
    "MAIL_DEFAULT_SENDER",
    "TRUSTED_HOSTS",
)


class SettingsError(Exception):
    """The environment does not allow a start; the sentence names what is missing."""


@dataclass(frozen=True)
class Settings:
    """All that may differ between installations. Nothing else of the environment is read."""

    app_env: str = "development"
    database_url: str = ""
    base_url: str = "http://127.0.0.1:8000"
    secret_key: str = ""
    nik_key: str = ""
    data_dir: Path = ROOT / "instance"
    product_name: str = "Bekal"
    help_contact: str = ""
    mail_server: str = ""
    mail_port: int = 25
    mail_username: str = ""
    mail_password: str = ""
    mail_use_tls: bool = False
    mail_default_sender: str = "Bekal <bekal@localhost>"
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    port: int = 8000
    web_workers: int = 1
    log_file: str = ""
    clock_start: datetime | None = None
    demo: bool = True
    testing: bool = False
    sources: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def is_production(self) -> bool:
        return self.app_env == "production"


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of this environment; raises SettingsError naming what production lacks."""
    app_env = environ.get("APP_ENV", "development")
    if app_env not in ("development", "production"):
        raise SettingsError(f"APP_ENV is '{app_env}'; it may be development or production")
    production = app_env == "production"
    missing = [name for name in NEEDED_IN_PRODUCTION if production and not environ.get(name)]
    if missing:
        raise SettingsError(f"production needs {', '.join(missing)}")
    if production and environ.get("CLOCK_START"):
        raise SettingsError("CLOCK_START moves the clock and is refused in production")
    data_dir = Path(environ.get("DATA_DIR") or ROOT / "instance")
    port = _number(environ, "PORT", 8000)
    return Settings(
        app_env=app_env,
        database_url=_database_url(environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'bekal.db'}"),
        base_url=(environ.get("BASE_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
        secret_key=environ.get("SECRET_KEY")
        or _made_once(data_dir / "secret_key", lambda: secrets.token_urlsafe(48)),
        nik_key=environ.get("NIK_KEY") or _made_once(data_dir / "nik_key", _new_nik_key),
        data_dir=data_dir,
        product_name=environ.get("PRODUCT_NAME", "Bekal"),
        help_contact=environ.get("HELP_CONTACT", ""),
        mail_server=environ.get("MAIL_SERVER", ""),
        mail_port=_number(environ, "MAIL_PORT", 25),
        mail_username=environ.get("MAIL_USERNAME", ""),
        mail_password=environ.get("MAIL_PASSWORD", ""),
        mail_use_tls=environ.get("MAIL_USE_TLS", "").lower() in ("1", "yes", "true"),
        mail_default_sender=environ.get("MAIL_DEFAULT_SENDER", "Bekal <bekal@localhost>"),
        trusted_hosts=tuple(
            host.strip() for host in environ.get("TRUSTED_HOSTS", "").split(",") if host.strip()
        ),
        proxy_hops=_number(environ, "PROXY_HOPS", 0),
        port=port,
        web_workers=_number(environ, "WEB_WORKERS", 1),
        log_file=environ.get("LOG_FILE", ""),
        clock_start=_moment(environ.get("CLOCK_START", "")),
        demo=environ.get("DEMO", "yes").lower() not in ("no", "0", "false"),
    )


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    try:
        return int(environ.get(name) or default)
    except ValueError:
        raise SettingsError(f"{name} is '{environ[name]}'; it must be a whole number") from None


def _moment(text: str) -> datetime | None:
    """Read CLOCK_START: a moment, or a day or local time taken as WITA."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"CLOCK_START is '{text}'; it must look like 2011-05-24T07:30+08:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Asia/Makassar"))


def _database_url(url: str) -> str:
    """Accept the usual spellings of a PostgreSQL address."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _new_nik_key() -> str:
    return "k1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _made_once(path: Path, make: object) -> str:
    """Return the secret stored in this file, made at the first start and readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(make())  # type: ignore[operator]
    return path.read_text().strip()
