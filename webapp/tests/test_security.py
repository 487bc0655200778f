from __future__ import annotations

import pytest
from conftest import JSON, log_in

from web_app import assets
from web_app.security import own_path

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


@pytest.mark.parametrize("path", ["/", "/dashboard", "/healthz", "/missing", assets.asset("app.css")])
def test_every_answer_has_the_headers(client, path):
    headers = client.get(path, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


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
    app.extensions["cpu"] = None  # AttributeError
    log_in(client, employee_id="1")
    answer = client.get("/dashboard", headers={"Accept": "text/html"})
    assert answer.status_code == 500
    assert "It has been logged" in answer.text
    assert "AttributeError" not in answer.text


def test_a_path_without_its_slash_is_still_a_redirect(app, client):
    app.add_url_rule("/folder/", "folder", lambda: "x")
    assert client.get("/folder").status_code == 308


EVIL = {"Host": "evil.example"}


@pytest.mark.parametrize(
    "path",
    [
        "//static//app.css",
        "/static//app.css",
        "//evil.example/dashboard",
        "//dashboard",
        "/\\evil.example",
        "/dashboard/",
    ],
)
def test_no_path_leads_to_the_host_that_was_asked_for(client, path):
    answer = client.get("/", environ_overrides={"PATH_INFO": path}, headers=EVIL)
    assert answer.headers.get("Location", "/") == "/"
    assert answer.status_code in (302, 404)


@pytest.mark.parametrize("path", ["/", "/dashboard", "/folder"])
def test_a_redirect_is_to_this_site_whatever_its_name_in_the_request(app, client, path):
    app.add_url_rule("/folder/", "folder", lambda: "x")
    location = client.get(path, headers=EVIL).headers.get("Location", "/")
    assert location.startswith("/")
    assert "evil" not in location


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/dashboard", "/dashboard"),
        ("http://evil.example/folder/?a=1", "/folder/?a=1"),
        ("https://evil.example", "/"),
        ("http://evil.example//other.example/", "/other.example/"),
        ("//evil.example/x", "/evil.example/x"),
        ("http://evil.example/\\other.example", "/other.example"),
        ("/next?to=http://a.example/", "/next?to=http://a.example/"),
    ],
)
def test_the_path_of_a_redirect(location, path):
    assert own_path(location) == path
