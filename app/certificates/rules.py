"""Kinds and verdicts; what a certificate needs before it can exist; how typed codes and addresses read; how
often guesses are answered.
"""

import ipaddress
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import accumulate
from typing import Any
from urllib.parse import unquote

from app.assessment.rules import ResultOutcome
from app.core import reasons
from app.core.choices import Choice
from app.core.crypto import CODE_ALPHABET, CODE_LENGTH
from app.core.dates import long_date
from app.core.drawable import describe_characters, undrawable_characters
from app.core.text import Text, _
from app.core.typed import clean_text, plain_digits
from app.trainees.rules import TraineeStatus

UNKNOWN_CODES_PER_ADDRESS = 30
UNKNOWN_CODES_WINDOW = timedelta(minutes=10)
REASON_LONGEST = 500
LONGEST_TYPED = 1000  # characters of a code, an address, a number, or a message that holds one
MOST_CODES = 20  # that one text is asked for
GROUPS = (5, 5, 3)  # in which a code is printed
READ_AS_L = str.maketrans("1I", "LL")  # both are in no code

# A sheet keeps the design it was issued in for ever. Copies from before there were two name none: theirs is
# the first.
FIRST_DESIGN, SECOND_DESIGN, DESIGN = 1, 2, 3
# So it does with its words. The first ones had a line "Kualifikasi : -" on a sheet without a grade; copies
# that name none are theirs.
FIRST_WORDING, WORDING = 1, 2


class CertificateKind(Choice):
    """What the paper says."""

    COMPLETION = "completion", _("Lulus (STTPP)")
    PARTICIPATION = "participation", _("Telah mengikuti")


class Verdict(Choice):
    """What the public page answers; unknown is never called forged."""

    VALID = "valid", _("BERLAKU")
    REVOKED = "revoked", _("DICABUT")
    SUPERSEDED = "superseded", _("SUDAH DIGANTI")
    EXPIRED = "expired", _("MASA BERLAKU HABIS")
    ALTERED = "altered", _("SEDANG DIPERIKSA")  # the register no longer holds what was sealed at issue
    UNKNOWN = "unknown", _("TIDAK DITEMUKAN")


class RegisterState(Choice):
    """What a certificate is in the register."""

    IN_FORCE = "in_force", _("Berlaku")
    REVOKED = "revoked", _("Dicabut")
    SUPERSEDED = "superseded", _("Sudah diganti")


REGISTER_TONES = {
    RegisterState.IN_FORCE: "ok",
    RegisterState.REVOKED: "stop",
    RegisterState.SUPERSEDED: "neutral",
}
TONES = {
    Verdict.VALID: "ok",
    Verdict.REVOKED: "stop",
    Verdict.SUPERSEDED: "attention",
    Verdict.EXPIRED: "attention",
    Verdict.ALTERED: "attention",
    Verdict.UNKNOWN: "neutral",
}

# A diklat that was only attended leads up no ladder: it earns a paper, not a tier.
KIND_OF_OUTCOME = {
    ResultOutcome.PASSED: CertificateKind.COMPLETION,
    ResultOutcome.ATTENDED: CertificateKind.PARTICIPATION,
}

# What a PSM is by law, by the year of issue. In 2012 and 2019 one regulation followed another: there the
# paper cites none by itself.
LEGAL_BASES = (
    (1988, 2011, "Keputusan Menteri Sosial Nomor 28/HUK/1987 tentang Pekerja Sosial Masyarakat"),
    (2013, 2018, "Peraturan Menteri Sosial Nomor 01 Tahun 2012 tentang Pekerja Sosial Masyarakat"),
    (2020, 9999, "Peraturan Menteri Sosial Nomor 10 Tahun 2019 tentang Pekerja Sosial Masyarakat"),
)


def verdict_of(*, revoked_on: date | None, is_superseded: bool, is_sealed: bool = True) -> Verdict:
    """Say what a known certificate is worth today; `is_sealed`: the stored facts are those of the day of
    issue.
    """
    if revoked_on is not None:
        return Verdict.REVOKED
    if is_superseded:
        return Verdict.SUPERSEDED
    return Verdict.VALID if is_sealed else Verdict.ALTERED


def kind_for(outcome: ResultOutcome | None) -> CertificateKind | None:
    """Return which certificate an outcome of the graduation earns, or None when it earns none."""
    return KIND_OF_OUTCOME.get(outcome) if outcome else None


def refusal_of_outcome(outcome: ResultOutcome | None) -> Text | None:
    """Say why a person of this outcome gets no certificate, or None when one is due."""
    if outcome is None:
        return _("Tidak ada dalam keputusan kelulusan.")
    if outcome in KIND_OF_OUTCOME:
        return None
    return _("Keputusan kelulusan: %(outcome)s.", outcome=str(outcome.label).lower())


def refusal_of_day(issued_on: date, *, held_on: date, today: date) -> Text | None:
    """Say why a certificate cannot bear this date: it lies between the meeting that decided and today, both
    included.
    """
    if issued_on < held_on:
        return _("Tanggal sertifikat tidak boleh sebelum rapat kelulusan, %(day)s.", day=long_date(held_on))
    if issued_on > today:
        return _("Tanggal sertifikat tidak boleh di masa depan.")
    return None


HAS_ANOTHER = _("Sudah memegang sertifikat angkatan ini; datanya tercatat dua kali.")


def was_revoked(number: str) -> Text:
    """Say why somebody who had a certificate gets none by a further issue."""
    return _("Sertifikat nomor %(number)s dicabut.", number=number)


def refusal_to_replace(*, is_revoked: bool, number_after: str | None) -> Text | None:
    """Say why a certificate cannot be replaced, or None: replacing corrects one that holds."""
    if number_after is not None:
        return _("Sertifikat ini sudah diganti dengan nomor %(number)s.", number=number_after)
    if is_revoked:
        return _("Sertifikat ini dicabut. Bila pencabutannya keliru, tarik kembali dahulu pencabutannya.")
    return None


def refusal_to_reinstate(*, is_revoked: bool, other_number: str | None, sits_in: str | None) -> Text | None:
    """Say why a revocation cannot be taken back, or None: nothing else may have taken the place of the
    certificate meanwhile.
    """
    if not is_revoked:
        return _("Sertifikat ini tidak dicabut.")
    if other_number is not None:
        return _(
            "Orangnya sudah memegang sertifikat nomor %(number)s, jadi yang dicabut ini tidak diberlakukan"
            " lagi.",
            number=other_number,
        )
    if sits_in is not None:
        return _(
            "Orangnya sudah mendapat tempat di angkatan %(code)s. Batalkan tempat itu dahulu.", code=sits_in
        )
    return None


def missing_requirements(
    *, is_approved: bool, has_name: bool, has_signer: bool, lesson_hours: int
) -> list[Text]:
    """List what a batch still lacks before any certificate of it can exist."""
    checks = (
        (is_approved, _("Kelulusan angkatan ini belum disetujui.")),
        (has_name, _("Nama penyelenggara pada tanggal itu belum dicatat.")),
        (
            has_signer,
            _(
                "Tidak ada penandatangan yang menjabat pada tanggal itu. Catat penandatangannya pada data"
                " penyelenggara."
            ),
        ),
        (lesson_hours > 0, _("Kurikulum diklat ini belum memuat mata diklat.")),
    )
    return [reason for is_met, reason in checks if not is_met]


def refusal_of_reason(reason: str) -> Text | None:
    """Say why this is no reason to revoke or replace, or None; it is kept with the certificate and read by
    its holder.
    """
    return reasons.refusal_of_reason(reason, most=REASON_LONGEST)


PERSONAL = {
    "name": _("Nama"),
    "birth_place": _("Tempat lahir"),
    "birth_date": _("Tanggal lahir"),
    "member_number": _("Nomor induk PSM"),
}


def personal_differences(printed: Mapping[str, Any], known: Mapping[str, Any]) -> list[tuple[Text, str, str]]:
    """Return (what, as it is printed, as it is known of the holder) of the facts about the person that are
    not the same.
    """
    named = [
        (label, printed.get(name), known[name], name == "birth_date") for name, label in PERSONAL.items()
    ]
    return [
        (label, _shown(was, is_day=day), _shown(now, is_day=day))
        for label, was, now, day in named
        if was != now
    ]


def in_words(differences: Iterable[tuple[Text, str, str]]) -> list[str]:
    """Write each of them as one phrase."""
    return [
        str(_("%(what)s tercetak %(was)s, menurut datanya %(now)s", what=str(what), was=was, now=now))
        for what, was, now in differences
    ]


def _shown(value: str | None, *, is_day: bool) -> str:
    if not value:
        return "–"
    return long_date(date.fromisoformat(value)) if is_day else value


def legal_bases(issued_on: date) -> list[str]:
    """Return the regulation about PSM that was in force in that year."""
    return [text for first, last, text in LEGAL_BASES if first <= issued_on.year <= last]


def position_of(standing: TraineeStatus | None) -> str | None:
    """Return the post to print beside a standing; None where it was not known."""
    if standing is None:
        return None
    return (
        "Pekerja Sosial Masyarakat" if standing is TraineeStatus.ACTIVE else "Calon Pekerja Sosial Masyarakat"
    )


NUMBER_WORD = re.compile(
    r"^\W*(?:(?:SERTIFIKAT|STTPP)\s+)?(?:NOMOR|NO\b\.?)(?:\s+(?:SERTIFIKAT|STTPP))?\s*[:=.]?\s*"
)
NUMBER_GAPS = "/. _"  # what people type, and files write, as a dash between the parts of a number


def read_code(typed: str) -> str | None:
    """Return the one code that was typed, in capitals, or None: there is none, or more than one.

    Read generously: the whole address from the QR, "Kode: …", spaces, dashes, slashes, a full stop behind it,
    words around it. I and 1 are in no code and read as L; O and 0 look like nothing that is in one, and are
    not guessed at.
    """
    found = codes_in(typed)
    return found[0] if len(found) == 1 else None


def codes_in(typed: str) -> list[str]:
    """Return what in a pasted text can be a code, each once: the text itself, else pieces written as codes
    are printed or as they stand in an address, else what adds up to one. Whether there is such a certificate,
    the register says.
    """
    text = _plain(unquote(typed))  # an address inside an address has its slashes written as %2F
    alone = text
    if found := re.search(r"(?:/V/(?:\?CODE=)?|[?&]CODE=)([^/?#&]+)", text):
        alone = found[1]
    alone = re.sub(
        r"^\W*KODE(?:\s+(?:SERTIFIKAT|VERIFIKASI|PEMERIKSAAN))?\s*(?:[:=.]|ADALAH\b|\s)", "", alone
    )
    parts = [part for word in alone.split() if (part := re.sub(r"[\-._:,;/*'\"()<>\[\]“”‘’]", "", word))]
    if (code := _as_code("".join(parts))) and _may_be_one_code(parts):
        return [code]
    pieces = [piece for run in re.findall(r"[^\W_]+", text) for piece in _parts_of(run)]
    printed = [
        code
        for at in range(len(pieces))
        for many in (1, len(GROUPS))
        if tuple(map(len, pieces[at : at + many])) in ((CODE_LENGTH,), GROUPS)
        and (code := _as_code("".join(pieces[at : at + many])))
    ]
    if printed:
        return list(dict.fromkeys(printed))[:MOST_CODES]
    sums = (
        pieces[at:to]
        for at in range(len(pieces))
        for to in range(at + 1, min(at + CODE_LENGTH, len(pieces)) + 1)
    )
    return list(
        dict.fromkeys(code for each in sums if (code := _as_code("".join(each))) and _may_be_one_code(each))
    )[:MOST_CODES]


def _may_be_one_code(parts: list[str]) -> bool:
    """Say whether what stands apart can be one code: broken only where its printed groups end, in groups of
    one size, or with a figure among the letters. Ordinary words that happen to add up to its length are none.
    """
    sizes = tuple(map(len, parts))
    is_printed = set(accumulate(sizes)) <= set(accumulate(GROUPS))
    is_even = len(parts) > 2 and len(set(sizes[:-1])) == 1 and sizes[-1] <= sizes[0] <= max(GROUPS)
    return is_printed or is_even or any(character.isdecimal() for part in parts for character in part)


def _parts_of(run: str) -> list[str]:
    """Return the pieces of an unbroken run: of a code that was pasted twice both, else the run itself."""
    whole = len(run) > CODE_LENGTH and len(run) % CODE_LENGTH == 0
    return [run[at : at + CODE_LENGTH] for at in range(0, len(run), CODE_LENGTH)] if whole else [run]


def _as_code(text: str) -> str | None:
    code = text.translate(READ_AS_L)
    return (
        code if len(code) == CODE_LENGTH and all(character in CODE_ALPHABET for character in code) else None
    )


def _plain(typed: str) -> str:
    return plain_digits(
        unicodedata.normalize("NFKC", clean_text(typed[:LONGEST_TYPED], one_line=True))
    ).upper()


def refusal_of_code(typed: str) -> Text | None:
    """Say why what was typed is no code yet, or None where it may be one that nobody has.

    It is no guess at a code.
    """
    characters = re.sub(r"[\W_]", "", _plain(typed))
    if not characters:
        return (
            _("Belum ada kodenya. Ketik %(all)d huruf dan angka di bawah QR.", all=CODE_LENGTH)
            if typed.strip()
            else None
        )
    if codes_in(typed):
        return None
    if characters.isdecimal():
        return _("Ini hanya angka. Ketik kodenya, atau nomor sertifikat selengkapnya seperti pada kertas.")
    words = [len(word) for word in re.findall(r"[^\W_]+", _plain(typed))]
    if (
        characters.isalpha()
        and len(words) > 1
        and tuple(words) != GROUPS
        and re.search(r"\w\s+\w", _plain(typed))
    ):
        return _("Ini seperti nama atau kata. Nama tidak dapat diperiksa; ketik kodenya.")
    if len(characters) < CODE_LENGTH:
        return _(
            "Kode ini belum lengkap: baru %(n)d dari %(all)d huruf dan angka.",
            n=len(characters),
            all=CODE_LENGTH,
        )
    if len(characters) > CODE_LENGTH:
        return _(
            "Tidak ada kode di dalamnya, atau kelebihan huruf: kode terdiri atas %(all)d huruf dan angka.",
            all=CODE_LENGTH,
        )
    return _(
        "Ada tanda yang tidak pernah dipakai pada kode, misalnya huruf O atau angka 0. Mungkin pada kertas"
        " tertulis D atau Q."
    )


def plain_number(typed: str) -> str:
    """Return the number of a certificate, or its beginning, out of what people type: "No. 001 / diklat–d/…."
    without the word before it, the blanks around its strokes and the full stop behind it, in capitals.
    """
    text = NUMBER_WORD.sub("", _plain(typed)).strip(" .,;:")
    return "/".join(part.strip() for part in text.split("/"))


def dashed_number(typed: str) -> str:
    """Return what was typed as a number, or its beginning, with one dash for whatever parts it: as it is
    sought in the register.
    """
    return re.sub(rf"[-{re.escape(NUMBER_GAPS)}]+", "-", plain_number(typed)) or "-"


def read_number(typed: str) -> str | None:
    """Return what was typed as the number of a certificate (001/DIKLAT-D/DINSOS-TAPIN/V/2011), or None: it
    looks like none.
    """
    number, is_named = plain_number(typed), NUMBER_WORD.match(_plain(typed)) is not None
    parts = number.split("/")
    is_number = (
        len(parts) >= (2 if is_named else 3)
        and any(part.isdecimal() for part in parts)
        and "//" not in number
    )
    return number if is_number else None


def check_address(base_url: str, code: str) -> str:
    """Return the address that the QR code opens."""
    return f"{base_url}/V/{code}"


def unprintable_characters(facts: str) -> Text:
    """Word why a sheet cannot be printed: every character of its facts that no font draws."""
    if characters := undrawable_characters(facts):
        return _(
            "Ada tanda yang tidak dapat dicetak: %(signs)s. Perbaiki datanya, lalu terbitkan lagi.",
            signs=describe_characters(characters),
        )
    return _("Lembar sertifikatnya tidak dapat dicetak. Periksa nama dan datanya, lalu terbitkan lagi.")


def too_long_for_sheet(text: str, name: str) -> Text:
    """Word why a sheet cannot be issued whose letters could not be read: `text` is too long for its line;
    where it is empty, all of it is too much for a page. `name`: of the person, which is put right with the
    person.
    """
    if not text:
        return _(
            "Isi lembarnya terlalu banyak untuk satu halaman: hurufnya menjadi terlalu kecil untuk dibaca."
            " Pilih lembar tegak pada data penyelenggara, atau ringkas datanya, lalu terbitkan lagi."
        )
    if text == name:
        return _(
            "Nama “%(name)s” memuat kata yang terlalu panjang untuk lembarnya: hurufnya menjadi terlalu kecil"
            " untuk dibaca. Betulkan nama itu pada data orangnya, lalu terbitkan lagi.",
            name=text,
        )
    return _(
        "Tulisan “%(text)s” terlalu panjang untuk lembarnya: hurufnya menjadi terlalu kecil untuk dibaca."
        " Perbaiki datanya, lalu terbitkan lagi.",
        text=text,
    )


def network_of(address: str | None) -> str:
    """Return whom a limit counts together: one IPv4 address, or the 64 bits of IPv6 that one
    line is given.
    """
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    return str(found) if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))


def refusal_of_two_results(batch: str) -> Text:
    """Say that two records cannot be one person's while the results of both in one batch earn a
    certificate.
    """
    return _(
        "Keduanya mengikuti angkatan %(batch)s sampai selesai, masing-masing dengan hasil yang memberi"
        " sertifikat. Seorang hanya mempunyai satu: pejabat mencabut dahulu sertifikat yang keliru, sesudah"
        " diterbitkan. Lalu gabungkan.",
        batch=batch,
    )
