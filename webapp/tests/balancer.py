"""A load balancer as small as one can be, and two real servers for it: each request to the next one."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path

from conftest import JSON, Browser, Server, wait_until
from test_instance import Service

#: Of one connection, and none of the next one's business.
HOP_BY_HOP = ("connection", "keep-alive", "transfer-encoding", "host")


class Balancer:
    """In front of servers on these ports of this machine, in turn."""

    def __init__(self, *ports: int) -> None:
        turns, lock = cycle(ports), threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def pass_on(self) -> None:
                with lock:
                    port = next(turns)
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
                named = self.headers.get("X-Forwarded-For")
                headers["X-Forwarded-For"] = f"{named}, 203.0.113.9" if named else "203.0.113.9"
                headers["Host"] = self.headers["Host"]
                server = HTTPConnection("127.0.0.1", port, timeout=120)
                server.request(self.command, self.path, body, headers)
                answer = server.getresponse()
                content = answer.read()
                self.send_response_only(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in (*HOP_BY_HOP, "content-length"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
                server.close()

            do_GET = do_POST = pass_on  # noqa: N815

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Balancer:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def pair_of_servers(folder: Path) -> Iterator[tuple[Server, Server]]:
    """i-0a in ap-south-1a and i-0b in ap-south-1b, each with a metadata service of its own, as on EC2."""
    services = [Service(), Service()]
    for service, letter in zip(services, "ab", strict=True):
        service.told.update({"instance-id": f"i-0{letter}", "placement/availability-zone": f"ap-south-1{letter}"})
    environments = [
        {"AWS_EC2_METADATA_DISABLED": "", "AWS_EC2_METADATA_SERVICE_ENDPOINT": service.url} for service in services
    ]
    with Server(folder / "a", **environments[0]) as one, Server(folder / "b", **environments[1]) as other:
        for server in (one, other):
            direct = server.browser().log_in()
            # A worker asks the metadata service when it is first asked itself; until it knows, it is a host's name.
            wait_until(lambda direct=direct: all(_name(direct).startswith("i-0") for _ in range(40)))
        yield one, other
    for service in services:
        service.server.shutdown()
        service.server.server_close()


def _name(browser: Browser) -> str:
    return json.loads(browser.ask("/status", headers=JSON).text)["server"]["id"]
