"""Pages of coverage: the figures of a region, the desa and the people behind them, the target."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core import clock
from app.core.dates import long_date
from app.core.errors import RuleViolation
from app.core.scopes import EVERYWHERE
from app.core.text import Text, _
from app.core.typed import UnreadableError, read_day
from app.courses.models import Tier
from app.courses.queries import list_tiers
from app.coverage import document, lines, queries, services
from app.coverage.forms import EndSurveyForm, SurveyForm, TargetForm, WithdrawTargetForm
from app.coverage.queries import Absence, CoverageReport, Place
from app.coverage.rows import Moment
from app.coverage.rules import CLASS_SIZE, Gap, Spread, Who, batches_needed, quarter_ends
from app.organisers.queries import list_publishing, publishes
from app.regions.models import Region
from app.regions.queries import find_region, lock_region
from app.regions.rules import Level, kinds_below, level_below, parent_code
from app.sheets.document import FileFormat, Sheet, asked_format, sheet_answer
from app.trainees.queries import office_at
from app.web.access import public, requires

bp = Blueprint("coverage", __name__)

VILLAGES_PER_PAGE = 1000
QUARTERS_SHOWN = 8


@bp.get("/coverage")
@requires(Permission.COVERAGE_SEE)
def choose_region() -> Any:
    regions = queries.list_own_regions(current_user.reach(Permission.COVERAGE_SEE))
    if len(regions) == 1:
        return redirect(url_for("coverage.show_coverage", region_code=regions[0].code))
    return render_template("coverage/choose_region.html", regions=regions)


@bp.get("/figures")
@public
def list_public() -> Any:
    """Whose figures anybody may read."""
    return render_template(
        "coverage/list_public.html", offices=list_publishing(), asked=queries.offices_to_ask()
    )


@bp.get("/figures/<region_code>")
@public
def show_public(region_code: str) -> Any:
    """The figures of a kabupaten down to its kecamatan, without names and without what is missing, where its
    office has opened them; else who is asked for them.
    """
    region = find_region(region_code)
    if region is None or region.level is not Level.KABUPATEN:
        abort(404)
    is_open = publishes(region)
    report = queries.coverage_of(region, None, EVERYWHERE) if is_open else None
    below = kinds_below(region.code)
    return render_template(
        "coverage/show_public.html", region=region, report=report, office=office_at(region), below=below
    )


@bp.get("/coverage/<region_code>")
@requires(Permission.COVERAGE_SEE, on=queries.find_place)
def show_coverage(place: Place) -> Any:
    day, refusal = asked_day(place.region)
    absence = queries.absence_on(place.region, day, current_user.reach(Permission.COVERAGE_SEE))
    if absence and not request.args.get("format"):
        return absent_page(place, day, refusal, absence), 404
    report = queries.coverage_of(place.region, day, current_user.reach(Permission.COVERAGE_SEE))
    if kind := asked_format():
        return as_file(document.coverage_sheet(report), kind, "cakupan", place.region, day, refusal)
    columns = request.args.get("columns")
    if columns not in (None, "all"):
        abort(404)
    return render_template(
        "coverage/show_coverage.html",
        **shared(place, day, refusal),
        report=report,
        all_columns=columns,
        only=asked_spread(),
        tiles=[] if columns else report.tiles(),
        spreads=[*Spread],
        moments=moments_of(report),
        below=kinds_below(place.region.code),
        rows_are_desa=level_below(place.region.level) is Level.DESA,
        batches=batches_needed(report.total.to_train),
        class_size=CLASS_SIZE,
        may_see_names=current_user.can(Permission.COVERAGE_NAMES, place),
        may_set_target=(own := queries.find_own_place(place.region.code)) is not None
        and current_user.can(Permission.TARGET_SET, own),
        survey=queries.survey_of(place.region),
        way_up=way_up(place.region),
    ), status_of(refusal)


def absent_page(place: Place, day: date, refusal: Text | None, absence: Absence) -> str:
    """Return what is said of a region that was not in the list on a day, with the regions to go on to that
    the reader may open.
    """
    found = [(each.place_name, each.code, queries.find_place(each.code)) for each in absence.places]
    open_to_reader = [
        (name, code)
        for name, code, there in found
        if there and current_user.can(Permission.COVERAGE_SEE, there)
    ]
    page = shared(place, day, refusal)
    return render_template(
        "coverage/show_absent.html",
        **page,
        absence=absence,
        places=open_to_reader,
        way_up=way_up(place.region),
    )


@bp.get("/coverage/<region_code>/gaps")
@requires(Permission.COVERAGE_SEE, on=queries.find_place)
def list_gaps(place: Place) -> Any:
    asked = request.args.get("which", Gap.UNTRAINED.value)
    if asked not in list(Gap):
        abort(404)
    which = Gap(asked)
    day, refusal = asked_day(place.region)
    desa = queries.list_desa(place.region, day, current_user.reach(Permission.COVERAGE_SEE))
    found = [village for village in desa if village.belongs_to(which)]
    if kind := asked_format():
        sheet = document.villages_sheet(found, place.region, day)
        return as_file(sheet, kind, document.FILES_OF_DESA[which], place.region, day, refusal)
    whole = {villages[0].kecamatan_code: len(villages) for villages in queries.by_kecamatan(found)}
    after = request.args.get("after", "")
    rest = [village for village in found if village.code > after]
    return render_template(
        "coverage/list_gaps.html",
        **shared(place, day, refusal),
        which=which.value,
        title=which.label,
        kinds=[(gap.value, gap.label, sum(village.belongs_to(gap) for village in desa)) for gap in Gap],
        groups=[
            (here, whole[here[0].kecamatan_code]) for here in queries.by_kecamatan(rest[:VILLAGES_PER_PAGE])
        ],
        count=len(found),
        villages=len(desa),
        missing=sum(village.missing or 0 for village in desa),
        has_active=any(village.active for village in found),
        has_target=any(village.missing is not None for village in desa),
        unknown=sum(not village.is_known for village in desa),
        next_cursor=rest[VILLAGES_PER_PAGE - 1].code if len(rest) > VILLAGES_PER_PAGE else None,
    ), status_of(refusal)


@bp.get("/coverage/<region_code>/names")
@requires(Permission.COVERAGE_NAMES, on=queries.find_place)
def list_names(place: Place) -> Any:
    day, refusal = asked_day(place.region)
    tiers = list_tiers()
    who = asked_who(tiers)
    reach = current_user.reach(Permission.COVERAGE_NAMES)
    return render_template(
        "coverage/list_names.html",
        **shared(place, day, refusal),
        names=queries.names(place.region, day, reach, who, after=request.args.get("after")),
        who=key_of(who),
        title=words_for(who),
        kinds=[(key_of(each), words_for(each)) for each in (*Who, *tiers)],
    ), status_of(refusal)


@bp.post("/coverage/<region_code>/names")
@requires(Permission.COVERAGE_NAMES, on=queries.find_place)
def export_names(place: Place) -> Any:
    day, refusal = asked_day(place.region)
    who = asked_who(list_tiers())
    names = queries.list_names(place.region, day, current_user.reach(Permission.COVERAGE_NAMES), who)
    kind = asked_format() or FileFormat.CSV
    answer = as_file(
        document.names_sheet(names, place.region, day),
        kind,
        document.file_of(who),
        place.region,
        day,
        refusal,
    )
    services.record_export(place.region, day, who, len(names.people), by=current_user)
    return answer


@bp.route("/coverage/<region_code>/target", methods=["GET", "POST"])
@requires(Permission.TARGET_SET, on=queries.find_own_place)
def set_target(place: Place) -> Any:
    region = place.region
    today = clock.today(region.zone)
    present = queries.target_for(region, today)
    form = TargetForm(
        starts_on=today, **({"per_desa": present.per_desa, "tier_rank": present.rank} if present else {})
    )
    tiers = list_tiers()
    form.offer(tiers)
    form.over(
        lambda: lines.targets_shown(region),
        hold=lambda: lock_region(region.id),
        changed=lambda: lines.describe_boundary_change(region),
    )

    def decide() -> Any:
        assert form.starts_on.data is not None  # the form has checked it
        return services.set_target(
            region,
            form.per_desa.data or 0,
            tier_rank=form.tier_rank.data,
            starts_on=form.starts_on.data,
            by=current_user,
        )

    answer = form.carry_out(
        decide, to=url_for("coverage.show_coverage", region_code=region.code), saying=_("Target disimpan.")
    )
    return answer or target_page(region, form)


@bp.post("/coverage/<region_code>/target/withdraw")
@requires(Permission.TARGET_SET, on=queries.find_own_place)
def withdraw_target(place: Place) -> Any:
    """Take one of a region's own targets back: one to come as if it had never been, the present one from
    today on.
    """
    region, form = place.region, WithdrawTargetForm()
    answer = form.carry_out(
        lambda: services.withdraw_target(region, form.target_id.data or 0, by=current_user),
        to=url_for("coverage.set_target", region_code=region.code),
        saying=_("Target dicabut. Riwayatnya tetap tersimpan."),
    )
    if answer:
        return answer
    for reason in [*form.form_errors, *form.target_id.errors]:
        flash(reason, "error")
    return redirect(url_for("coverage.set_target", region_code=region.code), 303)


def target_page(region: Region, form: TargetForm) -> Any:
    """Return the form of a target beside what is and was in force."""
    today = clock.today(region.zone)
    history = queries.list_targets(region)
    own = lines.own_in_force(history, today)
    page = render_template(
        "coverage/set_target.html",
        region=region,
        form=form,
        present=queries.target_for(region, today),
        own=own,
        history=history,
        states={each.id: lines.state_of(each, own, today) for each in history},
        may_withdraw=[each for each in history if lines.may_withdraw(each, own, today)],
        labels=lines.labels_of(),
        today=today,
    )
    return page, form.status


@bp.route("/coverage/<region_code>/survey", methods=["GET", "POST"])
@requires(Permission.TARGET_SET, on=queries.find_own_place)
def state_complete(place: Place) -> Any:
    """State that everybody who serves here is recorded: from then on an empty desa is empty,
    and not unknown.
    """
    region = place.region
    form = SurveyForm(complete_on=clock.today(region.zone))
    answer = form.carry_out(
        lambda: services.state_complete(region, complete_on=form.day, by=current_user),
        to=url_for("coverage.show_coverage", region_code=region.code),
        saying=_("Pendataan dinyatakan lengkap. Desa/kelurahan tanpa catatan kini dihitung tanpa PSM."),
    )
    is_stated = queries.survey_of(region) is not None
    if (
        answer is None
        and is_stated
        and not form.is_submitted()
        and ("end" in request.args or not queries.count_unspoken(region))
    ):
        return survey_page(region, EndSurveyForm())
    return answer or survey_page(region, form)


@bp.post("/coverage/<region_code>/survey/end")
@requires(Permission.TARGET_SET, on=queries.find_own_place)
def take_back_survey(place: Place) -> Any:
    """Take the statement back from today on, with a reason."""
    region, form = place.region, EndSurveyForm()
    answer = form.carry_out(
        lambda: services.take_back_survey(region, form.reason.data or "", by=current_user),
        to=url_for("coverage.show_coverage", region_code=region.code),
        saying=_("Pernyataan dicabut. Desa/kelurahan tanpa catatan kembali terbaca belum ada data."),
    )
    if answer or queries.survey_of(region):
        return answer or survey_page(region, form)
    for reason in form.form_errors:
        flash(reason, "error")
    return redirect(url_for("coverage.state_complete", region_code=region.code), 303)


def survey_page(region: Region, form: SurveyForm | EndSurveyForm) -> Any:
    """Return the page of a statement, to make it or to take it back, with what that changes."""
    today = clock.today(region.zone)
    survey = queries.survey_of(region)
    page = render_template(
        "coverage/state_complete.html",
        region=region,
        form=form,
        is_ending=isinstance(form, EndSurveyForm),
        survey=survey,
        unspoken=queries.count_unspoken(region),
        unrecorded=queries.count_unrecorded(region, today),
        is_of_today=survey is not None and clock.local_day(survey.recorded_at, region.zone) == today,
        history=[each for each in queries.list_surveys(region) if each.taken_back_at],
    )
    return page, form.status


def asked_day(region: Region) -> tuple[date, Text | None]:
    """Return the day that was asked for, else today with the reason why not that one."""
    today = clock.today(region.zone)
    asked = request.args.get("as_of", "").strip()
    if not asked:
        return today, None
    try:
        day = read_day(asked)
    except UnreadableError:
        return today, _("Tanggal itu tidak dapat dibaca. Yang tampil: keadaan hari ini.")
    if day > today:
        return today, _("Tanggal itu belum tiba. Yang tampil: keadaan hari ini.")
    return day, None


def asked_who(tiers: list[Tier]) -> Who | Tier:
    """Return whose names are asked for; anything else is no page of ours."""
    asked = request.args.get("who", Who.ACTIVE.value)
    known: dict[str, Who | Tier] = {key_of(each): each for each in (*Who, *tiers)}
    if asked not in known:
        abort(404)
    return known[asked]


def key_of(who: Who | Tier) -> str:
    return who.code if isinstance(who, Tier) else who.value


def words_for(who: Who | Tier) -> Text | str:
    if isinstance(who, Tier):
        return _("PSM dengan jenjang tertinggi %(tier)s", tier=who.label.lower())
    return who.label


def shared(place: Place, day: date, refusal: Text | None) -> dict[str, Any]:
    """Return what the three pages about a day have in common; `asked` goes into their links, None meaning
    today.
    """
    today = clock.today(place.region.zone)
    quarters = [(quarter_name(end), end) for end in quarter_ends(today)]
    asked = None if day == today else day.isoformat()
    return {
        "region": place.region,
        "day": day,
        "today": today,
        "asked": asked,
        "quarters": quarters,
        "refusal": refusal,
    }


def moments_of(report: CoverageReport) -> list[tuple[str, Moment]]:
    """Return the ends of the last quarters and the day itself with what they were, oldest first.

    Nothing where there is no past to tell, and nothing above the kabupaten: there the periods of too many
    people would be read.
    """
    if report.region.level in (Level.NATION, Level.PROVINSI) or not report.total.has_data:
        return []
    ends = quarter_ends(report.as_of, QUARTERS_SHOWN)[::-1]
    past = queries.trend(report.region, ends, current_user.reach(Permission.COVERAGE_SEE))
    now = Moment(report.as_of, report.total.trained, report.total.covered_by_trained)
    return (
        [*((quarter_name(each.day), each) for each in past), (long_date(report.as_of), now)] if past else []
    )


def quarter_name(end: date) -> str:
    """Return 'Triwulan III 2026'."""
    return str(
        _("Triwulan %(number)s %(year)d", number=("I", "II", "III", "IV")[end.month // 3 - 1], year=end.year)
    )


def way_up(region: Region) -> tuple[str, str] | None:
    """Return (name, address) of the region above, where the reader may open it."""
    code = parent_code(region.code)
    higher = queries.find_place(code) if code else None
    if higher is None or not current_user.can(Permission.COVERAGE_SEE, higher):
        return None
    return higher.region.full_name, url_for(
        "coverage.show_coverage", region_code=higher.region.code, as_of=request.args.get("as_of")
    )


def asked_spread() -> Spread | None:
    """Return which rows of the table are asked for, None for all; 404 for what there is not."""
    asked = request.args.get("only")
    if asked is not None and asked not in list(Spread):
        abort(404)
    return Spread(asked) if asked else None


def as_file(
    sheet: Sheet, kind: FileFormat, name: str, region: Region, day: date, refusal: Text | None
) -> Response:
    """Return a table to save; a file never stands for another day than the one asked for."""
    if refusal:
        raise RuleViolation(refusal)
    return sheet_answer(sheet, kind, f"{name}-{region.code}-{day.isoformat()}")


def status_of(refusal: Text | None) -> int:
    return 422 if refusal else 200
