"""Who answers which port: the one place where lower packages are joined to those above them."""

from app.assessment import lines as assessment_lines
from app.assessment import messages as assessment_messages
from app.assessment import ports as assessment_ports
from app.assessment import services as assessment
from app.attendance import ports as attendance_ports
from app.attendance import queries as attendance_queries
from app.attendance import services as attendance
from app.auth import ports as auth_ports
from app.auth import queries as auth_queries
from app.auth.ports import Helpers, ScopeSource
from app.certificates import messages as certificate_messages
from app.certificates import planning as certificate_planning
from app.certificates import queries as certificate_queries
from app.certificates import services as certificates
from app.core.pages import MOST_PER_PAGE
from app.core.ports import UnfilledPortError, unfilled
from app.core.scopes import ScopeKind
from app.courses import ports as courses_ports
from app.courses import queries as course_queries
from app.coverage import queries as coverage_queries
from app.enrollments import ports as enrollments_ports
from app.enrollments import queries as enrollment_queries
from app.enrollments.services import following as enrollments
from app.enrollments.services import joining, queue
from app.fieldwork import lines as fieldwork_lines
from app.fieldwork import own as fieldwork_own
from app.fieldwork import queries as fieldwork_queries
from app.fieldwork import services as fieldwork
from app.fieldwork.services import following as fieldwork_following
from app.notifications import ports as notifications_ports
from app.organisers import ports as organisers_ports
from app.organisers import queries as organiser_queries
from app.petitions import ports as petitions_ports
from app.petitions.ports import Wishes
from app.petitions.services import asking
from app.regions import ports as regions_ports
from app.trainees import lines as trainee_lines
from app.trainees import ports as trainees_ports
from app.workspace import queries as workspace_queries

SCOPE_SOURCES = (
    ScopeSource(
        ScopeKind.ORGANISER,
        get=organiser_queries.get_organiser,
        name=lambda organiser: f"{organiser.code} ({organiser.unit})",
        list_within=organiser_queries.list_organisers,
    ),
    ScopeSource(
        ScopeKind.BATCH,
        get=course_queries.get_batch,
        name=lambda batch: f"{batch.course.title} {batch.code}",
        list_within=lambda reach: course_queries.page_of_batches(reach, per_page=MOST_PER_PAGE).rows,
    ),
    ScopeSource(
        ScopeKind.SESSION,
        get=course_queries.get_session,
        name=lambda session: f"{session.title}, {session.batch.code}",
    ),
    ScopeSource(
        ScopeKind.HOST,
        get=fieldwork_queries.get_host,
        name=lambda host: host.name,
        list_within=fieldwork_queries.list_hosts,
    ),
)


def fill_ports() -> None:
    """Fill every port; raise UnfilledPortError naming those that have no line here."""
    regions_ports.occupants.fill(
        auth_queries.entitled_at, organiser_queries.seated_at, trainee_lines.found_at
    )
    regions_ports.bearings.fill(trainee_lines.concerned_by, coverage_queries.in_force_in)

    notifications_ports.listeners.fill(queue.begin_offer)

    auth_ports.scope_sources.fill(*SCOPE_SOURCES)
    auth_ports.helpers.fill(Helpers(asking.ask_for_code, asking.describe_claim, asking.settle))

    organisers_ports.contradicted_certificates.fill(certificate_planning.contradicted)

    courses_ports.seat_counters.fill(enrollment_queries.seats_by_batch)
    courses_ports.followers.fill(enrollments.Seats(), fieldwork.Visits())
    courses_ports.condition_followers.fill(assessment.notify_overtaken)
    courses_ports.end_followers.fill(fieldwork_following.end_requests_of_past_batch)
    courses_ports.decision_readers.fill(assessment_lines.describe_decisions)
    courses_ports.presence_stores.fill(attendance.SessionPresence())
    courses_ports.checks.fill(fieldwork_lines.describe_strays_of)

    trainees_ports.followers.fill(enrollments.People())
    trainees_ports.merge_refusers.fill(enrollments.refusal_to_merge, certificates.refusal_to_merge)
    trainees_ports.certificate_readers.fill(certificate_queries.certificates_of)
    trainees_ports.foretellers.fill(certificate_planning.effects_of_undoing_merge)
    trainees_ports.retellers.fill(
        assessment_messages.notify_of_results_since, certificate_messages.notify_of_certificates_since
    )
    trainees_ports.losers.fill(asking.ask_for_locked_out)
    trainees_ports.parters.fill(asking.follow_parted)

    petitions_ports.wishes.fill(Wishes(joining.hold_wish, joining.make_wish, joining.foretell_wish))

    enrollments_ports.leaving.fill(fieldwork.free_place_of)
    enrollments_ports.presence_readers.fill(attendance_queries.was_in)
    enrollments_ports.practice_readers.fill(fieldwork_own.practice_of_people)
    enrollments_ports.result_readers.fill(workspace_queries.results_of_people)

    attendance_ports.presence_followers.fill(assessment.notify_overtaken)
    attendance_ports.receivers.fill(fieldwork_queries.received_by)

    assessment_ports.certificate_numbers.fill(certificate_queries.numbers_of)

    if missing := unfilled():
        raise UnfilledPortError(f"nobody fills {', '.join(missing)}")
