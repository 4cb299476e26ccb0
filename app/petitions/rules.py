"""What can be asked of the office, who answers it, and how; what was typed beside what is recorded."""

import json
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
from app.trainees.rules import Sex

WORDS_MOST = 300
OPEN_PER_PERSON = 10  # claims of one record that wait at the same time; what comes after stays in its history alone
REPORTS_PER_ADDRESS = 60  # a day
REPORT_WINDOW = timedelta(days=1)
FOLLOWED_FOR = timedelta(days=90)  # how long after the answer she reads it by the code she holds


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
    KNOWN = "known", _("Benar orangnya: akunnya sudah ada, kode yang pertama tetap berlaku")
    NEW_PERSON = "new_person", _("Orang lain: dicatat sebagai orang baru")
    DONE = "done", _("Sudah dibetulkan pada datanya")
    CORRECTED = "corrected", _("Nama diganti pada datanya")
    LINKED = "linked", _("Tautan kata sandi diserahkan")
    SETTLED = "settled", _("Selesai sendiri: ia sudah masuk kembali")
    TOLD = "told", _("Dijawab dengan kalimat di bawah ini")


# Who answers what: whoever may do what the answer does.
ANSWERED_BY: dict[PetitionKind, Permission] = {
    PetitionKind.CLAIM: Permission.ACCOUNT_OPEN,
    PetitionKind.CODE: Permission.ACCOUNT_OPEN,
    PetitionKind.NAME: Permission.TRAINEE_EDIT,
    PetitionKind.REPORT: Permission.CERTIFICATE_ISSUE,
    PetitionKind.CORRECTION: Permission.TRAINEE_EDIT,
}
# What the form of answers offers; a link is handed out on a page of its own, where it is shown once.
ANSWERS: dict[PetitionKind, tuple[Answer, ...]] = {
    PetitionKind.CLAIM: (Answer.OPENED, Answer.KNOWN, Answer.NEW_PERSON, Answer.TOLD),
    PetitionKind.CODE: (Answer.TOLD,),
    PetitionKind.NAME: (Answer.CORRECTED, Answer.TOLD),
    PetitionKind.REPORT: (Answer.TOLD,),
    PetitionKind.CORRECTION: (Answer.DONE, Answer.TOLD),
}


@dataclass(frozen=True)
class Told:
    """What somebody typed with what she asks. A NIK is not among it: it is the one by which the record was found."""

    name: str = ""  # of a claim: hers; of a change: the one wished for; of a report: who reports
    was: str = ""  # the name as it was when she asked for another one
    birth_date: str = ""  # ISO
    sex: str = ""
    phone: str = ""
    address: str = ""
    about: str = ""  # number or code of the certificate that a report is about
    words: str = ""

    def as_text(self) -> str:
        """Return it as it is stored."""
        return json.dumps({name: value for name, value in asdict(self).items() if value}, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str | None) -> "Told":
        """Return what was stored; nothing once it was answered and let go."""
        known = json.loads(text) if text else {}
        return cls(**{field.name: known.get(field.name, "") for field in fields(cls)})

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
        """Say whether both are known and differ."""
        return bool(self.recorded) and self.is_news

    @property
    def is_news(self) -> bool:
        """Say whether something was typed that is not recorded so."""
        return bool(self.typed) and fold_name(self.typed) != fold_name(self.recorded)


def side_by_side(told: Told, typed_desa: str, recorded: Mapping[str, str]) -> list[Line]:
    """Return what a claim says of the person beside what is recorded of her."""
    return [
        Line("name", _("Nama"), told.name, recorded.get("name", "")),
        Line("birth_date", _("Tanggal lahir"), long_date(told.born) if told.born else "", recorded.get("birth_date", "")),
        Line("sex", _("Jenis kelamin"), str(Sex(told.sex).label) if told.sex else "", recorded.get("sex", "")),
        Line("desa", _("Desa/kelurahan tugas"), typed_desa, recorded.get("desa", "")),
        Line("phone", _("Nomor HP"), shown_phone(told.phone) if told.phone else "", recorded.get("phone", "")),
        Line("address", _("Alamat rumah"), told.address, recorded.get("address", "")),
    ]


TELLING_APART = frozenset({"name", "birth_date", "sex", "phone"})  # who has another one is another person, or one was written wrongly


def what_differs(lines: list[Line]) -> list[Line]:
    """Return the lines by which two people are told apart, and that differ."""
    return [line for line in lines if line.key in TELLING_APART and line.is_other]


def wants_reason(answer: Answer, lines: list[Line]) -> bool:
    """Say whether an answer goes against what both sides say: opened although they differ, another person although nobody differs."""
    differs = what_differs(lines)
    return bool(differs) if answer is Answer.OPENED else answer is Answer.NEW_PERSON and not differs


def refusal_of_answer_reason(answer: Answer, lines: list[Line], reason: str) -> Text | None:
    """Say why an answer cannot stand without (better) words on how the officer knows, or None."""
    if not wants_reason(answer, lines) or refusal_of_reason(reason, most=WORDS_MOST) is None:
        return None
    if answer is Answer.NEW_PERSON:
        return _("Yang diketik tidak berbeda dengan yang tercatat. Tuliskan bagaimana Anda tahu bahwa ini orang lain.")
    what = ", ".join(str(line.label).lower() for line in what_differs(lines))
    return _("Yang diketik berbeda dengan yang tercatat: %(what)s. Tuliskan bagaimana Anda tahu bahwa ini orangnya.", what=what)


def said_while_waiting(office: Text | str) -> Text:
    """Return what somebody reads who signs in with the code of a registration that the office looks at."""
    return _(
        "Pendaftaran Anda sedang diperiksa %(office)s. Kode Anda dapat dipakai setelah petugas membuka akun. Tidak perlu mendaftar lagi.",
        office=office,
    )


def said_after_answer(answer: Answer, office: Text | str, words: str) -> Text | None:
    """Return what she reads once it is answered and the code still opens nothing by this name; None where nothing helps."""
    if answer is Answer.NEW_PERSON:
        return _(
            "NIK yang Anda ketik tercatat pada orang lain, jadi Anda dicatat tanpa NIK. Masuk dengan nomor HP Anda dan kode ini, lalu "
            "tunjukkan KTP kepada %(office)s.",
            office=office,
        )
    if answer is Answer.KNOWN:
        return _(
            "Akun Anda sudah ada dan dibuka dengan kode lain yang Anda catat; kode ini tidak berlaku. Kode itu hilang? Tekan Lupa kata "
            "sandi atau kode masuk."
        )
    if answer is Answer.TOLD:
        return _("Jawaban %(office)s atas pendaftaran Anda: %(words)s", office=office, words=words)
    return None
