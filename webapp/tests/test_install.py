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

from web_app import assets

UNITS = ["web_app.service", "web_app_nginx.service"]
SERVICE = read_unit(WEBAPP / "web_app.service")["Service"]
EARLIER = "app.0123456789ab.css"
NGINX_UNIT = read_unit(WEBAPP / "web_app_nginx.service")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Installed twice below a folder of its own: the second time brings up to date."""
    root = tmp_path_factory.mktemp("root")
    env = {**os.environ, "INSTALL_ROOT": str(root), "PYTHON": sys.executable, "PIP_RETRIES": "1"}
    app = root / "home/ec2-user/web_app"
    subprocess.run([WEBAPP / "install.sh"], env=env, check=True, timeout=300)
    (app / "web_app/dropped_by_a_release.py").touch()
    (app / "static" / EARLIER).touch()
    # As an image of before, whose Python was 3.9, has it.
    (app / "venv/left_by_an_older_python").touch()
    (app / f"venv/bin/python{sys.version_info.major}.{sys.version_info.minor}").unlink()
    subprocess.run([WEBAPP / "install.sh"], env=env, check=True, timeout=300)
    return root


def test_what_it_installs_serves(root, tmp_path):
    """The unit's own command line, below the folder, without nginx."""
    port = free_port()
    pairs = dict(pair.split("=", 1) for pair in SERVICE["environment"].split())
    key = dict(line.split("=", 1) for line in (root / "etc/web_app.env").read_text().splitlines())
    env = {**os.environ, **ENVIRONMENT, **pairs, **key, "RUN_DIR": str(tmp_path), "HOST": "127.0.0.1"}
    env |= {"SOCKET": "", "PORT": str(port), "STATIC_DIR": str(root) + pairs["STATIC_DIR"]}
    program, *arguments = shlex.split(SERVICE["execstart"])
    process = subprocess.Popen(
        [f"{root}{program}", *arguments], cwd=f"{root}{SERVICE['workingdirectory']}", env=env, stdout=subprocess.DEVNULL
    )
    try:
        browser = Browser(f"http://127.0.0.1:{port}")
        wait_until(lambda: browser.ask("/healthz").status == 200)
        for path in ["/", *re.findall(r'"(/static/[^"]+)"', browser.ask("/").text)]:
            assert browser.ask(path).status == 200
    finally:
        process.terminate()
        assert process.wait(45) == 0


def test_static_files_are_there_compressed_and_earlier_ones_remain(root):
    static = root / "home/ec2-user/web_app/static"
    assert (static / EARLIER).exists()
    assert {file.name for file in static.iterdir()} >= {f"{name}{end}" for name in assets.OWN for end in ("", ".gz")}
    for file in static.iterdir():
        assert file.stat().st_mode & stat.S_IROTH, "nginx is another user"


def test_an_environment_of_another_python_is_made_anew(root):
    assert not (root / "home/ec2-user/web_app/venv/left_by_an_older_python").exists()


def test_an_old_python_is_refused_in_a_line(tmp_path):
    old = tmp_path / "python"
    old.write_text('#!/bin/sh\necho "3.9" | grep -q 3.11\n')
    old.chmod(0o755)
    env = {**os.environ, "INSTALL_ROOT": str(tmp_path / "root"), "PYTHON": str(old)}
    ended = subprocess.run([WEBAPP / "install.sh"], env=env, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "older than Python 3.11" in ended.stderr


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


def test_nginx_has_a_user_of_its_own_and_is_stopped_after_gunicorn():
    unit, service = NGINX_UNIT["Unit"], NGINX_UNIT["Service"]
    assert (service["user"], service["group"], service["restart"]) == ("nginx", SERVICE["group"], "always")
    # Stopped in the reverse order; SIGQUIT lets nginx finish what it has begun: https://nginx.org/en/docs/control.html
    assert unit["before"] == "web_app.service"
    assert service["killsignal"] == "SIGQUIT"
    # The group gets to the socket, and to nothing else of the folder that it lies in.
    assert (SERVICE["runtimedirectorymode"], SERVICE["umask"]) == ("0710", "0077")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
@pytest.mark.parametrize("unit", UNITS)
def test_the_service_is_hardened(unit):
    command = ["systemd-analyze", "security", "--offline=true", str(WEBAPP / unit)]
    output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", output)
    assert exposure, output
    print(f"systemd-analyze security {unit}: {exposure[1]}")
    assert float(exposure[1]) < 2.0
