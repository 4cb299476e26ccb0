"""What the office does with people: enter, correct, appoint, move, merge; and what certificates tell of them."""

from app.trainees.services.counting import rebuild_counts
from app.trainees.services.learning import end_qualification, grant_qualification
from app.trainees.services.merging import merge_trainees, undo_merge
from app.trainees.services.registering import (
    TraineeData,
    correct_trainee,
    hand_out_account,
    register_self,
    register_trainee,
    show_nik,
)
from app.trainees.services.serving import appoint, change_standing, move_duty

__all__ = [
    "TraineeData",
    "appoint",
    "change_standing",
    "correct_trainee",
    "end_qualification",
    "grant_qualification",
    "hand_out_account",
    "merge_trainees",
    "move_duty",
    "rebuild_counts",
    "register_self",
    "register_trainee",
    "show_nik",
    "undo_merge",
]
