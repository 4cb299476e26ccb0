"""What a screen reader says on the pages that matter most: names, and what comes before what."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.face.crawl import Crawl, Visit
from tests.face.reading_aloud import lines_of, missing, read_aloud
from tests.face.showing import PHONE, Showing

BEGIN = ("link Langsung ke isi halaman", "banner", "link Bekal…", "main")
END = ("contentinfo…",)
CODE = ("search…", "textbox Kode pada sertifikat", "button Periksa")
REFUSED = ("alert Ada yang perlu diperbaiki", "heading 2 Ada yang perlu diperbaiki")
GO_ON = ("button Lanjut", "button Hapus dan mulai dari awal")


@dataclass(frozen=True)
class Told:
    """A page: who opens it, by which template it is known, what stands in its address and on it; then what is
    said, in order.

    Lines in between may be others; a line that ends in … may go on. Before come the skip link, the banner and
    `main`, at the end the foot of the page. What `opened` names is pressed before.
    """

    template: str
    said: tuple[str, ...]
    who: str = ""
    path: str = ""
    holds: str = ""
    opened: str = ""


PAGES = {
    "certificate in force": Told(
        "certificates/verify_certificate.html",
        (
            "heading 1 BERLAKU",
            "heading 2 Yang tercetak pada sertifikat",
            "term Nomor",
            "definition 026/DIKLAT-D/DINSOS-TAPIN/V/2011",
            "term Nama",
            "definition Siti Aminah",
            "term Wilayah tugas",
            "definition Desa Keladan, Kecamatan Candi Laras Utara",
            "term Keterangan",
            "definition LULUS",
            "term Diklat",
            "term Lama",
            "definition 25 (dua puluh lima) Jam Pelajaran",
            "term Tanggal diklat",
            "definition 24 s.d. 27 Mei 2011",
            "term Penyelenggara",
            "term Ditetapkan",
            "definition Rantau, 27 Mei 2011",
            "term Penanda tangan",
            "definition Drs. H. Zainal Ilmi, M.AP.…",
            "term Mata diklat",
            "term Kode",
            "heading 2 Tugas saat ini",
            "heading 2 Tentang pemeriksaan ini",
            "link Periksa kode lain",
        ),
        who="PSM (Tapin)",
    ),
    "certificate revoked": Told(
        "certificates/verify_certificate.html", ("heading 1 DICABUT",), holds="DICABUT"
    ),
    "unknown code": Told(
        "certificates/unknown_code.html", ("heading 1 TIDAK DITEMUKAN", "heading 2 Periksa kode lain", *CODE)
    ),
    "check a certificate": Told(
        "certificates/ask_for_code.html", ("heading 1 Periksa sertifikat", *CODE), path="/v/"
    ),
    "sign in": Told(
        "auth/sign_in.html",
        (
            "heading 1 Masuk",
            "textbox Email, nomor HP, atau NIK",
            "textbox Kata sandi atau kode masuk",
            "button Masuk",
            "link Lupa kata sandi atau kode masuk?",
        ),
        path="/sign-in",
    ),
    "home of guests": Told(
        "dashboard/public_home.html",
        (
            "heading 1 Diklat dan sertifikat Pekerja Sosial Masyarakat",
            "heading 2 PSM dan calon PSM",
            "link Pilih diklat yang dibuka",
            "link Masuk ke halaman saya",
            "heading 2 Petugas",
            "link Masuk sebagai petugas",
            "heading 2 Periksa sertifikat",
            *CODE,
            "heading 2 Diklat yang dibuka",
            "heading 3 Diklat Dasar PSM…",
            "link Diklat Dasar PSM…",
            "link Semua diklat yang dibuka",
        ),
        path="/",
    ),
    "home of a volunteer": Told(
        "dashboard/volunteer_home.html",
        (
            "heading 1 Beranda saya",
            "heading 2 Yang perlu Anda lakukan sekarang",
            "link Buka sertifikat saya",
            "heading 2 Jenjang diklat saya",
            "heading 3 Dasar",
            "heading 3 Madya",
            "heading 3 Pratama",
            "heading 2 Perjalanan diklat saya",
            "heading 2 Sertifikat saya",
            "link Diklat Dasar PSM…",
        ),
        who="PSM (Tapin)",
    ),
    "home of an officer": Told(
        "dashboard/staff_home.html",
        (
            "heading 1 Tugas saya",
            "heading 2 Yang perlu Anda lakukan sekarang",
            "link Periksa pendaftaran",
            "heading 2 Angkatan",
            "table Yang sedang berjalan di atas",
            "link Diklat Dasar PSM…",
        ),
        who="Dinas sosial kabupaten/kota (Tapin)",
        path="/",
    ),
    "question 1, NIK": Told(
        "enrollments/ask_nik.html",
        (
            "link Kembali",
            "heading 1 Berapa NIK Anda?",
            "textbox NIK",
            "button Lanjut",
            "link Masuk",
            "group Untuk apa NIK saya?",
        ),
    ),
    "question 1 refused": Told(
        "enrollments/ask_nik.html",
        (
            "heading 1 Berapa NIK Anda?",
            *REFUSED,
            "link NIK: Bagian ini wajib diisi.",
            "textbox NIK",
            "button Lanjut",
        ),
        holds="error-summary",
    ),
    "question 2, what the NIK says": Told(
        "enrollments/ask_birth.html",
        (
            "link Kembali",
            "heading 1 Apakah ini benar?",
            "term Tanggal lahir",
            "definition 5 Mei 1990",
            "term Jenis kelamin",
            "definition Perempuan",
            "link Bukan, saya perbaiki",
            "button Ya, benar",
            GO_ON[1],
        ),
    ),
    "question 3, name": Told(
        "enrollments/ask_name.html",
        ("link Kembali", "heading 1 Siapa nama lengkap Anda?", "textbox Nama lengkap", *GO_ON),
    ),
    "question 4, region": Told(
        "enrollments/choose_region.html",
        (
            "link Kembali",
            "heading 1 Di desa atau kelurahan mana Anda bertugas?",
            "link Provinsi Jawa Tengah",
            "link Provinsi Kalimantan…",
        ),
    ),
    "question 4, desa": Told(
        "enrollments/ask_desa.html",
        (
            "link Kembali",
            "heading 1 Di desa atau kelurahan mana Anda bertugas?",
            "group Kota Semarang",
            "group Kecamatan Banyumanik",
            "group Kecamatan Tugu",
            *GO_ON,
        ),
    ),
    "question 4, a kecamatan opened": Told(
        "enrollments/ask_desa.html",
        ("group Kota Semarang", "group", "radio Jerakah", "radio Tugurejo", *GO_ON),
        opened="Kecamatan Tugu",
    ),
    "question 5, how to reach": Told(
        "enrollments/ask_contact.html",
        (
            "link Kembali",
            "heading 1 Bagaimana kami menghubungi Anda?",
            "textbox Nomor HP/WhatsApp (wajib)",
            "textbox Alamat rumah (opsional)",
            *GO_ON,
        ),
    ),
    "check before sending": Told(
        "enrollments/check_own_data.html",
        (
            "link Kembali",
            "heading 1 Periksa data Anda",
            "term NIK",
            "link Ubah NIK",
            "term Nama",
            "definition Siti Rahmah",
            "link Ubah Nama",
            "term Desa/kelurahan tugas",
            "link Ubah Desa/kelurahan tugas",
            "term Nomor HP",
            "link Ubah Nomor HP",
            "term Alamat rumah",
            "link Ubah Alamat rumah",
            "button Kirim data saya",
            GO_ON[1],
        ),
    ),
    "sent": Told(
        "enrollments/show_registered.html",
        (
            "heading 1 Terima kasih, data Anda sudah kami terima",
            "heading 2 Kode masuk Anda",
            "button Sudah saya simpan, masuk",
        ),
    ),
    "application of somebody known": Told(
        "enrollments/enroll_self.html",
        (
            "heading 1 Periksa data Anda",
            "term Nama",
            "definition Siti…",
            "term NIK",
            "term Tanggal lahir",
            "term Desa/kelurahan tugas",
            "textbox Nomor HP/WhatsApp (opsional)",
            "textbox Alamat rumah (opsional)",
            "button Kirim pendaftaran",
        ),
        holds="Kirim pend",
    ),
    "presence of a half day": Told(
        "attendance/record_block.html",
        (
            "link Kehadiran",
            "heading 1 Kehadiran…",
            "heading 2 Semua hadir, kecuali …",
            "group Siti Nomor…",
            "button Simpan kehadiran",
            "link Batal",
        ),
        holds="Simpan kehadiran",
    ),
    "presence of one person": Told(
        "attendance/record_block.html",
        (
            "heading 2 Semua hadir, kecuali …",
            "group Kehadiran Siti Nomor…",
            "radio Hadir",
            "radio Terlambat",
            "radio Izin",
            "radio Sakit",
            "radio Tanpa keterangan",
            "textbox Catatan Siti Nomor…",
            "button Simpan kehadiran",
        ),
        holds="Simpan kehadiran",
        opened="Siti Nomor",
    ),
    "presence refused": Told(
        "attendance/record_block.html",
        (
            "heading 1 Kehadiran…",
            *REFUSED,
            "link Kehadiran Siti Nomor…",
            "heading 2 Semua hadir, kecuali …",
            "group Kehadiran Siti Nomor…",
            "button Simpan kehadiran",
        ),
        holds="error-summary",
    ),
    "marks and requirements": Told(
        "assessment/show_graduation.html",
        (
            "heading 1 Diklat Dasar PSM…",
            "navigation Bagian angkatan",
            "group Nilai & Kelulusan bagian lain",
            "heading 2 Yang perlu Anda lakukan sekarang",
            "heading 2 Nilai dan syarat kelulusan",
            "table …",
            "region Isi nilai",
            "heading 2 Isi nilai",
            "link Isi satu per satu",
            "textbox Tempel dari Excel",
            "button Periksa dahulu",
        ),
        holds="Periksa dahulu",
    ),
    "graduation to be approved": Told(
        "assessment/show_meeting.html",
        (
            "link Nilai & Kelulusan",
            "heading 1 Kelulusan…",
            "group Setujui hasil rapat",
            "link Kembalikan untuk diperbaiki",
            "term Status",
            "definition Diusulkan",
            "term Rapat kelulusan",
            "term Diusulkan oleh",
            "table Hasil rapat: 1 lulus",
        ),
        holds="Ya, setujui hasil rapat",
    ),
    "graduation, asked once more": Told(
        "assessment/show_meeting.html",
        (
            "heading 1 Kelulusan…",
            "group",
            "button Ya, setujui hasil rapat",
            "link Kembalikan untuk diperbaiki",
        ),
        holds="Ya, setujui hasil rapat",
        opened="Setujui hasil rapat",
    ),
    "approval of a graduation": Told(
        "assessment/approve_graduation.html", ("link Hasil rapat", "heading 1 Setujui hasil rapat…")
    ),
}


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_it_is_said_in_this_order(showing: Showing, crawl: Crawl, page: Any, name: str) -> None:
    told = PAGES[name]
    page.goto(showing.where(crawl, visit_of(crawl, told)))
    if told.opened:
        page.locator("main summary", has_text=told.opened).first.click()

    heard = read_aloud(page)

    assert missing(heard, [*BEGIN, *told.said, *END]) is None, "\n".join(heard)


@pytest.mark.browser
def test_every_page_has_one_main_and_begins_with_the_skip_link(
    showing: Showing, crawl: Crawl, page: Any
) -> None:
    """On one page of each frame; the parts of a page are the same wherever it is used."""
    for template in (
        "dashboard/public_home.html",
        "workspace/show_batch.html",
        "certificates/verify_certificate.html",
        "errors/error.html",
    ):
        page.goto(showing.where(crawl, crawl.first_of(template)))
        heard = read_aloud(page)
        assert heard[0] == BEGIN[0], template
        assert heard.count("main") == 1, template
        assert sum(line.startswith("banner") for line in heard) == 1, template


def test_a_line_that_stands_elsewhere_is_missed() -> None:
    heard = lines_of(
        '- banner:\n  - link "Bekal"\n- main:\n  - heading "Masuk" [level=1]\n  - textbox "Nama"\n  - button'
        ' "Masuk"\n  - term: Kode'
    )

    assert heard == [
        "banner",
        "link Bekal",
        "main",
        "heading 1 Masuk",
        "textbox Nama",
        "button Masuk",
        "term Kode",
    ]
    assert missing(heard, ["main", "textbox Nama", "button Masuk"]) is None
    assert missing(heard, ["button Masuk", "textbox Nama"]) == "textbox Nama"
    assert missing(heard, ["heading 1 …", "button Mas…"]) is None
    assert missing(heard, ["heading 2 Masuk"]) == "heading 2 Masuk"


def visit_of(crawl: Crawl, told: Told) -> Visit:
    """Return the page of the walk that is meant."""
    for visit in crawl.visits:
        if (
            visit.template == told.template
            and told.holds in visit.body
            and told.who in ("", visit.who)
            and told.path in ("", visit.path)
        ):
            return visit
    raise AssertionError(f"nobody met {told}")


@pytest.fixture
def page(showing: Showing) -> Any:
    """A page on a phone."""
    page = showing.new_page(PHONE)
    yield page
    page.context.close()
