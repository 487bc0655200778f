from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from web_app.rate_limit import RateLimit


@pytest.fixture
def clock(monkeypatch):
    now = [1_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


def test_an_attempt_is_forgotten_after_a_minute(tmp_path, clock):
    limit = RateLimit(tmp_path / "run" / "logins.sqlite", 2)
    assert [limit.seconds_to_wait("192.0.2.1")] * 2 == [0, 0]
    clock[0] += 20
    assert limit.seconds_to_wait("192.0.2.1") == 0
    assert limit.seconds_to_wait("192.0.2.1") == 40
    clock[0] += 40
    assert limit.seconds_to_wait("192.0.2.1") == 0


def test_workers_count_together(tmp_path):
    """Each has the file open for itself, as separate processes have."""
    limits = [RateLimit(tmp_path / "logins.sqlite", 10) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda number: limits[number % 4].seconds_to_wait("192.0.2.1"), range(40)))
    assert waits.count(0) == 10


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "not an address", True),
    ],
)
def test_who_counts_as_one_client(tmp_path, first, second, same):
    limit = RateLimit(tmp_path / "logins.sqlite", 1)
    limit.seconds_to_wait(first)
    assert bool(limit.seconds_to_wait(second)) is same
