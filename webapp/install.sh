#!/usr/bin/env bash
# Installs the application as two services, gunicorn and nginx in front of it: what an image bake and a bare Amazon Linux 2023 instance both run, as root.
# May be run again, and then brings what is there up to date.
#
#   SECRET_KEY=…    signs the sessions; the same on all servers. Left out, one is made, which all servers of the baked image share.
#   INSTALL_ROOT=…  installs below that folder and leaves users and services alone: for trying it out
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=${INSTALL_ROOT:-}
app=$root/home/ec2-user/web_app
settings=$root/etc/web_app.env
python=${PYTHON:-python3.11}

if [ -z "$root" ]; then
  [ "$(id -u)" = 0 ] || { echo "install.sh: must run as root; use sudo" >&2; exit 1; }
  command -v dnf >/dev/null && dnf install --quiet --assumeyes nginx python3.11 python3.11-pip
  command -v nginx >/dev/null || { echo "install.sh: nginx is not installed" >&2; exit 1; }
  id web_app >/dev/null 2>&1 || useradd --system --user-group --no-create-home --home-dir / --shell /sbin/nologin web_app
  id nginx >/dev/null 2>&1 || useradd --system --user-group --no-create-home --home-dir / --shell /sbin/nologin nginx
fi
command -v "$python" >/dev/null || { echo "install.sh: $python is not installed" >&2; exit 1; }
version=$("$python" -c 'import sys; sys.version_info >= (3, 11) or sys.exit(1); print("%d.%d" % sys.version_info[:2])') || {
  echo "install.sh: $python is older than Python 3.11; name a newer one with PYTHON=…" >&2
  exit 1
}

# The old code is deleted first, so that a file which a release no longer has does not remain. The service's own user can read it, and write nothing.
umask 022
mkdir -p "$app" "$root/etc/systemd/system"
rm -rf "$app/web_app"
cp -R "$here/web_app" "$here/gunicorn.conf.py" "$here/nginx.conf" "$here/requirements.txt" "$app/"
find "$app/web_app" -name __pycache__ -prune -exec rm -rf {} +
# Another Python's environment is made anew: its packages are nowhere that this one looks.
[ -x "$app/venv/bin/python$version" ] || { rm -rf "$app/venv" && "$python" -m venv "$app/venv"; }
"$app/venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$app/requirements.txt"
"$app/venv/bin/python" -m compileall -q "$app/web_app"
(cd "$app" && venv/bin/python -m web_app.assets static) # those of earlier releases remain: their pages still ask for them

if [ ! -e "$settings" ]; then
  (
    umask 077 # it holds a secret; systemd reads it as root
    printf 'SECRET_KEY=%s\n' "${SECRET_KEY:-$("$python" -c 'import secrets; print(secrets.token_hex(32))')}" >"$settings"
  )
fi
install -m 644 "$here/web_app.service" "$here/web_app_nginx.service" "$root/etc/systemd/system/"

if [ -z "$root" ]; then
  systemctl daemon-reload
  systemctl enable --quiet web_app_nginx web_app
  systemctl restart web_app_nginx web_app # returns when gunicorn says that it serves
  "$python" -c 'import urllib.request as u; u.urlopen("http://127.0.0.1:5000/healthz", timeout=5)'
  echo "web_app serves on port 5000"
fi
