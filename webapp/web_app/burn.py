"""A CPU load that belongs to the server and not to a worker: any worker starts, sees and stops it.

The processes that make the load hold a lock on a file as long as they live, and end when the file is emptied. So there
are no process ids to go stale, and whichever worker started them may be gone.

Run as a program it is that load: ``burn.py FILE_DESCRIPTOR SECONDS SHARE``.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LOOK_EVERY_SECONDS = 0.05
STOP_WITHIN_SECONDS = 5.0
NICEST = 19


@dataclass(frozen=True)
class LoadState:
    running: bool
    seconds_left: int
    process: int | None = None


#: As it is before the first start and after a stop.
NOTHING = LoadState(running=False, seconds_left=0)


class LoadControl:
    """Starts and stops the load."""

    def __init__(self, file: Path, limit_seconds: int, share: float = 1.0) -> None:
        """:param share: of the machine's CPU that the load uses up, for a server that has not all of it"""
        self._file = file
        self._limit = limit_seconds
        self._share = share

    def start(self) -> LoadState:
        """One process for each CPU, for the time of the limit; nothing more if they run already.

        :raises OSError: if the file cannot be written, or no process started
        """
        with self._alone():
            descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                if not is_locked(descriptor):
                    fcntl.flock(descriptor, fcntl.LOCK_EX)
                    os.truncate(descriptor, 0)
                    # The same clock in all processes, and nobody sets it.
                    until = time.monotonic() + self._limit
                    os.pwrite(descriptor, json.dumps([until, 0]).encode(), 0)
                    os.pwrite(descriptor, json.dumps([until, self._launch(descriptor)]).encode(), 0)
            finally:
                os.close(descriptor)  # the load has inherited it, and with it the lock
            return self._state()

    def stop(self) -> LoadState:
        """Return when the load has ended."""
        if self._is_empty():
            return NOTHING
        with self._alone():
            os.truncate(self._file, 0)
            deadline = time.monotonic() + STOP_WITHIN_SECONDS
            while self._state().running and time.monotonic() < deadline:
                time.sleep(LOOK_EVERY_SECONDS / 5)
            return self._state()

    def state(self) -> LoadState:
        # Every dashboard asks this every two seconds, and mostly there is nothing.
        if self._is_empty():
            return NOTHING
        with self._alone():
            return self._state()

    def processes(self) -> list[int]:
        """The process that the load's others descend from, whichever worker started it, if there is a load."""
        process = self.state().process
        return [process] if process else []

    def _launch(self, descriptor: int) -> int:
        load = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", __file__, str(descriptor), str(self._limit), str(self._share)],
            pass_fds=[descriptor],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C or a signal to the workers' group is not meant for it
        )
        threading.Thread(target=load.wait, daemon=True).start()  # leaves no zombie behind
        return load.pid

    def _is_empty(self) -> bool:
        try:
            return self._file.stat().st_size == 0
        except FileNotFoundError:
            return True

    def _state(self) -> LoadState:
        descriptor = os.open(self._file, os.O_RDWR)
        try:
            running = is_locked(descriptor)
            until, process = json.loads(os.pread(descriptor, 100, 0) or "[0, 0]")
        finally:
            os.close(descriptor)
        return LoadState(True, max(0, round(until - time.monotonic())), process) if running else NOTHING

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While no other worker looks or changes."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.with_suffix(".gate").open("w") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield


def is_locked(descriptor: int) -> bool:
    """Whether another process, or another opening in this one, holds the lock."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return False


def burn(descriptor: int, seconds: float, share: float = 1.0) -> None:
    """Use one CPU up, or a share of it, until time is up or the file is empty.

    A whole CPU at the lowest priority, so that the server still answers. A share leaves room by itself; it is counted
    as CPU time, so that what others take of it is made up for afterwards, as far as a second.
    """
    if share == 1.0:
        os.nice(NICEST)
    now = time.monotonic()
    deadline = now + seconds
    allowed = time.process_time()
    while now < deadline and os.fstat(descriptor).st_size > 0:
        look_again = now + LOOK_EVERY_SECONDS
        allowed += share * LOOK_EVERY_SECONDS
        while time.monotonic() < look_again and (share == 1.0 or time.process_time() < allowed):
            sum(range(2000))
        time.sleep(max(0.0, look_again - time.monotonic()))
        now = time.monotonic()
        allowed = min(allowed + share * (now - look_again), time.process_time() + 1)


def main(descriptor: int, seconds: float, share: float = 1.0) -> None:
    """Burn on every CPU."""
    children = []
    for _ in range(os.cpu_count() or 1):
        child = os.fork()
        if child == 0:
            burn(descriptor, seconds, share)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))
