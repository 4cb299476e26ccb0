"""What people type, and how each is meant: the reading, or the words of the sentence that refuses it. One list for every door."""

from datetime import date

MAY_24 = date(2011, 5, 24)
NEW_YEARS_EVE = date(1985, 12, 31)
FULL_YEAR = "empat angka"
UNREADABLE = "tidak dapat dibaca"
NO_SUCH = "tidak ada dalam kalender"

DAYS: list[tuple[str, date | str]] = [
    ("24-V-2011", MAY_24), ("2011-05-24 00:00:00", MAY_24), ("24/05/2011.", MAY_24), ("24-XIII-2011", "tidak dapat dibaca"),
    ("24-05-2011", MAY_24), ("24/05/2011", MAY_24), ("24.05.2011", MAY_24), ("24/5/2011", MAY_24), ("24.5.2011", MAY_24),
    ("24-5-2011", MAY_24), ("24 5 2011", MAY_24), ("24 Mei 2011", MAY_24), ("24 mei 2011", MAY_24), ("24 MEI 2011", MAY_24),
    ("24-Mei-2011", MAY_24), ("24 Mei, 2011", MAY_24), ("Selasa, 24 Mei 2011", MAY_24), ("selasa 24 mei 2011", MAY_24),
    ("2011-05-24", MAY_24), ("2011/05/24", MAY_24), ("2011.5.24", MAY_24), ("24052011", MAY_24), ("20110524", MAY_24),
    ("  24-05-2011  ", MAY_24), ("24 - 05 - 2011", MAY_24), ("24\u201305\u20132011", MAY_24), ("24\u00a0Mei\u00a02011", MAY_24),
    ("\u202a24-05-2011\u202c", MAY_24), ("\ufeff24-05-2011", MAY_24), ("٢٤-٠٥-٢٠١١", MAY_24), ("24 May 2011", MAY_24),
    ("31-12-1985", NEW_YEARS_EVE), ("31/12/1985", NEW_YEARS_EVE), ("31 Des 1985", NEW_YEARS_EVE), ("31 Des. 1985", NEW_YEARS_EVE),
    ("31 Desember 1985", NEW_YEARS_EVE), ("31 December 1985", NEW_YEARS_EVE), ("1985-12-31", NEW_YEARS_EVE),
    ("Jum'at, 17 Agustus 1945", date(1945, 8, 17)), ("17 Agt 1945", date(1945, 8, 17)), ("1 Pebruari 1970", date(1970, 2, 1)),
    ("5 Nopember 1990", date(1990, 11, 5)), ("29-02-2012", date(2012, 2, 29)), ("1-1-2000", date(2000, 1, 1)),
    ("29-02-2011", NO_SUCH), ("31 Februari 2011", NO_SUCH), ("31-04-2011", NO_SUCH), ("0-5-2011", NO_SUCH), ("32-05-2011", NO_SUCH),
    ("05/24/2011", UNREADABLE), ("2011-24-05", UNREADABLE), ("24 Mayo 2011", UNREADABLE), ("24 Mei", UNREADABLE), ("2011", UNREADABLE),
    ("besok", UNREADABLE), ("24", UNREADABLE), ("24-05-2011 08:00", UNREADABLE), ("24-05-20111", UNREADABLE), ("<b>", UNREADABLE),
    ("Senin, 24 Mei 2011", "jatuh pada hari Selasa"), ("Jumat 31-12-1985", "jatuh pada hari Selasa"), ("ahad 1-1-2000", "hari Sabtu"),
    ("9" * 400, UNREADABLE), ("24-05-1811", "di luar jangkauan"), ("24-05-9011", "di luar jangkauan"), ("40687", UNREADABLE),
]  # fmt: skip
SHORT_YEARS: list[tuple[str, date | str]] = [  # understood where somebody is born, refused elsewhere
    ("31-12-85", NEW_YEARS_EVE), ("31/12/85", NEW_YEARS_EVE), ("31 Des 85", NEW_YEARS_EVE), ("31.12.85", NEW_YEARS_EVE),
    ("1-2-05", date(2005, 2, 1)), ("17-08-45", date(1945, 8, 17)), ("31-02-85", NO_SUCH),
]  # fmt: skip
TIMES: list[tuple[str, str]] = [
    ("8;30", "08:30"), ("08-30", "08:30"), ("8 30", "08:30"), ("13.30 WITA", "13:30"), ("1:30 PM", "Contoh: 08.30"),
    ("08:00", "08:00"), ("08.00", "08:00"), ("8.00", "08:00"), ("8:30", "08:30"), ("pukul 13.15", "13:15"), ("13.15 WITA", "13:15"),
    ("23.59", "23:59"), ("08:00:00", "08:00"), ("0830", "08:30"), ("830", "08:30"), ("1330", "13:30"), ("8", "08:00"), ("8,30", "08:30"),
    ("pukul 8", "08:00"), ("24.00", "00.00 sampai 23.59"), ("08.60", "00.00 sampai 23.59"), ("99", "00.00 sampai 23.59"),
    ("pagi", "Contoh: 08.30"), ("8.5", "Contoh: 08.30"), ("08.30-10.00", "Contoh: 08.30"), ("08305", "Contoh: 08.30"),
]  # fmt: skip
WHOLE_NUMBERS: list[tuple[str, int | str]] = [
    ("1500", 1500), ("1.500", 1500), ("1 500", 1500), ("1.500.000", 1_500_000), ("Rp1.500.000", 1_500_000),
    ("Rp 1.500.000,00", 1_500_000),
    ("Rp. 1.500.000,-", 1_500_000), ("rp 25000", 25_000), ("30", 30), (" 30 ", 30), ("030", 30), ("0", 0), ("40 orang", "angka bulat"),
    ("1 jam", "angka bulat"), ("٣٠", 30), ("３０", 30), ("1\u00a0500", 1500), ("\u200e30", 30), ("30,0", 30),
    ("1,5", "angka bulat"), ("1.5", "angka bulat"), ("1,500", "angka bulat"), ("1.50", "angka bulat"), ("15.00", "angka bulat"),
    ("1.5000", "angka bulat"), ("tiga puluh", "angka bulat"), ("30a", "angka bulat"), ("3e5", "angka bulat"), ("0x1F", "angka bulat"),
    ("5 ribu", "angka bulat"), ("1_000", "angka bulat"), ("9" * 30, "angka bulat"), ("9" * 500, "angka bulat"), ("²", "angka bulat"),
    ("-5", "dari 0 sampai"), ("\u22125", "dari 0 sampai"), ("9.999.999.999", "dari 0 sampai"),
]  # fmt: skip
MINUTES_LATE: list[tuple[str, int | str]] = [  # a word behind a number is read where the field counts it; hours are minutes
    ("20", 20), ("20 menit", 20), ("20 Menit.", 20), ("20mnt", 20), ("1 jam", 60), ("1 jam 15 menit", 75), ("2 jam 5", 125),
    ("1,5 jam", "dalam menit"), ("1 hari", "dalam menit"), ("20 orang", "dalam menit"), ("dua jam", "angka bulat"),
]  # fmt: skip
MARKS: list[tuple[str, str | None]] = [  # None: refused
    ("85,5", "85.50"), ("85.5", "85.50"), ("85", "85.00"), ("85,25", "85.25"), ("0", "0.00"), ("100", "100.00"), ("100,00", "100.00"),
    (" 85,5 ", "85.50"), ("٨٥٫٥", "85.50"), ("８５", "85.00"), ("085", "85.00"),
    ("85,555", None), ("100,5", None), ("101", None), ("-1", None), ("1.500", None), ("8e1", None), ("NaN", None), ("delapan", None),
    ("85/100", None), ("1,2,3", None), ("85,", None),
]  # fmt: skip
MOBILES: list[tuple[str, str | None]] = [
    ("0812-3456-7890", "+6281234567890"), ("0812 3456 7890", "+6281234567890"), ("081234567890", "+6281234567890"),
    ("+62 812-3456-7890", "+6281234567890"), ("6281234567890", "+6281234567890"), ("62 812 3456 7890", "+6281234567890"),
    ("812 3456 7890", "+6281234567890"), ("+62 (0)812 3456 7890", "+6281234567890"), ("+62 0812 3456 7890", "+6281234567890"),
    ("0062 812 3456 7890", "+6281234567890"), ("0812.3456.7890", "+6281234567890"),
    ("\u202a+62 812\u20113456\u20117890\u202c", "+6281234567890"),
    ("٠٨١٢٣٤٥٦٧٨٩٠", "+6281234567890"), ("0812\u00a03456\u00a07890", "+6281234567890"),
    ("WA 0812 3456 7890", "+6281234567890"), ("No. HP: 0812-3456-7890", "+6281234567890"), ("0812-3456-7890 (WA)", "+6281234567890"),
    ("(0517) 21234", None), ("0511-3364500", None), ("0812", None), ("nol delapan", None), ("0812-3456-7890-1234-5678", None),
    ("+1 202 555", None),
]  # fmt: skip
NO_MOBILES: list[tuple[str, str]] = [  # each with words of the sentence that refuses it
    ("0812 3456 78I0", "huruf “I”. Mungkin maksudnya angka 1?"), ("0812 3456 789O", "huruf “O”. Mungkin maksudnya angka 0?"),
    ("0812 345 678 sms saja", "huruf “s”. Isi dengan angka saja"), ("0812-3456-7890 Budi", "huruf “B”"), ("0812-3456-7890#", "tanda “#”"),
    ("0812 3456 7890/0813 1111 2222", "Hanya satu nomor"), ("0812 3456 7890 atau 0813 1111 2222", "Hanya satu nomor"),
    ("0812 3456 7890, 0517 31234", "Hanya satu nomor"), ("0517-31234", "telepon rumah atau kantor"), ("6305114501850009", "16 angka"),
    ("08123456789012345", "terlalu panjang: 17 angka"), ("0812", "tidak lengkap"), ("1234567890", "dimulai dengan 08"),
]  # fmt: skip
NUMBERS_TO_CALL: list[tuple[str, str | None]] = [  # of an office: mobile or not; None: refused
    ("0812 3456 7890", "0812-3456-7890"), ("0517-31234", "(0517) 31234"), ("(0517) 31234", "(0517) 31234"), ("tanya Bu Sri", None),
    ("08", None), ("WA 0812", None), ("0812 3456 789O", None), ("", ""), ("0517-00", None),
]  # fmt: skip
NIK = "6305114501850009"
NIKS: list[tuple[str, str | None]] = [
    (NIK, NIK), ("6305 1145 0185 0009", NIK), ("6305.1145.0185.0009", NIK), ("6305-1145-0185-0009", NIK), ("63 05 11 450185 0009", NIK),
    ("'6305114501850009", NIK), ("NIK: 6305114501850009", NIK), ("No. NIK 6305114501850009", NIK),
    ("\u20686305114501850009\u2069", NIK),
    ("٦٣٠٥١١٤٥٠١٨٥٠٠٠٩", NIK), ("6305\u00a01145\u00a00185\u00a00009", NIK), ("6305–1145–0185–0009", NIK),
    ("630511450185000", None), ("63051145018500091", None), ("6.30511E+15", None), ("6305119901850009", None),
    ("6305114513850009", None),
    ("6305114501850000", None), ("63O5114501850009", None), ("tidak ada", None),
]  # fmt: skip
TEXTS: list[tuple[str, str | None]] = [
    ("Siti Aminah", "Siti Aminah"), ("  Siti Aminah ", "Siti Aminah"), ("Siti\u00a0Aminah", "Siti Aminah"),
    ("Siti\u2009Aminah", "Siti Aminah"),
    ("Siti\u202eAminah", "SitiAminah"), ("\u202aSiti\u202c", "Siti"), ("\u2066Siti\u2069", "Siti"), ("Si\u200bti", "Siti"),
    ("\ufeffSiti", "Siti"),
    ("Si\u00adti", "Siti"), ("Si\u2060ti", "Siti"), ("Rene\u0301", "René"), ("Nu'man", "Nu'man"), ("Nu\u2019man", "Nu\u2019man"),
    ("H. Syamsul, S.Sos.", "H. Syamsul, S.Sos."), ("\U000e0041Siti", "Siti"),
    ("Siti\x07", None), ("Si\x1bti", None), ("Si\x9fti", None), ("Siti\ud800", None), ("Siti\ue000", None),
    ("Siti\uffff", None), ("Si\x7fti", None), ("Gunawan" + "\u0301\u0323" * 30, None), ("a\u0301\u0323\u0308\u0304", None),
    ("ế", "ế"), ("e\u0302\u0301", "ế"),
]  # fmt: skip
CODE = "ABCDEFGHJKLMN"
CODES: list[tuple[str, str | None]] = [
    (CODE, CODE), ("abcdefghjklmn", CODE), ("ABCD-EFGH-JKLM-N", CODE), ("abcd efgh jklm n", CODE), ("ABCD.EFGH.JKLM.N", CODE),
    ("ABCDEFGHJKLMN.", CODE), ("kode: ABCD EFGH JKLM N", CODE), ("Kode sertifikat: ABCD-EFGH-JKLM-N.", CODE),
    ("kode ABCDEFGHJKLMN", CODE),
    ("https://bekal.example.go.id/v/ABCDEFGHJKLMN", CODE), ("HTTPS://BEKAL.EXAMPLE.GO.ID/V/ABCDEFGHJKLMN", CODE),
    ("bekal.example.go.id/v/abcd-efgh-jklm-n/", CODE), ("https://bekal.example.go.id/v/?code=ABCDEFGHJKLMN", CODE),
    ("https://bekal.example.go.id/v/ABCDEFGHJKLMN?utm_source=wa", CODE), ("“ABCD-EFGH-JKLM-N”", CODE),
    ("\u202aABCDEFGHJKLMN\u202c", CODE),
    ("ABCD\u2013EFGH\u2013JKLM\u2013N", CODE), ("ＡＢＣＤＥＦＧＨＪＫＬＭＮ", CODE), ("ABCD\u00a0EFGH\u00a0JKLM\u00a0N", CODE),
    ("Siti Aminah, KX3U4-CPDU5-FR6", "KX3U4CPDU5FR6"), ("KX3U4-CPDU5-FR6 (Siti Aminah)", "KX3U4CPDU5FR6"),
    ("Cek di http://127.0.0.1:8103/V/KX3U4CPDU5FR6 ya pak", "KX3U4CPDU5FR6"), ("no KX3U4-CPDU5-FR6", "KX3U4CPDU5FR6"),
    ("KX3U4-CPDU5-FR6 Periksa di 127.0.0.1:8103", "KX3U4CPDU5FR6"), ("KX3U4/CPDU5/FR6", "KX3U4CPDU5FR6"),
    ("Kode KX3U4-CPDU5-FR6 Sidik data ff0d3e636c27", "KX3U4CPDU5FR6"), ("KX3U4-CPDU5-FR6\nKX3U4-CPDU5-FR6", "KX3U4CPDU5FR6"),
    ("KX3U4CPDU5FR6KX3U4CPDU5FR6", "KX3U4CPDU5FR6"),
    ("https://l.wl.co/l?u=http%3A%2F%2F127.0.0.1%3A8104%2FV%2FKX3U4CPDU5FR6", "KX3U4CPDU5FR6"),
    ("https://wa.me/?text=Cek%20http%3A%2F%2Fcontoh.id%2Fv%2Fkx3u4cpdu5fr6", "KX3U4CPDU5FR6"), ("11DNS-XJA6V-V92", "LLDNSXJA6VV92"),
    ("KX3U4-CPDU5-FR6 dan LLDNS-XJA6V-V92", None), ("Siti Aminah", None), ("KX3U4-CPDU5", None),
    ("ABCDEFGHJKLM0", None), ("ABCDEFGHJKLMO", None), ("ABCDEFGHJKLMI", "ABCDEFGHJKLML"),
    ("ABCDEFGHJKLM1", "ABCDEFGHJKLML"), ("ABCDEFGHJKLM", None),
    ("ABCDEFGHJKLMNP", None), ("https://bekal.example.go.id/v/", None), ("", None), ("A" * 3000, None),
]  # fmt: skip
NUMBER = "001/DIKLAT-D/DINSOS-TAPIN/V/2011"
CERTIFICATE_NUMBERS: list[tuple[str, str | None]] = [
    (NUMBER, NUMBER), (NUMBER.lower(), NUMBER), ("No. " + NUMBER, NUMBER), ("Nomor: " + NUMBER + ".", NUMBER),
    ("nomor sertifikat 400.9.1/001/STTPP/DINSOS/2026", "400.9.1/001/STTPP/DINSOS/2026"),
    ("001 / DIKLAT-D / DINSOS-TAPIN / V / 2011", NUMBER),
    (CODE, None), ("https://bekal.example.go.id/v/ABC", None), ("a/b/c", None), ("001", None), ("", None),
]  # fmt: skip
