"""HTTP as no client library would say it, and many clients that say it slowly."""

from __future__ import annotations

import re
import resource
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector


def exchange(port: int, data: bytes, seconds: float = 30, source: str = "127.0.0.1") -> bytes:
    """Send all that the server takes, and read until it closes, or has answered and is silent."""
    with socket.create_connection(("127.0.0.1", port), seconds, (source, 0)) as client:
        answer = b""
        with suppress(OSError):  # it may have closed, and its answer be here all the same
            client.sendall(data)
        with suppress(OSError):
            while more := client.recv(65536):
                answer += more
                client.settimeout(1)
        return answer


def statuses(answer: bytes) -> list[int]:
    """Of all answers on a connection."""
    return [int(status) for status in re.findall(rb"(?:^|(?<=[\r\n}>]))HTTP/1\.[01] (\d{3})", answer)]


class SlowClients:
    """So many connections, each of which sends a beginning and then a byte now and then."""

    def __init__(self, port: int, count: int, beginning: bytes) -> None:
        allow_open_files(4 * count + 1000)
        self.answers: list[bytes] = []
        self._selector = DefaultSelector()
        for _ in range(count):
            client = socket.create_connection(("127.0.0.1", port), timeout=60)
            client.sendall(beginning)
            client.setblocking(False)
            self._selector.register(client, EVENT_READ, bytearray())

    def close(self) -> None:
        for key in list(self._selector.get_map().values()):
            self._drop(key.fileobj)
        self._selector.close()

    def all_closed(self) -> bool:
        """Read what has come, and drop those that the server has closed."""
        for key, _ in self._selector.select(timeout=0):
            try:
                data = key.fileobj.recv(65536)
            except OSError:
                data = b""
            key.data.extend(data)
            if not data:
                self._drop(key.fileobj)
        return not self._selector.get_map()

    def drip(self) -> None:
        """Send a byte on each connection."""
        for key in list(self._selector.get_map().values()):
            try:
                key.fileobj.send(b"a")
            except OSError:
                self._drop(key.fileobj)

    def _drop(self, client: socket.socket) -> None:
        self.answers.append(bytes(self._selector.unregister(client).data))
        client.close()


def drip_until_closed(clients: list[SlowClients], meanwhile: Callable[[], None], seconds: float = 120) -> None:
    """A byte a second from each."""
    deadline = time.monotonic() + seconds
    while sum(not each.all_closed() for each in clients):
        assert time.monotonic() < deadline
        for each in clients:
            each.drip()
        next_drip = time.monotonic() + 1
        while time.monotonic() < next_drip:
            meanwhile()


def allow_open_files(count: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(count, hard)), hard))
