"""Counters for Prometheus, added up over all workers; served to this server alone.

Each worker writes files of its own, named by its slot (gunicorn.conf.py) and not by its process id: files of workers
that were replaced would pile up.
"""

from __future__ import annotations

import logging
import os
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

from .security import from_this_machine

blueprint = Blueprint("metrics", __name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
#: Of one file: a few dozen counters of 150 bytes, and histograms of 16. Past it the file would grow, without its space.
FILE_BYTES = 256 * 1024

logger = logging.getLogger(__name__)


def slot() -> str:
    return os.environ.get("WORKER_SLOT", "master")


def init_app(app: Flask) -> None:
    """Count every request from now on."""
    shared = _share_files()
    registry = CollectorRegistry()
    labels = ["method", "endpoint", "status"]
    requests = Counter("web_app_requests", "Requests answered", labels, registry=registry)
    seconds = Histogram("web_app_request_seconds", "Time to answer", ["endpoint"], registry=registry)
    logins = Counter("web_app_logins", "Attempts to log in", ["result"], registry=registry)
    cpu = Gauge("web_app_cpu_percent", "CPU of the server", registry=registry, multiprocess_mode="livemostrecent")
    app.extensions["metrics"] = {"registry": registry, "logins": logins, "cpu": cpu, "shared": shared}

    @cache
    def counted(method: str, endpoint: str, status: int) -> tuple[Counter, Histogram]:
        # labels() looks each of them up with a lock and a dictionary of texts; there are a few dozen in all.
        return requests.labels(method, endpoint, status), seconds.labels(endpoint)

    @app.before_request
    def start() -> None:
        g.started_at = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        # The endpoint and not the path: anybody can think up paths without end.
        method = request.method if request.method in ("GET", "HEAD", "POST", "OPTIONS") else "other"
        answered, took = counted(method, request.endpoint or "none", response.status_code)
        answered.inc()
        if "started_at" in g:
            took.observe(time.perf_counter() - g.started_at)
        return response

    app.register_blueprint(blueprint)


def _share_files() -> bool:
    """Keep the numbers in files that all workers see; False without gunicorn, or where no file can be written."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    try:
        if folder:
            Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        logger.warning("%s cannot be made (%s): the metrics are those of one worker", folder, error)
        folder = None
    values.MmapedDict = _file_or_memory
    values.ValueClass = values.MultiProcessValue(process_identifier=slot) if folder else values.MutexValue
    return bool(folder)


def _file_or_memory(name: str) -> MmapedDict | Memory:
    """A file with all its space from the start: writing to a mapped one that has none kills the worker (SIGBUS)."""
    file = Path(name)
    try:
        if not file.exists() or file.stat().st_size == 0:
            file.write_bytes(bytes(FILE_BYTES))
        return MmapedDict(name)
    except OSError as error:
        with suppress(OSError):
            file.unlink()
        logger.warning("%s cannot be written (%s): the metrics leave this worker out", name, error)
        return Memory()


class Memory:
    """What a file would keep, for nobody else to see."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, float]] = {}

    def read_value(self, key: str) -> tuple[float, float]:
        return self._kept.get(key, (0.0, 0.0))

    def write_value(self, key: str, value: float, timestamp: float) -> None:
        self._kept[key] = (value, timestamp)

    def close(self) -> None:
        """Nothing to close."""


def count_login(result: str) -> None:
    current_app.extensions["metrics"]["logins"].labels(result).inc()


@blueprint.get("/metrics")
def show() -> Response:
    if not from_this_machine():
        abort(404)
    metrics = current_app.extensions["metrics"]
    metrics["cpu"].set(current_app.extensions["cpu"].latest())
    registry = metrics["registry"]
    if metrics["shared"]:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE)
