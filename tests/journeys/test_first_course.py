"""One real diklat through pages only: planned, taught, approved, certified, checked by a stranger, and seen
in the coverage.

The real course is that of Kabupaten Tapin, 24 to 27 May 2011, with invented people: 29 PSM of eight kecamatan
whom the dinas registers and one calon PSM who registers herself; one of the PSM misses the day of field
practice.
"""

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.demo.people import PARTICIPANTS
from app.trainees.rules import Sex, sample_nik
from tests import databases, regions_for_tests
from tests.journeys.installation import Installation
from tests.journeys.people import PASSWORD, Person

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.tools,
    pytest.mark.skipif(
        CHROMIUM is None or shutil.which("pdftoppm") is None, reason="Chromium and poppler are not installed"
    ),
]

BEFORE, AT_THE_END, LATER = "2011-05-04T09:00+08:00", "2011-05-27T11:30+08:00", "2011-06-06T09:00+08:00"
HERSELF = PARTICIPANTS[0]
OTHERS = PARTICIPANTS[1:]
MISSING = PARTICIPANTS[7]
NAMES = dict(regions_for_tests.rows())
WITHOUT = ("Bakarangan", "Piani", "Salam Babaris", "Hatungun")
HALF_DAYS = ("2011-05-24-1", "2011-05-24-2", "2011-05-25-1", "2011-05-25-2", "2011-05-27-1")


def nik(number: int) -> str:
    person = PARTICIPANTS[number]
    return sample_nik(
        person.desa[:8],
        date.fromisoformat(person.born),
        Sex.FEMALE if person.is_woman else Sex.MALE,
        9001 + number,
    )


def test_a_diklat_from_plan_to_verified_certificate_to_coverage(tmp_path: Path, chromium: Any) -> None:
    address = databases.new_database(tmp_path, "journey")
    installation = Installation(tmp_path, address)
    people: dict[str, Person] = {}
    try:
        installation.start(BEFORE)
        people |= {
            role: Person(chromium, installation.address, role)
            for role in (
                "administrator",
                "dinas",
                "kabid",
                "pengajar",
                "panti",
                "Siti Aminah",
                "sekretaris desa",
            )
        }
        the_office_is_set_up(installation, people)
        the_course_is_planned(installation, people)
        people_register(people)
        the_seats_are_given(people)
        the_home_answers(installation, people)
        installation.stop()
        installation.start(AT_THE_END)
        they_sign_in_again(people)
        the_days_are_entered(people)
        the_meeting_decides(people)
        certificates_are_issued(people)
        a_stranger_verifies(people, tmp_path)
        the_coverage_is_true_on_each_day(people)
        installation.stop()
        installation.start(LATER)
        the_calon_psm_counts_from_her_sk(people)
    finally:
        installation.stop()
        for person in people.values():
            person.context.close()
        databases.drop_database(address)


def the_office_is_set_up(installation: Installation, people: dict[str, Person]) -> None:
    admin = people["administrator"]
    admin.welcome(installation.printed_link())
    admin.sign_in("admin@contoh.id")
    admin.open("/organisers/new")
    for label, value in (
        ("Kode wilayah", "63.05"),
        ("Kode penyelenggara", "TAPIN"),
        ("Nama kantor", "Dinas Sosial Kabupaten Tapin"),
        ("Pemerintah", "Pemerintah Kabupaten Tapin"),
        ("Nama itu berlaku mulai", "2009-01-01"),
        ("Tempat menandatangani", "Rantau"),
        ("Unit dalam nomor sertifikat", "DINSOS-TAPIN"),
    ):
        admin.type(label, value)
    admin.submit()
    office = admin.page.url
    for name, position, second in (
        ("Drs. H. Zainal Ilmi, M.AP.", "Kepala Dinas Sosial Kabupaten Tapin", False),
        ("Dra. Rusmini, M.Si.", "Kepala Bidang Pemberdayaan Sosial", True),
    ):
        admin.open(office + "/signers/new")
        admin.type("Nama lengkap dan gelar", name)
        admin.type("Jabatan", position)
        admin.type("Mulai", "2009-01-01")
        if second:
            admin.tick("Penandatangan kedua")
        admin.submit()
    invite(admin, "Ratna Dewi", "dinas@contoh.id", "Dinas sosial kabupaten/kota", inside=True)
    dinas = people["dinas"]
    dinas.welcome(installation.mailed_link("dinas@contoh.id"))
    invite(dinas, "Dra. Rusmini, M.Si.", "kabid@contoh.id", "Pejabat penyetuju dan penandatangan")
    people["kabid"].welcome(installation.mailed_link("kabid@contoh.id"))


def invite(by: Person, name: str, email: str, role: str, *, inside: bool = False) -> None:
    by.open("/users/invite")
    by.type("Nama lengkap", name)
    by.type("Email", email)
    by.choose("Peran", role)
    if inside:
        by.choose("Berlaku untuk", "Wilayah lain di dalamnya, pilih di bawah")
        by.choose("Provinsi", "Kalimantan Selatan")
        by.choose("Kabupaten", "Kabupaten Tapin")
    else:
        by.choose("Berlaku untuk", "Kabupaten Tapin")
    by.submit()


def the_course_is_planned(installation: Installation, people: dict[str, Person]) -> None:
    dinas = people["dinas"]
    dinas.open("/courses/new-batch")
    dinas.choose("Jenjang", "Dasar")
    dinas.type("Tanggal mulai", "2011-05-24")
    dinas.type("Tempat", "Aula Dinas Sosial Kabupaten Tapin, Rantau")
    dinas.submit()
    dinas.open("/batches/1/edit")
    dinas.type("Narahubung", "Ratna Dewi")
    dinas.type("Nomor telepon narahubung", "0812-0000-0101")
    dinas.type("Untuk siapa", "PSM dan calon PSM di Kabupaten Tapin")
    dinas.page.get_by_label("Lama menurut pengumuman").or_(dinas.field("Lama")).first.fill("3")
    dinas.submit()
    dinas.open("/batches/1/sessions")
    dinas.press("Salin dari model jadwal")
    dinas.sees("JP terjadwal: 25 dari 25")
    dinas.sees("Diumumkan 3 hari, tanggalnya 4 hari: 24 s.d. 27 Mei 2011")
    dinas.open("/organisers/1/facilitators/new")
    dinas.type("Nama dan gelar", "Drs. Hairul Anwar")
    dinas.type("Instansi", "Dinas Sosial Provinsi")
    dinas.type("Email", "pengajar@contoh.id")
    dinas.submit()
    people["pengajar"].welcome(installation.mailed_link("pengajar@contoh.id"))
    dinas.open("/batches/1/sessions")
    row = dinas.page.get_by_role("row").filter(has_text="Etika dan kerahasiaan data klien")
    dinas.press("Ubah", within=row)
    dinas.choose("Pengajar", "Drs. Hairul Anwar")
    dinas.submit()
    dinas.open("/hosts/new")
    dinas.type("Nama lokasi", "Panti Perlindungan Lanjut Usia Budi Luhur")
    dinas.choose("Jenis", "Panti")
    dinas.choose("Provinsi", "Kalimantan Selatan")
    dinas.choose("Kabupaten", "Kota Banjarbaru")
    dinas.page.locator("#visitors_per_day").fill("40")
    dinas.submit()
    dinas.open("/hosts/1")
    dinas.type("Nama narahubung", "Ibu Kartini")
    dinas.type("Email", "panti@contoh.id")
    dinas.submit()
    people["panti"].welcome(installation.mailed_link("panti@contoh.id"))
    dinas.open("/batches/1/open")
    dinas.submit()


def people_register(people: dict[str, Person]) -> None:
    dinas = people["dinas"]
    for number, person in enumerate(OTHERS, start=1):
        dinas.open("/trainees/register")
        dinas.type("Nama lengkap", person.name)
        dinas.type("NIK", nik(number))
        dinas.type("Tanggal lahir", person.born)
        dinas.choose("Jenis kelamin", "Perempuan" if person.is_woman else "Laki-laki")
        dinas.choose("Kecamatan", NAMES[person.desa[:8]], group="Desa/kelurahan tugas")
        dinas.choose("Desa", NAMES[person.desa], group="Desa/kelurahan tugas")
        dinas.type("Bertugas sejak", "2011-01-03")
        dinas.submit()
    dinas.open("/appointments/new")
    dinas.type("Nomor SK", "188.45/012/KUM/2011")
    dinas.type("Tanggal SK", "2011-01-03")
    dinas.type("Ditandatangani oleh", "Bupati Tapin")
    for box in dinas.page.locator("input[type=checkbox][name=trainees]").all():
        box.check()
    dinas.submit()
    dinas.sees("29")
    her = people["Siti Aminah"]
    her.open("/")
    her.press("Pilih diklat yang dibuka")
    her.press("Diklat Dasar PSM")
    her.press("Daftarkan diri")
    her.type("NIK", nik(0))
    her.submit()
    her.press("Ya, benar")
    her.type("Nama lengkap", HERSELF.name)
    her.submit()
    main = her.page.get_by_role("main")
    main.locator("summary", has_text=NAMES[HERSELF.desa[:8]]).first.click()
    main.get_by_label(NAMES[HERSELF.desa], exact=True).locator("visible=true").check()
    her.submit()
    her.type("Nomor HP", "0812-0002-0000")
    her.submit()
    her.press("Kirim pendaftaran")
    code = "".join(main.locator(".sign-in-code span").all_inner_texts())
    her.sign_in(nik(0), code)
    her.open("/me/account/password")
    her.type("Kata sandi lama", code)
    her.type("Kata sandi baru", PASSWORD)
    her.type("Kata sandi baru, sekali lagi", PASSWORD)
    her.submit()
    her.open("/")
    her.sees("sedang diperiksa")


def the_seats_are_given(people: dict[str, Person]) -> None:
    dinas = people["dinas"]
    dinas.open("/batches/1/enrollments/add")
    for box in dinas.page.locator("input[type=checkbox][name=trainees]").all():
        box.check()
    dinas.submit()
    dinas.open("/batches/1/enrollments/decide")
    for box in dinas.page.locator("input[type=checkbox][name=enrollments]").all():
        box.check()
    dinas.press("Terima", within=dinas.page.get_by_role("main"))
    dinas.open("/batches/1/enrollments")
    dinas.sees("30 dari 30")
    her = people["Siti Aminah"]
    her.open("/")
    her.sees("Anda diterima sebagai peserta")
    dinas.open("/batches/1/close")
    dinas.submit()


def the_home_answers(installation: Installation, people: dict[str, Person]) -> None:
    dinas, home = people["dinas"], people["panti"]
    dinas.open("/batches/1/visits/new")
    dinas.choose("Lokasi PKL", "Panti Perlindungan Lanjut Usia Budi Luhur")
    dinas.type("Tanggal kunjungan", "2011-05-26")
    dinas.type("Jumlah tempat", "30")
    dinas.submit()
    home.open("/")
    home.sees("memohon tempat PKL untuk 30 peserta")
    home.press("Jawab permohonan")
    home.page.get_by_role("radio", name="Terima", exact=True).check()
    home.submit()
    dinas.open("/batches/1/placements")
    dinas.press("Bagi rata, campur kecamatan")
    dinas.sees("Semua peserta sudah ditempatkan")


def they_sign_in_again(people: dict[str, Person]) -> None:
    for role, name in (
        ("dinas", "dinas@contoh.id"),
        ("kabid", "kabid@contoh.id"),
        ("pengajar", "pengajar@contoh.id"),
        ("panti", "panti@contoh.id"),
        ("Siti Aminah", "0812-0002-0000"),
    ):
        people[role].sign_in(name)


def the_days_are_entered(people: dict[str, Person]) -> None:
    dinas = people["dinas"]
    dinas.open("/batches/1/workspace")
    dinas.sees("Berlangsung")  # the calendar says so; nobody has to press anything
    teacher = people["pengajar"]
    teacher.open("/")
    teacher.press("Catat kehadiran")
    teacher.submit()
    teacher.page.get_by_text(re.compile("Kehadiran tersimpan")).wait_for()
    home = people["panti"]
    home.open("/me/sessions")
    sessions = [link.get_attribute("href") for link in home.page.locator("main a[href*='/sessions/']").all()]
    assert len(set(sessions)) == 4, sessions
    for session in sorted(set(sessions)):
        home.open(session or "")
        home.page.locator("summary", has_text=MISSING.name).click()
        home.page.get_by_role("group", name=f"Kehadiran {MISSING.name}").get_by_text(
            "Tanpa keterangan"
        ).click()
        home.submit()
        home.page.get_by_text(re.compile("Kehadiran tersimpan")).wait_for()
    home_cannot = home.page.goto(home.address + "/batches/1/enrollments")
    assert home_cannot is not None
    assert home_cannot.status == 404
    for half_day in HALF_DAYS:
        dinas.open(f"/batches/1/attendance/{half_day}")
        dinas.submit()
        dinas.page.get_by_text(re.compile("Kehadiran tersimpan")).wait_for()
    dinas.open("/batches/1/finish")
    dinas.submit()


def the_meeting_decides(people: dict[str, Person]) -> None:
    dinas, kabid = people["dinas"], people["kabid"]
    dinas.open("/batches/1/graduation")
    dinas.sees("20 dari 25 JP")
    dinas.open("/batches/1/graduation/propose")
    dinas.type("Tanggal rapat kelulusan", "2011-05-27")
    dinas.submit()
    kabid.open("/")
    kabid.press("Baca dan setujui")
    kabid.sees("29 orang memenuhi semua syarat")
    kabid.sees(MISSING.name)
    kabid.sees("tidak mengikuti PKL")
    kabid.page.locator("summary", has_text="Setujui hasil rapat").click()
    kabid.press("Ya, setujui hasil rapat")


def certificates_are_issued(people: dict[str, Person]) -> None:
    kabid = people["kabid"]
    kabid.open("/batches/1/certificates/issue")
    kabid.type("Ditetapkan tanggal", "2011-05-27")
    kabid.submit()
    kabid.open("/batches/1/certificates")
    kabid.sees("001/DIKLAT-D/DINSOS-TAPIN/V/2011")
    kabid.sees("029/DIKLAT-D/DINSOS-TAPIN/V/2011")
    assert "030/DIKLAT-D" not in kabid.text()


def a_stranger_verifies(people: dict[str, Person], folder: Path) -> None:
    import zxingcpp
    from PIL import Image

    her = people["Siti Aminah"]
    her.open("/")
    her.press("Buka sertifikat saya")
    with her.page.expect_download() as download:
        her.page.get_by_role("link", name="PDF").first.click()
    sheet = folder / "sheet.pdf"
    download.value.save_as(sheet)
    assert "Siti-Aminah" in download.value.suggested_filename
    subprocess.run(
        ["pdftoppm", "-r", "150", "-png", "-f", "1", "-l", "1", str(sheet), str(folder / "sheet")], check=True
    )
    with Image.open(next(folder.glob("sheet*.png"))) as picture:
        code = zxingcpp.read_barcodes(picture)[0].text
    assert code.startswith(her.address.upper() + "/V/")
    stranger = people["sekretaris desa"]
    stranger.open(code.replace(her.address.upper(), her.address))
    stranger.sees("BERLAKU")
    for fact in (
        HERSELF.name,
        "25",
        "24 s.d. 27 Mei 2011",
        "Dinas Sosial Kabupaten Tapin",
        "Drs. H. Zainal Ilmi, M.AP.",
        "Rantau",
    ):
        stranger.sees(fact)


def the_coverage_is_true_on_each_day(people: dict[str, Person]) -> None:
    dinas = people["dinas"]
    dinas.open("/coverage/63.05")
    dinas.press("Pendataan sudah lengkap?")
    dinas.type("Lengkap sejak", "2011-05-04")
    dinas.press("Nyatakan lengkap")
    dinas.sees("Pendataan dinyatakan lengkap")
    dinas.open("/coverage/63.05?as_of=2011-05-27")
    dinas.sees("8 dari 12 kecamatan memiliki PSM terlatih")
    for kecamatan in WITHOUT:
        assert kecamatan in dinas.page.locator("main").inner_text().split("memiliki PSM terlatih")[1][:400]
    assert trained(dinas) == "28"  # 29 certificates, one of them of a calon PSM
    dinas.open("/coverage/63.05?as_of=2011-05-23")
    dinas.sees("0 dari 12 kecamatan memiliki PSM terlatih")
    dinas.open("/coverage/63.05/gaps?as_of=2011-05-23")
    dinas.sees("135")


def trained(dinas: Person) -> str:
    """Return the number of trained people among the figures."""
    figure = dinas.page.locator("dt", has_text=re.compile("^PSM terlatih$")).first.locator(
        "xpath=following-sibling::dd[1]"
    )
    return figure.inner_text().split()[0]


def the_calon_psm_counts_from_her_sk(people: dict[str, Person]) -> None:
    dinas = people["dinas"]
    dinas.open("/appointments/new")
    dinas.type("Nomor SK", "188.45/101/KUM/2011")
    dinas.type("Tanggal SK", "2011-06-01")
    dinas.type("Ditandatangani oleh", "Bupati Tapin")
    dinas.page.locator("input[type=checkbox][name=trainees]").first.check()
    dinas.submit()
    for day, number in (("2011-05-27", "28"), ("2011-05-31", "28"), ("2011-06-01", "29")):
        dinas.open(f"/coverage/63.05?as_of={day}")
        assert trained(dinas) == number, day
