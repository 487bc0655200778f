"""A stand-in for the instance metadata service: there is no real one outside EC2."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from conftest import free_port, wait_until

from web_app.instance import Instance, InstanceMetadata, ask

TOLD = {
    "instance-id": "i-0abc",
    "tags/instance/Name": "web-app_asg",
    "placement/availability-zone": "ap-south-1a",
    "mac": "02:00:00:00:00:01",
    "network/interfaces/macs/02:00:00:00:00:01/subnet-id": "subnet-0def",
}


class Service:
    """Version 2 alone: what comes without a token gets 401."""

    def __init__(self):
        self.told, self.requests, self.token_status, self.delay = dict(TOLD), [], 200, 0.0
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self):
                time.sleep(service.delay)
                given = self.headers.get("X-aws-ec2-metadata-token-ttl-seconds")
                allowed = self.path == "/latest/api/token" and given and "X-Forwarded-For" not in self.headers
                self.answer(service.token_status if allowed else 400, "the-token")

            def do_GET(self):
                if self.headers.get("X-aws-ec2-metadata-token") != "the-token":
                    return self.answer(401, "")
                value = service.told.get(self.path.replace("/latest/meta-data/", "", 1))
                return self.answer(404 if value is None else 200, value or "<html>not found</html>")

            def answer(self, status, text):
                service.requests.append((self.command, self.path))
                self.send_response(status)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def service():
    service = Service()
    yield service
    service.server.shutdown()
    service.server.server_close()


def test_asks_with_a_token_for_the_subnets_id_and_not_its_mac(service):
    assert ask(service.url) == Instance("i-0abc", "web-app_asg", "ap-south-1a", "subnet-0def")
    assert service.requests[0] == ("PUT", "/latest/api/token")


def test_what_is_not_told_is_none_and_no_error_page(service):
    for path in ["tags/instance/Name", "mac"]:
        del service.told[path]
    assert ask(service.url) == Instance("i-0abc", None, "ap-south-1a", None)


def test_no_proxy_gets_between(service, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    assert ask(service.url).instance_id == "i-0abc"


def test_asks_once(service):
    metadata = InstanceMetadata(service.url)
    wait_until(lambda: metadata.latest() is not None)
    asked = len(service.requests)
    assert metadata.latest() == metadata.latest()
    assert len(service.requests) == asked


@pytest.mark.parametrize("status", [400, 403, 500])
def test_a_refused_token_means_not_on_ec2(service, status):
    service.token_status = status
    metadata = InstanceMetadata(service.url)
    assert metadata.latest() is None
    wait_until(lambda: len(service.requests) == 1)
    assert metadata.latest() is None
    assert len(service.requests) == 1, "the next try comes a minute later"


def test_nobody_waits_for_a_service_that_does_not_answer(service):
    service.delay = 20
    metadata = InstanceMetadata(service.url)
    started = time.monotonic()
    assert metadata.latest() is None
    assert time.monotonic() - started < service.delay / 2


def test_switched_off_it_asks_nobody():
    assert InstanceMetadata("").latest() is None
