"""Cookies and headers that keep browsers on our side."""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

#: Of every answer.
HEADERS = [
    # No inline script or style anywhere, so none has to be allowed.
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),  # not "no-referrer": over TLS the CSRF check wants to see it
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]
OVER_TLS = [*HEADERS, ("Strict-Transport-Security", "max-age=31536000")]
NOT_KEPT = ("Cache-Control", "no-store")

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Sessions(SecureCookieSessionInterface):
    """The session cookie is Secure once the client comes over TLS; over the documented HTTP listener it cannot be."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure

    @lru_cache(maxsize=1)  # noqa: B019 it lives as long as its application
    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Made once and not twice a request: the keys do not change."""
        return super().get_signing_serializer(app)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """As Flask does, but a cookie that was found to be right is not checked again: only its age is."""
        try:
            content, signed_at = self._read(app, request.cookies.get(self.get_cookie_name(app), ""))
        except BadSignature:
            return self.session_class()
        lasts = app.permanent_session_lifetime.total_seconds()
        return self.session_class(content if time.time() - signed_at <= lasts else None)

    @lru_cache(maxsize=256)  # noqa: B019
    def _read(self, app: Flask, value: str) -> tuple[dict[str, Any], float]:
        """A cookie's content and when it was signed. What is forged raises an error, and is not remembered."""
        content, signed_at = self.get_signing_serializer(app).loads(value, return_timestamp=True)
        return content, signed_at.timestamp()


def with_headers(application: Wsgi) -> Wsgi:
    """Add the headers to every answer, and lead no redirect to another site.

    Around the application, where headers are a plain list: as many calls of Flask's headers take several times as long.
    """

    def answered(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            kept = [(name, own_path(value) if name == "Location" else value) for name, value in headers]
            if not any(name == "Cache-Control" for name, _ in headers):
                kept.append(NOT_KEPT)
            kept += OVER_TLS if environ["wsgi.url_scheme"] == "https" else HEADERS
            return start_response(status, kept, *error)

        return application(environ, start)

    return answered


def own_path(location: str) -> str:
    """A redirect's path. All of ours are to ourselves, and the host of an absolute one is what the client named."""
    without_host = re.sub(r"^[a-z]+://[^/?]*", "", location)
    return "/" + without_host.lstrip("/\\")  # two slashes at the start would name a host


def from_this_machine() -> bool:
    """Whether the request was made on this server itself, and handed on by nobody who says otherwise.

    Every address counts: the connection's own, and each that a proxy names. The load balancer appends the address that
    it sees, and nginx says it beside (proxies.py), so whoever is not here has an address that no header can take away.
    """
    named = [text.strip() for text in ",".join(request.headers.getlist("X-Forwarded-For")).split(",") if text.strip()]
    return all(_is_loopback(address) for address in [request.environ["web_app.peer"], *named])


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def wants_json() -> bool:
    """Whether the client is a script. Browsers say that they want HTML; curl takes anything."""
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) != "text/html"
