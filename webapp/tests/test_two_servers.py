"""Two real servers behind one load balancer that asks them in turn."""

from __future__ import annotations

import json

import pytest
from balancer import Balancer
from conftest import JSON, Browser, Server, token_in, wait_until
from test_instance import Service


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """Both with a metadata service of their own, as on EC2."""
    services = [Service(), Service()]
    for service, number in zip(services, "ab", strict=True):
        service.told.update({"instance-id": f"i-0{number}", "placement/availability-zone": f"ap-south-1{number}"})
    environments = [
        {"AWS_EC2_METADATA_DISABLED": "", "AWS_EC2_METADATA_SERVICE_ENDPOINT": service.url, "WEB_CONCURRENCY": "4"}
        for service in services
    ]
    folder = tmp_path_factory.mktemp("pair")
    with Server(folder / "a", **environments[0]) as one, Server(folder / "b", **environments[1]) as other:
        for server in (one, other):
            direct = server.browser().log_in()
            # A worker asks the metadata service when it is first asked itself; until it knows, it is a host's name.
            wait_until(lambda direct=direct: all(name(direct).startswith("i-0") for _ in range(40)))
        yield one, other
    for service in services:
        service.server.shutdown()
        service.server.server_close()


@pytest.fixture
def browser(pair):
    with Balancer(*(server.port for server in pair)) as balancer:
        yield Browser(balancer.url).log_in()


def name(browser: Browser) -> str:
    return json.loads(browser.ask("/status", headers=JSON).text)["server"]["id"]


def statuses(browser: Browser) -> dict[str, dict]:
    """By the server that answers."""
    answers = [json.loads(browser.ask("/status", headers=JSON).text) for _ in range(8)]
    return {answer["server"]["id"]: answer for answer in answers}


def press(browser: Browser, button: str, key: str, headers=JSON):
    fields = {"csrf_token": token_in(browser.ask("/dashboard").text), "server": key}
    return browser.ask(button, fields, headers)


def test_each_answer_says_whose_it_is_and_all_that_it_says_is_of_that_server(browser):
    both = statuses(browser)
    assert {(name, one["server"]["zone"]) for name, one in both.items()} == {
        ("i-0a", "ap-south-1a"),
        ("i-0b", "ap-south-1b"),
    }
    key = both["i-0a"]["server"]["key"]
    started = [press(browser, "/load/start", key) for _ in range(2)]
    assert sorted(answer.status for answer in started) == [200, 409], "one of two reaches it"
    try:
        for _ in range(3):
            loads = {name: one["load"]["running"] for name, one in statuses(browser).items()}
            assert loads == {"i-0a": True, "i-0b": False}
        # Whatever is sent for the other server leaves this one's load alone.
        other = both["i-0b"]["server"]["key"]
        assert sorted(press(browser, "/load/stop", other).status for _ in range(2)) == [200, 409]
        assert statuses(browser)["i-0a"]["load"]["running"]
    finally:
        stopped = [press(browser, "/load/stop", key) for _ in range(2)]
    done = next(answer for answer in stopped if answer.status == 200)
    assert json.loads(done.text)["server"]["id"] == "i-0a"
    assert not any(one["load"]["running"] for one in statuses(browser).values())


def test_without_scripts_a_button_that_reaches_the_other_server_says_so(browser):
    key = statuses(browser)["i-0a"]["server"]["key"]
    pages = [press(browser, "/load/stop", key, {"Accept": "text/html"}) for _ in range(2)]
    refused = next(page for page in pages if page.status == 409)
    assert "Another server received this, and nothing was changed." in refused.text


def test_a_stranger_behind_the_balancer_learns_nothing(browser):
    assert browser.ask("/metrics").status == 404
    assert browser.ask("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status == 404
