"""How often a client may try, counted by all workers of this server together."""

from __future__ import annotations

import ipaddress
import math
import sqlite3
import time
from contextlib import closing
from pathlib import Path

WINDOW_SECONDS = 60.0


class RateLimit:
    """So many attempts of one client address in any minute."""

    def __init__(self, file: Path, attempts_per_minute: int) -> None:
        self._file = file
        self._attempts = attempts_per_minute

    def seconds_to_wait(self, address: str) -> int:
        """Count an attempt; 0 if it may go on, else in how many seconds the next may. Refused attempts do not count."""
        client, now = _client(address), time.time()
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._file, timeout=5, isolation_level=None)) as database:
            # In memory, and worth nothing after a restart: no need to wait for a disk.
            database.execute("PRAGMA synchronous = OFF")
            database.execute("CREATE TABLE IF NOT EXISTS attempts (client TEXT, at REAL)")
            database.execute("BEGIN IMMEDIATE")  # between counting and adding no other worker gets in
            database.execute("DELETE FROM attempts WHERE at <= ?", (now - WINDOW_SECONDS,))
            times = database.execute("SELECT at FROM attempts WHERE client = ? ORDER BY at", (client,)).fetchall()
            allowed = len(times) < self._attempts
            if allowed:
                database.execute("INSERT INTO attempts VALUES (?, ?)", (client, now))
            database.execute("COMMIT")
        return 0 if allowed else max(1, math.ceil(times[0][0] + WINDOW_SECONDS - now))


def _client(address: str) -> str:
    """An IPv6 customer has a /64 of addresses: one of them is as good as another."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)  # noqa: PLR2004
