"""What the load balancer asks. Neither answer is logged, and neither opens a session."""

from __future__ import annotations

import socket
import time
from pathlib import Path

from flask import Blueprint, Response, current_app

from .security import from_this_machine

blueprint = Blueprint("health", __name__)

#: Paths that the access log leaves out: two zones of a load balancer ask them every few seconds.
PATHS = ("/healthz", "/readyz")
DEPENDENCY_TIMEOUT_SECONDS = 1.0
REMEMBER_SECONDS = 5.0


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process lives."""
    return _text("ok")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Ready for traffic: not about to stop, and whatever READY_CHECKS names accepts connections.

    What it is that is not ready, this machine alone gets to know: names of dependencies are nobody else's business.
    """
    if draining_file(current_app.config["RUN_DIR"]).exists():
        return _not_ready("draining")
    down = [f"{host}:{port}" for host, port in current_app.config["READY_CHECKS"] if not _accepts(host, port)]
    return _not_ready("down: " + ", ".join(down)) if down else _text("ok")


def draining_file(run_dir: str) -> Path:
    """Is there while the server finishes what it has begun, before it stops."""
    return Path(run_dir) / "draining"


def _accepts(host: str, port: int) -> bool:
    """Whether it takes a connection, as of at most a few seconds ago: many ask, and a dead host answers slowly."""
    known: dict[tuple[str, int], tuple[float, bool]] = current_app.extensions.setdefault("dependencies", {})
    asked_at, accepts = known.get((host, port), (-REMEMBER_SECONDS, False))
    if time.monotonic() - asked_at >= REMEMBER_SECONDS:
        try:
            socket.create_connection((host, port), DEPENDENCY_TIMEOUT_SECONDS).close()
            accepts = True
        except OSError:
            accepts = False
        known[host, port] = (time.monotonic(), accepts)
    return accepts


def _not_ready(why: str) -> Response:
    return _text(why if from_this_machine() else "not ready", 503)


def _text(words: str, status: int = 200) -> Response:
    return Response(words + "\n", status, mimetype="text/plain")
