"""How often a client may try, counted by all workers of this server together."""

from __future__ import annotations

import ipaddress
import logging
import math
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

WINDOW_SECONDS = 60.0
#: Expired rows that one attempt clears away, and rows there are at most: the oldest leave first.
CLEARED_AT_ONCE = 1000
MOST_ROWS = 100_000

logger = logging.getLogger(__name__)


class RateLimit:
    """So many attempts of one client in any minute."""

    def __init__(self, file: Path, attempts_per_minute: int) -> None:
        self._file = file
        self._attempts = attempts_per_minute
        self._lock = threading.Lock()
        self._alone: sqlite3.Connection | None = None
        self._said_at = -WINDOW_SECONDS

    def seconds_to_wait(self, client: str) -> int:
        """Count an attempt; 0 if it may go on, else in how many seconds the next may. Refused attempts do not count.

        Where the file cannot be written, each worker counts for itself, and says so once a minute.
        """
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._file, timeout=5, isolation_level=None)) as database:
                return self._count(database, client)
        except (OSError, sqlite3.Error) as error:
            with self._lock:
                if self._alone is None:
                    self._alone = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
                if time.monotonic() - self._said_at >= WINDOW_SECONDS:
                    self._said_at = time.monotonic()
                    logger.warning("%s cannot be written (%s): each worker counts for itself", self._file, error)
                return self._count(self._alone, client)

    def _count(self, database: sqlite3.Connection, client: str) -> int:
        # In memory, and worth nothing after a restart: no need to wait for a disk.
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN IMMEDIATE")  # between counting and adding no other worker gets in
        # Since the machine's start, the same for all processes: nobody sets this clock back. What is later than now is
        # from before a restart.
        now = time.monotonic()
        database.execute("CREATE TABLE IF NOT EXISTS attempts (client TEXT, at REAL)")
        database.execute("CREATE INDEX IF NOT EXISTS of_client ON attempts (client, at)")
        database.execute("CREATE INDEX IF NOT EXISTS by_time ON attempts (at)")
        for expired, limit in (("at <= ?", now - WINDOW_SECONDS), ("at > ?", now)):
            database.execute(
                f"DELETE FROM attempts WHERE rowid IN (SELECT rowid FROM attempts WHERE {expired} LIMIT ?)",  # noqa: S608
                (limit, CLEARED_AT_ONCE),
            )
        database.execute("DELETE FROM attempts WHERE rowid <= (SELECT max(rowid) FROM attempts) - ?", (MOST_ROWS - 1,))
        within = "SELECT at FROM attempts WHERE client = ? AND at > ? AND at <= ? ORDER BY at"
        times = database.execute(within, (client, now - WINDOW_SECONDS, now)).fetchall()
        allowed = len(times) < self._attempts
        if allowed:
            database.execute("INSERT INTO attempts VALUES (?, ?)", (client, now))
        database.execute("COMMIT")
        return 0 if allowed else max(1, math.ceil(times[0][0] + WINDOW_SECONDS - now))


def client_of(address: str) -> str:
    """An IPv6 customer has a /64 of addresses: one of them is as good as another."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)  # noqa: PLR2004
