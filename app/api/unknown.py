"""What is unknown to a caller: which kind of thing, and where a list of them is.

Foreign and unknown read the same.
"""

from flask import request

from app.core.errors import NotFound
from app.core.text import Text, _

# By the name of the part of an address: what it is, and the list that has it.
KINDS: dict[str, tuple[Text, str]] = {
    "appointment_id": (_("SK"), "appointments"),
    "batch_id": (_("Angkatan"), "batches"),
    "certificate_id": (_("Sertifikat"), "certificates"),
    "course_id": (_("Diklat"), "courses"),
    "curriculum_id": (_("Kurikulum"), "curricula"),
    "day": (_("Hari"), "batches/{batch_id}/sessions"),
    "enrollment_id": (_("Pendaftaran"), "batches/{batch_id}/enrollments"),
    "host_id": (_("Lokasi PKL"), "hosts"),
    "merge_id": (_("Penggabungan"), "merges"),
    "notice_id": (_("Pemberitahuan"), "batches/{batch_id}/notices"),
    "organiser_id": (_("Penyelenggara"), "organisers"),
    "petition_id": (_("Permintaan"), "petitions"),
    "region_code": (_("Wilayah"), "regions"),
    "session_id": (_("Sesi"), "batches/{batch_id}/sessions"),
    "survey_id": (_("Pernyataan"), "coverage/{region_code}/surveys"),
    "target_id": (_("Target"), "coverage/{region_code}/targets"),
    "tier_id": (_("Jenjang"), "tiers"),
    "trainee_id": (_("Orang"), "trainees"),
    "visit_id": (_("Kunjungan PKL"), "batches/{batch_id}/visits"),
}
OWN = {"certificate_id": "me/certificates", "enrollment_id": "me/enrollments"}


def unknown(name: str) -> NotFound:
    """Return the refusal of what this part of the address, or a field of that name in the body, names."""
    what, where = KINDS[name]
    if request.path.startswith("/api/v1/me/"):
        where = OWN[name]
    text = _(
        "%(what)s ini tidak ada, atau tidak terbuka untuk akun Anda. Daftarnya: GET %(where)s.",
        what=what,
        where=f"/api/v1/{where}",
    )
    return NotFound(text)
