"""How busy this server is."""

from __future__ import annotations

import os
import threading

import psutil


class CpuSampler:
    """Measures CPU use second by second in a thread of its own, so that nobody who asks for it waits."""

    def __init__(self, interval_seconds: float = 1.0) -> None:
        self._interval = interval_seconds
        self._latest = 0.0
        self._process = 0
        self._lock = threading.Lock()

    def latest(self) -> float:
        """Percent of all cores over the last full second; 0.0 until the first has passed."""
        # Started by whoever asks first and not at import: threads do not survive the fork of a preloaded worker.
        if self._process != os.getpid():
            with self._lock:
                if self._process != os.getpid():
                    self._process = os.getpid()
                    threading.Thread(target=self._measure, name="cpu-sampler", daemon=True).start()
        return self._latest

    def _measure(self) -> None:
        while True:
            self._latest = psutil.cpu_percent(interval=self._interval)
