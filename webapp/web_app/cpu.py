"""How busy this server is."""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterable

import psutil

#: One point of the history, and how many are kept: five minutes.
HISTORY_SECONDS = 5
HISTORY_POINTS = 60


class CpuSampler:
    """Measures CPU use second by second in a thread of its own, so that nobody who asks for it waits."""

    def __init__(self, measure: Callable[[], float] = psutil.cpu_percent, interval_seconds: float = 1.0) -> None:
        """:param measure: percent since it was last called, of all that the server may use"""
        self._measure = measure
        self._interval = interval_seconds
        self._latest = 0.0
        self._history: deque[int] = deque(maxlen=HISTORY_POINTS)
        self._process = 0
        self._lock = threading.Lock()
        _samplers.add(self)

    def latest(self) -> float:
        """Percent over the last full second; 0.0 until the first has passed."""
        self.start()
        return self._latest

    def history(self) -> list[int]:
        """Averages of five seconds each, the newest last; shorter than five minutes at first."""
        self.start()
        return list(self._history)

    def start(self) -> None:
        """Measure from now on; threads do not survive a fork, so that each worker has its own."""
        if self._process != os.getpid():
            with self._lock:
                if self._process != os.getpid():
                    self._process = os.getpid()
                    threading.Thread(target=self._run, name="cpu-sampler", daemon=True).start()

    def _run(self) -> None:
        self._measure()  # the first call has nothing to compare with
        recent: list[float] = []
        while True:
            time.sleep(self._interval)
            self._latest = self._measure()
            recent.append(self._latest)
            if len(recent) == HISTORY_SECONDS:
                self._history.append(round(sum(recent) / len(recent)))
                recent.clear()


#: All workers begin when they are forked, and not when they are first asked: their five minutes are then the same.
_samplers: weakref.WeakSet[CpuSampler] = weakref.WeakSet()
os.register_at_fork(after_in_child=lambda: [sampler.start() for sampler in list(_samplers)])


class ProcessesCpu:
    """CPU use of this server's own processes, where several servers share a machine."""

    def __init__(self, share: float, roots: Callable[[], Iterable[int]]) -> None:
        """
        :param share: of the machine's CPU that is 100 %
        :param roots: process ids; they and all that descends from them count
        """
        self._allowed = share * (os.cpu_count() or 1)
        self._roots = roots
        self._before: dict[tuple[int, float], float] = {}
        self._at = 0.0

    def __call__(self) -> float:
        """Percent since the last call, 100 at most; 0.0 at the first."""
        now, used = time.monotonic(), dict(self._used())
        elapsed, first = now - self._at, self._at == 0
        # A process that was not there before has used all its time since; what one used at its end is lost.
        spent = sum(seconds - self._before.get(process, 0.0) for process, seconds in used.items())
        self._before, self._at = used, now
        return 0.0 if first or elapsed <= 0 else round(min(100.0, 100 * spent / (elapsed * self._allowed)), 1)

    def _used(self) -> Iterable[tuple[tuple[int, float], float]]:
        """CPU seconds by process: by its start too, since process ids come again."""
        for root in set(self._roots()):
            try:
                process = psutil.Process(root)
                family = [process, *process.children(recursive=True)]
            except psutil.Error:
                continue
            for one in family:
                try:
                    times = one.cpu_times()
                    yield (one.pid, one.create_time()), times.user + times.system
                except psutil.Error:
                    continue  # it has ended, or is not ours


def server_processes() -> int:
    """The process that all others of this server descend from: gunicorn's master, and without gunicorn this one."""
    return os.getppid() if "WORKER_SLOT" in os.environ else os.getpid()
