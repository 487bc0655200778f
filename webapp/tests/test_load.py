"""The load with its real processes."""

from __future__ import annotations

import os
import time

import psutil
import pytest
from conftest import JSON, log_in, post, token_in, wait_until

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


def test_with_a_share_of_the_machine_the_load_uses_that_share(tmp_path):
    file = tmp_path / "load"
    file.write_text("x")
    descriptor = os.open(file, os.O_RDWR)
    before = time.process_time()
    burn.burn(descriptor, 2, share=0.2)
    os.close(descriptor)
    # Of two seconds on one CPU; whoever else is busy on this machine can only make it less.
    assert 0.1 < time.process_time() - before < 0.5
    assert os.nice(0) < burn.NICEST


def test_the_share_reaches_the_load(tmp_path):
    control = LoadControl(tmp_path / "load", limit_seconds=60, share=0.05)
    control.start()
    try:
        wait_until(
            lambda: any(process.cmdline()[-1] == "0.05" for process in psutil.Process().children(recursive=True))
        )
    finally:
        control.stop()


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
        assert answer.json["load"]["running"] is True
        assert 800 < answer.json["load"]["seconds_left"] <= 900
        assert employee.get("/status", headers=JSON).json["load"]["running"] is True
        assert "ends by itself in" in employee.get("/dashboard").text
    finally:
        assert post(employee, stop).json["load"] == {"running": False, "seconds_left": 0}
    assert "No load" in employee.get("/dashboard").text


@pytest.mark.parametrize("path", ["/load/start", "/load/stop"])
def test_a_button_of_another_server_changes_nothing_and_says_so(app, employee, path):
    app.extensions["load"].start()
    try:
        answer = post(employee, path, server="0123456789ab")
        assert (answer.status_code, "nothing was changed" in answer.json["error"]) == (409, True)
        page = post(employee, path, {"Accept": "text/html"}, server="0123456789ab")
        assert "Another server received this" in page.text
        assert app.extensions["load"].state().running
    finally:
        assert post(employee, "/load/stop", server=app.extensions["server"].key).json["load"]["running"] is False


def test_buttons_have_a_limit_of_their_own(make_app, monkeypatch):
    app = make_app(LOAD_CHANGES_PER_MINUTE="3")
    started = []
    monkeypatch.setattr(app.extensions["load"], "start", lambda: started.append(1))
    one, other = app.test_client(), app.test_client()
    for client, employee_id in [(one, "1"), (other, "2")]:
        log_in(client, employee_id=employee_id)
    for _ in range(5):  # what another server is meant to do does not count here
        assert post(one, "/load/start", server="0123456789ab").status_code == 409
    answers = [post(one, "/load/start") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[-1].json == {"error": "That was too often. Wait a minute, then try again."}
    assert len(started) == 3
    assert post(one, "/load/stop").status_code == 200, "whoever has started too often can still stop"
    assert post(other, "/load/start").status_code == 200


@pytest.mark.parametrize("fault", ["full", "no processes"])
def test_a_load_that_cannot_start_is_an_answer_and_a_line(app, employee, monkeypatch, caplog, fault):
    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    if fault == "full":
        monkeypatch.setattr(os, "pwrite", fail)
    else:
        monkeypatch.setattr(burn.subprocess, "Popen", fail)
    answer = post(employee, "/load/start")
    assert (answer.status_code, answer.json) == (503, {"error": "The server cannot do that now. It has been logged."})
    assert "No space left on device" in caplog.text
    assert employee.get("/status", headers=JSON).json["load"] == {"running": False, "seconds_left": 0}
    monkeypatch.undo()
    assert post(employee, "/load/start").json["load"]["running"] is True
    assert post(employee, "/load/stop").json["load"]["running"] is False


@pytest.mark.parametrize("seconds", [-3600, 3600])
def test_whoever_sets_the_clock_changes_nothing_of_the_time_left(control, monkeypatch, seconds):
    control.start()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + seconds)
    assert 50 < control.state().seconds_left <= 60


def test_without_scripts_the_buttons_lead_back_to_the_page(employee):
    answer = post(employee, "/load/stop", {"Accept": "text/html"})
    assert (answer.status_code, answer.location) == (303, "/dashboard")


@pytest.mark.parametrize("path", ["/load/start", "/load/stop", "/start-load", "/stop-load"])
def test_strangers_cannot_use_them(client, path):
    token = token_in(client.get("/").text)
    assert client.post(path, data={"csrf_token": token}, headers=JSON).status_code == 401


@pytest.mark.parametrize("path", ["/load/start", "/load/stop", "/start-load", "/stop-load"])
@pytest.mark.parametrize("value", ["", "0", "true"])
def test_without_the_setting_they_do_not_exist(make_app, path, value):
    app = make_app(LOAD_DEMO=value)
    client = app.test_client()
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404
    log_in(client, employee_id="1")
    assert "Start load" not in client.get("/dashboard").text
