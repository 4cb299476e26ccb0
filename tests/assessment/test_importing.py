"""Marks pasted from a spreadsheet: who is meant, what is a mark, and which line cannot be read."""

from decimal import Decimal

import pytest

from app.assessment.importing import read_pasted
from app.assessment.rules import MarkKind

PEOPLE = [
    (11, "Siti Aminah"),
    (12, "Rahmad Nor'din"),
    (13, "Siti Aminah"),
    (14, "Aluh"),
    (15, "Drs. H. Abdul Ghani, M.Si."),
]


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("Rahmad Nor'din\t80", {12: "80"}),
        ("rahmad  nordin\t72,5", {12: "72.5"}),
        ("2\t80", {12: "80"}),
        ("2.\t80", {12: "80"}),
        ("2\tRahmad Nor'din\t80", {12: "80"}),
        ("3\tSiti Aminah\t64", {13: "64"}),
        ("Aluh;91", {14: "91"}),
        ("No\tNama\tNilai\n4\tAluh\t91\n\n", {14: "91"}),
        ("No\tNama\tDesa\tNilai akhir\n4\tAluh\tBatu Hapu\t91\nJumlah\t\t\t91", {14: "91"}),
        ("Nama\tPre\tPost\tAkhir\nAluh\t91", {14: "91"}),
        ("Abdul Ghani\t75\nAluh\t", {15: "75"}),
    ],
)
def test_lines_that_are_understood(line, values):
    pasted = read_pasted(line, PEOPLE)
    assert pasted.errors == []
    assert pasted.values == {key: Decimal(value) for key, value in values.items()}


@pytest.mark.parametrize(
    ("text", "number", "words"),
    [
        ("Aluh\t91\nSiapa\t80", 2, "Tidak ada peserta bernama “Siapa”"),
        ("Aluh\t91\nAluh\t80", 2, "sudah disebut"),
        ("Aluh\t101", 1, "“101” bukan nilai"),
        ("Aluh\ttidak hadir", 1, "“tidak hadir” bukan nilai"),
        ("Aluh\t", 1, "Tidak ada nilai yang dapat dibaca"),
        ("Aluh\t40\t60\t75", 1, "Ada 3 kolom nilai (40; 60; 75)"),
        ("4\tAluh\t40\t60", 1, "Ada 2 kolom nilai (40; 60)"),
        ("4\t40\t60", 1, "Ada 2 kolom nilai (40; 60)"),
        ("Aluh\t7,555", 1, "paling banyak dua angka di belakang koma"),
        ("Aluh\t80\tLulus", 1, "“Lulus” bukan nilai"),
        ("Siti Aminah\t80", 1, "pakai nomor baris"),
        ("9\t80", 1, "Tidak ada peserta nomor 9"),
        ("0\t80", 1, "Tidak ada peserta nomor 0"),
        ("80", 1, "dalam dua kolom"),
        ("", 1, "Tidak ada nilai yang dapat dibaca"),
        ("Nama\tNilai", 1, "Tidak ada nilai yang dapat dibaca"),
    ],
)
def test_lines_that_are_not(text, number, words):
    (found,) = read_pasted(text, PEOPLE).errors
    assert found[0] == number
    assert words in str(found[1])


def test_a_name_that_disagrees_with_its_number_counts_by_name():
    assert read_pasted("1\tAluh\t91", PEOPLE).values == {14: Decimal(91)}


def test_whose_result_is_approved_is_named_as_such():
    [(_number, said)] = read_pasted("Aluh\t10", PEOPLE, closed={14}).errors
    assert str(said) == "Hasil “Aluh” sudah disetujui; nilainya tidak dapat diubah lagi."


def test_a_name_that_nobody_has_is_refused_alone_and_not_for_the_two_of_one_name():
    text = (
        "No\tNama\tNilai akhir\n1\tSiti Aminah\t70\n2\tRahmat\t75\n3\tSiti Aminah\t80\n4\tAluh B\t-\n5\tAbdul"
        " Ghani\t-"
    )
    pasted = read_pasted(text, PEOPLE, kind=MarkKind.FINAL)
    assert [(number, str(said)) for number, said in pasted.errors] == [
        (3, "Tidak ada peserta bernama “Rahmat”."),
        (5, "Tidak ada peserta bernama “Aluh B”."),
    ]
    assert pasted.values == {11: Decimal(70), 13: Decimal(80)}


def test_two_of_one_name_are_refused_where_another_stands_at_another_number():
    text = "No\tNama\tNilai akhir\n1\tSiti Aminah\t70\n3\tSiti Aminah\t71\n2\tAluh\t80"
    [(number, said), _second] = read_pasted(text, PEOPLE, kind=MarkKind.FINAL).errors
    assert (number, "tidak sama lagi dengan daftar" in str(said)) == (2, True)


@pytest.mark.parametrize(
    ("recorded", "typed"),
    [
        ("N U R D I N", "NURDIN"),
        ("Nurdin", "N U R D I N"),
        ("Drs. Syamsul Bahri, M.M.", "Syamsul Bahri"),
        ("Syamsul Bahri", "Drs. Syamsul Bahri M.M."),
        ("S I T I A M I N A H", "Siti Aminah"),
        ("A G U S T", "Agust"),
    ],
)
def test_a_name_is_recognised_with_and_without_titles_and_with_letters_apart(recorded, typed):
    assert read_pasted(f"{typed}\t70", [(1, "Aluh"), (2, recorded)]).values == {2: Decimal(70)}
