"""An application to ask, and a real gunicorn to ask."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Self
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode

import psutil
import pytest
from flask import Flask
from flask.testing import FlaskClient

from web_app import assets, create_app, settings

WEBAPP = Path(__file__).parents[1]
PROJECT = WEBAPP.parent
KEY = "k" * 32
ENVIRONMENT = {"SECRET_KEY": KEY, "LOAD_DEMO": "1", "AWS_EC2_METADATA_DISABLED": "true", "PROXY_HOPS": "1"}
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def _no_settings_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PROMETHEUS_MULTIPROC_DIR", "RUN_DIR", "SECRET_KEY", "PORT", "WEB_CONCURRENCY", "APP_ENV"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def make_app(tmp_path: Path) -> Callable[..., Flask]:
    """An application with settings of one's own, given as environment variables."""

    def make(**env: str) -> Flask:
        return create_app(settings.from_environment({**ENVIRONMENT, "RUN_DIR": str(tmp_path / "run"), **env}))

    return make


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def employee(client: FlaskClient) -> FlaskClient:
    """A browser that is logged in as 007."""
    assert log_in(client, employee_id="7").status_code == 303
    return client


def token_in(page: str) -> str:
    """The CSRF token of a page's form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page
    return found[1]


def log_in(client: FlaskClient, headers: dict[str, str] | None = None, base_url: str | None = None, **fields: str):
    token = token_in(client.get("/", headers=headers, base_url=base_url).text)
    return client.post("/", data={"csrf_token": token, **fields}, headers=headers, base_url=base_url)


def post(client: FlaskClient, path: str, headers: dict[str, str] = JSON, **fields: str):
    return client.post(path, data={"csrf_token": token_in(client.get("/dashboard").text), **fields}, headers=headers)


class Answer:
    def __init__(self, status: int, text: str) -> None:
        self.status, self.text = status, text


class Browser:
    """Cookies, and a new connection for each request: so any worker may answer."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        )

    def ask(self, path: str, fields: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> Answer:
        data = urlencode(fields).encode() if fields is not None else None
        try:
            request = urllib.request.Request(self.url + path, data, headers or {})
            with self._opener.open(request, timeout=120) as response:
                return Answer(response.status, response.read().decode())
        except HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode())

    def log_in(self) -> Browser:
        page = self.ask("/").text
        assert self.ask("/", {"csrf_token": token_in(page), "employee_id": "7"}).status == 200
        return self

    def post(self, path: str) -> Answer:
        token = token_in(self.ask("/dashboard").text)
        return self.ask(path, {"csrf_token": token}, JSON)


class Server:
    """gunicorn as the service unit runs it, but alone, on a port of its own."""

    def __init__(self, folder: Path, module: str = "web_app.wsgi:app", **env: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "gunicorn.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", module],
                cwd=WEBAPP,
                env={
                    **os.environ,
                    **ENVIRONMENT,
                    "PORT": str(self.port),
                    "HOST": "127.0.0.1",
                    "RUN_DIR": str(folder / "run"),
                    "PYTHONPATH": str(WEBAPP / "tests"),
                    "LOGIN_ATTEMPTS_PER_MINUTE": "1000",
                    **env,
                },
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> Self:
        wait_until(lambda: self.browser().ask("/readyz").status == 200 and len(self.workers()) == 4, self.log)
        return self

    def __exit__(self, *_: object) -> None:
        end(self.process, signal.SIGINT)  # at once

    def browser(self) -> Browser:
        return Browser(self.url)

    def workers(self) -> list[int]:
        return [
            child.pid
            for child in psutil.Process(self.process.pid).children()
            if child.status() != psutil.STATUS_ZOMBIE and "burn.py" not in " ".join(child.cmdline())
        ]


class ServerWithNginx(Server):
    """nginx on the port and gunicorn behind it, as on a server."""

    def __init__(self, folder: Path, module: str = "web_app.wsgi:app", **env: str) -> None:
        # Short: a socket's path has at most 107 bytes.
        self.socket = Path(tempfile.mkdtemp(prefix="web_app-")) / "gunicorn.sock"
        super().__init__(folder, module, SOCKET=str(self.socket), **env)
        self.nginx_log = self.socket.parent / "access.log"
        assets.publish(self.socket.parent / "static")
        configuration = nginx_configuration(self.socket.parent, self.port)
        with (folder / "nginx.log").open("w") as log:
            self.nginx = subprocess.Popen([NGINX, "-c", configuration, "-e", "stderr"], stderr=log)

    def __exit__(self, *_: object) -> None:
        end(self.nginx, signal.SIGTERM)  # at once
        super().__exit__()
        shutil.rmtree(self.socket.parent)


NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin:/opt/homebrew/bin") or ""
needs_nginx = pytest.mark.skipif(not NGINX, reason="nginx is not installed")
#: As on a server, as far as this machine can.
Deployed: type[Server] = ServerWithNginx if NGINX else Server


def nginx_configuration(folder: Path, port: int) -> Path:
    """nginx.conf with the places of a test in place of a server's: gunicorn's socket and static files are in the folder."""
    text = (WEBAPP / "nginx.conf").read_text()
    places = {
        "listen 5000 ": f"listen 127.0.0.1:{port} ",
        "unix:/run/web_app/gunicorn.sock": f"unix:{folder}/gunicorn.sock",
        "/home/ec2-user/web_app/web_app": f"{WEBAPP}/web_app",
        "/home/ec2-user/web_app": str(folder),
        "/run/web_app_nginx": str(folder),
        "syslog:server=unix:/dev/log,nohostname,tag=web_app_nginx": str(folder / "access.log"),
        # The unit's nginx is not root, and one that is changes to a user who may not enter everywhere that tests run.
        "daemon off;": "daemon off; user root;" if os.geteuid() == 0 else "daemon off;",
    }
    for place, here in places.items():
        assert place in text, place
        text = text.replace(place, here)
    file = folder / "nginx.conf"
    file.write_text(text)
    return file


def end(process: subprocess.Popen[bytes], by: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(by)
        process.wait(120)


def crowding() -> float:
    """How many times longer than alone a bit of work takes on this machine now."""
    started, cpu = time.perf_counter(), time.thread_time()
    while time.thread_time() - cpu < 0.005:
        pass
    return (time.perf_counter() - started) / 0.005


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until(true: Callable[[], bool], log: Path | None = None, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if true():
                return
        except URLError:
            pass
        assert time.monotonic() < deadline, log.read_text()[-2000:] if log else "it did not happen"
        time.sleep(0.05)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "server") as running:
        yield running
