from __future__ import annotations

import pytest

from web_app.refusal import read_environ, refusal


@pytest.mark.parametrize(
    ("received", "method", "path"),
    [
        (b"", "", ""),
        (b"GET", "GET", ""),
        (b"GET /cpu", "GET", "/cpu"),
        (b"GET /cpu?a=b HTTP/1.1\r\nX: y", "GET", "/cpu"),
        (b"\xff\x00 \xfe" + b"a" * 5000, "ÿ\x00", "þ" + "a" * 999),
    ],
)
def test_of_a_part_is_read_what_there_is(received, method, path):
    environ = read_environ(received)
    assert (environ["REQUEST_METHOD"], environ["PATH_INFO"]) == (method, path)


def test_headers_have_the_names_of_wsgi_and_end_where_the_head_ends():
    environ = read_environ(b"POST / HTTP/1.1\r\nX-Forwarded-For: 9.9.9.9\r\nX_Real-IP: 1\r\n\r\nX-Real-IP: 2\r\n")
    assert environ["HTTP_X_FORWARDED_FOR"] == "9.9.9.9"
    assert "HTTP_X_REAL_IP" not in environ


@pytest.mark.parametrize(
    ("environ", "begins"),
    [
        ({}, "<!doctype html>"),
        ({"HTTP_ACCEPT": "text/html,*/*"}, "<!doctype html>"),
        ({"HTTP_ACCEPT": "*/*"}, '{"error": "That is too much."}'),
    ],
)
def test_the_answer_is_a_page_or_json_and_says_how_long_it_is(environ, begins):
    head, _, body = refusal(413, environ).decode().partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 413 ")
    assert f"Content-Length: {len(body.encode())}" in head.split("\r\n")
    assert body.startswith(begins)
    assert "That is too much." in body
    assert "Strict-Transport-Security" not in head
    assert "Strict-Transport-Security" in refusal(413, {"wsgi.url_scheme": "https"}).decode()
