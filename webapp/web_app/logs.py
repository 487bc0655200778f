"""One JSON object a line on standard output, for the application and for gunicorn."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

from flask import has_request_context, request
from gunicorn.glogging import Logger as GunicornLogger

from .health import PATHS

LONGEST_REQUEST_ID = 128


class JsonFormatter(logging.Formatter):
    """A log record as a line; what is given as ``extra={"fields": {…}}`` is part of it."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if has_request_context() and "request_id" not in line:
            line["request_id"] = request_id(request.headers.get("X-Amzn-Trace-Id", ""))
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class JsonLogger(GunicornLogger):
    """gunicorn's logger, with our format, and silent about health checks."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(JsonFormatter())
        self.error_log.handlers = self.access_log.handlers = [handler]
        logging.getLogger("web_app").handlers = [handler]
        logging.getLogger("web_app").setLevel(logging.INFO)

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> None:
        path = environ.get("PATH_INFO", "")
        if path in PATHS:
            return
        fields = {
            "request_id": request_id(environ.get("HTTP_X_AMZN_TRACE_ID", "")),
            # web_app/proxies.py has written the client's address here.
            "client": environ.get("REMOTE_ADDR"),
            "method": environ.get("REQUEST_METHOD"),
            "path": path,
            "status": int(str(resp.status).split(" ", 1)[0]),
            "bytes": getattr(resp, "sent", None),
            "milliseconds": round(request_time.total_seconds() * 1000, 1),
            "user_agent": environ.get("HTTP_USER_AGENT"),
        }
        self.access_log.info("request", extra={"fields": fields})


def request_id(trace: str) -> str | None:
    """The load balancer's, which is in its own access log too."""
    return trace[:LONGEST_REQUEST_ID] or None
