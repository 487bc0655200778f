from __future__ import annotations

import io
import json
import logging
import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

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
