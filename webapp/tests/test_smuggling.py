"""Requests that two parsers might read differently, are too long, or come several at once."""

from __future__ import annotations

import pytest
from conftest import Server, ServerWithNginx, needs_nginx
from raw import exchange, statuses

HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"

REFUSED = {
    "CL.TE": POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "TE.CL": CHUNKED + b"Content-Length: 4\r\n\r\n5c\r\n" + HIDDEN + b"0\r\n\r\n",
    "TE.0": CHUNKED + b"\r\n0\r\n\r\n" + HIDDEN,
    "TE.TE": CHUNKED + b"Transfer-Encoding: identity\r\n\r\n0\r\n\r\n" + HIDDEN,
    "TE of no such kind": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "TE with a tab": POST + b"Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "TE with a space before the colon": POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "TE of HTTP/1.0": CHUNKED.replace(b"1.1", b"1.0") + b"\r\n0\r\n\r\n" + HIDDEN,
    "TE of a GET": CHUNKED.replace(b"POST", b"GET") + b"\r\n0\r\n\r\n" + HIDDEN,
    "TE for a static file": CHUNKED.replace(b"POST /", b"GET /static/app.css") + b"\r\n0\r\n\r\n" + HIDDEN,
    "TE for an error": CHUNKED.replace(b"POST /", b"GET /errors/error.json") + b"\r\n0\r\n\r\n" + HIDDEN,
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: 35\r\n\r\n" + HIDDEN,
    "two lengths in one": POST + b"Content-Length: 0, 35\r\n\r\n" + HIDDEN,
    "length with a sign": POST + b"Content-Length: +0\r\n\r\n" + HIDDEN,
    "negative length": POST + b"Content-Length: -1\r\n\r\n" + HIDDEN,
    "length in hexadecimal": POST + b"Content-Length: 0x23\r\n\r\n" + HIDDEN,
    "length with a space before the colon": POST + b"Content-Length : 35\r\n\r\n" + HIDDEN,
    "folded header": POST + b"X: a\r\n Content-Length: 35\r\n\r\n" + HIDDEN,
    "folded length": POST + b"Content-Length:\r\n 35\r\n\r\n" + HIDDEN,
    "carriage return in a header": POST + b"X: a\rContent-Length: 35\r\n\r\n" + HIDDEN,
    "null byte": POST + b"X: a\0b\r\n\r\n" + HIDDEN,
    "two hosts": POST + b"Host: y\r\n\r\n" + HIDDEN,
    "endless chunk-size line": CHUNKED + b"\r\n" + b"0" * 2**20,
    "endless chunk extension": CHUNKED + b"\r\n5;" + b"a" * 2**20,
    "8 MB of trailers": CHUNKED
    + b"\r\n0\r\n"
    + b"X-Trailer: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n" * (2**23 // 60),
    "body of 70,000 bytes": POST + b"Content-Length: 70000\r\n\r\n" + b"a" * 70000,
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "no version": b"GET /\r\n\r\n" + HIDDEN,
    "lower-case method": POST.replace(b"POST", b"post") + b"\r\n",
}


@pytest.fixture(scope="module", params=[pytest.param(ServerWithNginx, marks=needs_nginx), Server])
def server(request, tmp_path_factory):
    with request.param(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.mark.parametrize("name", REFUSED)
def test_what_could_be_read_in_two_ways_is_refused_once_and_the_connection_closed(server, name):
    answer = exchange(server.port, REFUSED[name])
    (status,) = statuses(answer) or [400]  # reset before the answer was read: refused as well
    assert 400 <= status < 500, answer
    assert b"\nok\n" not in answer, "the hidden request was answered"
    assert answer == b"" or b"gunicorn" not in answer.lower()
    victim = server.browser().ask("/healthz")
    assert (victim.status, victim.text) == (200, "ok\n")


def test_pipelined_requests_are_answered_in_their_order(server):
    asked = [b"/healthz", b"/missing", b"/static/icon.svg", b"/healthz"]
    form = b"POST /logout HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(HIDDEN)  # without a token: 400
    requests = [b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path for path in asked]
    answer = exchange(server.port, b"".join([*requests[:2], form + HIDDEN, *requests[2:]]))
    assert statuses(answer) == [200, 404, 400, 200, 200]
    assert answer.count(b"\r\n\r\nok\n") == 2
    assert answer.endswith(b"ok\n")


def test_a_header_and_an_address_of_16_kb_pass(server):
    for kilobytes in (5, 9, 15.9):
        long = "a" * int(1024 * kilobytes)
        assert server.browser().ask("/", headers={"Cookie": f"a={long}"}).status == 200
        assert server.browser().ask(f"/?{long}").status == 200
    many = {f"X-{number}": "a" * 8000 for number in range(6)}
    assert server.browser().ask("/", headers=many).status == 200


TOO_LONG = {
    "a cookie": ("/", {"Cookie": "a" * 20000}, 431),
    "an address": ("/?" + "a" * 20000, {}, 414),
    "all headers together": ("/", {f"X-{n}": "a" * 9000 for n in range(12)}, 431),
}


@pytest.mark.parametrize("name", TOO_LONG)
def test_beyond_it_is_an_error_page_of_our_own(server, name):
    path, headers, status = TOO_LONG[name]
    page = server.browser().ask(path, headers=headers)
    assert page.status == status
    assert "<h1>" in page.text
    assert 'href="/"' in page.text


def test_errors_are_pages_for_people_and_json_for_scripts(server):
    for accept, begins in (
        (b"text/html", b"<!doctype html>"),
        (b"application/json", b'{"error": "That is too much."}'),
    ):
        answer = exchange(server.port, POST + b"Accept: %s\r\nContent-Length: 70000\r\n\r\n" % accept)
        assert statuses(answer) == [413]
        assert begins in answer
        assert b"\r\nContent-Security-Policy: default-src 'none'" in answer
        assert answer.count(b"\r\nX-Content-Type-Options: nosniff\r\n") == 1


def test_a_client_that_waits_for_a_word_before_it_sends_the_body_gets_it(server):
    asking = POST + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    assert exchange(server.port, asking, seconds=5).startswith(b"HTTP/1.1 100 Continue\r\n")


@pytest.mark.parametrize(
    "request_line", ["GET /static//app.css", "GET //dashboard", "GET //evil.example/%2e%2e", "GET http://evil.example"]
)
def test_no_redirect_leads_to_the_host_that_the_client_names(server, request_line):
    answer = exchange(server.port, f"{request_line} HTTP/1.1\r\nHost: evil.example\r\n\r\n".encode(), seconds=5)
    head = answer.partition(b"\r\n\r\n")[0].lower()
    assert b"evil.example" not in head, answer
