"""flask audit: prove that the record is whole, take a checkpoint, list what was done."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from flask.cli import AppGroup

from app.audit import queries, services
from app.audit.models import Event
from app.cli.answers import answer, json_option, refuse, refusing
from app.core.dates import local_moment, thousands
from app.core.errors import RuleViolation
from app.core.scopes import EVERYWHERE
from app.core.text import _
from app.courses.queries import list_tiers
from app.dashboard.acts import describe_action, subject_of
from app.dashboard.changes import describe_event
from app.dashboard.queries import names_of_subjects
from app.regions.rules import WIB

group = AppGroup("audit", help="Catatan audit: periksa rantai, buat titik periksa, lihat isinya.")


@group.command("verify")
@click.option(
    "--checkpoint",
    "checkpoint_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Titik periksa.",
)
@json_option
@refusing
def verify(checkpoint_file: Path | None, as_json: bool) -> None:
    """Periksa seluruh rantai; keluar dengan 1 bila ada yang berubah."""
    against = services.read_checkpoint(_json_of(checkpoint_file)) if checkpoint_file else None
    found = services.verify(against)
    data = {"entries": found.entries, "ok": found.ok, "first_bad": found.first_bad, "pending": found.pending}
    answer(
        data,
        as_json,
        [
            _(
                "%(entries)s catatan terangkai, %(pending)s menunggu.",
                entries=thousands(found.entries),
                pending=thousands(found.pending),
            )
        ],
    )
    if not found.ok:
        refuse(_("Rantai audit tidak utuh mulai catatan ke-%(place)d.", place=found.first_bad))
    if not as_json:
        click.echo(str(_("Rantai audit utuh.")))


@group.command("checkpoint")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Berkas tujuan; tanpa ini dicetak.",
)
@refusing
def checkpoint(out: Path | None) -> None:
    """Catat di mana rantai berada sekarang (JSON); simpan di luar mesin ini."""
    made = json.dumps(services.checkpoint().as_dict())
    if out is None:
        click.echo(made)
        return
    part = out.with_name(out.name + ".part")
    try:
        part.write_text(made + "\n")
        os.replace(part, out)
    except OSError as error:
        refuse(_("Berkas %(name)s tidak dapat ditulis: %(why)s", name=str(out), why=error.strerror or ""))
    click.echo(str(_("Titik periksa ditulis ke %(name)s.", name=str(out))))


@group.command("list")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="Mulai hari atau jam ini (WIB)."
)
@click.option("--action", default="", help="Tindakan atau awalnya, misalnya enrollment.")
@click.option("--after", help="Penanda halaman berikut dari keluaran sebelumnya.")
@click.option("--per-page", type=click.IntRange(1, 200), default=50, show_default=True)
@json_option
@refusing
def list_events(since: datetime | None, action: str, after: str | None, per_page: int, as_json: bool) -> None:
    """Tampilkan catatan, yang terbaru lebih dahulu; rincian pribadi tidak ikut dicetak."""
    start = since.replace(tzinfo=ZoneInfo(WIB)) if since else None
    page = queries.page_of_events(EVERYWHERE, after=after, since=start, action=action, per_page=per_page)
    rows: list[dict[str, Any]] = [
        {
            "id": event.id,
            "sequence": event.sequence,
            "at": event.at.isoformat(timespec="seconds"),
            "actor": event.actor_label,
            "role": event.actor_role,
            "action": event.action,
            "subject": event.subject_type,
            "subject_id": event.subject_id,
            "scope": event.scope_code,
            "request_id": event.request_id,
            "outcome": event.outcome,
        }
        for event in page
    ]
    called, told = names_of_subjects(page.rows), queries.details_of(page.rows)
    tiers = {tier.rank: tier.label for tier in list_tiers()}
    lines = [
        _line(
            event,
            called.get((event.subject_type, event.subject_id)),
            describe_event(event.action, told[event.id], tiers),
        )
        for event in page
    ]
    if page.next_cursor:
        lines.append(str(_("Halaman berikut: %(option)s", option=f"--after {page.next_cursor}")))
    answer({"events": rows, "next": page.next_cursor}, as_json, lines)


def _line(event: Event, called: str | None, changes: str) -> str:
    """Return one act in words, as the page of the history says it."""
    what = " ".join(
        str(each) for each in (subject_of(event.subject_type), called or event.subject_id or "") if each
    )
    parts = (
        local_moment(event.at, WIB),
        event.actor_label,
        f"{describe_action(event.action)} [{event.action}]",
        what,
        changes,
    )
    return "  ".join(each for each in parts if each)


def _json_of(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except (ValueError, OSError):
        raise RuleViolation(_("Berkas ini bukan titik periksa rantai audit.")) from None
