"""What somebody sees alone: what is kept about oneself, and who looked at it."""

from typing import Any

from flask import render_template
from flask_login import current_user

from app.audit.queries import history_of
from app.core.phones import shown_phone
from app.trainees import own, queries
from app.trainees.routes.blueprint import bp
from app.web.access import signed_in


@bp.route("/me/data")
@signed_in
def show_own_data() -> Any:
    """Data saya: what is kept and why, who looked at my NIK."""
    trainee = queries.trainee_of(current_user.id)
    records = queries.list_trainees_by_id(queries.same_person_ids(trainee)) if trainee else []
    history = [event for record in records for event in history_of(record)]
    looks = [event for event in history if event.action == "nik.shown"]
    region = trainee.duty_region if trainee else None
    return render_template(
        "trainees/show_own_data.html",
        trainee=trainee,
        phone=shown_phone(trainee.phone) if trainee and trainee.phone else None,
        posts=queries.duty_posts_of(trainee) if trainee else [],
        standings=queries.standings_of(trainee) if trainee else [],
        former=own.standings_of_duplicates(trainee) if trainee else [],
        former_posts=own.duty_posts_of_duplicates(trainee) if trainee else [],
        merges=queries.merges_of(trainee) if trainee else [],
        mistakes=[event for event in history if event.action == "trainee.standing_taken_back"],
        office=queries.office_over([region.scope_code], region) if region else None,
        looks=sorted(looks, key=lambda event: event.at, reverse=True),
    )
