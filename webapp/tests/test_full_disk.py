"""A real server whose run directory has no space left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from contextlib import suppress

import pytest
from conftest import JSON, Server, wait_until


def fill(folder):
    """Leave not one byte."""
    with (folder / "filling").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


@pytest.fixture
def run_dir(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "none", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root can mount a file system of its own")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("when", ["before its start", "while it serves"])
def test_without_space_the_server_serves_on_and_says_what_it_leaves_out(tmp_path, run_dir, when):
    if when == "before its start":
        fill(run_dir)
    with Server(tmp_path) as server:
        workers = server.workers()
        if when == "while it serves":
            fill(run_dir)
        for _ in range(5):
            browser = server.browser().log_in()
            for path in ("/", "/dashboard", "/status", "/missing", "/metrics", "/healthz"):
                assert browser.ask(path).status in (200, 404)
        assert browser.post("/load/start").status in (200, 503)
        browser.post("/load/stop")
        assert json.loads(browser.ask("/status", headers=JSON).text)["load"]["running"] is False
        assert server.workers() == workers, "none has died"
        wait_until(lambda: "each worker counts for itself" in server.log.read_text())
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(120) == 0
