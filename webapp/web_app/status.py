"""One answer for what the dashboard shows: which server this is, how busy, and whether a load runs on it.

All in one answer, since the next request may reach another server behind the load balancer.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, current_app

from .auth import login_required

blueprint = Blueprint("status", __name__)


@blueprint.get("/cpu")
@blueprint.get("/status")  # the last is the one that pages name
@login_required
def show() -> Response:
    return answer()


def answer() -> Response:
    return Response(json.dumps(status()) + "\n", mimetype="application/json")


def status() -> dict[str, Any]:
    """Of this server, now. ``load`` is None without ``LOAD_DEMO=1``."""
    extensions = current_app.extensions
    load = extensions["load"].state() if "load" in extensions else None
    return {
        "server": extensions["server"].described(),
        "cpu_percent": extensions["cpu"].latest(),
        "cpu_history": extensions["cpu"].history(),
        "load": load and {"running": load.running, "seconds_left": load.seconds_left},
    }
