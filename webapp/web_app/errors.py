"""Every error is a page, or JSON for scripts; none shows internal details."""

from __future__ import annotations

from flask import Flask, Response, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from . import auth
from .security import wants_json

WORDS = {
    400: "The server did not understand that.",
    401: "Log in first.",
    404: "There is no such page.",
    405: "That is not possible here.",
    408: "The request took too long to arrive.",
    411: "The server wants to know how long that is.",
    413: "That is too much.",
    414: "That address is too long.",
    431: "Too much comes along with that, such as cookies.",
    500: "Something went wrong. It has been logged.",
    502: "The application does not answer. Try again in a minute.",
    504: "The application takes too long to answer. Try again in a minute.",
}
#: Raised by this application alone, with what to do in their descriptions.
OURS = (409, 429, 503)


def init_app(app: Flask) -> None:
    """Answer errors in our own words."""

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> AnyResponse:
        status = error.code or 500
        words = (error.description if status in OURS else None) or WORDS.get(status, error.name)
        if isinstance(error, CSRFError):
            words = "This page had expired. Go back, reload it and try again."
            if request.endpoint == "auth.log_in" and not wants_json():
                return auth.form("The form had expired. Try again.", 400)
        response = jsonify(error=words) if wants_json() else Response(render_template("error.html", words=words))
        response.status_code = status
        # What the error itself wants to say, such as which methods are allowed.
        response.headers.extend(pair for pair in error.get_headers() if pair[0] in ("Allow", "Retry-After"))
        return response
