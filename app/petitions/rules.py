"""What can be asked of the office, who answers it, and how; what was typed beside what is recorded."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta

from app.auth.rules import Permission
from app.core.choices import Choice
from app.core.dates import long_date
from app.core.names import fold_name
from app.core.phones import shown_phone
from app.core.reasons import refusal_of_reason
from app.core.text import Text, _
from app.core.typed import plain_digits
from app.trainees.rules import Sex

WORDS_MOST = 300
OPEN_PER_PERSON = (
    10  # claims of one record that wait at the same time; what comes after stays in its history alone
)
REPORTS_PER_ADDRESS = 60  # a day
REPORT_WINDOW = timedelta(days=1)
REPORT_CODE_LENGTH = 10
FOLLOWED_FOR = timedelta(
    days=90
)  # how long after the answer it is read, by who asked and by the office that answered


READ_AS_L = str.maketrans("1I", "LL")


class PetitionKind(Choice):
    """What is asked."""

    CLAIM = "claim", _("Mendaftar dengan NIK yang sudah tercatat")
    CODE = "code", _("Kode masuk atau kata sandi hilang")
    NAME = "name", _("Ganti nama")
    REPORT = "report", _("Laporan tentang sertifikat")
    CORRECTION = "correction", _("Usul perbaikan data PSM")


class Answer(Choice):
    """How it was answered."""

    OPENED = "opened", _("Benar orangnya: akun dibuka dengan kode yang ia pegang")
    KNOWN = "known", _("Benar orangnya: akunnya sudah ada, ia masih memegang kode yang pertama")
    NEW_PERSON = "new_person", _("Orang lain: dicatat sebagai orang baru")
    DONE = "done", _("Sudah dibetulkan pada datanya")
    CORRECTED = "corrected", _("Nama diganti pada datanya")
    LINKED = "linked", _("Tautan kata sandi sudah diserahkan")
    SETTLED = "settled", _("Selesai sendiri: ia sudah dapat masuk")
    OVERTAKEN = "overtaken", _("Selesai: dijawab pada permintaan lain dengan nomor HP yang sama")
    WITHDRAWN = "withdrawn", _("Ditarik kembali oleh yang meminta")
    TOLD = "told", _("Dijawab dengan kalimat")


# Who answers what: whoever may do what the answer does.
ANSWERED_BY: dict[PetitionKind, Permission] = {
    PetitionKind.CLAIM: Permission.ACCOUNT_OPEN,
    PetitionKind.CODE: Permission.ACCOUNT_OPEN,
    PetitionKind.NAME: Permission.TRAINEE_EDIT,
    PetitionKind.REPORT: Permission.CERTIFICATE_ISSUE,
    PetitionKind.CORRECTION: Permission.TRAINEE_EDIT,
}
# What the form of answers offers; a link is made on a page of its own, where it is shown once, and is an
# answer once it is handed over.
ANSWERS: dict[PetitionKind, tuple[Answer, ...]] = {
    PetitionKind.CLAIM: (Answer.OPENED, Answer.LINKED, Answer.KNOWN, Answer.NEW_PERSON, Answer.TOLD),
    PetitionKind.CODE: (Answer.LINKED, Answer.TOLD),
    PetitionKind.NAME: (Answer.CORRECTED, Answer.TOLD),
    PetitionKind.REPORT: (Answer.TOLD,),
    PetitionKind.CORRECTION: (Answer.DONE, Answer.TOLD),
}
GIVEN = tuple(
    each for each in Answer if any(each in answers for answers in ANSWERS.values())
)  # the others come about by themselves


class Way(Choice):
    """How a sentence of the office reaches who asked."""

    MAIL = "mail", _("Dikirim lewat email kepada yang meminta.")
    SIGN_IN = "sign_in", _("Dibaca oleh yang meminta ketika ia masuk dengan NIK yang diketiknya dan kodenya.")
    NUMBER = "number", _("Dibaca pelapor dengan nomor laporannya, pada halaman Laporkan sertifikat.")
    HOME = "home", _("Dibaca oleh yang meminta pada halaman pertamanya setelah masuk.")
    HAND = (
        "hand",
        _(
            "Tidak ada surat yang sampai kepadanya: sampaikan sendiri lewat WhatsApp atau telepon, lalu"
            " centang."
        ),
    )


def way_of(kind: PetitionKind, *, has_mail: bool, has_phone: bool, is_signed_in: bool = False) -> Way:
    """Say how a sentence reaches who asked: what nobody reads by itself is told by whoever answers."""
    if kind is PetitionKind.CLAIM:
        return Way.SIGN_IN
    if kind is PetitionKind.CORRECTION or (kind is PetitionKind.REPORT and is_signed_in):
        return Way.HOME
    if kind is PetitionKind.REPORT:
        return Way.HAND if has_phone else Way.NUMBER
    return Way.MAIL if has_mail else Way.HAND


def is_to_be_notified(kind: PetitionKind, answer: Answer) -> bool:
    """Return whether an answer is news to who asked, beyond what it does: of a name both are."""
    return answer is Answer.TOLD or kind is PetitionKind.NAME


@dataclass(frozen=True)
class Told:
    """What somebody typed with what she asks.

    A NIK is not among it: it is the one by which the record was found.
    """

    name: str = ""  # of a claim: hers; of a change: the one wished for; of a report: who reports
    was: str = ""  # the name as it was when she asked for another one
    birth_date: str = ""  # ISO
    sex: str = ""
    phone: str = ""
    address: str = ""
    about: str = ""  # number or code of the certificate that a report is about
    words: str = ""
    place: str = ""  # of a report that was sent further up: whose office it was meant for
    count: str = ""  # how many reports of one certificate were kept as one until now, where more than one
    code: str = ""  # by which the answer to a report is read
    recorded: Mapping[str, str] | None = (
        None  # what was recorded of whom it was compared with, when it was answered
    )
    recorded_id: int | None = None  # whose record that was
    known_by: str = ""  # how the officer who answered knew
    signed: str = ""  # who answers, where it is not the office itself: a TKSK

    def as_text(self) -> str:
        """Return it as it is stored."""
        return json.dumps({name: value for name, value in asdict(self).items() if value}, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str | None) -> "Told":
        """Return what was stored; nothing once it was let go."""
        known = json.loads(text) if text else {}
        return cls(**{field.name: known.get(field.name, field.default) for field in fields(cls)})

    @property
    def born(self) -> date | None:
        return date.fromisoformat(self.birth_date) if self.birth_date else None


@dataclass(frozen=True)
class Line:
    """One fact: what was typed beside what is recorded."""

    key: str
    label: Text
    typed: str
    recorded: str

    @property
    def is_other(self) -> bool:
        """Return whether both are known and differ."""
        return bool(self.recorded) and self.is_news

    @property
    def is_news(self) -> bool:
        """Return whether something was typed that is not recorded so."""
        return bool(self.typed) and fold_name(self.typed) != fold_name(self.recorded)


def side_by_side(told: Told, typed_desa: str, recorded: Mapping[str, str]) -> list[Line]:
    """Return what a claim says of the person beside what is recorded of her."""
    return [
        Line("name", _("Nama"), told.name, recorded.get("name", "")),
        Line(
            "birth_date",
            _("Tanggal lahir"),
            long_date(told.born) if told.born else "",
            recorded.get("birth_date", ""),
        ),
        Line(
            "sex", _("Jenis kelamin"), str(Sex(told.sex).label) if told.sex else "", recorded.get("sex", "")
        ),
        Line("desa", _("Desa/kelurahan tugas"), typed_desa, recorded.get("desa", "")),
        Line(
            "phone", _("Nomor HP"), shown_phone(told.phone) if told.phone else "", recorded.get("phone", "")
        ),
        Line("address", _("Alamat rumah"), told.address, recorded.get("address", "")),
    ]


DISTINGUISHING = frozenset(
    {"name", "birth_date", "sex", "phone"}
)  # who has another one is another person, or one was written wrongly


def what_differs(lines: list[Line]) -> list[Line]:
    """Return the lines by which two people are told apart, and that differ."""
    return [line for line in lines if line.key in DISTINGUISHING and line.is_other]


def wants_reason(answer: Answer, lines: list[Line], *, rivals: int = 0) -> bool:
    """Return whether an answer goes against what both sides say: a way in given although they differ, or
    although the same NIK was sent by others (`rivals`, how many) as well; another person although nobody
    differs.
    """
    differs = what_differs(lines)
    return (
        bool(differs or rivals)
        if answer in (Answer.OPENED, Answer.LINKED)
        else answer is Answer.NEW_PERSON and not differs
    )


def refusal_of_answer_reason(
    answer: Answer, lines: list[Line], reason: str, *, rivals: int = 0
) -> Text | None:
    """Return the reason why an answer needs (better) words on how the officer knows, or None."""
    if not wants_reason(answer, lines, rivals=rivals) or refusal_of_reason(reason, most=WORDS_MOST) is None:
        return None
    if answer is Answer.NEW_PERSON:
        return _(
            "Yang diketik tidak berbeda dengan yang tercatat. Tuliskan bagaimana Anda tahu bahwa ini orang"
            " lain."
        )
    if rivals:
        return _(
            "NIK ini didaftarkan %(n)d kali, masing-masing dengan kode sendiri. Tuliskan bagaimana Anda tahu"
            " bahwa pengirim yang ini orangnya.",
            n=rivals + 1,
        )
    what = ", ".join(str(line.label)[:1].lower() + str(line.label)[1:] for line in what_differs(lines))
    return _(
        "Yang diketik berbeda dengan yang tercatat: %(what)s. Tuliskan bagaimana Anda tahu bahwa ini"
        " orangnya.",
        what=what,
    )


# What the sender of another registration with the same NIK reads once one of them was found to be the person.
NOTICE_TO_RIVAL = _(
    "Akun untuk NIK ini sudah dibuka dengan pendaftaran lain. Bila NIK ini milik Anda, datanglah membawa KTP."
)


def describe_while_waiting(office: Text | str, words: str = "", signed: Text | str = "") -> Text:
    """Return what somebody reads who signs in with the code of a registration that the office looks at, with
    what was said meanwhile by one that cannot decide it.
    """
    waits = _(
        "Pendaftaran Anda sedang diperiksa %(office)s. Setelah petugas memastikan orangnya, kode ini dapat"
        " dipakai; bila Anda sudah mempunyai akun, petugas membantu Anda masuk ke akun itu. Tidak perlu"
        " mendaftar lagi.",
        office=office,
    )
    return (
        _("%(waits)s Pesan %(signed)s: %(words)s", waits=waits, signed=signed, words=words)
        if words
        else waits
    )


def describe_after_answer(answer: Answer, office: Text | str, words: str) -> Text | None:
    """Return what she reads once it is answered and the code still opens nothing by this name; None where
    nothing helps.
    """
    if answer is Answer.NEW_PERSON:
        return _(
            "NIK yang Anda ketik tercatat pada orang lain, jadi Anda dicatat tanpa NIK. Masuk dengan nomor HP"
            " Anda dan kode ini, lalu tunjukkan KTP kepada %(office)s.",
            office=office,
        )
    if answer is Answer.KNOWN:
        return _(
            "Akun Anda sudah ada dan dibuka dengan kode lain yang Anda catat; kode ini tidak berlaku. Kode"
            " itu hilang? Tekan Lupa kata sandi atau kode masuk. Hanya mendaftar satu kali? Segera hubungi"
            " %(office)s dengan membawa KTP.",
            office=office,
        )
    if answer is Answer.LINKED:
        return _(
            "Akun Anda sudah ada; kode ini tidak berlaku. Tautan kata sandi untuk akun itu sudah diserahkan:"
            " buka tautannya, lalu masuk dengan kata sandi yang Anda buat. Tidak menerimanya? Segera hubungi"
            " %(office)s dengan membawa KTP.",
            office=office,
        )
    if answer is Answer.TOLD:
        return _("Jawaban %(office)s atas pendaftaran Anda: %(words)s", office=office, words=words)
    return None


def describe_by_number(answer: Answer | None, office: Text | str, words: str) -> Text:
    """Return what is read by the number of a report."""
    if answer is None:
        return _("Laporan Anda sedang diperiksa %(office)s.", office=office)
    return _("Jawaban %(office)s atas laporan Anda: %(words)s", office=office, words=words)


def report_codes_in(typed: str) -> list[str]:
    """Return what in a text can be the number of a report, as it is kept: grouped or not, with words around
    it; I and 1 are read as L.
    """
    pieces = re.findall(r"[^\W_]+", plain_digits(typed).upper())
    runs = ("".join(pieces[at:to]) for at in range(len(pieces)) for to in range(at + 1, len(pieces) + 1))
    return list(dict.fromkeys(run.translate(READ_AS_L) for run in runs if len(run) == REPORT_CODE_LENGTH))


def describe_receiver(place: str, office: Text | str | None) -> Text:
    """Return what is said where the office of a place does not read reports here: who does, or that nobody
    does.
    """
    if office is None:
        return _(
            "%(place)s belum dilayani di sini: tidak ada dinas yang membaca laporan ini. Hubungi dinas"
            " sosialnya.",
            place=place,
        )
    return _(
        "Dinas sosial %(place)s belum membaca laporan di sini. Laporan ini dikirim kepada %(office)s.",
        place=place,
        office=office,
    )


def describe_name(answer: Answer | None, wished: str) -> Text:
    """Return what whoever asked for another name is told where the office adds no words of its own."""
    if answer is Answer.TOLD:
        return _("Nama Anda belum diganti.")
    return _(
        "Nama Anda diganti menjadi %(name)s. Sertifikat yang memuat nama lama diganti oleh dinas.",
        name=wished,
    )


def message_of(kind: PetitionKind, name: str, office: Text | str, words: str) -> Text:
    """Return the text by which an officer tells somebody whom no mail reaches."""
    return _(
        "Yth. %(name)s, jawaban %(office)s atas permintaan Anda (%(kind)s): %(words)s",
        name=name or _("Bapak/Ibu"),
        office=office,
        kind=str(kind.label),
        words=words,
    )


def describe_when_answered(answer: Answer, words: str, by: str) -> Text:
    """Return what whoever answers second is told."""
    text = f"{answer.label}: {words}" if words else str(answer.label)
    return _(
        "Permintaan ini sudah dijawab oleh %(by)s: %(said)s. Jawaban Anda tidak disimpan.",
        by=by or _("yang meminta"),
        said=text,
    )
