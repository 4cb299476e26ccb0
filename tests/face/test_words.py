"""The words on the pages, in the mails and in every sentence of the program: Indonesian, the office's own,
and none of the machine's.
"""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import app as application
from app.core.choices import Choice
from tests.face.crawl import Crawl

ROOT = Path(__file__).resolve().parents[2] / "app"
WORD = re.compile(r"[^\W\d_]+(?:_[^\W\d]+)*")
ADDRESS = re.compile(
    r"https?://\S+|\S+@\S+|/[\w/.-]*/[\w/.-]*|\b[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+\b|Mozilla\S*|Chromium"
)
TO_BE_FILLED = re.compile(
    r"\{(?:sequence|tier|unit|month|year|day)(?::\d+)?\}"
)  # the parts of a number, named to officers
NAMED = re.compile(r"%\(\w+\)[\d.]*[sdf]|\{\w+(?::[^}]*)?\}")  # what a sentence of the program says later
MARKS = re.compile(r"{{|}}|{%|%}|%\(|%s\b|\{[a-z_]+\}")
ISO = re.compile(
    r"\b\d{4}-\d{2}-\d{2}\b|\b\d{2}:\d{2}:\d{2}\b|\bUTC\b|\bGMT\b|\+00:00|\b\d{1,2}(:\d{2})? ?[AP]M\b"
)
SNAKE = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b|\b[a-z]+\.[a-z]+_[a-z_]+\b")
ENGLISH = frozenset((Path(__file__).parent / "english.txt").read_text().split())
INSTEAD = {
    r"tempat praktik(?! kerja lapangan)": "Lokasi PKL",
    r"meja kerja": "Tugas saya",
    r"desa kosong": "desa tanpa PSM",
    r"desa(?:/kelurahan)? belum terlatih": "desa tanpa PSM terlatih",
    r"dipanggil": "diundang",
    r"gugur": "batal (atas kemauan sendiri) atau tidak hadir",
    r"alpa": "tanpa keterangan",
    r"kurangi": "Terima sebagian",
    r"mentor": "pembimbing lapangan",
    r"trainer": "pengajar",
    r"rencanakan diklat": "Susun usulan diklat",
    r"credential": "kredensial digital",
    r"paparan": "Laporan akses data pribadi",
    r"snapshot": "rekap triwulan (terkunci)",
    r"gap|kesenjangan": "masih kurang … orang, kekurangan",
    r"parked": "tertahan: (alasan)",
    r"dry[ -]run": "Periksa dulu",
    r"suspects?": "dugaan data ganda",
    r"merge": "gabungkan",
    r"waiting list|daftar tunggu": "cadangan",
    r"saya penyelenggara": "Petugas",
    r"saya psm": "PSM dan calon PSM",
    r"daftar diklat": "Diklat yang dibuka",
    r"exposure": "Laporan akses data pribadi",
}
TO_VOLUNTEERS = {r"unduh\w*": "Simpan ke HP", r"unggah\w*": "Kirim foto", r"pelatih": "pengajar"}
ON_BUTTONS = {r"daftar": "Daftarkan diri (sendiri) atau Daftarkan peserta (petugas)"}


def test_no_word_of_the_machine_reaches_a_reader(crawl: Crawl) -> None:
    found = [(fault, text, where) for (text, _who), where in seen(crawl) for fault in faults(text)]

    assert not found, told(found)


def test_the_words_are_those_of_the_office(crawl: Crawl) -> None:
    found = [
        f"{fault}: “{text[:100]}” {where}"
        for (text, who), where in seen(crawl)
        for fault in corrections(text, INSTEAD, who)
    ]
    found += [
        f"{fault}: “{text[:100]}” {where}"
        for text, where in crawl.acts.items()
        for fault in corrections(text, ON_BUTTONS, whole=True)
    ]

    assert not found, "\n".join(sorted(found))


def test_every_sentence_of_the_program_is_in_these_words_too() -> None:
    """Those that nobody met as well: refusals, subjects of mails, names of states."""
    found = [
        (fault, text, where)
        for text, where in sentences()
        for fault in [*faults(text, names=True), *corrections(NAMED.sub(" ", text), INSTEAD)]
    ]

    assert not found, told(found)


@pytest.mark.parametrize(
    "text",
    [
        "Status: waitlisted",
        "None",
        "Please fill in",
        "Halaman {{ nama }}",
        "%(nama)s hadir",
        "2026-11-22",
        "09.00 UTC",
        "in_progress",
        "Not found",
    ],
)
def test_a_word_of_the_machine_is_found(text: str) -> None:
    assert faults(text)


@pytest.mark.parametrize(
    "text",
    [
        "Sesi dan status data: 22 November 2026, 09.00 WITA",
        "TAPIN-D-2026-01",
        "nama@contoh.id",
        "Batal",
        "Total 3 orang",
    ],
)
def test_a_word_of_the_office_is_not(text: str) -> None:
    assert not faults(text)
    assert not corrections(text, INSTEAD, True)


def test_a_word_to_be_replaced_is_found() -> None:
    assert corrections("Ibu dipanggil panitia", INSTEAD) == ["dipanggil -> diundang"]
    assert corrections("Unduh berkas", INSTEAD, True)
    assert not corrections("Unduh berkas", INSTEAD)
    assert corrections("Daftar", ON_BUTTONS, whole=True)


def seen(crawl: Crawl) -> Iterator[tuple[tuple[str, bool], str]]:
    """Return every text that a reader met; the gallery of components is read by those who build."""
    return ((text, where) for text, where in crawl.words.items() if not where.startswith("gallery/"))


def told(found: list[tuple[str, str, str]]) -> str:
    """Return each fault once a template or file, with an example and how often."""
    places: dict[tuple[str, str], list[str]] = {}
    for fault, text, where in found:
        places.setdefault((where.split(" (")[0], fault), []).append(f"“{text[:90]}” {where}")
    return "\n".join(
        f"{place}: {fault} ({len(texts)}): {texts[0]}" for (place, fault), texts in sorted(places.items())
    )


def faults(text: str, *, names: bool = False) -> list[str]:
    """Return what in a text is no Indonesian: English, a value of the program, a mark that was not filled, a
    date for machines.

    A sentence of the program may hold names between marks, to be filled later.
    """
    plain = TO_BE_FILLED.sub(" ", ADDRESS.sub(" ", text))
    if names:
        plain = NAMED.sub(" ", plain)
    found = [f"mark {each}" for each in MARKS.findall(plain)] + [
        f"for machines: {each.group()}" for each in ISO.finditer(plain)
    ]
    found += [f"name of the program: {each}" for each in SNAKE.findall(plain)]
    for word in {each.lower() for each in WORD.findall(plain)}:
        if word in ENGLISH:
            found.append(f"English: {word}")
        elif word in values():
            found.append(f"value of the program: {word}")
    return found


def corrections(
    text: str, table: dict[str, str], to_volunteers: bool = False, *, whole: bool = False
) -> list[str]:
    """Return which words stand there, and which should."""
    rules = {**table, **(TO_VOLUNTEERS if to_volunteers and table is INSTEAD else {})}
    test = re.fullmatch if whole else re.search
    return [
        f"{word} -> {right}"
        for word, right in rules.items()
        if test(rf"\b(?:{word})\b", text.strip(), re.IGNORECASE)
    ]


_values: set[str] = set()


def values() -> set[str]:
    """Return the values of every list of choices that are no word of any label."""
    if not _values:
        for module in walk_packages(application.__path__, "app."):
            if module.name.endswith(("rules", "scopes", "choices")):
                import_module(module.name)
        choices = [member for each in Choice.__subclasses__() for member in each]
        said = {word.lower() for member in choices for word in WORD.findall(str(member.label))}
        _values.update({str(member.value).lower() for member in choices} - said)
    return _values


def sentences() -> Iterator[tuple[str, str]]:
    """Return every text that the program marks for readers, with its file and line."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "_"
                and node.args
            ):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value, f"{path.relative_to(ROOT)}:{node.lineno}"
    marked = re.compile(r"""_\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")""")
    for path in sorted((ROOT / "templates").rglob("*.*")):
        text = path.read_text()
        for match in marked.finditer(text):
            yield (
                match[1] or match[2] or "",
                f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}",
            )
