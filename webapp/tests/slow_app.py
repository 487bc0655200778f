"""The application with a page that takes a second and one that breaks off, for the tests of a real gunicorn."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator

from web_app.wsgi import app


@app.get("/slow")
def slow() -> str:
    print("slow: begun", file=sys.stderr, flush=True)
    time.sleep(1)
    return "done"


@app.get("/broken")
def broken() -> Iterator[str]:
    yield "begun"
    raise RuntimeError("in the middle")


@app.get("/worker")
def worker() -> str:
    return str(os.getpid())
