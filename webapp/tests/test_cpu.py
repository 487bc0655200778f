from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import psutil
import pytest
from conftest import wait_until

from web_app import cpu
from web_app.cpu import CpuSampler, ProcessesCpu, server_processes


def test_measures_in_the_background():
    sampler = CpuSampler(interval_seconds=0.05)
    assert sampler.latest() == 0.0
    end = time.monotonic() + 120
    while sampler.latest() == 0.0 and time.monotonic() < end:
        sum(range(1000))  # be busy: an idle machine measures 0.0 too
    assert 0 < sampler.latest() <= 100


def test_measures_in_a_forked_worker_too():
    sampler = CpuSampler(interval_seconds=0.01)
    sampler.latest()
    wait_until(lambda: sampler.latest() >= 0)
    started_by = sampler._process
    sampler._process = 1  # as a child sees it whose parent had started the thread
    sampler.latest()
    assert sampler._process == started_by == os.getpid()


def test_a_child_measures_from_its_fork_on():
    sampler = CpuSampler(interval_seconds=0.01)
    child = os.fork()
    if child == 0:
        os._exit(0 if sampler._process == os.getpid() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_five_minutes_are_kept_as_averages_of_five_seconds():
    values = [50.0, *[0.0, 10.0, 20.0, 30.0, 40.0] * 61, *[77.0] * 5]
    nothing = threading.Event()
    sampler = CpuSampler(lambda: values.pop(0) if values else nothing.wait(), interval_seconds=0)
    wait_until(lambda: 77 in sampler.history())
    assert len(sampler.history()) == 60
    assert set(sampler.history()[:-1]) == {20}, "the first value has nothing to compare with, and does not count"


@pytest.fixture
def busy():
    """A process whose child uses CPU, both of them in a session of their own, as a load is."""
    code = "import os\nif os.fork() == 0:\n while True: pass\nos.wait()"
    process = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    wait_until(lambda: psutil.Process(process.pid).children())
    yield process
    for child in psutil.Process(process.pid).children():
        child.kill()
    process.wait()


def test_the_cpu_of_a_servers_own_processes_is_a_share_of_what_it_may_use(busy, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(cpu.time, "monotonic", lambda: clock[0])
    used = [10.0]
    monkeypatch.setattr(ProcessesCpu, "_used", lambda _: [((busy.pid, 0.0), used[0])])
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    measure = ProcessesCpu(0.4, list)
    assert measure() == 0.0, "nothing to compare with"
    clock[0] += 10
    used[0] += 2
    assert measure() == 25.0, "2 seconds of CPU in 10, of 0.4 x 2 CPUs"
    clock[0] += 10
    used[0] += 20
    assert measure() == 100.0, "never more than all"


def test_all_that_descends_from_the_roots_counts_and_nothing_else(busy):
    of_server, of_nobody = ProcessesCpu(1.0, lambda: [busy.pid]), ProcessesCpu(1.0, lambda: [2**22 + 1])
    assert (of_server(), of_nobody()) == (0.0, 0.0)
    wait_until(lambda: of_server() > 0)
    assert of_nobody() == 0.0


def test_a_load_counts_whichever_worker_started_it(make_app):
    app = make_app(CPU_SOURCE="processes", CPU_SHARE="0.5")
    measure, load = app.extensions["cpu"]._measure, app.extensions["load"]
    load.start()
    try:
        assert load.processes() == [load.state().process]
        assert set(load.processes()) <= set(measure._roots())
        assert psutil.Process(load.processes()[0]).parent().pid == os.getpid()
    finally:
        load.stop()
    assert load.processes() == []


def test_under_gunicorn_the_master_is_the_root(monkeypatch):
    assert server_processes() == os.getpid()
    monkeypatch.setenv("WORKER_SLOT", "0")
    assert server_processes() == os.getppid()
