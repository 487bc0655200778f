"""What the image bake runs, and the unit that it installs."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys

import pytest
from conftest import ENVIRONMENT, WEBAPP, Browser, free_port, wait_until
from contract import read_unit

SERVICE = read_unit(WEBAPP / "web_app.service")["Service"]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Installed twice below a folder of its own: the second time brings up to date."""
    root = tmp_path_factory.mktemp("root")
    env = {**os.environ, "INSTALL_ROOT": str(root), "PYTHON": sys.executable, "PIP_RETRIES": "1"}
    for _ in range(2):
        subprocess.run([WEBAPP / "install.sh"], env=env, check=True, timeout=300)
        (root / "home/ec2-user/web_app/web_app/dropped_by_a_release.py").touch()
    subprocess.run([WEBAPP / "install.sh"], env=env, check=True, timeout=300)
    return root


def test_what_it_installs_serves(root, tmp_path):
    """The unit's own command line, below the folder."""
    port = free_port()
    pairs = dict(pair.split("=", 1) for pair in SERVICE["environment"].split())
    key = dict(line.split("=", 1) for line in (root / "etc/web_app.env").read_text().splitlines())
    env = {
        **os.environ,
        **ENVIRONMENT,
        **pairs,
        **key,
        "PORT": str(port),
        "RUN_DIR": str(tmp_path),
        "HOST": "127.0.0.1",
    }
    program, *arguments = shlex.split(SERVICE["execstart"])
    process = subprocess.Popen(
        [f"{root}{program}", *arguments], cwd=f"{root}{SERVICE['workingdirectory']}", env=env, stdout=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: Browser(f"http://127.0.0.1:{port}").ask("/healthz").status == 200)
        assert Browser(f"http://127.0.0.1:{port}").ask("/").status == 200
    finally:
        process.terminate()
        assert process.wait(45) == 0


def test_a_file_that_a_release_drops_goes(root):
    assert not (root / "home/ec2-user/web_app/web_app/dropped_by_a_release.py").exists()


def test_the_key_is_made_once_and_nobody_else_can_read_it(root):
    file = root / "etc/web_app.env"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert re.fullmatch(r"SECRET_KEY=[0-9a-f]{64}\n", file.read_text())


def test_the_pins_are_exact_and_the_same_for_every_python():
    lines = [line for line in (WEBAPP / "requirements.txt").read_text().splitlines() if not line.startswith("#")]
    for line in lines:
        assert re.fullmatch(r"[a-z0-9-]+==[0-9.]+", line), line


def test_the_service_has_a_user_of_its_own_and_starts_again():
    assert (SERVICE["user"], SERVICE["type"], SERVICE["restart"]) == ("web_app", "notify", "always")
    assert "--shell /sbin/nologin" in (WEBAPP / "install.sh").read_text()
    assert "sudo" not in SERVICE["execstart"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
def test_the_service_is_hardened():
    command = ["systemd-analyze", "security", "--offline=true", str(WEBAPP / "web_app.service")]
    output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", output)
    assert exposure, output
    print(f"systemd-analyze security: {exposure[1]}")
    assert float(exposure[1]) < 3.0
