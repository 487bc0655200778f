"""Two real servers behind one load balancer that asks them in turn."""

from __future__ import annotations

import json

import pytest
from balancer import Balancer, pair_of_servers
from conftest import JSON, Browser, token_in


@pytest.fixture(scope="module")
def two_servers(tmp_path_factory):
    with pair_of_servers(tmp_path_factory.mktemp("pair")) as servers:
        yield servers


@pytest.fixture
def browser(two_servers):
    with Balancer(*(server.port for server in two_servers)) as balancer:
        yield Browser(balancer.url).log_in()


def statuses(browser: Browser) -> dict[str, dict]:
    """By the server that answers."""
    answers = [json.loads(browser.ask("/status", headers=JSON).text) for _ in range(8)]
    return {answer["server"]["id"]: answer for answer in answers}


def press(browser: Browser, button: str, key: str, headers=JSON):
    """Twice in a row, so that each of the two servers receives it once."""
    fields = {"csrf_token": token_in(browser.ask("/dashboard").text), "server": key}
    return [browser.ask(button, fields, headers) for _ in range(2)]


def test_each_answer_says_whose_it_is_and_all_that_it_says_is_of_that_server(browser):
    both = statuses(browser)
    assert {(name, one["server"]["zone"]) for name, one in both.items()} == {
        ("i-0a", "ap-south-1a"),
        ("i-0b", "ap-south-1b"),
    }
    key = both["i-0a"]["server"]["key"]
    assert sorted(answer.status for answer in press(browser, "/load/start", key)) == [200, 409], "one of two reaches it"
    try:
        for _ in range(3):
            loads = {name: one["load"]["running"] for name, one in statuses(browser).items()}
            assert loads == {"i-0a": True, "i-0b": False}
        # Whatever is sent for the other server leaves this one's load alone.
        other = both["i-0b"]["server"]["key"]
        assert sorted(answer.status for answer in press(browser, "/load/stop", other)) == [200, 409]
        assert statuses(browser)["i-0a"]["load"]["running"]
    finally:
        stopped = press(browser, "/load/stop", key)
    done = next(answer for answer in stopped if answer.status == 200)
    assert json.loads(done.text)["server"]["id"] == "i-0a"
    assert not any(one["load"]["running"] for one in statuses(browser).values())


def test_without_scripts_a_button_that_reaches_the_other_server_says_so(browser):
    key = statuses(browser)["i-0a"]["server"]["key"]
    refused = press(browser, "/load/stop", key, {"Accept": "text/html"})[0]
    if refused.status == 200:  # it has reached it; with the pages that followed that was an odd number of turns
        refused = press(browser, "/load/stop", key, {"Accept": "text/html"})[0]
    assert refused.status == 409
    assert "Another server received this, and nothing was changed." in refused.text


def test_a_stranger_behind_the_balancer_learns_nothing(browser):
    assert browser.ask("/metrics").status == 404
    assert browser.ask("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status == 404
