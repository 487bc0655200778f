"""Static files under names with a hash of their content, which browsers keep for a year.

``python -m web_app.assets FOLDER`` writes them there, with compressed copies, for a web server that serves them from
disk. What it finds there remains: a page of the release before may still ask for it.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
import sys
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, send_from_directory

blueprint = Blueprint("assets", __name__)

SOURCES = Path(__file__).parent / "static"
YEAR_SECONDS = 365 * 24 * 3600
#: For the page of a release that is not here: while servers are replaced, the load balancer asks any of them. Script
#: and page of two releases may not fit each other; without a script the page works, and comes anew until both are one.
RELOAD = "setTimeout(() => location.reload(), 10000);\n"


def hashed(file: Path) -> str:
    """``app.css`` → ``app.0123456789ab.css``."""
    return f"{file.stem}.{hashlib.sha256(file.read_bytes()).hexdigest()[:12]}{file.suffix}"


#: Name in a template → name that is asked for.
NAMES = {file.name: hashed(file) for file in sorted(SOURCES.iterdir())}
OWN = {name: file for file, name in NAMES.items()}


def asset(name: str) -> str:
    """The path of a static file, for templates."""
    return f"/static/{NAMES[name]}"


@blueprint.get("/static/<name>")
def show(name: str) -> Response:
    if name in OWN:
        return _kept(send_from_directory(SOURCES, OWN[name], max_age=YEAR_SECONDS))
    earlier = current_app.config["STATIC_DIR"]
    if earlier and re.fullmatch(r"[\w-]+\.[0-9a-f]{12}\.\w+", name) and (Path(earlier) / name).is_file():
        return _kept(send_from_directory(Path(earlier).absolute(), name, max_age=YEAR_SECONDS))
    return _of_another_release(name)


def publish(folder: Path) -> None:
    """Write all files and their compressed copies, each under its hashed name."""
    folder.mkdir(parents=True, exist_ok=True)
    for source, name in NAMES.items():
        content = (SOURCES / source).read_bytes()
        (folder / name).write_bytes(content)
        (folder / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))


def _kept(response: Response) -> Response:
    response.cache_control.public = True
    response.cache_control.immutable = True
    return response


def _of_another_release(name: str) -> Response:
    """This release's file of that name, and nobody keeps it under the other's."""
    source = re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", name)
    if source not in NAMES:
        abort(404)
    content = RELOAD if source.endswith(".js") else (SOURCES / source).read_text()
    kind = mimetypes.guess_type(source)[0]
    return Response(content, headers={"Cache-Control": "no-store"}, mimetype=kind)


if __name__ == "__main__":
    publish(Path(sys.argv[1]))
