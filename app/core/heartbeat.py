"""A file that the worker touches each second: other processes see by its age whether the worker lives."""

import os
import time
from pathlib import Path

ALIVE_FOR = 30.0  # seconds; a mail server that hangs does not hold up the beat


def beat(data_dir: Path) -> None:
    """Record that the worker is alive."""
    path = _path(data_dir)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, (_machine_time(), _machine_time()))


def rest(data_dir: Path) -> None:
    """Record that the worker has stopped on purpose."""
    _path(data_dir).unlink(missing_ok=True)


def worker_is_alive(data_dir: Path) -> bool:
    """Return whether the worker has beaten within the last half minute."""
    try:
        last = _path(data_dir).stat().st_mtime
    except FileNotFoundError:
        return False
    return -ALIVE_FOR < _machine_time() - last < ALIVE_FOR


def _path(data_dir: Path) -> Path:
    return data_dir / "worker.heartbeat"


def _machine_time() -> float:
    """Return the machine's own time: CLOCK_START moves the clock of each process by another amount."""
    return time.time()
