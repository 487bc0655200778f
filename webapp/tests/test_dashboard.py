from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from conftest import JSON, log_in

from web_app.instance import Instance


def known(instance):
    return SimpleNamespace(latest=lambda: instance)


def test_shows_where_it_runs(app, employee):
    app.extensions["server"]._metadata = known(Instance("i-0abc", "web-app_asg", "ap-south-1a", "subnet-0def"))
    page = employee.get("/dashboard").text
    for words in ["Employee 007", "i-0abc", "web-app_asg", "ap-south-1a", "subnet-0def", "Log out"]:
        assert words in page


def test_says_what_the_metadata_does_not_tell(app, employee):
    app.extensions["server"]._metadata = known(Instance("i-0abc", None, None, None))
    assert employee.get("/dashboard").text.count("unknown") == 3


def test_off_ec2_it_says_so(employee):
    assert "not on EC2" in employee.get("/dashboard").text


@pytest.mark.parametrize("path", ["/status", "/cpu"])
def test_one_answer_says_which_server_how_busy_and_what_load(app, employee, path):
    app.extensions["cpu"] = SimpleNamespace(latest=lambda: 42.25, history=lambda: [3, 96])
    app.extensions["server"]._metadata = known(Instance("i-0abc", "web-app_asg", "ap-south-1a", "subnet-0def"))
    assert employee.get(path, headers=JSON).json == {
        "server": {
            "key": app.extensions["server"].key,
            "ec2": True,
            "id": "i-0abc",
            "name": "web-app_asg",
            "zone": "ap-south-1a",
            "subnet": "subnet-0def",
        },
        "cpu_percent": 42.25,
        "cpu_history": [3, 96],
        "load": {"running": False, "seconds_left": 0},
    }
    page = employee.get("/dashboard").text
    assert "42.2" in page
    assert "3 to 96 %, on average 50 %" in page
    assert 'points="58,97 59,4 "' in page


def test_the_page_asks_for_everything_at_once_and_names_the_buttons_by_their_first_names(employee):
    page = employee.get("/dashboard").text
    assert 'data-url="/status"' in page
    assert re.findall(r'formaction="([^"]+)"', page) == ["/load/start", "/load/stop"]


def test_without_the_load_there_is_none_in_the_answer(make_app):
    client = make_app(LOAD_DEMO="").test_client()
    log_in(client, employee_id="1")
    assert client.get("/status", headers=JSON).json["load"] is None


def test_a_server_has_one_key_in_all_workers_and_every_other_server_another(make_app, monkeypatch, tmp_path):
    def key(**env):
        return make_app(**env).extensions["server"].key

    here = key()
    assert key() == here
    assert re.fullmatch(r"[0-9a-f]{12}", here)
    assert key(RUN_DIR=str(tmp_path / "other")) != here
    assert key(SECRET_KEY="x" * 32) != here
    monkeypatch.setattr("socket.gethostname", lambda: "ip-10-0-1-23")
    assert key() != here


@pytest.mark.parametrize("path", ["/", "/dashboard", "/missing"])
def test_pages_have_no_inline_script_or_style(employee, path):
    page = employee.get(path, headers={"Accept": "text/html"}, follow_redirects=True).text
    assert "<style" not in page
    assert "style=" not in page
    assert "<script>" not in page
    assert " on" not in page.replace(" on EC2", "").replace(" on all", "").replace("load on it", "").replace(
        " on average", ""
    ).replace(" on AWS", "")
