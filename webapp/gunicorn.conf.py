"""How gunicorn runs the application: https://gunicorn.org/reference/settings/

Standard library only: tools read this file without the application.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import tempfile
import threading
from pathlib import Path

# On a server nginx has the port, and gunicorn a UNIX socket behind it (SOCKET, as web_app.service says).
_socket = os.environ.get("SOCKET")
_address = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '5000')}"  # noqa: S104 the security group decides who gets here
bind = f"unix:{_socket}" if _socket else _address
umask = 0o007  # of the socket: its folder decides who may connect
workers = int(os.environ.get("WEB_CONCURRENCY", "4"))
worker_class = "web_app.worker.Worker"  # gthread, made patient
threads = int(os.environ.get("WEB_THREADS", "8"))
# Each waits at no cost until its request is here; beyond it health checks, too, would have to wait. A file each.
worker_connections = min(4000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 100)

# As much as a load balancer passes on: web_app/arrival.py bounds the line, and everything together.
limit_request_line = 0
limit_request_field_size = 17 * 1024
# web_app/proxies.py decides what a proxy's headers mean; gunicorn would believe whoever uses its socket.
secure_scheme_headers = {}
forwarder_headers = ""

# Longer than the load balancer keeps an idle connection (60 s), or it sends a request into one just closed: a 502.
keepalive = 75
timeout = 30
# Together shorter than the target group's deregistration delay (60 s), after which the load balancer cuts connections.
drain_seconds = int(os.environ.get("DRAIN_SECONDS", "5"))
graceful_timeout = 30

# Whatever leaks, leaks for so long; not all workers at once.
max_requests = 100_000
max_requests_jitter = 10_000

# A wrong setting then ends the start with its line; without it gunicorn starts worker after worker for ever. It saves
# memory too: 72 MB with four workers, 85 MB without, as measured. New code needs a restart, which drains.
preload_app = os.environ.get("APP_ENV") != "development"

worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 a heartbeat on a disk waits for the disk
control_socket_disable = True
logger_class = "web_app.logs.JsonLogger"
accesslog = "-"

# What one worker may need, held against a real one by the tests: four share the 1 GiB of a t3.micro with the system.
worker_memory_mib = 100

_run_dir = Path(os.environ.get("RUN_DIR") or Path(tempfile.gettempdir()) / "web_app")
_draining = _run_dir / "draining"
_load = _run_dir / "load"
_metrics = _run_dir / "metrics"
raw_env = [f"RUN_DIR={_run_dir}", f"PROMETHEUS_MULTIPROC_DIR={_metrics}"]


def on_starting(server):
    if not _socket:
        server.log.info("gunicorn alone, without nginx in front of it: for trying it out; a server has both")
    _run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    _draining.unlink(missing_ok=True)


def on_exit(server):
    if _load.exists():
        os.truncate(_load, 0)  # ends it: see web_app/burn.py
    shutil.rmtree(_metrics, ignore_errors=True)
    _draining.unlink(missing_ok=True)


def when_ready(server):
    """On SIGTERM serve on for a while, no longer ready, so that whoever routes here can notice; a second one stops."""
    stop = signal.getsignal(signal.SIGTERM)

    def drain(number, frame):
        signal.signal(signal.SIGTERM, stop)
        with contextlib.suppress(OSError):  # a full disk is no reason to cut connections
            _draining.touch()
        timer = threading.Timer(drain_seconds, os.kill, (os.getpid(), signal.SIGTERM))
        timer.daemon = True
        timer.start()

    signal.signal(signal.SIGTERM, drain)


def pre_fork(server, worker):
    """Each worker has a slot, the lowest that is free: its metrics continue where its predecessor's ended."""
    taken = {other.slot for other in server.WORKERS.values()}
    worker.slot = next(slot for slot in range(len(taken) + 1) if slot not in taken)


def post_fork(server, worker):
    os.environ["WORKER_SLOT"] = str(worker.slot)


def child_exit(server, worker):
    from prometheus_client import multiprocess  # noqa: PLC0415 the application's, and there only now

    multiprocess.mark_process_dead(worker.slot)
