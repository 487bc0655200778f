"""gunicorn's threaded worker, made patient: a thread gets a request only when it has arrived as a whole.

gunicorn's own reads in its threads and closes in its loop, so that a few clients that send or close slowly keep
everybody waiting, health checks included. Here they wait in the loop, at no cost, and not for ever. nginx alone could
not do it: its client_body_timeout is a limit between two bytes, not for all of them.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from selectors import EVENT_READ
from types import SimpleNamespace
from typing import Any

from gunicorn import http
from gunicorn.http.errors import ExpectationFailed, LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import TConn, ThreadWorker

from .arrival import REQUEST_SECONDS, Refused, expects_continue, request_size
from .proxies import Proxies
from .refusal import read_environ, refusal

RECEIVE_BYTES = 64 * 1024
#: For the answer to arrive before the connection is closed: https://datatracker.ietf.org/doc/html/rfc9112#section-9.6
LINGER_SECONDS = 2
#: For a client that reads slowly.
SEND_SECONDS = 10


class Connection(TConn):
    """What of a request has arrived, and what the connection is waiting for, until when."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_SECONDS, 0))
        self.initialized = True  # each request gets a parser of its own
        self.received = bytearray()
        self.waiting: Waiting | None = None


class Waiting(dict[Connection, float]):
    """Connections that wait for the same thing for the same time, so in the order of their deadlines."""

    def __init__(self, seconds: float, expire: Callable[[Connection], None]) -> None:
        super().__init__()
        self.seconds = seconds
        self.expire = expire


class Worker(ThreadWorker):
    """Reads requests in the loop, within ``REQUEST_SECONDS``, and answers errors with pages of our own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arriving = Waiting(REQUEST_SECONDS, self.too_late)
        self.closing = Waiting(LINGER_SECONDS, self.close)
        # Under gunicorn's name, since it counts them.
        self.keepalived_conns = self.idle = Waiting(self.cfg.keepalive, self.close)

    # What the loop calls.

    def accept(self, listener: socket.socket) -> None:
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        connection = Connection(self.cfg, client, address, listener.getsockname())
        self.wait(connection, self.arriving)
        self.read(connection)

    def read(self, connection: Connection, _: Any = None) -> None:
        try:
            data = connection.sock.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close(connection)
        elif connection.waiting is not self.closing:
            if connection.waiting is self.idle:
                self.wait(connection, self.arriving)
            connection.received += data
            self.hand_over(connection)

    def finish_request(self, conn: Connection, fs: Future[Any]) -> None:
        keep = not fs.cancelled() and fs.exception() is None and fs.result() and self.alive
        if conn.sock.fileno() < 0:  # closed in the middle of an answer that went wrong
            self.close(conn)
            return
        conn.sock.setblocking(False)
        if not keep:
            self.linger(conn)
        elif conn.received:  # the next request came with the last
            self.wait(conn, self.arriving)
            self.hand_over(conn)
        else:
            self.wait(conn, self.idle)

    def murder_keepalived(self) -> None:
        """End what has waited too long; when the worker is to end, also what waits for nothing in particular."""
        now = time.monotonic()
        for waiting in (self.arriving, self.idle, self.closing):
            at_once = not self.alive and waiting is self.idle
            for connection in [*waiting]:
                if waiting[connection] > now and not at_once:
                    break
                waiting.expire(connection)

    def handle_exit(self, sig: int, frame: Any) -> None:
        super().handle_exit(sig, frame)
        self.method_queue.defer(self.murder_keepalived)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        super().wait_for_and_dispatch_events(min(timeout, 1.0))

    # The way of a connection.

    def wait(self, connection: Connection, waiting: Waiting) -> None:
        if connection.waiting is None:
            self.poller.register(connection.sock, EVENT_READ, partial(self.read, connection))
        else:
            del connection.waiting[connection]
        connection.waiting = waiting
        waiting[connection] = time.monotonic() + waiting.seconds

    def leave(self, connection: Connection) -> None:
        """The loop does not look at it any longer."""
        if connection.waiting is not None:
            self.poller.unregister(connection.sock)
            del connection.waiting[connection]
            connection.waiting = None

    def hand_over(self, connection: Connection) -> None:
        """Give a thread the request, if it is here."""
        try:
            size = request_size(connection.received)
        except Refused as refused:
            self.refuse(connection, refused.status)
            return
        if size is None:
            if expects_continue(connection.received):
                send(connection.sock, b"HTTP/1.1 100 Continue\r\n\r\n")
            return
        self.leave(connection)
        # The parser gets these bytes and can read no others.
        request = bytes(connection.received[:size])
        del connection.received[:size]
        connection.parser = http.get_parser(self.cfg, [request], connection.client)
        self.enqueue_req(connection)

    def too_late(self, connection: Connection) -> None:
        if connection.received:
            self.refuse(connection, HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.close(connection)

    def refuse(self, connection: Connection, status: int) -> None:
        send(connection.sock, self.error(bytes(connection.received), status, connection.client))
        self.linger(connection)

    def linger(self, connection: Connection) -> None:
        try:
            connection.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self.close(connection)
        else:
            self.wait(connection, self.closing)

    def close(self, connection: Connection) -> None:
        self.leave(connection)
        self.nr_conns -= 1
        connection.close()

    # Errors.

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        status = next((status for kind, status in STATUSES if isinstance(exc, kind)), 500)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log.exception("Error handling request")
        else:
            self.log.warning("Invalid request: %s", exc)
        with suppress(OSError):
            client.sendall(self.error(b"", status, addr))

    def error(self, received: bytes, status: int, address: Any) -> bytes:
        """The answer; its line is in the log."""
        environ = read_environ(received)
        environ["REMOTE_ADDR"] = address[0] if isinstance(address, tuple) else ""
        if isinstance(proxies := getattr(self.wsgi, "wsgi_app", None), Proxies):
            proxies.apply(environ)
        answer = refusal(status, environ)
        response = SimpleNamespace(status=f"{status} {HTTPStatus(status).phrase}", sent=len(answer))
        self.log.access(response, None, environ, timedelta())
        return answer


STATUSES = [
    (LimitRequestLine, 414),
    (LimitRequestHeaders, 431),
    (ExpectationFailed, 417),
    (ParseException, 400),
]


def send(client: socket.socket, data: bytes) -> None:
    """As far as it goes at once: nobody waits for a client that does not read."""
    with suppress(OSError):
        client.send(data)
