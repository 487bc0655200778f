from __future__ import annotations

from types import SimpleNamespace

import pytest
from conftest import JSON

from web_app.instance import Instance


def known(instance):
    return SimpleNamespace(latest=lambda: instance)


def test_shows_where_it_runs(app, employee):
    app.extensions["instance"] = known(Instance("i-0abc", "web-app_asg", "ap-south-1a", "subnet-0def"))
    page = employee.get("/dashboard").text
    for words in ["Employee 007", "i-0abc", "web-app_asg", "ap-south-1a", "subnet-0def", "Log out"]:
        assert words in page


def test_says_what_the_metadata_does_not_tell(app, employee):
    app.extensions["instance"] = known(Instance("i-0abc", None, None, None))
    assert employee.get("/dashboard").text.count("unknown") == 3


def test_off_ec2_it_says_so(employee):
    assert "not on EC2" in employee.get("/dashboard").text


def test_cpu_is_the_samplers_latest_value(app, employee):
    app.extensions["cpu"] = known(42.25)
    assert employee.get("/cpu", headers=JSON).json == {"cpu_percent": 42.25}
    assert "42.2" in employee.get("/dashboard").text


@pytest.mark.parametrize("path", ["/", "/dashboard", "/missing"])
def test_pages_have_no_inline_script_or_style(employee, path):
    page = employee.get(path, headers={"Accept": "text/html"}, follow_redirects=True).text
    assert "<style" not in page
    assert "style=" not in page
    assert "<script>" not in page
    assert " on" not in page.replace(" on EC2", "").replace(" on all", "")
