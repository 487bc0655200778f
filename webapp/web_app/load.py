"""Starting and stopping the load, for those who are logged in. There only with ``LOAD_DEMO=1``."""

from __future__ import annotations

from flask import Blueprint, current_app, jsonify, redirect, url_for
from werkzeug.wrappers import Response

from .auth import login_required
from .burn import LoadState
from .security import wants_json

blueprint = Blueprint("load", __name__)


@blueprint.get("/load")
@login_required
def show() -> Response:
    return answer(current_app.extensions["load"].state())


@blueprint.post("/load/start")
@blueprint.post("/start-load")
@login_required
def start() -> Response:
    current_app.logger.info("load started")
    return answer(current_app.extensions["load"].start())


@blueprint.post("/load/stop")
@blueprint.post("/stop-load")
@login_required
def stop() -> Response:
    current_app.logger.info("load stopped")
    return answer(current_app.extensions["load"].stop())


def answer(state: LoadState) -> Response:
    """JSON for scripts; a browser without them returns to the dashboard."""
    if wants_json():
        return jsonify(running=state.running, seconds_left=state.seconds_left)
    return redirect(url_for("dashboard.show"), 303)
