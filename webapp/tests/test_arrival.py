from __future__ import annotations

import pytest

from web_app.arrival import LONGEST_BODY, LONGEST_HEAD, LONGEST_LINE, Refused, expects_continue, request_size

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"


@pytest.mark.parametrize(
    ("received", "size"),
    [
        (b"", None),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", None),
        (GET, len(GET)),
        (GET + GET, len(GET)),
        (POST, None),
        (POST + b"1234", None),
        (POST + b"12345", len(POST) + 5),
        (POST + b"12345GET", len(POST) + 5),
        (POST.replace(b"Content-Length: 5", b"content-length:5 ") + b"12345", len(POST) + 5),
        # No number, or two of them: what gunicorn's parser is to refuse is not waited for.
        (POST.replace(b"5", b"+5"), len(POST) + 1),
        (POST.replace(b"5", b"5, 6"), len(POST) + 3),
    ],
)
def test_a_request_is_as_long_as_it_says(received, size):
    assert request_size(received) == size


@pytest.mark.parametrize(
    ("received", "status"),
    [
        (b"G" * (LONGEST_LINE + 1), 414),
        (b"GET /" + b"a" * LONGEST_LINE + b" HTTP/1.1\r\n", 414),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * LONGEST_HEAD, 431),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * LONGEST_HEAD + b"\r\n\r\n", 431),
        (POST.replace(b": 5", b": %d" % (LONGEST_BODY + 1)), 413),
        (POST.replace(b"Content-Length: 5", b"Transfer-Encoding: chunked"), 411),
        (POST.replace(b"\r\n\r\n", b"\r\ntransfer-encoding : x\r\n\r\n"), 411),
    ],
)
def test_what_is_too_long_or_of_unknown_length_is_refused_at_once(received, status):
    with pytest.raises(Refused) as refused:
        request_size(received)
    assert refused.value.status == status


def test_who_waits_for_a_word_before_the_body_gets_it():
    asking = POST.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n")
    assert expects_continue(asking)
    assert not expects_continue(asking + b"1")
    assert not expects_continue(POST)
