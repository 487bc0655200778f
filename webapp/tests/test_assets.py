from __future__ import annotations

import gzip
import re
import subprocess
import sys

import pytest
from conftest import WEBAPP

from web_app import assets

EARLIER = "app.0123456789ab.css"


@pytest.mark.parametrize("name", sorted(assets.NAMES))
def test_a_file_has_its_content_in_its_name_and_is_kept_for_a_year(client, name):
    assert re.fullmatch(r"/static/[a-z]+\.[0-9a-f]{12}\.[a-z]+", assets.asset(name))
    answer = client.get(assets.asset(name), buffered=True)
    assert answer.data == (assets.SOURCES / name).read_bytes()
    kept = answer.headers["Cache-Control"]
    assert ("max-age=31536000" in kept, "immutable" in kept, "public" in kept) == (True, True, True)


def test_pages_name_the_hashed_files_and_are_not_kept(client, employee):
    for page in [client.get("/dashboard"), client.get("/missing", headers={"Accept": "text/html"})]:
        assert page.headers["Cache-Control"] == "no-store"
        named = re.findall(r'"(/static/[^"]+)"', page.text)
        assert named
        assert all(name.removeprefix("/static/") in assets.OWN for name in named)


@pytest.mark.parametrize("name", ["app.css", "app.ffffffffffff.css", "icon.ffffffffffff.svg"])
def test_a_file_of_another_release_answers_and_nobody_keeps_it(client, name):
    answer = client.get(f"/static/{name}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    source = re.sub(r"\.f+", "", name)
    assert answer.data == (assets.SOURCES / source).read_bytes()
    assert answer.mimetype == client.get(assets.asset(source), buffered=True).mimetype


@pytest.mark.parametrize("name", ["dashboard.js", "dashboard.ffffffffffff.js"])
def test_the_script_of_another_release_only_waits_for_the_page_to_match(client, name):
    answer = client.get(f"/static/{name}")
    assert (answer.text, answer.headers["Cache-Control"]) == (assets.RELOAD, "no-store")
    assert answer.mimetype == "text/javascript"


@pytest.mark.parametrize(
    "name", ["missing.css", "..%2fsettings.py", "%2e%2e/settings.py", "app.css.gz", ".", "x.ffffffffffff.js"]
)
def test_nothing_else_is_served(client, name):
    assert client.get(f"/static/{name}").status_code == 404


def test_on_one_server_the_files_of_both_releases_answer(make_app, tmp_path):
    published = tmp_path / "static"
    published.mkdir()
    (published / EARLIER).write_text("earlier")
    (tmp_path / "secret.0123456789ab.css").write_text("secret")
    # As the next release is installed.
    subprocess.run([sys.executable, "-m", "web_app.assets", str(published)], cwd=WEBAPP, check=True)
    client = make_app(STATIC_DIR=str(published)).test_client()
    earlier = client.get(f"/static/{EARLIER}", buffered=True)
    assert (earlier.text, "immutable" in earlier.headers["Cache-Control"]) == ("earlier", True)
    assert client.get(assets.asset("app.css"), buffered=True).status_code == 200
    assert client.get("/static/..%2fsecret.0123456789ab.css").status_code == 404
    for source, name in assets.NAMES.items():
        content = (assets.SOURCES / source).read_bytes()
        assert (published / name).read_bytes() == content
        assert gzip.decompress((published / f"{name}.gz").read_bytes()) == content
