"""A real nginx in front of a real gunicorn, by nginx.conf."""

from __future__ import annotations

import gzip
import json
import signal
import sys
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from conftest import ServerWithNginx, needs_nginx, wait_until
from contract import NGINX_MIB
from raw import exchange, statuses

from web_app import assets, security

pytestmark = needs_nginx
#: On Linux all of 127.0.0.0/8 is this machine. The first is a proxy that is believed, the second is a stranger.
PROXY, STRANGER = "127.0.0.2", "127.0.0.3"
elsewhere = pytest.mark.skipif(sys.platform != "linux", reason="this machine has one address only")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    with ServerWithNginx(folder, "slow_app:app", FORWARDED_ALLOW_IPS=PROXY) as server:
        yield server


def ask(server, path, source="127.0.0.1", **headers):
    """Status, headers by their names in lower case, and body."""
    named = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    answer = exchange(
        server.port, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{named}\r\n".encode(), source=source
    )
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = [line.split(": ", 1) for line in head.decode().split("\r\n")[1:]]
    assert len({name.lower() for name, _ in lines}) == len(lines), "no header twice"
    return statuses(answer)[0], {name.lower(): value for name, value in lines}, body


def lines_of(server):
    return [
        json.loads(line)
        for log in (server.log, server.nginx_log)
        for line in log.read_text().splitlines()
        if line.startswith("{")
    ]


@pytest.mark.parametrize("name", sorted(assets.NAMES))
def test_static_files_come_from_the_disk_compressed_and_are_kept_for_a_year(running, name):
    content = (assets.SOURCES / name).read_bytes()
    status, headers, body = ask(running, assets.asset(name), Accept_Encoding="gzip")
    assert (status, headers["content-encoding"], gzip.decompress(body)) == (200, "gzip", content)
    assert (headers["cache-control"], headers["vary"]) == ("public, max-age=31536000, immutable", "Accept-Encoding")
    status, headers, body = ask(running, assets.asset(name))
    assert (status, headers.get("content-encoding"), body) == (200, None, content)
    assert {name.lower(): value for name, value in security.HEADERS}.items() <= headers.items()
    through_gunicorn = running.browser().ask(f"/static/{name}")
    assert through_gunicorn.status == 200
    assert ask(running, f"{assets.asset(name)}.gz")[0] == 404
    wait_until(lambda: [line for line in lines_of(running) if line.get("path") == f"/static/{name}"])
    logged = {line["logger"] for line in lines_of(running) if line.get("path") == assets.asset(name)}
    assert logged == {"nginx.access"}


@pytest.mark.parametrize("path", ["/", "/dashboard", "/missing", "/static/app.css", "/static/app.ffffffffffff.css"])
def test_what_the_application_answers_passes_unchanged(running, path):
    _, headers, _ = ask(running, path, Accept="text/html")
    assert {name.lower(): value for name, value in security.HEADERS}.items() <= headers.items()
    assert headers["cache-control"] == "no-store"


@elsewhere
def test_metrics_and_details_are_for_this_machine_alone(running):
    assert ask(running, "/metrics")[0] == 200
    assert ask(running, "/metrics", X_Forwarded_For="127.0.0.1, 203.0.113.9")[0] == 404
    for source in (PROXY, STRANGER):
        for forwarded in ({}, {"X_Forwarded_For": "127.0.0.1"}, {"X_Real_IP": "127.0.0.1"}):
            status, _, body = ask(running, "/metrics", source, **forwarded)
            assert (status, body.count(b"web_app_requests")) == (404, 0)


@elsewhere
@pytest.mark.parametrize(
    ("source", "forwarded", "client", "secure"),
    [
        (PROXY, "203.0.113.9", "203.0.113.9", True),
        (PROXY, "9.9.9.9, 203.0.113.9:51234", "203.0.113.9", True),
        (PROXY, "9.9.9.9, [2001:db8::7]:443", "2001:db8::7", True),
        (STRANGER, "203.0.113.9", STRANGER, False),
    ],
)
def test_the_headers_of_a_proxy_count_and_those_of_a_stranger_do_not(running, source, forwarded, client, secure):
    trace = f"Root={source}-{forwarded}"
    headers = {
        "X_Forwarded_For": forwarded,
        "X_Forwarded_Proto": "https",
        "X_Real_IP": "8.8.8.8",
        "X_Amzn_Trace_Id": trace,
    }
    _, answered, _ = ask(running, "/", source, **headers)
    assert ("strict-transport-security" in answered) is secure
    assert ("Secure" in answered["set-cookie"]) is secure
    wait_until(lambda: [line for line in lines_of(running) if line.get("request_id") == trace])
    assert [line["client"] for line in lines_of(running) if line.get("request_id") == trace] == [client]


def test_each_request_is_one_line_whoever_answers(running):
    asked = {
        "by-gunicorn": b"GET /missing HTTP/1.1\r\n",
        "from-disk": b"GET %s HTTP/1.1\r\n" % assets.asset("app.css").encode(),
        "refused": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n",
        "too-long": b"POST / HTTP/1.1\r\nContent-Length: 70000\r\n",
        "not-here": b"POST %s HTTP/1.1\r\nContent-Length: 0\r\n" % assets.asset("app.css").encode(),
    }
    for trace, request in asked.items():
        forwarded = b"X-Forwarded-For: 9.9.9.9, 203.0.113.9:4711\r\n"
        exchange(running.port, request + b"Host: x\r\nX-Amzn-Trace-Id: %s\r\n%s\r\n" % (trace.encode(), forwarded))
    wait_until(lambda: {line.get("request_id") for line in lines_of(running)} >= set(asked))
    lines = [line for line in lines_of(running) if line.get("request_id") in asked]
    assert {line["request_id"]: line["status"] for line in lines} == {
        "by-gunicorn": 404,
        "from-disk": 200,
        "refused": 411,
        "too-long": 413,
        "not-here": 405,
    }
    assert len(lines) == len(asked)
    shapes = [set(line) & {"time", "client", "method", "path", "status", "bytes", "user_agent"} for line in lines]
    assert all(len(shape) == 7 for shape in shapes)
    assert {line["client"] for line in lines if line["logger"] == "nginx.access"} == {"203.0.113.9"}


def test_nginx_stays_within_its_memory(running):
    master = psutil.Process(running.nginx.pid)
    used = sum(process.memory_full_info().pss for process in [master, *master.children()]) / 2**20
    print(f"memory of nginx: {used:.1f} MiB")
    assert used < NGINX_MIB


def test_while_gunicorn_is_not_there_the_page_says_so_and_afterwards_it_serves(tmp_path):
    with ServerWithNginx(tmp_path) as server:
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(120)
        status, headers, body = ask(server, "/", Accept="text/html")
        assert (status, headers["cache-control"]) == (502, "no-store")
        assert b"The application does not answer" in body


def test_nginx_finishes_what_it_has_begun(tmp_path):
    """As systemd stops it, after gunicorn has drained: SIGQUIT."""
    with ServerWithNginx(tmp_path, "slow_app:app") as server, ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(server.browser().ask, "/slow") for _ in range(8)]
        wait_until(lambda: server.log.read_text().count("slow: begun") == 8)
        server.nginx.send_signal(signal.SIGQUIT)
        assert [answer.result().text for answer in answers] == ["done"] * 8
        assert server.nginx.wait(120) == 0
