"""Invented people of a believable Tapin: no name, number or address belongs to anybody.

NIK are made by trainees.rules.sample_nik, whose serials from 9000 on are kept for samples.
"""

from typing import NamedTuple


class Person(NamedTuple):
    """A name, a desa by its Kemendagri code, a birth date as ISO text, and whether she is a woman."""

    name: str
    desa: str
    born: str
    is_woman: bool


# Thirty participants from eight of the twelve kecamatan; Piani, Salam Babaris, Hatungun and Bakarangan send
# nobody.
PARTICIPANTS = (
    Person("Siti Aminah", "63.05.06.2001", "1978-03-12", True),
    Person("Noor Halimah", "63.05.06.2003", "1982-07-21", True),
    Person("Muhammad Yasin", "63.05.06.2004", "1975-11-02", False),
    Person("Rahmawati", "63.05.06.2008", "1985-01-30", True),
    Person("Nu'man Hakim", "63.05.05.2001", "1980-05-17", False),
    Person("Mastura", "63.05.05.2003", "1979-09-09", True),
    Person("Jamilah, S.Pd.", "63.05.05.2006", "1983-12-25", True),
    Person("Ahmad Rifani", "63.05.05.2009", "1977-04-04", False),
    Person("Hj. Salasiah", "63.05.01.2003", "1968-08-15", True),
    Person("Syahrani", "63.05.01.2007", "1974-02-28", False),
    Person("Fitriani", "63.05.01.1001", "1986-06-06", True),
    Person("Akhmad Zaini", "63.05.02.2001", "1972-10-10", False),
    Person("Norhasanah", "63.05.02.2006", "1981-01-19", True),
    Person("Misran", "63.05.02.1004", "1970-07-07", False),
    Person("Hamdanah", "63.05.02.2011", "1984-03-03", True),
    Person("Juhairiah", "63.05.03.2001", "1976-12-01", True),
    Person("Supian Noor", "63.05.03.2004", "1973-05-23", False),
    Person("Rusdiana", "63.05.03.2009", "1987-09-14", True),
    Person("Masrani", "63.05.03.2013", "1971-11-30", False),
    Person("Hikmatul Aulia", "63.05.04.1002", "1988-02-11", True),
    Person("Gt. Abdul Karim", "63.05.04.2005", "1969-06-18", False),
    Person("Yuliana", "63.05.04.2008", "1982-10-27", True),
    Person("Saprudin", "63.05.04.2010", "1978-08-08", False),
    Person("Maimunah", "63.05.04.1004", "1974-01-05", True),
    Person("Bahrudin", "63.05.09.2001", "1976-04-16", False),
    Person("Raudatul Jannah", "63.05.09.2003", "1989-07-29", True),
    Person("Kasmawati", "63.05.09.2008", "1983-11-11", True),
    Person("Arbain", "63.05.10.2001", "1967-03-20", False),
    Person("Siti Rahmah", "63.05.10.1007", "1980-12-12", True),
    Person("Dardiansyah", "63.05.10.2005", "1985-05-05", False),
)

# Calon PSM of today who ask for a seat in the second batch.
CANDIDATES = (
    Person("Lisda Wati", "63.05.08.2001", "1994-02-14", True),
    Person("Ahmad Fauzan", "63.05.08.2004", "1991-09-01", False),
    Person("Nur Aida", "63.05.11.2001", "1996-06-23", True),
    Person("Muhammad Ridha", "63.05.12.2003", "1990-12-31", False),
    Person("Sri Mulyani Rahayu", "63.05.07.2002", "1993-04-09", True),
    Person("Hasbullah", "63.05.07.2008", "1988-08-19", False),
)
