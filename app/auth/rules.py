"""Roles, permissions and the one table that joins them; who may grant what; limits of sign-in."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from app.core.choices import Choice
from app.core.phones import read_phone
from app.core.scopes import Reach, Reaching, Scope, ScopeKind
from app.core.text import Text, _
from app.core.typed import plain_digits
from app.regions.rules import Level

OWN, BELOW = Reaching.OWN, Reaching.BELOW


class Permission(Choice):
    """What can be allowed: noun:verb."""

    REGION_SEE = "region:see", _("Melihat wilayah")
    USER_MANAGE = (
        "user:manage",
        _("Mengundang petugas, memberi dan mengakhiri peran"),
    )  # within one's own region
    AUDIT_SEE = "audit:see", _("Melihat riwayat perubahan")
    ORGANISER_SEE = "organiser:see", _("Melihat penyelenggara")
    ORGANISER_EDIT = (
        "organiser:edit",
        _("Mengubah nama, kop, dan penanda tangan penyelenggara"),
    )  # names, letterhead, signers
    CURRICULUM_EDIT = "curriculum:edit", _("Mengubah kurikulum")
    COURSE_SEE = (
        "course:see",
        _("Melihat rencana dan jadwal diklat"),
    )  # plan and days of batches that are not public
    COURSE_EDIT = (
        "course:edit",
        _("Merencanakan diklat, membuka dan menutup angkatan"),
    )  # courses, batches and their sessions
    TRAINEE_SEE = "trainee:see", _("Melihat data PSM")
    TRAINEE_REGISTER = "trainee:register", _("Mendaftarkan PSM")
    TRAINEE_EDIT = "trainee:edit", _("Memperbaiki data PSM")  # correct, move duty, change standing
    TRAINEE_MERGE = "trainee:merge", _("Menggabungkan data PSM yang ganda")
    NIK_SEE = "nik:see", _("Melihat NIK lengkap (tercatat)")  # one full NIK at a time, each an event
    ACCOUNT_OPEN = (
        "account:open",
        _("Membukakan akun PSM dan memberi jalan masuk yang baru"),
    )  # of people without any role
    APPOINTMENT_MAKE = "appointment:make", _("Menetapkan PSM dengan SK")  # SK: calon PSM become PSM aktif
    ENROLLMENT_SEE = "enrollment:see", _("Melihat pendaftaran")
    ENROLLMENT_MAKE = "enrollment:make", _("Mendaftarkan peserta")  # enrol others
    ENROLLMENT_DECIDE = "enrollment:decide", _("Memutuskan pendaftaran")
    ATTENDANCE_SEE = "attendance:see", _("Melihat kehadiran")
    ATTENDANCE_RECORD = "attendance:record", _("Mencatat kehadiran")
    HOST_EDIT = "host:edit", _("Mengubah lokasi PKL")
    VISIT_PLAN = "visit:plan", _("Meminta lokasi PKL dan membagi peserta")  # ask hosts, place participants
    VISIT_ANSWER = "visit:answer", _("Menjawab permintaan PKL")
    MARK_RECORD = "mark:record", _("Mengisi nilai")
    GRADUATION_SEE = "graduation:see", _("Melihat kelulusan")
    GRADUATION_PROPOSE = "graduation:propose", _("Mengusulkan kelulusan")
    GRADUATION_APPROVE = "graduation:approve", _("Menyetujui kelulusan")
    CERTIFICATE_SEE = "certificate:see", _("Melihat sertifikat")
    CERTIFICATE_ISSUE = "certificate:issue", _("Menerbitkan sertifikat")
    CERTIFICATE_REVOKE = "certificate:revoke", _("Mencabut sertifikat")
    COVERAGE_SEE = "coverage:see", _("Melihat cakupan")
    COVERAGE_NAMES = (
        "coverage:names",
        _("Melihat nama di balik angka cakupan"),
    )  # the people behind the figures
    TARGET_SET = "target:set", _("Menetapkan target")


class Role(Choice):
    """What somebody is, within a scope."""

    VOLUNTEER = "volunteer", _("PSM atau calon PSM")
    TKSK = "tksk", _("TKSK")
    TRAINER = "trainer", _("Pengajar")
    MENTOR = "mentor", _("Pembimbing lapangan")
    COMMITTEE = "committee", _("Panitia")
    KABUPATEN_DINAS = "kabupaten_dinas", _("Dinas sosial kabupaten/kota")
    PROVINSI_DINAS = "provinsi_dinas", _("Dinas sosial provinsi")
    PUSAT = "pusat", _("Kementerian Sosial")
    SIGNER = "signer", _("Pejabat penyetuju dan penandatangan")
    HOST_CONTACT = "host_contact", _("Narahubung lokasi PKL")
    IPSM_OFFICER = "ipsm_officer", _("Pengurus IPSM")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator sistem")


P = Permission
_PLAN = {
    P.REGION_SEE: BELOW,
    P.ORGANISER_SEE: BELOW,
    P.COURSE_SEE: BELOW,
    P.TRAINEE_SEE: BELOW,
    P.ENROLLMENT_SEE: BELOW,
    P.ATTENDANCE_SEE: BELOW,
    P.GRADUATION_SEE: BELOW,
    P.CERTIFICATE_SEE: BELOW,
    P.COVERAGE_SEE: BELOW,
    P.COVERAGE_NAMES: BELOW,
}
_DINAS = _PLAN | {
    P.USER_MANAGE: OWN,
    P.AUDIT_SEE: OWN,
    P.ORGANISER_EDIT: OWN,
    P.COURSE_EDIT: OWN,
    P.TRAINEE_REGISTER: OWN,
    P.TRAINEE_EDIT: OWN,
    P.TRAINEE_MERGE: OWN,
    P.NIK_SEE: OWN,
    P.ACCOUNT_OPEN: OWN,
    P.APPOINTMENT_MAKE: OWN,
    P.ENROLLMENT_MAKE: OWN,
    P.ENROLLMENT_DECIDE: OWN,
    P.ATTENDANCE_RECORD: OWN,
    P.HOST_EDIT: OWN,
    P.VISIT_PLAN: OWN,
    P.VISIT_ANSWER: OWN,
    P.MARK_RECORD: OWN,
    P.GRADUATION_PROPOSE: OWN,
    P.CERTIFICATE_ISSUE: OWN,
    P.TARGET_SET: OWN,
}

# The whole truth about rights, on one screen. A permission that a role does not name is not held.
RIGHTS: dict[Role, dict[Permission, Reaching]] = {
    Role.VOLUNTEER: {},
    Role.TKSK: {
        P.REGION_SEE: BELOW,
        P.TRAINEE_SEE: BELOW,
        P.TRAINEE_REGISTER: OWN,
        P.ENROLLMENT_MAKE: OWN,
        P.COVERAGE_SEE: BELOW,
        P.COVERAGE_NAMES: BELOW,
        P.CERTIFICATE_SEE: BELOW,
        P.ENROLLMENT_SEE: BELOW,
        P.ACCOUNT_OPEN: OWN,
    },
    Role.TRAINER: {P.COURSE_SEE: OWN, P.ATTENDANCE_SEE: OWN, P.ATTENDANCE_RECORD: OWN},
    Role.MENTOR: {P.ATTENDANCE_SEE: OWN, P.ATTENDANCE_RECORD: OWN},
    Role.COMMITTEE: {
        P.COURSE_SEE: OWN,
        P.COURSE_EDIT: OWN,
        P.TRAINEE_SEE: OWN,
        P.TRAINEE_REGISTER: OWN,
        P.ENROLLMENT_SEE: OWN,
        P.ENROLLMENT_MAKE: OWN,
        P.ENROLLMENT_DECIDE: OWN,
        P.ATTENDANCE_SEE: OWN,
        P.ATTENDANCE_RECORD: OWN,
        P.VISIT_PLAN: OWN,
        P.VISIT_ANSWER: OWN,
        P.HOST_EDIT: OWN,
        P.MARK_RECORD: OWN,
        P.GRADUATION_SEE: OWN,
        P.GRADUATION_PROPOSE: OWN,
        P.CERTIFICATE_SEE: OWN,
        P.ORGANISER_SEE: OWN,
        P.REGION_SEE: BELOW,
        P.COVERAGE_SEE: BELOW,
    },
    Role.KABUPATEN_DINAS: _DINAS,
    Role.PROVINSI_DINAS: _DINAS,
    Role.PUSAT: _DINAS | {P.CURRICULUM_EDIT: OWN},
    Role.SIGNER: _PLAN | {P.GRADUATION_APPROVE: OWN, P.CERTIFICATE_ISSUE: OWN, P.CERTIFICATE_REVOKE: OWN},
    Role.HOST_CONTACT: {P.VISIT_ANSWER: OWN, P.ATTENDANCE_SEE: OWN, P.ATTENDANCE_RECORD: OWN},
    Role.IPSM_OFFICER: {
        P.REGION_SEE: BELOW,
        P.TRAINEE_SEE: BELOW,
        P.COVERAGE_SEE: BELOW,
        P.COVERAGE_NAMES: BELOW,
    },
    Role.AUDITOR: _PLAN | {P.AUDIT_SEE: BELOW},
    Role.ADMINISTRATOR: {
        P.REGION_SEE: BELOW,
        P.USER_MANAGE: BELOW,
        P.ORGANISER_SEE: BELOW,
        P.ORGANISER_EDIT: BELOW,
    },
}

STAFF = frozenset(Role) - {Role.VOLUNTEER}

# How often something may be tried; the reasons are in docs/decisions/0005-sign-in-throttle.md.
SIGN_IN_PER_NAME = 10  # wrong passwords for one name from one address, or from one known browser
SIGN_IN_PER_NAME_ANYWHERE = 100  # for one name from all addresses together; a known browser is not held by it
SIGN_IN_PER_ADDRESS = (
    300  # wrong passwords from one address, whatever the names: a carrier lends one to a whole kabupaten;
)
# a known browser is not held by it
SIGN_IN_WINDOW = timedelta(minutes=15)
RESET_PER_NAME = 5  # requests for one name from one address
RESET_PER_NAME_ANYWHERE = 20
RESET_PER_ADDRESS = 600  # a carrier lends one address to a whole kabupaten
RESET_WINDOW = timedelta(days=1)
EMAIL_CHANGES = 5  # tries of one account to change its e-mail
EMAIL_WINDOW = timedelta(days=1)
RESET_VALID_FOR = timedelta(hours=1)  # in a mail, or handed out among officers
HANDED_ON_VALID_FOR = timedelta(days=3)  # taken to a village by somebody
INVITATION_VALID_FOR = timedelta(days=14)
SESSION_VALID_FOR = timedelta(days=14)
SEEN_EVERY = timedelta(minutes=5)  # how often a sign-in notes that it is alive
KNOWN_BROWSER_FOR = timedelta(days=180)
TOKEN_DAYS_MOST = 366
PASSWORD_LEAST = 10
PASSWORD_MOST = 200
NIK_LENGTH = 16
MOST_TYPED = 254
_DIGITS = re.compile("[0-9]")


class LinkPurpose(Choice):
    """What a one-time link opens."""

    INVITATION = "invitation", _("Undangan membuat akun")
    RESET = "reset", _("Pengaturan ulang kata sandi")


class NameKind(Choice):
    """By what somebody signs in."""

    EMAIL = "email", _("Email")
    PHONE = "phone", _("Nomor HP")
    NIK = "nik", _("NIK")


_R, _O, _B, _S, _H = ScopeKind.REGION, ScopeKind.ORGANISER, ScopeKind.BATCH, ScopeKind.SESSION, ScopeKind.HOST

# In what kinds of scope a role is held; somebody is a volunteer by having an account, without a grant.
ROLE_KINDS: dict[Role, frozenset[ScopeKind]] = {
    Role.VOLUNTEER: frozenset(),
    Role.TKSK: frozenset({_R}),
    Role.TRAINER: frozenset({_B, _S}),
    Role.MENTOR: frozenset({_B, _S, _H}),
    Role.COMMITTEE: frozenset({_R, _O, _B}),
    Role.KABUPATEN_DINAS: frozenset({_R}),
    Role.PROVINSI_DINAS: frozenset({_R}),
    Role.PUSAT: frozenset({_R}),
    Role.SIGNER: frozenset({_R, _O}),
    Role.HOST_CONTACT: frozenset({_S, _H}),
    Role.IPSM_OFFICER: frozenset({_R}),
    Role.AUDITOR: frozenset({_R}),
    Role.ADMINISTRATOR: frozenset({_R}),
}
_OFFICES = frozenset({Level.NATION, Level.PROVINSI, Level.KABUPATEN})
# At what levels of region a role is held.
ROLE_LEVELS: dict[Role, frozenset[Level]] = {
    Role.TKSK: frozenset({Level.KECAMATAN}),
    Role.COMMITTEE: _OFFICES,
    Role.KABUPATEN_DINAS: frozenset({Level.KABUPATEN}),
    Role.PROVINSI_DINAS: frozenset({Level.PROVINSI}),
    Role.PUSAT: frozenset({Level.NATION}),
    Role.SIGNER: _OFFICES,
    Role.IPSM_OFFICER: _OFFICES | {Level.KECAMATAN},
    Role.AUDITOR: _OFFICES,
    Role.ADMINISTRATOR: _OFFICES,
}
BY_ADMINISTRATORS = frozenset(
    {Role.ADMINISTRATOR, Role.AUDITOR}
)  # they look further down than an office that manages its own region
BY_PAGE = frozenset(
    {ScopeKind.REGION, ScopeKind.ORGANISER}
)  # the other grants come with naming a trainer, a mentor, a contact
BY_PAGE_ROLES = [role for role in Role if ROLE_KINDS[role] & BY_PAGE]
LIGHT_ROLES = frozenset(
    {Role.TRAINER, Role.MENTOR, Role.HOST_CONTACT}
)  # reach presence of a session or a visit, nothing else


def refusal_of_scope(role: Role, kind: ScopeKind, level: Level | None) -> Text | None:
    """Return the reason why a role cannot be held in this kind of scope or at this level, or None."""
    if not ROLE_KINDS[role]:
        return _("Peran ini tidak perlu diberikan: setiap akun sudah memilikinya.")
    if kind not in ROLE_KINDS[role]:
        return _("Peran %(role)s tidak diberikan untuk %(kind)s.", role=role.label, kind=kind.label)
    if kind is ScopeKind.REGION and level not in ROLE_LEVELS[role]:
        return _("Peran %(role)s tidak ada pada tingkat wilayah ini.", role=role.label)
    return None


def may_manage(role: Role, scopes: Iterable[Scope], reach: Reach) -> bool:
    """Return whether somebody who manages accounts may grant and end this role.

    `reach` is where accounts are managed; the scope of the role lies there.
    """
    if role in BY_ADMINISTRATORS:
        reach = Reach(reach.everywhere, frozenset(pair for pair in reach.regions if pair[1] is BELOW))
    return reach.holds(scopes)


def refusal_of_days(starts_on: date | None, ends_on: date | None, today: date) -> Text | None:
    """Return the reason why a grant cannot run from this day to that; None when it can."""
    if ends_on is None:
        return None
    if starts_on and ends_on < starts_on:
        return _("Hari terakhir tidak boleh sebelum hari pertama.")
    return _("Hari terakhir sudah lewat.") if ends_on < today else None


# Trunks of the passwords that are tried first.
COMMON = frozenset(
    {
        "password",
        "passwort",
        "katasandi",
        "sandi",
        "rahasia",
        "qwerty",
        "qwertyuiop",
        "asdfghjkl",
        "zxcvbnm",
        "admin",
        "administrator",
        "letmein",
        "welcome",
        "iloveyou",
        "indonesia",
        "merdeka",
        "pancasila",
        "garuda",
        "bismillah",
        "alhamdulillah",
        "allahuakbar",
        "sayang",
        "cantik",
        "ganteng",
        "bekal",
        "psm",
        "kemensos",
        "dinsos",
        "dinassosial",
        "kalimantan",
        "pekerjasosial",
        "sukses",
        "semangat",
        "doraemon",
        "persib",
        "persija",
        "arema",
        "juventus",
        "barcelona",
        "realmadrid",
        "liverpool",
    }
)
_RUNS = (
    "01234567890123456789",
    "98765432109876543210",
    "qwertyuiopasdfghjklzxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
)


def refusal_of_password(password: str, *, name: str, email: str | None) -> Text | None:
    """Return the reason why a password cannot be used by this person; None when it can."""
    if len(password) < PASSWORD_LEAST:
        return _("Kata sandi paling sedikit %(least)d huruf atau angka.", least=PASSWORD_LEAST)
    if len(password) > PASSWORD_MOST:
        return _("Kata sandi paling banyak %(most)d huruf atau angka.", most=PASSWORD_MOST)
    plain = "".join(character for character in password.casefold() if character.isalnum())
    trunk = plain.strip("0123456789")
    own = {
        "".join(character for character in text.casefold() if character.isalnum())
        for text in (name, email or "", (email or "").partition("@")[0])
    }
    if own & ({plain, trunk} - {""}):
        return _("Kata sandi tidak boleh sama dengan nama atau email Anda.")
    halves = trunk[: len(trunk) // 2]
    repeated = {trunk, halves} if trunk == halves * 2 else {trunk}
    if repeated & COMMON or len(set(password)) < 4 or any(plain in run for run in _RUNS):
        return _("Kata sandi ini terlalu mudah ditebak. Pakai beberapa kata yang hanya Anda ingat.")
    return None


def normal_name(kind: NameKind, value: str) -> str | None:
    """Return the canonical form of what somebody signs in by; None when it is no such thing."""
    if kind is NameKind.EMAIL:
        return _normal_email(value)
    if kind is NameKind.NIK:
        return _normal_nik(value)
    number = read_phone(value)
    return None if isinstance(number, Text) else number


def typed_name(typed: str) -> tuple[NameKind, str]:
    """Work out what somebody typed to sign in; something unusable stays as typed and is nobody's."""
    typed = plain_digits(typed[:MOST_TYPED])
    digits = "".join(_DIGITS.findall(typed))
    without_address = NameKind.NIK if len(digits) == NIK_LENGTH and "+" not in typed else NameKind.PHONE
    kind = NameKind.EMAIL if "@" in typed else without_address
    return kind, normal_name(kind, typed) or lowered(typed)


def kabupaten_of_nik(typed: str) -> str | None:
    """Return the code of the kabupaten or kota that issued a NIK, by its figures alone; None for anything
    else that was typed.
    """
    kind, value = typed_name(typed)
    return f"{value[:2]}.{value[2:4]}" if kind is NameKind.NIK and _normal_nik(value) else None


def lowered(text: str) -> str:
    """Return a text trimmed, in small letters and the canonical form of its characters."""
    return unicodedata.normalize("NFC", text.strip().lower())


def _normal_email(value: str) -> str | None:
    from email_validator import EmailNotValidError, validate_email

    address = lowered(value)
    try:
        validate_email(address, check_deliverability=False, allow_smtputf8=False, globally_deliverable=False)
    except EmailNotValidError:
        return None
    return address if "." in address.rpartition("@")[2] else None


def _normal_nik(value: str) -> str | None:
    value = plain_digits(value)
    if re.sub(r"[0-9\s.\-]", "", value):
        return None
    digits = "".join(_DIGITS.findall(value))
    return digits if len(digits) == NIK_LENGTH else None


def address_class(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the 64-bit network of an IPv6 one (a household
    has all of it).
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """Return a few words by which people recognise their own device."""
    browser = next((name for character, name in _BROWSERS if character in user_agent), "")
    system = next((name for character, name in _SYSTEMS if character in user_agent), "")
    return " · ".join(part for part in (browser, system) if part)
