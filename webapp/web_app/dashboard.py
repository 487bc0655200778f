"""What one sees when logged in: who one is, which server answers, and how busy it is."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from .auth import logged_in, login_required

blueprint = Blueprint("dashboard", __name__)


@blueprint.get("/dashboard")
def show() -> str | AnyResponse:
    who = logged_in()
    if not who:
        return redirect(url_for("auth.front"))  # whatever the client says it takes: this is a page
    load = current_app.extensions.get("load")
    return render_template(
        "dashboard.html",
        employee_id=who,
        instance=current_app.extensions["instance"].latest(),
        cpu=current_app.extensions["cpu"].latest(),
        load=load and load.state(),
    )


@blueprint.get("/cpu")
@login_required
def cpu() -> Response:
    return jsonify(cpu_percent=current_app.extensions["cpu"].latest())
