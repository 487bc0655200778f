from __future__ import annotations

import pytest
from conftest import JSON, log_in

HTTPS = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}


def test_the_cookie_is_out_of_reach_and_secure_behind_tls(app):
    plain, tls = app.test_client(), app.test_client()
    over_http = log_in(plain, employee_id="1").headers["Set-Cookie"]
    over_tls = log_in(
        tls, {**HTTPS, "Referer": "https://localhost/"}, base_url="http://localhost/", employee_id="1"
    ).headers["Set-Cookie"]
    for cookie in (over_http, over_tls):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
    assert "Secure" in over_tls
    assert "Secure" not in over_http


def test_the_protocol_is_believed_from_one_hop_only(make_app):
    direct = make_app(PROXY_HOPS="0").test_client()
    assert "Strict-Transport-Security" not in direct.get("/", headers=HTTPS).headers
    behind = make_app().test_client()
    assert "Strict-Transport-Security" in behind.get("/", headers=HTTPS).headers
    forged = {"X-Forwarded-Proto": "https, http"}
    assert "Strict-Transport-Security" not in behind.get("/", headers=forged).headers


@pytest.mark.parametrize("path", ["/", "/dashboard", "/healthz", "/missing", "/static/app.css"])
def test_every_answer_has_the_headers(client, path):
    headers = client.get(path, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_are_not_kept_and_static_files_are(client):
    assert client.get("/").headers["Cache-Control"] == "no-store"
    assert "max-age=3600" in client.get("/static/app.css", buffered=True).headers["Cache-Control"]


@pytest.mark.parametrize(("path", "method", "status"), [("/missing", "GET", 404), ("/cpu", "DELETE", 405)])
def test_errors_are_pages_for_people_and_json_for_scripts(client, path, method, status):
    page = client.open(path, method=method, headers={"Accept": "text/html"})
    assert page.status_code == status
    assert "<h1>" in page.text
    script = client.open(path, method=method, headers=JSON)
    assert script.status_code == status
    assert "error" in script.json
    assert ("Allow" in script.headers) is (status == 405)


def test_an_error_of_ours_tells_nothing_of_the_inside(app, client):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.extensions["instance"] = None  # AttributeError
    log_in(client, employee_id="1")
    answer = client.get("/dashboard", headers={"Accept": "text/html"})
    assert answer.status_code == 500
    assert "It has been logged" in answer.text
    assert "AttributeError" not in answer.text


def test_a_path_without_its_slash_is_still_a_redirect(app, client):
    app.add_url_rule("/folder/", "folder", lambda: "x")
    assert client.get("/folder").status_code == 308
