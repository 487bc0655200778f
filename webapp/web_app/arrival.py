"""Whether a request has arrived as a whole, and what is too much of one: the same limits as nginx.conf's."""

from __future__ import annotations

import re

#: From the first byte to the last. Less than nginx's client_body_timeout, so that it is this one that answers with 408.
REQUEST_SECONDS = 10
#: What a load balancer passes, 16 KB, and some room: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
LONGEST_LINE = 17 * 1024
LONGEST_HEAD = 4 * LONGEST_LINE
LONGEST_BODY = 64 * 1024

HEAD_ENDS = b"\r\n\r\n"
TRANSFER_ENCODING = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.I)
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:[ \t]*([0-9]{1,19})[ \t]*(?=\r\n)", re.I)


class Refused(Exception):  # noqa: N818 it is the client's error
    """The request is answered with this status, and its connection is closed."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def request_size(received: bytes | bytearray) -> int | None:
    """How many of the bytes are the first request; None if it has not arrived as a whole.

    :raises Refused: if it is, or would be, too long, or does not say how long it is
    """
    end = received.find(HEAD_ENDS)
    line = received.find(b"\r\n")
    if line > LONGEST_LINE or (line < 0 and len(received) > LONGEST_LINE):
        raise Refused(414)
    if end > LONGEST_HEAD or (end < 0 and len(received) > LONGEST_HEAD):
        raise Refused(431)
    if end < 0:
        return None
    head = bytes(received[: end + 2])
    # Browsers do not send bodies of unknown length, and the ways to hide a second request in one are many.
    if TRANSFER_ENCODING.search(head):
        raise Refused(411)
    # What is no number, or several, the parser refuses: it gets no body, and the connection ends.
    lengths = {int(length) for length in CONTENT_LENGTH.findall(head)}
    length = max(lengths, default=0)
    if length > LONGEST_BODY:
        raise Refused(413)
    size = end + len(HEAD_ENDS) + length
    return size if len(received) >= size else None


def expects_continue(received: bytes | bytearray) -> bool:
    """Whether the client has sent the head, and waits for a word before it sends the body."""
    return bool(received.endswith(HEAD_ENDS) and re.search(rb"\r\nexpect[ \t]*:[ \t]*100-continue", received, re.I))
