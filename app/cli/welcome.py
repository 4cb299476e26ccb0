"""What the terminal says once everything runs: the address, who can sign in, and how to stop."""

from collections.abc import Iterable

from app.config import Settings
from app.demo.fill import Account, accounts_of

WIDE = (160, 24)  # columns and lines where there is no terminal: a file takes the whole table
HEADS = ("Peran", "Nama masuk", "Kata sandi", "Coba ini dulu")


def welcome(settings: Settings, *, columns: int) -> list[str]:
    """Return the last lines of `make run`, for a terminal of so many columns."""
    lines = ["", f"  {settings.product_name} siap dibuka:  {settings.base_url}", ""]
    accounts = [] if settings.is_production else accounts_of(settings.data_dir)
    if accounts:
        lines += [*("  " + line for line in sign_in_lines(accounts, columns=columns - 2)), ""]
    if not settings.mail_server:
        lines.append(f"  Surat keluar ditulis ke {settings.data_dir / 'outbox'}")
    return [*lines, "  Tekan Ctrl+C untuk berhenti.", ""]


def sign_in_lines(accounts: Iterable[Account], *, columns: int) -> list[str]:
    """Return a table of who can sign in; where it does not fit, two lines a person."""
    rows = [(account.role, account.sign_in, account.password, account.look_at) for account in accounts]
    widths = [max(len(row[place]) for row in [HEADS, *rows]) for place in range(len(HEADS))]
    if sum(widths) + 2 * (len(widths) - 1) > columns:
        return [
            line
            for role, name, password, look in rows
            for line in (f"{role}: {look}", f"    {name:{widths[1]}}  {password}")
        ]
    table = [HEADS, tuple("─" * width for width in widths), *rows]
    return [
        "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]
