"""What the office does with people: enter, correct, appoint, move, merge; and what certificates
tell of them.
"""

from app.trainees.services.accounts import (
    accept_code,
    account_after_merge,
    account_closed_by,
    free_names,
    hand_out_account,
    index_phones,
    ways_in,
)
from app.trainees.services.appointing import correct_appointment, describe_appointment, reasons_not_to_appoint
from app.trainees.services.counting import rebuild_counts, refuse_duplicate
from app.trainees.services.doubting import KnownNikError, MaybeKnown, NikDiffersError, note_on_nik
from app.trainees.services.joining import what_is_taken
from app.trainees.services.learning import end_qualification, grant_qualification, resume_qualification
from app.trainees.services.merging import keep_apart, merge_trainees, undo_merge
from app.trainees.services.parting import Change, changes_since
from app.trainees.services.registering import (
    Newcomer,
    TraineeData,
    admit_registration,
    check_oneself,
    correct_facts,
    correct_trainee,
    filled_from_nik,
    register_self,
    register_trainee,
    save_registration,
    show_nik,
)
from app.trainees.services.serving import appoint, change_standing, move_duty
from app.trainees.services.taking_back import take_back_standing

__all__ = [
    "Change",
    "KnownNikError",
    "MaybeKnown",
    "Newcomer",
    "NikDiffersError",
    "TraineeData",
    "accept_code",
    "account_after_merge",
    "account_closed_by",
    "admit_registration",
    "appoint",
    "change_standing",
    "changes_since",
    "check_oneself",
    "correct_appointment",
    "correct_facts",
    "correct_trainee",
    "describe_appointment",
    "end_qualification",
    "filled_from_nik",
    "free_names",
    "grant_qualification",
    "hand_out_account",
    "index_phones",
    "keep_apart",
    "merge_trainees",
    "move_duty",
    "note_on_nik",
    "reasons_not_to_appoint",
    "rebuild_counts",
    "refuse_duplicate",
    "register_self",
    "register_trainee",
    "resume_qualification",
    "save_registration",
    "show_nik",
    "take_back_standing",
    "undo_merge",
    "ways_in",
    "what_is_taken",
]
