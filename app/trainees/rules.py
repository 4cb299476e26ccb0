"""What a person can be; what a NIK says; how names are compared; which moves of standing there are; when a
tier holds.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from app.auth.rules import NIK_LENGTH, NameKind, Permission, normal_name
from app.core.choices import Choice
from app.core.dates import long_date, wait_words
from app.core.drawable import describe_characters, refusal_of_characters
from app.core.names import bare_name, fold_name, is_of_name
from app.core.scopes import KABUPATEN_LENGTH, NATION, contains
from app.core.text import Text, _
from app.core.typed import clean_text, plain_digits
from app.regions.rules import Level

# Permensos 10/2019 tentang PSM, as restated in public service standards: at least 18 years old.
LEAST_AGE = 18
OLDEST_LIKELY = 100
NAME_MOST = 200
WORD_OF_NAME_MOST = (
    40  # letters without a blank: what every paper holds on one line in letters that can be read
)
BIRTH_PLACE_MOST = 80
WORD_MOST = 60
REASON_MOST = 300
FIRST_DAY = date(1945, 8, 17)
SEALED_MOST = 320  # bytes
PROVINCES_OF_NIK = frozenset(
    (  # all that number people now, and 54, Timor Timur, which did
        "11",
        "12",
        "13",
        "14",
        "15",
        "16",
        "17",
        "18",
        "19",
        "21",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "72",
        "73",
        "74",
        "75",
        "76",
        "81",
        "82",
        "91",
        "92",
        "93",
        "94",
        "95",
        "96",
    )
)
SELF_REGISTRATIONS_PER_ADDRESS = 300  # begun from one address: a carrier lends one to a whole kabupaten
SELF_REGISTRATION_WINDOW = timedelta(hours=1)
SELF_REGISTRATIONS_PER_NIK = 10  # sent with one NIK: nobody needs more
SAME_NIK_WINDOW = timedelta(days=1)


class Sex(Choice):
    """As on the KTP."""

    FEMALE = "female", _("Perempuan")
    MALE = "male", _("Laki-laki")


class TraineeStatus(Choice):
    """Standing of a person; only active people, by an SK in force, count for coverage."""

    CANDIDATE = "candidate", _("Calon PSM")
    ACTIVE = "active", _("PSM aktif")
    INACTIVE = "inactive", _("Nonaktif")
    RESIGNED = "resigned", _("Mengundurkan diri")
    MOVED = "moved", _("Pindah")
    DECEASED = "deceased", _("Meninggal")


class EndedAs(Choice):
    """Why a qualification no longer holds."""

    REVOKED = "revoked", _("dicabut")
    REPLACED = "replaced", _("diganti")
    EXPIRED = "expired", _("masa berlaku habis")


class Source(Choice):
    """Where a qualification comes from."""

    CERTIFICATE = "certificate", _("sertifikat")
    RECOGNISED = "recognised", _("sertifikat lama yang diakui")


S = TraineeStatus
TRANSITIONS: dict[TraineeStatus, frozenset[TraineeStatus]] = {
    S.CANDIDATE: frozenset({S.ACTIVE, S.RESIGNED, S.MOVED, S.DECEASED}),
    S.ACTIVE: frozenset({S.INACTIVE, S.RESIGNED, S.MOVED, S.DECEASED}),
    S.INACTIVE: frozenset({S.ACTIVE, S.RESIGNED, S.MOVED, S.DECEASED}),
    S.RESIGNED: frozenset(
        {S.CANDIDATE, S.DECEASED}
    ),  # who comes back begins again as calon and needs a new SK
    S.MOVED: frozenset({S.CANDIDATE, S.DECEASED}),
    S.DECEASED: frozenset(),  # an entry by mistake is taken back
}
TAKEN_BACK = frozenset(
    {S.INACTIVE, S.RESIGNED, S.MOVED, S.DECEASED}
)  # what may have been recorded of the wrong person
CHANGED_TO = tuple(
    status for status in S if status is not S.ACTIVE
)  # what is recorded by itself: an SK alone makes somebody active
APPOINTABLE = frozenset(status for status, onward in TRANSITIONS.items() if S.ACTIVE in onward)


TAKEN_FACTS = (
    "nik",
    "birth_place",
    "birth_date",
    "sex",
    "phone",
    "email",
    "address",
    "home_region_id",
    "member_number",
    "user_id",
)
_BETTER = {S.RESIGNED: 0, S.MOVED: 0, S.INACTIVE: 1, S.CANDIDATE: 1, S.ACTIVE: 2}


def right_to_take_back(status: TraineeStatus) -> Permission | None:
    """Return the right by which this standing, when it was recorded by mistake, is taken back; None where
    there is nothing to take back.

    What an SK made is taken back by whoever may make an SK.
    """
    if status is S.ACTIVE:
        return Permission.APPOINTMENT_MAKE
    return Permission.TRAINEE_EDIT if status in TAKEN_BACK else None


def takes_service(kept: TraineeStatus, other: TraineeStatus, *, was_appointed: bool) -> bool:
    """Say whether a record that counts takes the standing and the desa of its duplicate: a PSM aktif before
    all others, and whoever serves before whoever has left. A death is never overwritten, nor the years of an
    SK by a mere request.
    """
    if S.DECEASED in (kept, other) or _BETTER[other] <= _BETTER[kept]:
        return False
    return other is S.ACTIVE or not was_appointed


def refusal_to_change(present: TraineeStatus, status: TraineeStatus) -> Text | None:
    """Say why a standing cannot become another without an SK, or None when it can."""
    if status is present:
        return _("Statusnya sudah %(status)s.", status=str(status.label))
    if status is S.ACTIVE:
        return _("Seseorang menjadi PSM aktif hanya lewat SK. Catat SK-nya pada SK pengangkatan.")
    if status not in TRANSITIONS[present]:
        return _(
            "Dari %(present)s tidak dapat langsung menjadi %(status)s.",
            present=str(present.label),
            status=str(status.label),
        )
    return None


def refusal_of_day(day: date, *, today: date, last: date | None, born: date | None = None) -> Text | None:
    """Say why a fact cannot begin on this day: never in the future, not before the person was born or this
    country was there, not before what was recorded last.
    """
    if day < FIRST_DAY:
        return _("Tanggal ini tidak mungkin. Periksa tahunnya.")
    if born is not None and day < born <= today:  # a birth in the future is refused at its own field
        return _("Tanggal ini sebelum orangnya lahir, %(born)s.", born=f"{born:%d-%m-%Y}")
    if day > today:
        return _("Tanggal mulai tidak boleh di masa depan.")
    if last is not None and day < last:
        return _("Tanggal mulai tidak boleh sebelum catatan terakhir, %(last)s.", last=f"{last:%d-%m-%Y}")
    return None


def refusal_on_day_of_appointment(number: str, dated_on: date) -> Text:
    """Say from when on another standing can follow an SK, and what helps where the SK itself
    was the mistake.
    """
    return _(
        "SK nomor %(number)s berlaku sejak %(day)s; status berikutnya paling awal %(next)s. Bila SK itu"
        " keliru dicatat, batalkan dahulu.",
        number=number,
        day=long_date(dated_on),
        next=long_date(dated_on + timedelta(days=1)),
    )


def too_many_registrations(seconds: int) -> Text:
    """Say to somebody who begins a registration that too many are begun where she is, and what she can do."""
    return _(
        "Saat ini terlalu banyak pendaftaran dari jaringan Anda. Coba lagi dalam %(wait)s, pakai jaringan"
        " lain, atau minta TKSK kecamatan atau dinas sosial mendaftarkan Anda.",
        wait=wait_words(seconds),
    )


def too_many_of_one(seconds: int) -> Text:
    """Say to somebody who sent the same NIK very often what she can do; what she typed stays on
    her device.
    """
    return _(
        "NIK ini sudah berkali-kali dikirim hari ini. Isian Anda tetap tersimpan di HP ini. Coba lagi dalam"
        " %(wait)s, atau hubungi dinas sosial kabupaten/kota Anda.",
        wait=wait_words(seconds),
    )


def code_above(areas: Iterable[str], code: str) -> str:
    """Return the region whose office sees further than somebody who reaches these areas, from a place inside
    one of them.

    Below the kabupaten it is the own kabupaten, for a kabupaten the provinsi, above that the nation.
    """
    held = min((area for area in areas if contains(area, code)), key=len, default=code)
    if len(held) > KABUPATEN_LENGTH:
        return held[:KABUPATEN_LENGTH]
    return held.rpartition(".")[0] or NATION


def office_words(level: Level, region_name: str, office: str | None, phone: str | None) -> Text | str:
    """Say which office to ask: by its name and telephone number where it is recorded, else by what it is."""
    if office:
        return _("%(office)s (telepon %(phone)s)", office=office, phone=phone) if phone else office
    if level is Level.NATION:
        return _("Kementerian Sosial")
    return _("dinas sosial %(region)s", region=region_name)


def check_nik(text: str) -> str | Text:
    """Return the sixteen digits, cleaned of blanks, dots, dashes and a leading apostrophe; or the reason why
    this is no NIK.

    The region part is where the NIK was first issued: it may be any province that there is or was, whoever's
    and wherever she lives.
    """
    typed = plain_digits(clean_text(text, one_line=True))
    nik = re.sub(
        r"[\s.\-/]",
        "",
        re.sub(r"^(?:no\.?|nomor)?\s*nik\s*[:.]?", "", typed, flags=re.IGNORECASE).lstrip("'’‘`\" "),
    )
    if not nik:
        return _("NIK belum diisi.")
    if re.fullmatch(r"\d+[.,]?\d*[eE]\+?\d+", typed):
        return _("NIK ini sudah dipotong oleh Excel. Ubah kolomnya menjadi teks, lalu ketik ulang.")
    if not (nik.isascii() and nik.isdigit()):
        return _("NIK hanya terdiri atas angka.")
    if len(nik) != 16:
        return _("NIK harus 16 angka; Anda mengetik %(count)d.", count=len(nik))
    if nik[:2] not in PROVINCES_OF_NIK:
        return _(
            "Dua angka pertama NIK bukan kode provinsi: %(code)s. Periksa kembali NIK pada KTP.", code=nik[:2]
        )
    if not _birth_dates(nik):
        return _(
            "Tanggal lahir di dalam NIK (angka ke-7 sampai ke-12) tidak mungkin. Periksa kembali NIK pada"
            " KTP."
        )
    if nik.endswith("0000"):
        return _("Empat angka terakhir NIK tidak mungkin 0000. Periksa kembali NIK pada KTP.")
    return nik


@dataclass(frozen=True)
class NikHints:
    """What a NIK lets suppose; the KTP decides."""

    birth_date: date
    sex: Sex


def what_nik_suggests(nik: str, today: date) -> NikHints:
    """Return the likely birth date and the sex; of two centuries the one that makes an adult who is not past
    a hundred.
    """
    dates = _birth_dates(nik)
    likely = [day for day in dates if LEAST_AGE <= age_on(day, today) <= OLDEST_LIKELY]
    past = [day for day in dates if day <= today]
    return NikHints(max(likely or past or dates), sex_in_nik(nik))


def doubts_about_nik(nik: str, birth_date: date | None, sex: Sex | None) -> list[Text]:
    """Return warnings where the NIK says something else than the form; they never refuse."""
    doubts = []
    if birth_date is not None and birth_date not in _birth_dates(nik):
        doubts.append(_("Tanggal lahir berbeda dengan tanggal di dalam NIK. Cocokkan dengan KTP."))
    if sex is not None and sex is not sex_in_nik(nik):
        doubts.append(_("Jenis kelamin berbeda dengan yang ada di dalam NIK. Cocokkan dengan KTP."))
    return doubts


def mask_nik(nik: str) -> str:
    """Return what is shown of a NIK: 6305************.

    The figures behind the date are 0001 for most people, and are no secret.
    """
    return nik[:4] + "*" * (NIK_LENGTH - 4)


def sample_nik(region_code: str, birth_date: date, sex: Sex, serial: int) -> str:
    """Return a made-up NIK for tests and demo content.

    Serials 9000 to 9999 are kept for samples: offices count from 0001 on each day, so no real person's number
    is shown.
    """
    if not 9000 <= serial <= 9999:
        raise ValueError("sample NIK have serials from 9000 to 9999")
    place = region_code.replace(".", "")[:6].ljust(6, "1")
    day = birth_date.day + (40 if sex is Sex.FEMALE else 0)
    return f"{place}{day:02}{birth_date:%m%y}{serial:04}"


def _birth_dates(nik: str) -> list[date]:
    """Return the dates that the six digits may stand for: women have forty added to the day, the century is
    left out.
    """
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    dates = []
    for century in (1900, 2000):
        try:
            dates.append(date(century + year, month, day - 40 if day > 40 else day))
        except ValueError:
            continue
    return dates


def age_on(birth_date: date, day: date) -> int:
    """Return the age in whole years on a day."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def refusal_of_age(birth_date: date | None, nik: str | None, today: date) -> Text | None:
    """Say why somebody of this age cannot be registered; without a birth date the NIK gives a hint, which the
    KTP settles.
    """
    if birth_date is None:
        if nik is not None and age_on(what_nik_suggests(nik, today).birth_date, today) < LEAST_AGE:
            return _("Menurut NIK, umurnya belum %(age)d tahun. Isi tanggal lahir sesuai KTP.", age=LEAST_AGE)
        return None
    if birth_date > today or age_on(birth_date, today) > 120:
        return _("Tanggal lahir ini tidak mungkin. Periksa tahunnya.")
    if age_on(birth_date, today) < LEAST_AGE:
        return _("PSM paling muda berumur %(age)d tahun. Menurut tanggal lahir ini belum.", age=LEAST_AGE)
    return None


def check_name(text: str) -> str | Text:
    """Return the name with single blanks, or the reason why it is none.

    Single names, titles and apostrophes are names.
    """
    name = " ".join(text.split())
    if not name:
        return _("Nama belum diisi.")
    if refusal := refusal_of_characters(name):
        return refusal
    if not any(character.isalpha() for character in name):
        return _("Nama ditulis dengan huruf, seperti pada KTP.")
    if len(name) > NAME_MOST:
        return _("Nama paling banyak %(most)d huruf.", most=NAME_MOST)
    if max(map(len, name.split())) > WORD_OF_NAME_MOST:
        return _(
            "Satu kata pada nama paling banyak %(most)d huruf. Periksa spasi di antara kata-katanya.",
            most=WORD_OF_NAME_MOST,
        )
    if re.search(r"\d{6,}", name):
        return _("Nama memuat deretan angka. NIK dan nomor HP mempunyai isian sendiri.")
    if strange := dict.fromkeys(character for character in name if not is_of_name(character)):
        return _(
            "Nama orang tidak memuat %(signs)s. Tulis seperti pada KTP, dengan huruf Latin.",
            signs=describe_characters(list(strange)),
        )
    return name


def check_email(text: str) -> str | Text:
    """Return the address in its canonical form, or the reason why it is none."""
    return normal_name(NameKind.EMAIL, text) or _("Alamat email ini tidak lengkap. Contoh: nama@contoh.id")


def fits_sealed(text: str) -> bool:
    """Say whether a text fits its column once it is encrypted: 512 characters of base64."""
    return len(text.encode()) <= SEALED_MOST


class Identity(Protocol):
    """What tells two people apart."""

    @property
    def name(self) -> str: ...
    @property
    def nik(self) -> str | None: ...
    @property
    def phone(self) -> str | None: ...
    @property
    def duty_region_id(self) -> int: ...
    @property
    def nik_index(self) -> str | None: ...
    @property
    def birth_date(self) -> date | None: ...
    @property
    def sex(self) -> Sex | None: ...


def differences_of(one: Identity, other: Identity) -> list[Text]:
    """Return in what two records contradict each other: NIK, birth date and sex, read from the NIK where only
    that tells; names without a word in common; another desa together with another phone, unless name and
    birth date are the same.
    """
    names = bare_name(one.name), bare_name(other.name)
    born, sexes = (_dates_of(one), _dates_of(other)), (_sex_of(one), _sex_of(other))
    is_same = names[0] == names[1] and one.birth_date is not None and one.birth_date == other.birth_date
    called_otherwise = bool(one.phone and other.phone) and one.phone != other.phone
    found = [
        (_("NIK"), bool(one.nik_index and other.nik_index) and one.nik_index != other.nik_index),
        (_("tanggal lahir"), bool(born[0] and born[1]) and not born[0] & born[1]),
        (_("jenis kelamin"), None not in sexes and sexes[0] is not sexes[1]),
        (_("nama"), not set(names[0].split()) & set(names[1].split())),
        (
            _("desa tugas dan nomor HP"),
            not is_same and called_otherwise and one.duty_region_id != other.duty_region_id,
        ),
    ]
    return [words for words, differs in found if differs]


def _dates_of(record: Identity) -> set[date]:
    if record.birth_date is not None:
        return {record.birth_date}
    return set(_birth_dates(record.nik)) if record.nik else set()


def _sex_of(record: Identity) -> Sex | None:
    return record.sex or (sex_in_nik(record.nik) if record.nik else None)


def sex_in_nik(nik: str) -> Sex:
    """Return the sex that a NIK says: women have forty added to the day."""
    return Sex.FEMALE if int(nik[6:8]) > 40 else Sex.MALE


def refusal_of_differences(differences: list[Text]) -> Text:
    """Say that two records are two people as far as they tell, and what to do if they are not."""
    return _(
        "Kedua data berbeda: %(what)s. Tampaknya dua orang. Bila salah catat, perbaiki dahulu; bila tetap"
        " satu orang, nyatakan dan jelaskan dalam alasan.",
        what=", ".join(map(str, differences)),
    )


def words_of(name: str) -> list[str]:
    """Return the different words of a name, folded: what a search looks up by their beginnings."""
    return sorted({word[:WORD_MOST] for word in fold_name(name).split()})


@dataclass(frozen=True)
class Held:
    """A tier held from a day to a day, the last included; open without a last one."""

    rank: int
    held_from: date
    held_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether it held on that day; one that ended before it began never did."""
        return self.held_from <= day and (self.held_to is None or day <= self.held_to)


def highest_rank(held: Iterable[Held], on: date) -> int:
    """Return the highest rank held on a day; 0 for none."""
    return max((each.rank for each in held if each.holds_on(on)), default=0)
