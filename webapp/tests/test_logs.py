from __future__ import annotations

import io
import json
import logging
import os
import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest
from conftest import log_in, post
from gunicorn.config import Config

from web_app.instance import Instance
from web_app.logs import JsonFormatter, JsonLogger


@pytest.fixture
def lines(monkeypatch):
    """What gunicorn with our logger writes to standard output."""
    output = io.StringIO()
    monkeypatch.setattr(sys, "stdout", output)
    config = Config()
    config.set("accesslog", "-")
    logger = JsonLogger(config)
    yield logger, lambda: [json.loads(line) for line in output.getvalue().splitlines()]
    for name in ("web_app", "gunicorn.error", "gunicorn.access"):
        logging.getLogger(name).handlers.clear()


def access(logger, **environ):
    response = SimpleNamespace(status="200 OK", sent=5)
    logger.access(response, None, {"REQUEST_METHOD": "GET", **environ}, timedelta(seconds=0.0123))


def test_a_request_is_one_object_with_the_load_balancers_id(lines):
    logger, written = lines
    access(
        logger,
        PATH_INFO="/dash\nboard",
        REMOTE_ADDR="203.0.113.9",
        HTTP_X_AMZN_TRACE_ID="Root=1-5759e988-bd862e3fe1be46a994272793" + "x" * 500,
        HTTP_USER_AGENT="curl",
    )
    (line,) = written()
    assert line["request_id"].startswith("Root=1-5759e988")
    assert len(line["request_id"]) == 128
    assert (line["client"], line["status"], line["bytes"], line["milliseconds"]) == ("203.0.113.9", 200, 5, 12.3)
    assert line["path"] == "/dash\nboard"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_checks_are_not_logged(lines, path):
    logger, written = lines
    access(logger, PATH_INFO=path)
    assert written() == []


def test_the_applications_own_lines_bear_the_requests_id(lines, app):
    _, written = lines
    with app.test_request_context(headers={"X-Amzn-Trace-Id": "Root=1-abc"}):
        app.logger.info("load started")
    assert (written()[0]["message"], written()[0]["request_id"]) == ("load started", "Root=1-abc")


def test_an_exception_stays_on_its_line():
    try:
        int("two\nlines")
    except ValueError:
        record = logging.makeLogRecord({"msg": "failed", "levelname": "ERROR", "exc_info": sys.exc_info()})
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert "ValueError: " in json.loads(line)["exception"]


@pytest.fixture
def audited(lines, make_app):
    """An application under gunicorn's logger, and the fields of its audit lines."""
    _, written = lines
    app = make_app(ACCESS_CODE="geheimnis")
    keep = ("event", "employee", "client", "server", "request_id", "result")

    def events():
        return [tuple(line[name] for name in keep) for line in written() if line["logger"] == "web_app.audit"]

    return app, events


def test_who_signs_in_and_out_and_puts_load_on_the_server_is_in_the_log(audited, monkeypatch):
    app, events = audited
    client = app.test_client()
    client.environ_base = {
        **client.environ_base,
        "HTTP_X_FORWARDED_FOR": "1.1.1.1, 203.0.113.9",
        "HTTP_X_AMZN_TRACE_ID": "Root=1-abc",
    }
    server = app.extensions["server"]
    server._metadata = SimpleNamespace(latest=lambda: Instance("i-0abc", None, None, None))
    log_in(client, employee_id="21", access_code="geheimnis")
    log_in(client, employee_id="1", access_code="a guess")
    log_in(client, employee_id="1", access_code="geheimnis")
    post(client, "/load/start", server="0123456789ab")  # another server's: nothing happens, nothing is noted
    post(client, "/load/start")
    post(client, "/load/stop")
    monkeypatch.setattr(app.extensions["load"], "start", lambda: os.open("/dev/null/x", 0))
    post(client, "/load/start")
    post(client, "/logout")
    seen = ("203.0.113.9", "i-0abc", "Root=1-abc")
    assert events() == [
        ("sign-in", None, *seen, "refused"),
        ("sign-in", "001", *seen, "refused"),
        ("sign-in", "001", *seen, "done"),
        ("load-start", "001", *seen, "done"),
        ("load-stop", "001", *seen, "done"),
        ("load-start", "001", *seen, "failed"),
        ("sign-out", "001", *seen, "done"),
    ]


@pytest.mark.parametrize("typed", ['1\n{"event": "sign-in", "result": "done"}', "geheimnis", "\u2028", "\x1b[2J"])
def test_nobody_writes_lines_of_his_own_and_nothing_typed_is_logged(audited, lines, typed):
    app, events = audited
    client = app.test_client()
    log_in(client, {"X-Amzn-Trace-Id": typed.replace("\n", "")}, employee_id=typed, access_code=typed)
    assert [(event, employee, result) for event, employee, *_, result in events()] == [("sign-in", None, "refused")]
    (line,) = [line for line in lines[1]() if line["logger"] == "web_app.audit"]
    del line["request_id"]
    assert typed not in json.dumps(line, ensure_ascii=False)


def test_a_sign_in_that_is_limited_is_in_the_log(lines, make_app):
    app = make_app(LOGIN_ATTEMPTS_PER_MINUTE="1")
    for _ in range(2):
        log_in(app.test_client(), employee_id="1")
    written = [line for line in lines[1]() if line["logger"] == "web_app.audit"]
    assert [line["result"] for line in written] == ["done", "limited"]
