"""How regions are named where all around them are of their kind, and in few letters."""

LINE_LENGTH, MOST_LINES = 12, 3  # letters that fit a tile of the map; lines of a name on it
SHORTER = {
    "Kabupaten Administrasi ": "",
    "Kota Administrasi ": "",
    "Kabupaten ": "",
    "Kecamatan ": "",
    "Provinsi ": "",
    "Daerah Khusus Ibukota ": "DKI ",
    "Daerah Istimewa ": "DI ",
    "Kepulauan ": "Kep. ",
    "Pulau-pulau ": "Pp. ",
}


def short_name(label: str) -> str:
    """Return the name of a region as it is said where all around it are of its kind; a kota
    keeps its word.
    """
    for long, short in SHORTER.items():
        label = label.replace(long, short)
    return label


def name_lines(name: str) -> list[str]:
    """Return a name in at most three lines of whole words, as short as may be; what is left out is said by a
    character at the end.
    """
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + len(word) < LINE_LENGTH:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1]}…"]
