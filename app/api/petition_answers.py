"""What programs receive about petitions, in the words of JSON Schema."""

from app.api.schemas import ID, MOMENT, NUMBER, REGION, TEXT, TRUTH, VERSION, Json, many, maybe, one_of, row
from app.petitions.rules import Answer, PetitionKind, Way

_PETITION = {
    "id": ID,
    "kind": one_of(PetitionKind),
    "asked_at": MOMENT,
    "name": TEXT,
    "region": maybe(REGION),
    "batch": maybe(ID),
    "answer": maybe(one_of(Answer)),
    "words": maybe(TEXT),
    "answered_at": maybe(MOMENT),
    "answered_by": maybe(TEXT),
    "can_be_answered": TRUTH,
}

PETITION_SCHEMAS: dict[str, Json] = {
    "Petition": row(**_PETITION),
    "PetitionToAnswer": row(
        **_PETITION,
        version=VERSION,
        trainee=maybe({**ID, "description": "Data orangnya; null: tidak ada, atau di luar jangkauan."}),
        told=row(
            name=maybe(TEXT),
            name_before=maybe(TEXT),
            about=maybe(TEXT),
            words=maybe(TEXT),
            phone=maybe(TEXT),
            place=maybe(TEXT),
            times=NUMBER,
        ),
        lines={
            **many(row(key=TEXT, label=TEXT, typed=TEXT, recorded=TEXT, differs=TRUTH)),
            "description": "Yang diketik di sebelah yang tercatat; hanya pada claim.",
        },
        answers={**many(one_of(Answer)), "description": "Jawaban yang dapat Anda berikan."},
        take={**many(TEXT), "description": "Yang diketik dan dapat dicatat: key dari lines."},
        way={
            **one_of(Way),
            "description": "Bagaimana kalimat jawaban sampai; hand: sampaikan sendiri, lalu kirim informed.",
        },
        optional={
            "unmet": maybe(
                {**TEXT, "description": "Mengapa pendaftaran diklat yang ia minta belum dapat dibuat."}
            )
        },
    ),
}
