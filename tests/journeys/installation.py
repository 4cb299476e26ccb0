"""A real installation for journeys: `flask serve` as a process of its own, on a database and a folder of its
own.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from email import message_from_bytes, policy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"https?://\S+")


class Installation:
    """Starts, stops and starts again at another time; reads the mails that it writes to its outbox folder."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.database_url = database_url
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        keep = {
            name: value
            for name, value in os.environ.items()
            if name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV")
        }
        return {
            **keep,
            "DATABASE_URL": self.database_url,
            "DATA_DIR": str(self.folder),
            "PORT": str(self.port),
            "DEMO": "no",
            "BASE_URL": self.address,
            "PYTHONUNBUFFERED": "1",
        }

    def start(self, moment: str, **more: str) -> None:
        """Start with the clock at a moment, e.g. '2011-05-10T09:00+08:00', and wait until it answers."""
        command = [sys.executable, "-m", "flask", "--app", "app", "serve"]
        environment = {**self.environment, "CLOCK_START": moment, **more}
        with (self.folder / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + 300
        while time.monotonic() < until:
            assert self.process.poll() is None, self.log()
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=2) as answer:
                    assert answer.status == 200
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.3)
        raise AssertionError(f"no answer: {self.log()}")

    def stop(self) -> None:
        """End the web server and its worker."""
        if self.process is None or self.process.poll() is not None:
            return
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def log(self) -> str:
        return (self.folder / "serve.log").read_text(errors="replace")

    def printed_link(self) -> str:
        """Return the link for the first account that the first start printed."""
        found = re.search(r"Akun pertama .*?(https?://\S+)", self.log())
        assert found, self.log()
        return found.group(1)

    def mailed_link(self, recipient: str) -> str:
        """Wait for a mail to somebody and return the link in it."""
        until = time.monotonic() + 90
        while time.monotonic() < until:
            for path in sorted((self.folder / "outbox").glob("*.eml"), reverse=True):
                message = message_from_bytes(path.read_bytes(), policy=policy.default)
                if recipient in str(message["To"]):
                    body = message.get_body(("plain",))
                    assert body is not None
                    return LINK.search(body.get_content()).group(0).rstrip(".")
            time.sleep(0.3)
        raise AssertionError(f"no mail to {recipient}: {self.log()}")
