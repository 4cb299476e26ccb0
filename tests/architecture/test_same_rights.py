"""What a page and the API both do asks the same right about the same row; a new writing operation names its
page, or says it has none.
"""

import pytest

SAFE = {"GET", "HEAD", "OPTIONS"}

# Each writing operation of the API and the page that does the same.
PAGE_OF = {
    "api.accept_enrollment": "enrollments.accept_enrollment",
    "api.answer_visit": "fieldwork.answer_visit",
    "api.approve_graduation": "assessment.approve_graduation",
    "api.call_enrollment": "enrollments.call_enrollment",
    "api.cancel_batch": "courses.cancel_batch",
    "api.cancel_session": "courses.cancel_session",
    "api.change_batch": "courses.change_batch",
    "api.change_curriculum_pass_mark": "courses.change_curriculum_pass_mark",
    "api.change_host": "fieldwork.change_host",
    "api.change_pass_mark": "courses.change_pass_mark",
    "api.change_session": "courses.change_session",
    "api.change_standing": "trainees.change_standing",
    "api.close_batch": "courses.close_batch",
    "api.confirm_enrollment": "enrollments.confirm_enrollment",
    "api.copy_rundown": "courses.copy_rundown",
    "api.correct_appointment": "trainees.correct_appointment",
    "api.correct_trainee": "trainees.correct_trainee",
    "api.draft_batch": "courses.plan_batch",
    "api.draft_host": "fieldwork.draft_host",
    "api.enroll": "enrollments.enroll_others",
    "api.finish_batch": "courses.finish_batch",
    "api.issue_certificates": "certificates.issue_certificates",
    "api.make_appointment": "trainees.make_appointment",
    "api.merge_trainees": "trainees.merge_trainees",
    "api.move_duty": "trainees.move_duty",
    "api.offer_enrollment": "enrollments.offer_seat",
    "api.restore_enrollment": "enrollments.restore_enrollment",
    "api.open_batch": "courses.open_batch",
    "api.plan_placements": "fieldwork.spread_evenly",
    "api.propose_graduation": "assessment.propose_graduation",
    "api.record_assessments": "assessment.record_marks",
    "api.record_attendance": "attendance.record_session",
    "api.register_trainee": "trainees.register_trainee",
    "api.put_trainee": "trainees.correct_trainee",
    "api.reject_enrollment": "enrollments.reject_enrollment",
    "api.replace_certificate": "certificates.replace_certificate",
    "api.request_visit": "fieldwork.request_visit",
    "api.ask_again": "fieldwork.ask_again",
    "api.divide_anew": "fieldwork.divide_anew",
    "api.withdraw_graduation": "assessment.withdraw_graduation",
    "api.absent_enrollment": "enrollments.end_absent",
    "api.keep_enrollment": "workspace.list_unfit",
    "api.answer_own_enrollment": "enrollments.answer_own_enrollment",
    "api.withdraw_own_enrollment": "enrollments.withdraw_own_enrollment",
    "api.return_enrollment": "enrollments.return_enrollment",
    "api.return_graduation": "assessment.return_graduation",
    "api.reinstate_certificate": "certificates.reinstate_certificate",
    "api.revoke_certificate": "certificates.revoke_certificate",
    "api.schedule_session": "courses.schedule_session",
    "api.start_batch": "courses.start_batch",
    "api.submit_enrollment": "enrollments.submit_enrollment",
    "api.take_back_approval": "assessment.take_back_approval",
    "api.take_back_standing": "trainees.take_back_standing",
    "api.undo_merge": "trainees.undo_merge",
    "api.verify_enrollment": "enrollments.verify_enrollment",
    "api.waitlist_enrollment": "enrollments.waitlist_enrollment",
    "api.withdraw_enrollment": "enrollments.withdraw_enrollment",
    "api.set_target": "coverage.set_target",
    "api.withdraw_target": "coverage.withdraw_target",
    "api.state_complete": "coverage.state_complete",
    "api.take_back_survey": "coverage.take_back_survey",
    "api.answer_petition": "petitions.answer_petition",
}
API_ONLY = {
    "api.draft_course": "the page makes the course along with its first batch",
    "api.make_token": "a page signs in instead",
    "api.mark_told": "the page names the batch and ticks one notice or all of them; the API names the notice",
}
# Pairs whose addresses name another row of the same office; what is checked in the end is said beside it.
OTHER_ROW = {
    "api.change_curriculum_pass_mark": (
        "the page names the tier and the version in its address, and looks the curriculum up in its view"
    ),
    "api.approve_graduation": "the batch stands in the address; a graduation belongs where its batch does",
    "api.return_graduation": "the batch stands in the address; a graduation belongs where its batch does",
    "api.withdraw_graduation": "the batch stands in the address; a graduation belongs where its batch does",
    "api.take_back_approval": "the batch stands in the address; a graduation belongs where its batch does",
    "api.cancel_session": (
        "the batch stands in the address before the session, and the session is looked up inside it"
    ),
    "api.change_session": (
        "the batch stands in the address before the session, and the session is looked up inside it"
    ),
    "api.answer_own_enrollment": "the page names the batch, of which each person has one enrollment in force",
    "api.withdraw_own_enrollment": (
        "the page names the batch, of which each person has one enrollment in force"
    ),
    "api.keep_enrollment": (
        "the page names the batch in its address and the enrollment in its form, and looks it up inside it"
    ),
    "api.enroll": (
        "the right is about the people, which the service asks; the page checks the batch in its view"
    ),
    "api.answer_petition": (
        "who answers depends on what is asked: both ask the same of the petition, the page in its view"
    ),
    "api.withdraw_enrollment": (
        "whoever made it may too: both ask the same of the enrollment, the page in its view"
    ),
    "api.merge_trainees": "the page is sent both records and checks both in its view",
}


def rights_of(app, endpoint):
    view = app.view_functions[endpoint]
    return view.access, view.access_on


def writing(app):
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.methods - SAFE
    }


def differences(app, pairs):
    """Return the pairs that ask different rights, or ask about different rows without a word why."""
    found = []
    for operation, page in pairs.items():
        (permission, loader), (page_permission, page_loader) = rights_of(app, operation), rights_of(app, page)
        if permission != page_permission:
            found.append(f"{operation} asks {permission}, {page} asks {page_permission}")
        if (loader is not page_loader) is not (operation in OTHER_ROW):
            found.append(f"{operation} and {page}: about the same row or not? see OTHER_ROW")
    return found


def test_page_and_api_ask_the_same_right_about_the_same_row(app):
    assert differences(app, PAGE_OF) == []


def test_every_writing_operation_names_its_page_or_says_that_it_has_none(app):
    assert writing(app) == set(PAGE_OF) | set(API_ONLY)
    assert not set(PAGE_OF) & set(API_ONLY)
    assert set(OTHER_ROW) <= set(PAGE_OF)


@pytest.mark.parametrize(
    ("operation", "page"),
    [
        ("api.verify_enrollment", "courses.open_batch"),  # another right
        ("api.verify_enrollment", "enrollments.decide_enrollments"),  # the same right about another row
    ],
)
def test_a_pair_that_differs_would_be_found(app, operation, page):
    assert differences(app, {operation: page})
