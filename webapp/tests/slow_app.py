"""The application with a page that takes a second, for the tests of a real gunicorn."""

from __future__ import annotations

import os
import sys
import time

from web_app.wsgi import app


@app.get("/slow")
def slow() -> str:
    print("slow: begun", file=sys.stderr, flush=True)
    time.sleep(1)
    return "done"


@app.get("/worker")
def worker() -> str:
    return str(os.getpid())
