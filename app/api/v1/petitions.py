"""What was asked of the office, for those who answer it."""

from typing import Any

from apiflask.fields import List, String
from marshmallow.validate import Length, OneOf

from app.api import serializers as to
from app.api.access import allowed, caller, effect
from app.api.blueprint import bp
from app.api.description import answers
from app.api.fields import Among, Schema, Truth, Words
from app.api.listing import listed
from app.api.versions import version_read
from app.core.errors import Conflict
from app.core.text import _
from app.petitions import queries, rules, services
from app.petitions.models import Petition
from app.petitions.rules import GIVEN, WORDS_MOST

STATES = {
    "waiting": queries.list_waiting,
    "expected": queries.list_expected,
    "answered": queries.list_answered,
}


class PetitionsQuery(Schema):
    state = String(
        load_default="waiting",
        validate=OneOf(list(STATES)),
        metadata={
            "description": (
                "waiting: yang menunggu; expected: pendaftar yang dijawab dengan kalimat dan masih ditunggu;"
                " answered: yang terakhir dijawab."
            )
        },
    )


class PetitionAnswerIn(Schema):
    version = version_read()
    answer = Among(GIVEN, required=True)
    words = Words(WORDS_MOST, load_default="", metadata={"description": "Kalimat jawaban; wajib bila told."})
    reason = Words(
        WORDS_MOST,
        lines=True,
        load_default="",
        metadata={"description": "Bagaimana Anda tahu; hanya pada riwayat."},
    )
    informed = Truth(
        load_default=False,
        metadata={"description": "Yang meminta sudah dikabari; wajib bila way hand dan jawabannya told."},
    )
    take = List(
        Words(40),
        load_default=list,
        validate=Length(max=20),
        metadata={"description": "Yang diketik dan dicatat."},
    )


def asked_of_caller(petition_id: int) -> Petition | None:
    """Return what was asked where the caller is one of those who answer it; foreign and unknown
    look alike.
    """
    petition = queries.get_petition(petition_id)
    return (
        petition
        if petition is not None and caller().can(rules.ANSWERED_BY[petition.kind], petition)
        else None
    )


@bp.get("/petitions")
@allowed(None)
@bp.input(PetitionsQuery, location="query")
@listed("Petition")
@bp.doc(
    summary=(
        "Permintaan kepada dinas yang dapat dijawab pemilik token, yang terlama dahulu; paling banyak 100"
    ),
    security="token",
)
def list_petitions(query_data: dict[str, Any]) -> Any:
    return {"items": [to.petition(row) for row in STATES[query_data["state"]](caller().reach)], "next": None}


@bp.get("/petitions/<int:petition_id>")
@allowed(None, on=asked_of_caller)
@answers("PetitionToAnswer")
@bp.doc(
    summary="Satu permintaan, yang tercatat di sebelahnya, dan jawaban yang dapat diberikan", security="token"
)
def show_petition(petition: Petition) -> Any:
    return to.petition_to_answer(petition, caller())


@bp.post("/petitions/<int:petition_id>/answer")
@allowed(None, on=asked_of_caller)
@bp.input(PetitionAnswerIn)
@answers("PetitionToAnswer")
@bp.doc(summary="Jawab permintaan", security="token")
@effect
def answer_petition(petition: Petition, json_data: dict[str, Any]) -> Any:
    held, version = services.hold(petition), json_data.pop("version")
    if version and version != to.version_of_petition(held):
        if held.answer:
            raise Conflict(services.describe_when_answered(held))
        raise Conflict(
            _(
                "Yang meminta memperbaiki permintaannya sejak Anda membacanya. Baca lagi, lalu kirim dengan"
                " version yang baru."
            )
        )
    answered, unmet = services.answer_petition(held, json_data.pop("answer"), by=caller(), **json_data)
    return {**to.petition_to_answer(answered, caller()), "unmet": str(unmet) if unmet else None}
