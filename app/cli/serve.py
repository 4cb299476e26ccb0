"""`flask serve`: everything that one machine needs, in one command: database, regions, content, web server
and worker.
"""

import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import func, select

from app.auth import services as auth
from app.auth.models import User
from app.auth.rules import Role
from app.cli.welcome import WIDE, welcome
from app.config import Settings
from app.core import clock, heartbeat
from app.core.actor import SYSTEM
from app.core.scopes import ScopeKind
from app.core.unit_of_work import atomic
from app.courses import services as courses
from app.demo import fill
from app.extensions import db
from app.regions import queries as regions
from app.regions import services as region_services
from app.regions.models import Region

THREADS = 8
FIRST_NAME = "admin@contoh.id"
WORKER_STARTS_WITHIN = 10.0  # seconds


@click.command("serve")
@with_appcontext
def command() -> None:
    """Prepare what is missing, then serve on 127.0.0.1:$PORT with the worker beside it. Safe to repeat."""
    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]
    settings: Settings = app.config["SETTINGS"]
    logging.getLogger("alembic").setLevel(logging.WARNING)
    upgrade()
    prepare(settings)
    db.session.remove()
    db.engine.dispose()
    heartbeat.rest(settings.data_dir)  # that of a worker before
    worker = subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "worker"])
    threading.Thread(target=greet, args=(worker, settings), daemon=True).start()
    try:
        serve_web(app, settings)
    finally:
        worker.terminate()
        worker.wait(timeout=10)


def greet(worker: subprocess.Popen[bytes], settings: Settings) -> None:
    """Print address and accounts once the worker has said its first words, so that they stand last; the web
    server waits for neither.
    """
    until = time.monotonic() + WORKER_STARTS_WITHIN
    while (
        time.monotonic() < until
        and worker.poll() is None
        and not heartbeat.worker_is_alive(settings.data_dir)
    ):
        time.sleep(0.1)
    for line in welcome(settings, columns=shutil.get_terminal_size(WIDE).columns):
        click.echo(line)


def same_clock(settings: Settings) -> dict[str, str]:
    """Return the environment of a further process: a moved clock goes on there from where it is here."""
    moved = {"CLOCK_START": clock.now().isoformat()} if settings.clock_start else {}
    return {**os.environ, **moved}


def prepare(settings: Settings) -> None:
    """Load the regions, then the demo (or, without it, the first administrator) when the
    database is empty.
    """
    if not db.session.scalar(select(func.count(Region.id))):
        click.echo("Memuat 91.600 wilayah (Kepmendagri 300.2.2-2138/2025) …")
        region_services.import_regions(region_services.reference_rows())
    courses.load_reference(by=SYSTEM)
    if db.session.scalar(select(func.count(User.id))):
        return
    if settings.demo and not settings.is_production:
        click.echo("Menyiapkan contoh Kabupaten Tapin …")
        fill.fill_tapin(data_dir=settings.data_dir)
        return
    nation = regions.find_region("00")
    assert nation is not None
    administrator = first_administrator(nation)
    click.echo(
        f"Akun pertama ({FIRST_NAME}): buka tautan ini sekali untuk membuat kata sandi:"
        f" {auth.issue_reset_link(administrator, SYSTEM)}"
    )


@atomic()
def first_administrator(nation: Region) -> User:
    """Open the account that everything else can be made from; its e-mail is changed on the page of the
    account.
    """
    administrator = auth.open_account(
        "Administrator", password=None, names={}, email=FIRST_NAME, region=nation, by=SYSTEM
    )
    auth.grant_role(
        administrator, Role.ADMINISTRATOR, scope_kind=ScopeKind.REGION, scope_id=nation.id, by=SYSTEM
    )
    return administrator


def serve_web(app: Flask, settings: Settings) -> None:
    """Serve with waitress in this process, or with gunicorn when WEB_WORKERS asks for several."""
    if settings.web_workers <= 1:
        import waitress

        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        waitress.serve(
            app,
            host="127.0.0.1",
            port=settings.port,
            threads=THREADS,
            ident=None,
            clear_untrusted_proxy_headers=False,
        )
        return
    workers = ["--workers", str(settings.web_workers), "--worker-class", "gthread", "--threads", str(THREADS)]
    command_line = [
        sys.executable,
        "-m",
        "gunicorn",
        *workers,
        "--bind",
        f"127.0.0.1:{settings.port}",
        "app:create_app()",
    ]
    web = subprocess.Popen(command_line, env=same_clock(settings))  # noqa: S603 - our own command
    signal.signal(signal.SIGTERM, lambda *_: web.terminate())
    web.wait()
