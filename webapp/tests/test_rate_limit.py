from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from web_app import rate_limit
from web_app.rate_limit import RateLimit, client_of


@pytest.fixture
def clock(monkeypatch):
    now = [1_000_000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_an_attempt_is_forgotten_after_a_minute(tmp_path, clock):
    limit = RateLimit(tmp_path / "run" / "logins.sqlite", 2)
    assert [limit.seconds_to_wait("192.0.2.1")] * 2 == [0, 0]
    clock[0] += 20
    assert limit.seconds_to_wait("192.0.2.1") == 0
    assert limit.seconds_to_wait("192.0.2.1") == 40
    clock[0] += 40
    assert limit.seconds_to_wait("192.0.2.1") == 0


@pytest.mark.parametrize("seconds", [-3600, 3600])
def test_whoever_sets_the_clock_changes_nothing(tmp_path, monkeypatch, seconds):
    limit = RateLimit(tmp_path / "logins.sqlite", 1)
    limit.seconds_to_wait("192.0.2.1")
    monkeypatch.setattr(time, "time", lambda: 1_000_000.0 + seconds)
    assert 1 <= limit.seconds_to_wait("192.0.2.1") <= 60


def test_what_was_counted_before_a_restart_of_the_machine_is_forgotten(tmp_path, clock):
    limit = RateLimit(tmp_path / "logins.sqlite", 1)
    limit.seconds_to_wait("192.0.2.1")
    clock[0] = 30.0  # since its start
    assert limit.seconds_to_wait("192.0.2.1") == 0


def test_workers_count_together(tmp_path):
    """Each has the file open for itself, as separate processes have."""
    limits = [RateLimit(tmp_path / "logins.sqlite", 10) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda number: limits[number % 4].seconds_to_wait("192.0.2.1"), range(40)))
    assert waits.count(0) == 10


def rows(file):
    with closing(sqlite3.connect(file)) as database:
        return database.execute("SELECT count(*) FROM attempts").fetchone()[0]


def fill(file, at, count=100_000):
    with closing(sqlite3.connect(file)) as database:
        database.executemany(
            "INSERT INTO attempts VALUES (?, ?)", ((f"client {number}", at) for number in range(count))
        )
        database.commit()


@pytest.fixture
def steps(monkeypatch):
    """How many steps SQLite's machine has made: the work of an attempt, whatever else this computer does."""
    counted, connect = [0], sqlite3.connect

    def step():
        counted[0] += 1

    def counting(*args, **options):
        database = connect(*args, **options)
        database.set_progress_handler(step, 10)
        return database

    monkeypatch.setattr(rate_limit.sqlite3, "connect", counting)
    return counted


@pytest.mark.parametrize("ago", [1, 100])
def test_an_attempt_costs_the_same_among_a_hundred_thousand(tmp_path, clock, steps, ago):
    limit = RateLimit(tmp_path / "logins.sqlite", 2)
    limit.seconds_to_wait("192.0.2.1")
    steps[0] = 0
    limit.seconds_to_wait("192.0.2.2")
    alone = steps[0]
    fill(tmp_path / "logins.sqlite", clock[0] - ago)
    steps[0] = 0
    assert limit.seconds_to_wait("192.0.2.3") == 0
    # Clearing is a bounded part of it; without an index and a bound it is 100,000 rows' worth.
    assert steps[0] < alone + 40 * rate_limit.CLEARED_AT_ONCE / 10


def test_the_number_of_rows_is_bounded_and_the_oldest_leave(tmp_path, clock, monkeypatch):
    monkeypatch.setattr(rate_limit, "MOST_ROWS", 50)
    limit = RateLimit(tmp_path / "logins.sqlite", 1)
    for number in range(200):
        clock[0] += 0.001
        limit.seconds_to_wait(f"client {number}")
    assert rows(tmp_path / "logins.sqlite") == 50
    assert limit.seconds_to_wait("client 199") == 60
    assert limit.seconds_to_wait("client 0") == 0


def broken_folder(file):
    file.parent.write_text("a file is in the folder's place")


def broken_file(file):
    file.parent.mkdir()
    file.write_bytes(b"no database, for sure" * 100)


def full_disk(file):
    file.parent.mkdir()
    file.symlink_to("/dev/full")


@pytest.mark.parametrize("spoil", [broken_folder, broken_file, full_disk])
def test_where_nothing_can_be_written_a_worker_counts_for_itself_and_says_so_once(tmp_path, spoil, caplog):
    file = tmp_path / "run" / "logins.sqlite"
    spoil(file)
    limit = RateLimit(file, 2)
    assert [limit.seconds_to_wait("192.0.2.1") > 0 for _ in range(4)] == [False, False, True, True]
    (line,) = caplog.messages
    assert "each worker counts for itself" in line


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "not an address", True),
    ],
)
def test_who_counts_as_one_client(first, second, same):
    assert (client_of(first) == client_of(second)) is same
