"""Logging in and out."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from .audit import audit
from .employees import employee_id
from .metrics import count_login
from .rate_limit import client_of
from .security import wants_json

blueprint = Blueprint("auth", __name__)

View = TypeVar("View", bound=Callable[..., object])


@blueprint.get("/")
def front() -> AnyResponse:
    if logged_in():
        return redirect(url_for("dashboard.show"))
    return form()


@blueprint.post("/")
def log_in() -> AnyResponse:
    who = employee_id(request.form.get("employee_id", ""))
    wait = current_app.extensions["login_limit"].seconds_to_wait(client_of(request.remote_addr or ""))
    if wait:
        count_login("limited")
        audit("sign-in", who, result="limited")
        response = form("Too many attempts. Wait a minute, then try again.", 429)
        response.headers["Retry-After"] = str(wait)
        return response
    if who is None or not access_code_matches(request.form.get("access_code", "")):
        count_login("refused")
        audit("sign-in", who, result="refused")
        wrong = "Enter an employee id from 001 to 020"
        return form(wrong + (", and the access code." if current_app.config["ACCESS_CODE"] else "."), 400)
    count_login("accepted")
    audit("sign-in", who, result="done")
    current_app.extensions["logins"].begin(who)
    return redirect(url_for("dashboard.show"), 303)


@blueprint.post("/logout")
def log_out() -> AnyResponse:
    if who := logged_in():
        audit("sign-out", who, result="done")
    current_app.extensions["logins"].end()
    return redirect(url_for("auth.front"), 303)


def form(error: str = "", status: int = 200) -> Response:
    """The login form, with what was wrong with the last try."""
    page = render_template("login.html", error=error, asks_access_code=bool(current_app.config["ACCESS_CODE"]))
    return Response(page, status)


def access_code_matches(given: str) -> bool:
    """Compare in constant time; everything matches where no code is set."""
    wanted = current_app.config["ACCESS_CODE"]
    return not wanted or hmac.compare_digest(given.encode(), wanted.encode())


def logged_in() -> str | None:
    """The employee's id."""
    who: str | None = current_app.extensions["logins"].current()
    return who


def login_required(view: View) -> View:
    """Send strangers to the login form, or answer scripts with 401."""

    @wraps(view)
    def guarded(*args: object, **kwargs: object) -> object:
        if logged_in():
            return view(*args, **kwargs)
        if wants_json():
            raise Unauthorized("Log in first")
        return redirect(url_for("auth.front"))

    return cast(View, guarded)
