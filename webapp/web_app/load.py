"""Starting and stopping the load, for those who are logged in. There only with ``LOAD_DEMO=1``."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug.exceptions import Conflict, ServiceUnavailable, TooManyRequests
from werkzeug.wrappers import Response

from . import status
from .audit import audit
from .auth import logged_in, login_required
from .security import wants_json

blueprint = Blueprint("load", __name__)


@blueprint.post("/start-load")
@blueprint.post("/load/start")
@login_required
def start() -> Response:
    return change("load-start", current_app.extensions["load"].start)


@blueprint.post("/stop-load")
@blueprint.post("/load/stop")
@login_required
def stop() -> Response:
    return change("load-stop", current_app.extensions["load"].stop)


def change(event: str, work: Callable[[], object]) -> Response:
    """Do it if it is meant for this server. The form names one; who names none means the one that answers."""
    who, wanted = logged_in(), request.form.get("server")
    if wanted and wanted != current_app.extensions["server"].key:
        raise Conflict("Another server received this, and nothing was changed. Go back and try again.")
    # Starts and stops apart: whoever has started too often can still stop. Asked of another server, nothing counts.
    if wait := current_app.extensions["load_limit"].seconds_to_wait(f"{event} {who}"):
        audit(event, who, result="limited")
        raise TooManyRequests("That was too often. Wait a minute, then try again.", retry_after=wait)
    try:
        work()
    except OSError:
        audit(event, who, result="failed")
        current_app.logger.exception("The load cannot be changed")
        raise ServiceUnavailable("The server cannot do that now. It has been logged.") from None
    audit(event, who, result="done")
    return status.answer() if wants_json() else redirect(url_for("dashboard.show"), 303)
