"""Clients that send slowly, or close slowly, cost a server nothing: with nginx, and with gunicorn alone."""

from __future__ import annotations

import statistics
import time

import pytest
from conftest import Server, ServerWithNginx, crowding, needs_nginx, wait_until
from raw import SlowClients, allow_open_files, drip_until_closed, exchange, statuses

BODY = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\n"
HEAD = b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "


@pytest.fixture(scope="module", params=[pytest.param(ServerWithNginx, marks=needs_nginx), Server])
def server(request, tmp_path_factory):
    allow_open_files(4096)  # the server inherits it
    with request.param(tmp_path_factory.mktemp("server"), "slow_app:app") as running:
        yield running


def health(server, waited):
    started = time.monotonic()
    assert server.browser().ask("/healthz").status == 200
    waited.append(time.monotonic() - started)
    time.sleep(0.05)


def test_slow_clients_leave_the_health_check_alone_and_are_all_closed(server):
    bodies, heads, silent = (SlowClients(server.port, 400, beginning) for beginning in (BODY, HEAD, b""))
    started, waited, crowds = time.monotonic(), [], []

    def meanwhile():
        crowds.append(crowding())
        health(server, waited)

    drip_until_closed([bodies, heads], meanwhile)
    print(f"{len(waited)} health checks: longest {max(waited):.3f} s; closed after {time.monotonic() - started:.0f} s")
    wait_until(silent.all_closed)
    assert max(waited) < max(1, statistics.median(crowds))
    told = [statuses(answer) for answer in bodies.answers]
    assert told.count([408]) > 360, "a byte that crosses the answer may cost a client the answer"
    assert {status for each in told for status in each} == {408}


def test_clients_that_do_not_close_keep_nobody_waiting(server):
    """gunicorn's own worker waits two seconds for each of them in its loop."""
    clients = SlowClients(server.port, 100, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    waited, crowds = [], []
    for _ in range(20):
        crowds.append(crowding())
        health(server, waited)
    assert max(waited) < max(1, statistics.median(crowds))
    clients.close()


def test_gunicorn_alone_says_so_in_a_line(server):
    said = [line for line in server.log.read_text().splitlines() if "gunicorn alone" in line]
    assert len(said) == (type(server) is Server)


def test_an_answer_that_breaks_off_costs_no_worker(server):
    before = server.workers()
    for _ in range(20):
        exchange(server.port, b"GET /broken HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert server.workers() == before
    assert server.browser().ask("/healthz").status == 200
