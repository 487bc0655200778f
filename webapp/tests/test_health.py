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


STRANGERS = [
    ("10.0.1.20", None),  # the load balancer's health check
    ("10.0.1.20", "127.0.0.1"),  # the load balancer, asked by a client that claims to be here
    ("127.0.0.1", "203.0.113.9"),
    ("127.0.0.1", "127.0.0.1, 203.0.113.9"),  # a proxy on this machine, of a client that claims to be here
    ("127.0.0.1", "203.0.113.9, 127.0.0.1"),
    ("127.0.0.1", "localhost"),
    ("", None),  # through a UNIX socket, by somebody who does not say for whom
    ("", "127.0.0.1"),
    ("nginx 10.0.1.20", None),
    ("nginx 10.0.1.20", "127.0.0.1"),
    ("nginx 127.0.0.1", "203.0.113.9"),
]
HERE = [("127.0.0.1", None), ("::1", None), ("127.0.0.1", "127.0.0.1"), ("nginx 127.0.0.1", None), ("nginx ::1", "::1")]


def ask(client, path, peer, named):
    """A UNIX socket has no address, and nginx says beside whom it has been asked by."""
    headers = {"X-Forwarded-For": named} if named else {}
    if peer.startswith("nginx "):
        headers["X-Real-IP"], peer = peer.removeprefix("nginx "), ""
    return client.get(path, headers=headers, environ_base={"REMOTE_ADDR": peer})


def test_the_header_in_which_nginx_names_its_client_means_nothing_from_elsewhere(client):
    peer = {"REMOTE_ADDR": "10.0.1.20"}
    assert client.get("/metrics", headers={"X-Real-IP": "127.0.0.1"}, environ_base=peer).status_code == 404


@pytest.mark.parametrize("hops", ["0", "1", "2"])
@pytest.mark.parametrize(("peer", "named"), [*STRANGERS, *HERE])
def test_details_are_for_this_machine_alone(make_app, peer, named, hops):
    client = make_app(READY_CHECKS=f"127.0.0.1:{free_port()}", PROXY_HOPS=hops).test_client()
    here = (peer, named) in HERE
    answer = ask(client, "/readyz", peer, named)
    assert answer.status_code == 503
    assert answer.text.startswith("down: 127.0.0.1:") if here else answer.text == "not ready\n"
    assert ask(client, "/metrics", peer, named).status_code == (200 if here else 404)


def test_strangers_do_not_learn_of_a_stop(app, client):
    file = draining_file(app.config["RUN_DIR"])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    assert ask(client, "/readyz", "10.0.1.20", None).text == "not ready\n"


def test_a_dependency_is_asked_once_in_a_while(make_app):
    with socket.create_server(("127.0.0.1", 0)) as dependency:
        client = make_app(READY_CHECKS=f"127.0.0.1:{dependency.getsockname()[1]}").test_client()
        assert client.get("/readyz").status_code == 200
    assert client.get("/readyz").status_code == 200
