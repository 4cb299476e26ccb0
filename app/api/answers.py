"""What programs receive, in the words of JSON Schema: one entry for each function of `serializers`, so that a
document can promise it.
"""

from typing import Any

from app.assessment.rules import GraduationStatus, MarkKind, ResultOutcome
from app.attendance.rules import Presence
from app.certificates.rules import CertificateKind, Verdict
from app.core.choices import Choice
from app.courses.acts import BatchState
from app.courses.rules import Admission, BatchStatus, CourseKind, SessionKind, SubjectKind
from app.coverage.rules import CoverageLevel, TargetState
from app.enrollments.rules import AttendeeKind, EnrollmentStatus, SeatEnd
from app.fieldwork.rules import HostKind, VisitStatus
from app.notifications.rules import PersonKind
from app.petitions.rules import Answer, PetitionKind, Way
from app.regions.rules import CODE, Level
from app.trainees.rules import Sex, TraineeStatus
from app.web.headers import LARGEST_ID

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
TRUTH: Json = {"type": "boolean"}
DAY: Json = {"type": "string", "format": "date"}
MOMENT: Json = {"type": "string", "format": "date-time"}
CLOCK: Json = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}
COUNT: Json = {"type": "integer", "minimum": 0}
NUMBER: Json = {"type": "integer", "minimum": 1}
ID: Json = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
COUNTING: Json = {
    **ID,
    "description": (
        "Nomor orangnya di /trainees; sesudah data ganda digabungkan, nomor data yang dipertahankan."
    ),
}
REGION: Json = {"type": "string", "pattern": f"^{CODE.pattern}$"}
VERSION: Json = {
    **TEXT,
    "description": "Dikirim kembali bersama perubahan, agar yang diubah orang lain tidak tertimpa.",
}
MARK: Json = {"type": "string", "pattern": r"^\d{1,3}\.\d{2}$"}


def maybe(schema: Json) -> Json:
    """Return the schema of the same, or null."""
    return {**schema, "type": [schema["type"], "null"]} | (
        {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    )


def one_of(choice: type[Choice]) -> Json:
    """Return the schema of a stored word."""
    return {"type": "string", "enum": [each.value for each in choice]}


def ref(name: str) -> Json:
    """Return a reference to a schema of ROWS."""
    return {"$ref": f"#/components/schemas/{name}"}


def many(schema: Json) -> Json:
    """Return the schema of a list."""
    return {"type": "array", "items": schema}


def row(optional: Json | None = None, **fields: Json) -> Json:
    """Return the schema of an object: the named fields always stand in it, the optional ones for some
    readers.
    """
    return {"type": "object", "properties": {**fields, **(optional or {})}, "required": sorted(fields)}


def page_of(name: str, **more: Json) -> Json:
    """Return the schema of a list of rows, with the cursor of the next page."""
    return row(items=many(ref(name)), next=maybe(TEXT), **more)


COVERAGE_ROW = row(
    code=REGION,
    name=TEXT,
    villages={**COUNT, "description": "Semua desa/kelurahan: yang memiliki PSM aktif, empty, dan unknown."},
    active={**COUNT, "description": "PSM aktif: dengan SK yang berlaku, bertugas di sini pada hari itu."},
    trained={**COUNT, "description": "Di antaranya yang memegang jenjang apa pun; jumlah by_tier."},
    by_tier={
        "type": "object",
        "additionalProperties": COUNT,
        "description": (
            "PSM aktif menurut jenjang tertingginya, setiap orang sekali; active - trained adalah yang belum"
            " berjenjang. Dalam berkas: satu kolom setiap jenjang, by_tier_KODE."
        ),
    },
    target=maybe(
        {
            **COUNT,
            "description": (
                "Orang yang diinginkan di setiap desa/kelurahan; null: belum ada target sama sekali"
                " (targets_differ false), atau tidak sama di setiap desa/kelurahan (targets_differ true)."
            ),
        }
    ),
    target_tier=maybe(
        {
            **TEXT,
            "description": (
                "Kode jenjang terendah yang dihitung target: orang dengan jenjang ini atau lebih tinggi; null"
                " bila target null, atau bila PSM aktif mana pun dihitung, terlatih atau belum."
            ),
        }
    ),
    targets_differ={
        **TRUTH,
        "description": (
            "Desa/kelurahannya tidak semua mempunyai target yang sama; true juga bila sebagian belum"
            " mempunyai target."
        ),
    },
    wanted=maybe(
        {
            **COUNT,
            "description": (
                "Jumlah target semua desa/kelurahannya: reached + gap + wanted_unknown; null bila tidak satu"
                " pun mempunyai target."
            ),
        }
    ),
    wanted_unknown={
        **COUNT,
        "description": (
            "Bagian wanted di desa/kelurahan yang belum ada datanya: tidak diketahui ada atau kurang."
        ),
    },
    reached=maybe(
        {**COUNT, "description": "Yang sudah ada; di setiap desa/kelurahan paling banyak targetnya."}
    ),
    gap=maybe(
        {
            **COUNT,
            "description": (
                "Yang masih kurang di desa/kelurahan yang ada datanya; yang lebih tidak menutupi yang kurang."
            ),
        }
    ),
    to_train={
        **COUNT,
        "description": (
            "Bagian gap yang targetnya meminta jenjang; target PSM aktif mana pun tidak meminta diklat."
        ),
    },
    unknown={
        **COUNT,
        "description": (
            "Desa/kelurahan yang belum ada datanya: belum seorang pun dicatat, belum dinyatakan lengkap."
        ),
    },
    without_target={**COUNT, "description": "Desa/kelurahan tanpa target; tidak masuk wanted."},
    empty={**COUNT, "description": "Desa/kelurahan tanpa PSM aktif, di antara yang ada datanya."},
    untrained={
        **COUNT,
        "description": (
            "Desa/kelurahan tanpa PSM aktif yang terlatih, di antara yang ada datanya; empty termasuk."
        ),
    },
    level={
        **one_of(CoverageLevel),
        "description": (
            "Keadaan: "
            + "; ".join(f"{each.value}: {str(each.label).lower()}" for each in CoverageLevel)
            + "."
        ),
    },
)
COVERAGE_ROWS = (
    "Satu baris setiap wilayah setingkat di bawahnya pada hari itu; kosong untuk desa/kelurahan. Setiap"
    " bilangan di total adalah jumlah bilangan itu di rows, kecuali target; null dihitung 0. Dalam berkas,"
    " kolom row membedakan baris wilayah (region) dari jumlahnya (total)."
)
DESA = row(code=REGION, name=TEXT)
SHORT_DESA = row(
    code=REGION,
    name=TEXT,
    missing={**NUMBER, "description": "Orang yang masih kurang dari target desa/kelurahan ini."},
)
_GRADUATION = {
    "id": ID,
    "batch": ID,
    "status": one_of(GraduationStatus),
    "is_supplementary": TRUTH,
    "held_on": DAY,
    "minutes": TEXT,
    "proposed_by": TEXT,
    "approved_by": maybe(TEXT),
    "approved_at": maybe(MOMENT),
    "return_reason": maybe(TEXT),
    "results": many(ref("Result")),
    "taken_back_by": maybe(TEXT),
    "taken_back_at": maybe(MOMENT),
    "is_overtaken": {
        **TRUTH,
        "description": "Usulan menunggu, tetapi data atau syarat berubah sejak diusulkan: usulkan ulang.",
    },
    "asked": maybe(row(attendance_threshold=COUNT, fieldwork_required=TRUTH, pass_mark=maybe(MARK))),
}

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

ROWS: dict[str, Json] = {
    "Region": row(code=REGION, name=TEXT, level=one_of(Level), zone=TEXT),
    "Organiser": row(id=ID, code=TEXT, unit=TEXT, level=one_of(Level), region=REGION, seat=TEXT),
    "Tier": row(
        id=ID,
        code=TEXT,
        rank=NUMBER,
        label=TEXT,
        level=one_of(Level),
        psks_code=NUMBER,
        prerequisite=maybe(TEXT),
        attendance_threshold=COUNT,
    ),
    "Curriculum": row(id=ID, tier=TEXT, version=NUMBER, title=TEXT, pass_mark=maybe(MARK), is_frozen=TRUTH),
    "Subject": row(
        id=ID, position=COUNT, name=TEXT, kind=one_of(SubjectKind), theory_hours=COUNT, practice_hours=COUNT
    ),
    "Course": row(
        id=ID,
        organiser=ID,
        tier=TEXT,
        curriculum=ID,
        kind=one_of(CourseKind),
        title=TEXT,
        year=NUMBER,
        lower_tier_reason=maybe(TEXT),
        attendance_threshold=COUNT,
        fieldwork_required=TRUTH,
        pass_mark=maybe(MARK),
        version=VERSION,
        optional={
            "undecided_batches": {
                **many(ID),
                "description": "Sesudah nilai lulus ditetapkan: angkatan yang masih diputuskan dengannya.",
            },
        },
    ),
    "Batch": row(
        id=ID,
        course=ID,
        code=TEXT,
        ordinal=NUMBER,
        status=one_of(BatchStatus),
        status_reason=maybe(TEXT),
        state=one_of(BatchState),
        quota=NUMBER,
        starts_on=DAY,
        ends_on=DAY,
        announced_days=maybe(NUMBER),
        venue=TEXT,
        venue_region=REGION,
        zone=TEXT,
        audience=TEXT,
        admission=one_of(Admission),
        contact_name=TEXT,
        contact_phone=TEXT,
        registration_closes_on=maybe(DAY),
        provided=TEXT,
        to_bring=TEXT,
        version=VERSION,
    ),
    "Session": row(
        id=ID,
        batch=ID,
        kind=one_of(SessionKind),
        title=TEXT,
        held_on=DAY,
        starts_at=CLOCK,
        ends_at=CLOCK,
        lesson_hours=COUNT,
        subject=maybe(ID),
        place=TEXT,
        facilitator=maybe(ID),
        office=TEXT,
        cancelled_at=maybe(MOMENT),
        cancelled_reason=maybe(TEXT),
        version=VERSION,
        optional={
            "warnings": {
                **many(TEXT),
                "description": "Sesudah diubah atau dibatalkan: kunjungan PKL yang kehilangan sesinya.",
            },
        },
    ),
    "Trainee": row(
        id=ID,
        name=TEXT,
        nik=maybe(TEXT),
        status=one_of(TraineeStatus),
        duty_region=REGION,
        birth_date=maybe(DAY),
        sex=maybe(one_of(Sex)),
        merged_into=maybe(ID),
        optional={
            "home_region": maybe(REGION),
            "birth_place": maybe(TEXT),
            "phone": maybe(TEXT),
            "email": maybe(TEXT),
            "address": maybe(TEXT),
            "member_number": maybe(TEXT),
            "version": VERSION,
        },
    ),
    "Merge": row(
        id=ID,
        duplicate=ID,
        canonical=ID,
        merged_at=MOMENT,
        reason=TEXT,
        undone_at=maybe(MOMENT),
        optional={"means": many(TEXT)},
    ),
    "Appointment": row(id=ID, organiser=ID, number=TEXT, dated_on=DAY, signer_name=TEXT, version=VERSION),
    "Enrollment": row(
        id=ID,
        batch=ID,
        trainee=COUNTING,
        name=TEXT,
        status=one_of(EnrollmentStatus),
        label=TEXT,
        is_over=TRUTH,
        ended_as=maybe(one_of(SeatEnd)),
        ended_reason=maybe(TEXT),
        submitted_at=maybe(MOMENT),
        decided_at=maybe(MOMENT),
        offer_ends_at=maybe(MOMENT),
        note=TEXT,
        override_reason=maybe(TEXT),
        passed_over_reason=maybe(TEXT),
        waiting_rank=maybe(
            {**NUMBER, "description": "Urutan sebagai cadangan, 1 yang berikutnya; null bila bukan cadangan."}
        ),
        result=maybe(
            {
                **row(
                    outcome=one_of(ResultOutcome),
                    label=TEXT,
                    reasons=many(TEXT),
                    certificate=maybe(ID),
                    number=maybe(TEXT),
                ),
                "description": (
                    "Hasil rapat kelulusan yang disetujui, dengan sertifikat yang berlaku; null sebelum"
                    " disetujui."
                ),
            }
        ),
    ),
    "Attendee": row(id=ID, trainee=maybe(COUNTING), name=TEXT, kind=one_of(AttendeeKind)),
    "Attendance": row(attendee=ID, session=ID, status=one_of(Presence), minutes_late=COUNT, note=TEXT),
    "Mark": row(attendee=ID, kind=one_of(MarkKind), value=MARK),
    "Result": row(
        attendee=ID,
        name=TEXT,
        desa=TEXT,
        kecamatan=maybe(TEXT),
        outcome=one_of(ResultOutcome),
        suggested=one_of(ResultOutcome),
        attended_hours=COUNT,
        planned_hours=COUNT,
        score=maybe(MARK),
        grade=maybe(TEXT),
        reasons=many(TEXT),
        note=TEXT,
        seated_at=maybe(MOMENT),
    ),
    "Graduation": row(**_GRADUATION, optional={"carried_over": many(ID)}),
    "LatestGraduation": row(**_GRADUATION, meetings=many(ref("Graduation"))),
    "Host": row(
        id=ID,
        name=TEXT,
        kind=one_of(HostKind),
        region=REGION,
        organiser=ID,
        visitors_per_day=NUMBER,
        address=TEXT,
        phone=TEXT,
        version=VERSION,
    ),
    "Visit": row(
        id=ID,
        batch=ID,
        host=ID,
        visits_on=DAY,
        status=one_of(VisitStatus),
        requested_places=NUMBER,
        granted_places=COUNT,
        note={**TEXT, "description": "Catatan panitia bersama permohonannya."},
        answer_note={**TEXT, "description": "Catatan jawaban terakhir."},
        answer_note_by={
            **TEXT,
            "description": "Siapa yang menulis catatan jawaban: lokasinya, atau petugas atas nama lokasi.",
        },
        remark={
            **TEXT,
            "description": "Keterangan: tanggal semula bila dipindahkan, atau alasan pembatalan.",
        },
        proposed_on=maybe(
            {**DAY, "description": "Tanggal lain yang diusulkan lokasi; null bila tidak sedang mengusulkan."}
        ),
    ),
    "Placement": row(attendee=ID, visit=ID, group=NUMBER, mentor_name=TEXT),
    "Certificate": row(
        id=ID,
        batch=ID,
        trainee=COUNTING,
        number=TEXT,
        code=TEXT,
        kind=one_of(CertificateKind),
        tier=TEXT,
        issued_on=DAY,
        name=TEXT,
        revoked_on=maybe(DAY),
        revoked_reason=maybe(TEXT),
        superseded_by=maybe(ID),
    ),
    "Verified": row(
        verdict=one_of(Verdict),
        number=TEXT,
        revoked_on=maybe(DAY),
        superseded_by=maybe({**TEXT, "description": "Nomor penggantinya."}),
        serves_in=maybe({**TEXT, "description": "Desa/kelurahan tugasnya kini, bila sertifikat berlaku."}),
        facts=maybe(
            row(
                name=TEXT,
                course=TEXT,
                course_title=TEXT,
                tier=TEXT,
                batch=TEXT,
                lesson_hours=COUNT,
                starts_on=DAY,
                ends_on=DAY,
                place=TEXT,
                fieldwork_place=maybe(TEXT),
                issued_on=DAY,
                issued_at_place=TEXT,
                organiser=TEXT,
                government=TEXT,
                grade=maybe(TEXT),
                kind=one_of(CertificateKind),
                member_number=maybe(TEXT),
                position=maybe(TEXT),
                duty_desa=maybe(TEXT),
                duty_kecamatan=maybe(TEXT),
                signer=TEXT,
                signer_position=TEXT,
            )
        ),
        printed={
            **many(row(label=TEXT, lines=many(TEXT))),
            "description": (
                "Semua yang tercetak pada kertas kecuali kelahiran, baris demi baris, untuk dicocokkan."
            ),
        },
    ),
    "Target": row(
        id=ID,
        region=REGION,
        starts_on=DAY,
        state=one_of(TargetState),
        withdrawn_at=maybe(MOMENT),
        may_withdraw=TRUTH,
        per_desa=maybe(
            {**COUNT, "description": "null: sejak tanggal itu target wilayah di atasnya yang berlaku."}
        ),
        tier=maybe(
            {
                **TEXT,
                "description": (
                    "Jenjang terendah yang dihitung; null: PSM aktif mana pun, atau tanpa target sendiri."
                ),
            }
        ),
    ),
    "Survey": row(
        id=ID,
        region=REGION,
        complete_on=DAY,
        taken_back_at=maybe(MOMENT),
        end_reason=maybe(TEXT),
        ended_on=maybe(
            {
                **DAY,
                "description": (
                    "Hari pertama pernyataan tidak lagi dihitung; sama dengan complete_on: tidak pernah."
                ),
            }
        ),
    ),
    "MarkChange": row(
        attendee=ID,
        name=TEXT,
        kind=one_of(MarkKind),
        before=MARK,
        after=maybe({**MARK, "description": "null: nilai dihapus."}),
        changed_by=TEXT,
        changed_at=MOMENT,
    ),
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
    "Notice": row(
        id=ID,
        batch=ID,
        kind=one_of(PersonKind),
        person=maybe(ID),
        name=TEXT,
        phone=maybe(TEXT),
        subject=TEXT,
        text=TEXT,
        created_at=MOMENT,
        by_mail=TRUTH,
        told_at=maybe(MOMENT),
        told_by=maybe(TEXT),
    ),
    "Coverage": row(
        region=REGION,
        as_of=DAY,
        rows={**many(COVERAGE_ROW), "description": COVERAGE_ROWS},
        total=COVERAGE_ROW,
    ),
    "CoverageGaps": row(
        region=REGION,
        as_of=DAY,
        without_psm={**many(DESA), "description": "Tanpa PSM aktif; yang belum ada datanya tidak termasuk."},
        without_trained_psm={
            **many(DESA),
            "description": "Tanpa PSM aktif yang terlatih; without_psm termasuk.",
        },
        short={
            **many(SHORT_DESA),
            "description": "Yang masih kurang dari targetnya; jumlah missing adalah gap pada cakupan.",
        },
        without_data={
            **many(DESA),
            "description": "Belum seorang pun dicatat dan belum dinyatakan lengkap: bukan tanpa PSM.",
        },
    ),
    "RegionWithChildren": row(
        code=REGION, name=TEXT, level=one_of(Level), zone=TEXT, children=many(ref("Region"))
    ),
    "CurriculumWithSubjects": row(
        id=ID,
        tier=TEXT,
        version=NUMBER,
        title=TEXT,
        pass_mark=maybe(MARK),
        is_frozen=TRUTH,
        subjects=many(ref("Subject")),
    ),
    "AppointmentWithNames": row(
        id=ID,
        organiser=ID,
        number=TEXT,
        dated_on=DAY,
        signer_name=TEXT,
        version=VERSION,
        trainees=many(ref("Trainee")),
    ),
    "Issued": row(
        issued=many(ref("Certificate")),
        already=many(ref("Certificate")),
        parked=many(row(trainee=ID, name=TEXT, reason=TEXT)),
    ),
    "Problem": row(
        type=TEXT,
        title=TEXT,
        status={"type": "integer", "minimum": 400, "maximum": 599},
        detail=TEXT,
        optional={
            "errors": {
                "type": "object",
                "description": "Isian yang belum sesuai: letaknya, namanya, lalu kalimatnya.",
            },
            "reference": {**TEXT, "description": "Nomor untuk disebutkan kepada kami."},
        },
    ),
}
