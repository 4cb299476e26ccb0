"""What a new installation starts with: three tiers, a curriculum for each, and the model rundown of each.

Plain data, all of it local vocabulary that an office may change: no official curriculum of PSM has been
found.
"""

from datetime import time
from typing import NamedTuple

from app.courses.rules import SessionKind, SubjectKind
from app.regions.rules import Level

QUOTA = 30
AUDIENCE = {
    "dasar": "PSM dan calon PSM di %(region)s",
    "madya": "PSM di %(region)s yang telah memiliki sertifikat diklat dasar",
    "pratama": "PSM yang telah memiliki sertifikat diklat madya",
}
TO_BRING = "KTP, pas foto 3×4 dua lembar, alat tulis, pakaian rapi dan obat pribadi."


class TierData(NamedTuple):
    """One rung of the ladder."""

    code: str
    letter: str
    rank: int
    label: str
    title: str
    level: Level
    prerequisite: str | None
    psks_code: int


class SubjectData(NamedTuple):
    """One mata diklat; its position is its place in the list."""

    name: str
    kind: SubjectKind
    theory_hours: int
    practice_hours: int = 0


class RundownRow(NamedTuple):
    """One session of a model rundown: the day of the batch from 1, two times, the position of the subject,
    JP, who usually leads it.
    """

    day: int
    starts_at: time
    ends_at: time
    kind: SessionKind
    title: str
    subject: int | None = None
    lesson_hours: int = 0
    office: str = ""


TIERS = (
    TierData(
        "dasar",
        "D",
        1,
        "Dasar",
        "Pendidikan dan Pelatihan Dasar Pekerja Sosial Masyarakat",
        Level.KABUPATEN,
        None,
        1,
    ),
    TierData(
        "madya",
        "M",
        2,
        "Madya",
        "Pendidikan dan Pelatihan Madya Pekerja Sosial Masyarakat",
        Level.PROVINSI,
        "dasar",
        2,
    ),
    TierData(
        "pratama",
        "P",
        3,
        "Pratama",
        "Pendidikan dan Pelatihan Pratama Pekerja Sosial Masyarakat",
        Level.NATION,
        "madya",
        3,
    ),
)

THEORY, PRACTICE, FIELD = SubjectKind.THEORY, SubjectKind.PRACTICE, SubjectKind.FIELD_PRACTICE

CURRICULA: dict[str, tuple[SubjectData, ...]] = {
    "dasar": (
        SubjectData("Kebijakan kesejahteraan sosial", THEORY, 2),
        SubjectData("PSM dan IPSM", THEORY, 2),
        SubjectData("Pemerlu pelayanan kesejahteraan sosial (PPKS)", THEORY, 2),
        SubjectData("Potensi dan sumber kesejahteraan sosial (PSKS) dan jejaring", THEORY, 2),
        SubjectData("Pendataan", THEORY, 2),
        SubjectData("Komunikasi dan asesmen awal", THEORY, 2),
        SubjectData("Etika dan kerahasiaan", THEORY, 1),
        SubjectData("Pendampingan dan rujukan", THEORY, 2),
        SubjectData("Pencatatan dan pelaporan", THEORY, 1),
        SubjectData("Pembekalan PKL", THEORY, 1),
        SubjectData("Praktik kerja lapangan (PKL)", FIELD, 0, 5),
        SubjectData("Diskusi hasil PKL", PRACTICE, 0, 2),
        SubjectData("Rencana tindak lanjut (RTL)", PRACTICE, 0, 1),
    ),
    "madya": (
        SubjectData("Kebijakan kesejahteraan sosial provinsi", THEORY, 2),
        SubjectData("Peran PSM dan penguatan IPSM", THEORY, 2),
        SubjectData("Pemetaan sosial dan pengolahan data", THEORY, 3, 2),
        SubjectData("Asesmen individu dan keluarga", THEORY, 3, 1),
        SubjectData("Pengelolaan kasus dan rujukan antarlembaga", THEORY, 3, 1),
        SubjectData("Pendampingan kelompok usaha bersama", THEORY, 3),
        SubjectData("Pelayanan bagi lanjut usia, penyandang disabilitas dan anak", THEORY, 4),
        SubjectData("Dukungan psikososial saat bencana", THEORY, 2),
        SubjectData("Advokasi, jejaring dan kemitraan", THEORY, 3),
        SubjectData("Penyuluhan sosial", THEORY, 2),
        SubjectData("Pembekalan PKL", THEORY, 1),
        SubjectData("Praktik kerja lapangan (PKL)", FIELD, 0, 5),
        SubjectData("Diskusi hasil PKL", PRACTICE, 0, 2),
        SubjectData("Rencana tindak lanjut (RTL)", PRACTICE, 0, 1),
    ),
    "pratama": (
        SubjectData("Kebijakan kesejahteraan sosial nasional", THEORY, 2),
        SubjectData("Kepemimpinan relawan sosial", THEORY, 3, 1),
        SubjectData("Perencanaan program di desa", THEORY, 2, 2),
        SubjectData("Membaca dan menggunakan data sosial", THEORY, 2, 2),
        SubjectData("Membimbing PSM yang baru", THEORY, 2, 2),
        SubjectData("Pengembangan masyarakat dan usaha sosial", THEORY, 5),
        SubjectData("Mediasi dan penanganan konflik sosial", THEORY, 4),
        SubjectData("Penanggulangan bencana berbasis masyarakat", THEORY, 4),
        SubjectData("Advokasi kebijakan dan kemitraan", THEORY, 4),
        SubjectData("Monitoring, evaluasi dan pelaporan", THEORY, 3),
        SubjectData("Pembekalan PKL", THEORY, 1),
        SubjectData("Praktik kerja lapangan (PKL)", FIELD, 0, 8),
        SubjectData("Diskusi hasil PKL", PRACTICE, 0, 2),
        SubjectData("Rencana tindak lanjut (RTL)", PRACTICE, 0, 1),
    ),
}

EVENT, MATERIAL, PKL, TALK = (
    SessionKind.CEREMONY,
    SessionKind.MATERIAL,
    SessionKind.FIELD_PRACTICE,
    SessionKind.DISCUSSION,
)


def _row(
    day: int,
    hours: str,
    kind: SessionKind,
    title: str,
    subject: int | None = None,
    lesson_hours: int = 0,
    office: str = "",
) -> RundownRow:
    starts_at, ends_at = (time.fromisoformat(part.replace(".", ":")) for part in hours.split("-"))
    return RundownRow(day, starts_at, ends_at, kind, title, subject, lesson_hours, office)


_FIRST_MORNING = (
    _row(1, "07.30-08.00", EVENT, "Registrasi, biodata dan daftar hadir", office="Panitia"),
    _row(1, "08.00-08.45", EVENT, "Pembukaan", office="Kepala dinas"),
    _row(1, "08.45-09.15", EVENT, "Pre-test dan rehat", office="Panitia"),
)

# dasar: the Tapin frame over four days, "variant B": the field day ends with the way home, the last morning
# closes before Friday prayer.
RUNDOWNS: dict[str, tuple[RundownRow, ...]] = {
    "dasar": (
        *_FIRST_MORNING,
        _row(
            1,
            "09.15-10.45",
            MATERIAL,
            "Kebijakan pembangunan kesejahteraan sosial daerah",
            1,
            2,
            "Kepala dinas atau kepala bidang",
        ),
        _row(
            1,
            "10.45-12.15",
            MATERIAL,
            "PSM: syarat, kedudukan dan tugas; IPSM",
            2,
            2,
            "Kepala bidang atau pengurus IPSM",
        ),
        _row(1, "13.15-14.45", MATERIAL, "Mengenal 26 jenis PPKS dan kriterianya", 3, 2, "Widyaiswara"),
        _row(
            1,
            "15.15-16.45",
            MATERIAL,
            "PSKS dan jejaring; koordinasi PSM dan TKSK",
            4,
            2,
            "TKSK dan dinas sosial",
        ),
        _row(2, "08.00-08.15", EVENT, "Daftar hadir dan ulasan", office="Panitia"),
        _row(2, "08.15-09.45", MATERIAL, "Pendataan dan verifikasi PPKS dan PSKS", 5, 2, "Operator data"),
        _row(
            2,
            "10.00-11.30",
            MATERIAL,
            "Komunikasi, wawancara dan asesmen awal",
            6,
            2,
            "Pekerja sosial atau widyaiswara",
        ),
        _row(2, "11.30-12.15", MATERIAL, "Etika dan kerahasiaan data klien", 7, 1, "Pekerja sosial"),
        _row(
            2,
            "13.15-14.45",
            MATERIAL,
            "Pendampingan, penyuluhan, rujukan dan tindak lanjut",
            8,
            2,
            "Pekerja sosial",
        ),
        _row(2, "15.15-16.00", MATERIAL, "Pencatatan dan pelaporan PSM", 9, 1, "Dinas sosial"),
        _row(
            2,
            "16.00-16.45",
            MATERIAL,
            "Pembekalan PKL: kelompok, instrumen dan tata tertib",
            10,
            1,
            "Panitia",
        ),
        _row(3, "06.30-07.00", EVENT, "Kumpul dan daftar hadir berangkat", office="Panitia"),
        _row(3, "07.00-09.00", EVENT, "Perjalanan ke lokasi PKL", office="Panitia"),
        _row(3, "09.00-09.45", PKL, "PKL: penerimaan, profil panti dan hak klien", 11, 1, "Kepala panti"),
        _row(3, "09.45-11.15", PKL, "PKL: observasi layanan per kelompok", 11, 2, "Pekerja sosial panti"),
        _row(
            3,
            "11.15-12.00",
            PKL,
            "PKL: wawancara petugas dan klien dengan persetujuan",
            11,
            1,
            "Pekerja sosial panti",
        ),
        _row(3, "13.00-13.45", PKL, "PKL: telaah kasus dan tindak lanjut", 11, 1, "Pekerja sosial panti"),
        _row(3, "13.45-16.30", EVENT, "Pamit, daftar hadir pulang dan perjalanan pulang", office="Panitia"),
        _row(4, "08.00-09.30", TALK, "Diskusi dan presentasi hasil PKL", 12, 2, "Fasilitator"),
        _row(4, "09.45-10.30", TALK, "Rencana tindak lanjut per desa", 13, 1, "Fasilitator"),
        _row(4, "10.30-10.50", EVENT, "Post-test", office="Panitia"),
        _row(4, "10.50-11.05", EVENT, "Evaluasi fasilitator dan penyelenggaraan", office="Panitia"),
        _row(4, "11.05-11.30", EVENT, "Penutupan dan penyerahan STTPP", office="Kepala dinas"),
    ),
    "madya": (
        *_FIRST_MORNING,
        _row(1, "09.15-10.45", MATERIAL, "Kebijakan kesejahteraan sosial provinsi", 1, 2),
        _row(1, "10.45-12.15", MATERIAL, "Peran PSM dan penguatan IPSM", 2, 2),
        _row(1, "13.15-14.45", MATERIAL, "Penyuluhan sosial", 10, 2),
        _row(1, "15.15-16.45", MATERIAL, "Dukungan psikososial saat bencana", 8, 2),
        _row(2, "08.00-09.30", MATERIAL, "Pemetaan sosial", 3, 2),
        _row(2, "09.45-12.00", MATERIAL, "Latihan mengolah data", 3, 3),
        _row(2, "13.00-14.30", MATERIAL, "Asesmen individu", 4, 2),
        _row(2, "14.45-16.15", MATERIAL, "Asesmen keluarga", 4, 2),
        _row(3, "08.00-09.30", MATERIAL, "Pengelolaan kasus", 5, 2),
        _row(3, "09.45-11.15", MATERIAL, "Rujukan antarlembaga", 5, 2),
        _row(3, "13.00-15.15", MATERIAL, "Pendampingan kelompok usaha bersama", 6, 3),
        _row(3, "15.30-16.15", MATERIAL, "Pembekalan PKL", 11, 1, "Panitia"),
        _row(4, "09.00-09.45", PKL, "PKL: penerimaan dan profil panti", 12, 1, "Kepala panti"),
        _row(4, "09.45-12.00", PKL, "PKL: observasi dan wawancara", 12, 3, "Pekerja sosial panti"),
        _row(4, "13.00-13.45", PKL, "PKL: telaah kasus", 12, 1, "Pekerja sosial panti"),
        _row(4, "19.30-21.00", TALK, "Diskusi hasil PKL", 13, 2, "Fasilitator"),
        _row(5, "08.00-09.30", MATERIAL, "Pelayanan bagi lanjut usia dan penyandang disabilitas", 7, 2),
        _row(5, "09.45-11.15", MATERIAL, "Pelayanan bagi anak", 7, 2),
        _row(5, "13.00-15.15", MATERIAL, "Advokasi, jejaring dan kemitraan", 9, 3),
        _row(5, "15.30-16.15", TALK, "Rencana tindak lanjut", 14, 1, "Fasilitator"),
        _row(5, "16.15-16.45", EVENT, "Post-test dan evaluasi", office="Panitia"),
        _row(5, "16.45-17.15", EVENT, "Penutupan", office="Kepala dinas"),
    ),
    "pratama": (
        *_FIRST_MORNING,
        _row(1, "09.15-10.45", MATERIAL, "Kebijakan kesejahteraan sosial nasional", 1, 2),
        _row(1, "10.45-12.15", MATERIAL, "Kepemimpinan relawan sosial", 2, 2),
        _row(1, "13.15-14.45", MATERIAL, "Latihan kepemimpinan", 2, 2),
        _row(1, "15.15-16.45", MATERIAL, "Membaca data sosial", 4, 2),
        _row(2, "08.00-09.30", MATERIAL, "Menggunakan data sosial", 4, 2),
        _row(2, "09.45-11.15", MATERIAL, "Perencanaan program di desa", 3, 2),
        _row(2, "13.00-14.30", MATERIAL, "Latihan menyusun rencana", 3, 2),
        _row(2, "14.45-17.00", MATERIAL, "Monitoring, evaluasi dan pelaporan", 10, 3),
        _row(3, "08.00-09.30", MATERIAL, "Membimbing PSM yang baru", 5, 2),
        _row(3, "09.45-11.15", MATERIAL, "Latihan membimbing", 5, 2),
        _row(3, "13.00-14.30", MATERIAL, "Penanggulangan bencana: kesiapsiagaan", 8, 2),
        _row(3, "14.45-16.15", MATERIAL, "Penanggulangan bencana: tanggap darurat", 8, 2),
        _row(3, "16.15-17.00", MATERIAL, "Pembekalan PKL", 11, 1, "Panitia"),
        _row(4, "09.00-09.45", PKL, "PKL: penerimaan dan profil panti", 12, 1, "Kepala panti"),
        _row(4, "09.45-12.00", PKL, "PKL: observasi dan wawancara", 12, 3, "Pekerja sosial panti"),
        _row(4, "13.00-13.45", PKL, "PKL: telaah kasus", 12, 1, "Pekerja sosial panti"),
        _row(5, "09.00-11.15", PKL, "PKL: membimbing kelompok di desa", 12, 3, "Pekerja sosial panti"),
        _row(5, "13.00-14.30", TALK, "Diskusi hasil PKL", 13, 2, "Fasilitator"),
        _row(5, "14.45-17.00", MATERIAL, "Pengembangan masyarakat", 6, 3),
        _row(6, "08.00-09.30", MATERIAL, "Usaha sosial", 6, 2),
        _row(6, "09.45-11.15", MATERIAL, "Mediasi", 7, 2),
        _row(6, "13.00-14.30", MATERIAL, "Penanganan konflik sosial", 7, 2),
        _row(7, "08.00-09.30", MATERIAL, "Advokasi kebijakan", 9, 2),
        _row(7, "09.45-11.15", MATERIAL, "Kemitraan", 9, 2),
        _row(7, "13.00-13.45", TALK, "Rencana tindak lanjut", 14, 1, "Fasilitator"),
        _row(7, "13.45-14.15", EVENT, "Post-test dan evaluasi", office="Panitia"),
        _row(7, "14.15-14.45", EVENT, "Penutupan", office="Kepala dinas"),
    ),
}


def days_of(tier_code: str) -> int:
    """Return how many days the model rundown of a tier takes; 1 when there is none."""
    return max((row.day for row in RUNDOWNS.get(tier_code, ())), default=1)
