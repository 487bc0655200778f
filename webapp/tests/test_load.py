"""The load with its real processes."""

from __future__ import annotations

import os
import time

import psutil
import pytest
from conftest import JSON, post, wait_until

from web_app import burn
from web_app.burn import LoadControl, LoadState


def burners() -> list[psutil.Process]:
    return [process for process in psutil.Process().children(recursive=True) if process.nice() == burn.NICEST]


@pytest.fixture
def control(tmp_path):
    control = LoadControl(tmp_path / "run" / "load", limit_seconds=60)
    yield control
    control.stop()


def test_one_process_for_each_cpu_at_the_lowest_priority(control):
    assert control.start().running
    wait_until(lambda: len(burners()) == os.cpu_count())


def test_any_other_control_of_the_same_file_sees_and_stops_it(control, tmp_path):
    control.start()
    other = LoadControl(tmp_path / "run" / "load", limit_seconds=60)
    assert other.state().running
    assert 50 < other.state().seconds_left <= 60
    assert other.stop() == LoadState(running=False, seconds_left=0)
    assert not control.state().running
    wait_until(lambda: burners() == [])


def test_a_second_start_changes_nothing(control):
    control.start()
    wait_until(lambda: len(burners()) == os.cpu_count())
    before = {process.pid for process in burners()}
    assert control.start().running
    assert {process.pid for process in burners()} == before


def test_it_starts_again_after_a_stop(control):
    control.start()
    control.stop()
    assert control.start().running


def test_it_ends_by_itself(tmp_path):
    control = LoadControl(tmp_path / "load", limit_seconds=1)
    control.start()
    wait_until(lambda: not control.state().running)
    wait_until(lambda: burners() == [])


def test_a_load_that_was_killed_is_not_running(control):
    control.start()
    wait_until(lambda: len(burners()) == os.cpu_count())
    for process in psutil.Process().children(recursive=True):
        process.kill()
    wait_until(lambda: not control.state().running)
    assert control.state() == LoadState(running=False, seconds_left=0)


def test_nothing_runs_before_the_first_start(control):
    assert control.state() == control.stop() == LoadState(running=False, seconds_left=0)


def test_burning_ends_when_the_file_is_emptied_or_time_is_up(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "nice", lambda _: None)  # a test run cannot take it back
    file = tmp_path / "load"
    file.write_text("x")
    descriptor = os.open(file, os.O_RDWR)
    started = time.monotonic()
    burn.burn(descriptor, 0.1)
    assert time.monotonic() - started >= 0.1
    os.truncate(descriptor, 0)
    burn.burn(descriptor, 600)
    burn.main(descriptor, 600)
    os.close(descriptor)
    assert time.monotonic() - started < 300


@pytest.mark.parametrize(("start", "stop"), [("/load/start", "/load/stop"), ("/start-load", "/stop-load")])
def test_the_buttons_under_both_their_names(employee, start, stop):
    try:
        answer = post(employee, start)
        assert answer.json["running"] is True
        assert 800 < answer.json["seconds_left"] <= 900
        assert employee.get("/load", headers=JSON).json["running"] is True
        assert "ends by itself in" in employee.get("/dashboard").text
    finally:
        assert post(employee, stop).json == {"running": False, "seconds_left": 0}
    assert "No load" in employee.get("/dashboard").text


def test_without_scripts_the_buttons_lead_back_to_the_page(employee):
    answer = post(employee, "/load/stop", {"Accept": "text/html"})
    assert (answer.status_code, answer.location) == (303, "/dashboard")


@pytest.mark.parametrize("path", ["/load/start", "/load/stop", "/start-load", "/stop-load"])
def test_strangers_cannot_use_them(client, path):
    from conftest import token_in  # noqa: PLC0415

    token = token_in(client.get("/").text)
    assert client.post(path, data={"csrf_token": token}, headers=JSON).status_code == 401


@pytest.mark.parametrize("path", ["/load", "/load/start", "/load/stop", "/start-load", "/stop-load"])
@pytest.mark.parametrize("value", ["", "0", "true"])
def test_without_the_setting_they_do_not_exist(make_app, path, value):
    app = make_app(LOAD_DEMO=value)
    client = app.test_client()
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404
    from conftest import log_in  # noqa: PLC0415

    log_in(client, employee_id="1")
    assert "Start load" not in client.get("/dashboard").text
