from __future__ import annotations

import os
import time

from conftest import wait_until

from web_app.cpu import CpuSampler


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
