"""What a client gets whose request never reaches the application, as from nginx (nginx.conf)."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from pathlib import Path

from .errors import WORDS
from .security import HEADERS, NOT_KEPT, OVER_TLS

ERROR_PAGE = (Path(__file__).parent / "templates" / "error.shtml").read_text()


def refusal(status: int, environ: dict[str, str]) -> bytes:
    """The whole answer: a page, or JSON for scripts."""
    words = WORDS.get(status, HTTPStatus(status).phrase)
    if "text/html" in environ.get("HTTP_ACCEPT", "text/html"):
        kind, text = "text/html; charset=utf-8", ERROR_PAGE.replace('<!--# echo var="words" -->', words)
    else:
        kind, text = "application/json", json.dumps({"error": words}) + "\n"
    headers = [
        *(OVER_TLS if environ.get("wsgi.url_scheme") == "https" else HEADERS),
        NOT_KEPT,
        ("Connection", "close"),
        ("Content-Type", kind),
        ("Content-Length", str(len(text.encode()))),
    ]
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", text]).encode()


def read_environ(received: bytes) -> dict[str, str]:
    """What can be read of a request that is not complete, under WSGI's names."""
    head = received.partition(b"\r\n\r\n")[0].decode("latin-1")
    method, _, target = head.partition("\r\n")[0].partition(" ")
    headers = re.findall(r"\r\n([A-Za-z-]+):[ \t]*([^\r\n]*)", head)
    return {
        "REQUEST_METHOD": method[:20],
        "PATH_INFO": re.split(r"[ ?]", target, maxsplit=1)[0][:1000],
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers},
    }
