from __future__ import annotations

import json
import time
from types import SimpleNamespace

import pytest
from conftest import JSON, PROJECT, log_in, post, token_in
from flask import session
from flask.sessions import SecureCookieSessionInterface
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from web_app.employees import employee_id

EMPLOYEES = [f"{number:03}" for number in range(1, 21)]


@pytest.mark.parametrize("number", range(1, 21))
def test_every_employee_is_known_by_number_and_by_id(number):
    assert employee_id(str(number)) == employee_id(f"{number:03}") == f"{number:03}"


BAD = [
    "",
    " ",
    "0",
    "000",
    "21",
    "0000000001",
    "²",
    "\u0661",
    "1.0",
    "-1",
    "+1",
    "1e1",
    "abc",
    "1\n",
    "\x00",
    "x" * 10_000,
]


@pytest.mark.parametrize("text", BAD, ids=lambda text: repr(text)[:12])
def test_anything_else_gets_the_form_again_with_an_error(client, text):
    answer = log_in(client, employee_id=text)
    assert answer.status_code == 400
    assert "Enter an employee id from 001 to 020." in answer.text
    assert token_in(answer.text)
    assert client.get("/dashboard").status_code == 302


def test_a_form_without_the_field_is_no_crash(client):
    assert log_in(client).status_code == 400


@given(st.text())
@example("²")
@example("1" * 5000)
def test_whatever_is_typed_is_an_employee_or_nobody(text):
    assert employee_id(text) in [None, *EMPLOYEES]


@given(st.text(max_size=200))
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_text_makes_the_login_fail_with_a_server_error(make_app, text):
    client = make_app(LOGIN_ATTEMPTS_PER_MINUTE="100000").test_client()
    answer = log_in(client, employee_id=text)
    assert answer.status_code == (303 if employee_id(text) else 400)


def test_a_login_leads_to_the_dashboard_and_out_again(client):
    answer = log_in(client, employee_id="1")
    assert (answer.status_code, answer.location) == (303, "/dashboard")
    assert "Employee 001" in client.get("/dashboard").text
    assert client.get("/").location == "/dashboard"
    assert post(client, "/logout").location == "/"
    assert client.get("/dashboard").location == "/"


@pytest.mark.parametrize("path", ["/cpu", "/status"])
def test_strangers_go_to_the_form_and_scripts_get_401(client, path):
    assert client.get(path, headers={"Accept": "text/html"}).location == "/"
    answer = client.get(path, headers=JSON)
    assert (answer.status_code, answer.json) == (401, {"error": "Log in first."})


def test_the_session_is_renewed_at_login(client):
    """Nothing that somebody planted before the login is worth anything after it."""
    with client.session_transaction() as planted:
        planted["planted"] = "x"
    before = token_in(client.get("/").text)
    client.post("/", data={"csrf_token": before, "employee_id": "1"})
    with client.session_transaction() as after:
        assert "planted" not in after
    assert client.post("/logout", data={"csrf_token": before}, headers=JSON).status_code == 400


@pytest.mark.parametrize("path", ["/", "/logout", "/load/start", "/load/stop", "/start-load", "/stop-load"])
@pytest.mark.parametrize("fields", [{}, {"csrf_token": "forged"}])
def test_every_post_needs_its_csrf_token(employee, path, fields):
    assert employee.post(path, data={**fields, "employee_id": "1"}, headers=JSON).status_code == 400
    assert "Employee 007" in employee.get("/dashboard").text


def test_an_expired_login_form_comes_again(client):
    answer = client.post("/", data={"employee_id": "1"}, headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "The form had expired" in answer.text
    assert token_in(answer.text)


def cookie(app, **session):
    return SecureCookieSessionInterface().get_signing_serializer(app).dumps(session)


def test_forged_and_damaged_cookies_are_nobody(app, make_app):
    login = {"employee_id": "001", "login_at": int(time.time())}
    other = make_app(SECRET_KEY="another key, another key, another")
    for value in [cookie(other, **login), cookie(app, **login)[:-1], "", "ä", "a.b.c", "x" * 4000]:
        client = app.test_client()
        client.set_cookie("session", value)
        assert client.get("/dashboard").status_code == 302


@pytest.mark.parametrize("content", ["021", None, [], {"a": 1}, 7])
def test_a_signed_cookie_of_somebody_who_is_no_employee_is_nobody(app, content):
    client = app.test_client()
    client.set_cookie("session", cookie(app, employee_id=content, login_at=int(time.time())))
    assert client.get("/dashboard").status_code == (200 if content == 7 else 302)


@pytest.mark.parametrize(
    ("hours_ago", "status"), [(0, 200), (7.9, 200), (8, 302), (15.9, 302), (-1 / 120, 200), (-1, 302)]
)
def test_a_login_ends_when_its_time_is_over_whenever_its_cookie_was_signed(app, hours_ago, status):
    client = app.test_client()
    client.set_cookie("session", cookie(app, employee_id="001", login_at=int(time.time() - hours_ago * 3600)))
    assert client.get("/dashboard").status_code == status


def test_no_page_makes_a_login_longer(app, employee, monkeypatch):
    """The first view of a page signs the cookie anew, for its CSRF token."""
    now = [time.time() + 7.9 * 3600]
    monkeypatch.setattr(time, "time", lambda: now[0])
    assert "Set-Cookie" in employee.get("/dashboard").headers
    now[0] += 3600
    assert employee.get("/dashboard").status_code == 302


@pytest.mark.parametrize("at", [None, "soon", 1e400, True, [], 0])
def test_a_signed_cookie_without_the_time_of_its_login_is_nobody(app, at):
    client = app.test_client()
    client.set_cookie("session", cookie(app, employee_id="001", login_at=at))
    assert client.get("/dashboard").status_code == 302


def test_what_logging_out_cannot_do_is_documented(app, employee):
    """A copy of the cookie remains valid: no server remembers logins. With a cache they can end there."""
    kept = employee.get_cookie("session").value
    post(employee, "/logout")
    assert employee.get("/dashboard").status_code == 302
    copy = app.test_client()
    copy.set_cookie("session", kept)
    assert copy.get("/dashboard").status_code == 200
    assert "a copy of the cookie" in (PROJECT / "docs" / "application.md").read_text()


def test_logins_are_begun_read_and_ended_in_one_place(app, client):
    """What keeps them elsewhere replaces that, and nothing else."""
    begun = []
    app.extensions["logins"] = SimpleNamespace(
        begin=begun.append, current=lambda: begun[-1] if begun else None, end=begun.clear
    )
    log_in(client, employee_id="5")
    assert "Employee 005" in client.get("/dashboard").text
    post(client, "/logout")
    assert client.get("/dashboard").status_code == 302


def test_a_cookie_is_as_old_as_its_signature(app, monkeypatch):
    """Though it was right a moment ago."""
    headers, now = {"Cookie": f"session={cookie(app, planted=1)}"}, time.time()
    for hours, content in [(7.9, {"planted": 1}), (8.1, {})]:
        monkeypatch.setattr(time, "time", lambda hours=hours: now + hours * 3600)
        with app.test_request_context("/", headers=headers):
            assert dict(session) == content


def test_what_a_request_puts_into_its_session_is_not_in_another_ones(app):
    value = cookie(app, employee_id="001", login_at=int(time.time()))
    for _ in range(2):
        with app.test_request_context("/", headers={"Cookie": f"session={value}"}):
            assert "mine" not in session
            session["mine"] = 1


def test_a_login_outlives_a_change_of_the_key(make_app):
    old, new = "o" * 32, "n" * 32
    before = make_app(SECRET_KEY=old).test_client()
    log_in(before, employee_id="1")
    value = before.get_cookie("session").value
    for fallbacks, status in [(old, 200), ("", 302)]:
        after = make_app(SECRET_KEY=new, SECRET_KEY_FALLBACKS=fallbacks).test_client()
        after.set_cookie("session", value)
        assert after.get("/dashboard").status_code == status


def test_an_access_code_is_asked_for_where_there_is_one(make_app):
    client = make_app(ACCESS_CODE="geheim-ä").test_client()
    for given_code in ["", "geheim", "geheim-ä "]:
        answer = log_in(client, employee_id="1", access_code=given_code)
        assert answer.status_code == 400
        assert "and the access code" in answer.text
        assert 'type="password"' in answer.text
    assert log_in(client, employee_id="1", access_code="geheim-ä").status_code == 303


def test_without_an_access_code_none_is_asked_for(client):
    assert "access_code" not in client.get("/").text


def test_logins_are_limited_for_each_client_address(make_app):
    app = make_app(LOGIN_ATTEMPTS_PER_MINUTE="3")
    codes = [log_in(app.test_client(), {"X-Forwarded-For": "203.0.113.9"}, employee_id="x") for _ in range(4)]
    assert [answer.status_code for answer in codes] == [400, 400, 400, 429]
    assert 1 <= int(codes[-1].headers["Retry-After"]) <= 60
    assert "Too many attempts" in codes[-1].text
    # The right id does not help, another address does, and a made-up hop in front of the real one does not.
    assert log_in(app.test_client(), {"X-Forwarded-For": "203.0.113.9"}, employee_id="1").status_code == 429
    assert log_in(app.test_client(), {"X-Forwarded-For": "1.1.1.1, 203.0.113.9"}, employee_id="1").status_code == 429
    assert log_in(app.test_client(), {"X-Forwarded-For": "203.0.113.10"}, employee_id="1").status_code == 303


def test_nothing_typed_comes_back_as_markup(client):
    assert "<script>x" not in log_in(client, employee_id="<script>x").text


def test_a_body_that_is_too_large_is_refused(client):
    answer = client.post("/", data={"employee_id": "1" * 100_000}, headers=JSON)
    assert (answer.status_code, json.loads(answer.text)) == (413, {"error": "That is too much."})
