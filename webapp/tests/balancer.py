"""A load balancer as small as one can be: each request to the next server, with the client's address appended."""

from __future__ import annotations

import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle

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
