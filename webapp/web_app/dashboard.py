"""What one sees when logged in: who one is, which server answers, and how busy it is."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from .auth import logged_in
from .status import status

blueprint = Blueprint("dashboard", __name__)


@blueprint.get("/dashboard")
def show() -> str | AnyResponse:
    who = logged_in()
    if not who:
        return redirect(url_for("auth.front"))  # whatever the client says it takes: this is a page
    return render_template("dashboard.html", employee_id=who, status=status())
