from __future__ import annotations

import socket

import pytest
from conftest import free_port

from web_app import health
from web_app.health import draining_file


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_answers_without_login_and_opens_no_session(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_draining_is_alive_but_not_ready(app, client):
    file = draining_file(app.config["RUN_DIR"])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "draining\n")


def test_not_ready_while_a_dependency_is_down(make_app, monkeypatch):
    monkeypatch.setattr(health, "REMEMBER_SECONDS", 0.0)
    port = free_port()
    client = make_app(READY_CHECKS=f"127.0.0.1:{port}").test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, f"down: 127.0.0.1:{port}\n")
    with socket.create_server(("127.0.0.1", port)):
        assert client.get("/readyz").status_code == 200
    assert client.get("/healthz").status_code == 200


def test_a_dependency_is_asked_once_in_a_while(make_app):
    with socket.create_server(("127.0.0.1", 0)) as dependency:
        client = make_app(READY_CHECKS=f"127.0.0.1:{dependency.getsockname()[1]}").test_client()
        assert client.get("/readyz").status_code == 200
    assert client.get("/readyz").status_code == 200
