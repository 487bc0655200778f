"""Counters for Prometheus, added up over all workers; served to this server alone.

Each worker writes files of its own, named by its slot (gunicorn.conf.py) and not by its process id: files of workers
that were replaced would pile up.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector

blueprint = Blueprint("metrics", __name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LOOPBACK = ("127.0.0.1", "::1")


def slot() -> str:
    return os.environ.get("WORKER_SLOT", "master")


def init_app(app: Flask) -> None:
    """Count every request from now on."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        values.ValueClass = values.MultiProcessValue(process_identifier=slot)
    registry = CollectorRegistry()
    labels = ["method", "endpoint", "status"]
    requests = Counter("web_app_requests", "Requests answered", labels, registry=registry)
    seconds = Histogram("web_app_request_seconds", "Time to answer", ["endpoint"], registry=registry)
    logins = Counter("web_app_logins", "Attempts to log in", ["result"], registry=registry)
    cpu = Gauge("web_app_cpu_percent", "CPU of the server", registry=registry, multiprocess_mode="livemostrecent")
    app.extensions["metrics"] = {"registry": registry, "logins": logins, "cpu": cpu}

    @app.before_request
    def start() -> None:
        g.started_at = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        # The endpoint and not the path: anybody can think up paths without end.
        endpoint = request.endpoint or "none"
        method = request.method if request.method in ("GET", "HEAD", "POST", "OPTIONS") else "other"
        requests.labels(method, endpoint, response.status_code).inc()
        if "started_at" in g:
            seconds.labels(endpoint).observe(time.perf_counter() - g.started_at)
        return response

    app.register_blueprint(blueprint)


def count_login(result: str) -> None:
    current_app.extensions["metrics"]["logins"].labels(result).inc()


@blueprint.get("/metrics")
def show() -> Response:
    # The connection's own end, and not what a proxy says of its client: through the load balancer nobody gets here.
    peer = request.environ["web_app.peer"]
    if peer not in LOOPBACK or "X-Forwarded-For" in request.headers:
        abort(404)
    metrics = current_app.extensions["metrics"]
    metrics["cpu"].set(current_app.extensions["cpu"].latest())
    registry = metrics["registry"]
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE)
