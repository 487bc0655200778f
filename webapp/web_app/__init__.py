"""The employee dashboard behind the load balancer: log in, watch the server's CPU, put load on it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from . import assets, auth, dashboard, errors, health, load, metrics, security, status
from .burn import LoadControl
from .cpu import CpuSampler, ProcessesCpu, server_processes
from .logins import CookieLogins
from .proxies import Proxies
from .rate_limit import RateLimit
from .server import Server

csrf = CSRFProtect()


def create_app(config: Mapping[str, Any]) -> Flask:
    """Make the application.

    :param config: what ``settings.from_environment`` gives
    """
    app = Flask(__name__, static_folder=None)
    app.config.from_mapping(config)
    app.session_interface = security.Sessions()
    # A path with two slashes is none of ours: Flask would redirect to it without, and to whatever host was asked for.
    app.url_map.merge_slashes = False
    app.wsgi_app = Proxies(
        security.with_headers(app.wsgi_app),
        *(app.config[name] for name in ("PROXY_HOPS", "PROXY_PROTO_HOPS", "FORWARDED_ALLOW_IPS")),
    )

    run_dir = Path(app.config["RUN_DIR"])
    app.extensions["server"] = Server(app.config)
    app.extensions["logins"] = CookieLogins(app.config["PERMANENT_SESSION_LIFETIME"])
    app.extensions["login_limit"] = RateLimit(run_dir / "logins.sqlite", app.config["LOGIN_ATTEMPTS_PER_MINUTE"])
    control = LoadControl(run_dir / "load", app.config["LOAD_LIMIT_SECONDS"])
    app.extensions["cpu"] = CpuSampler()
    if app.config["CPU_SOURCE"] == "processes":
        measure = ProcessesCpu(app.config["CPU_SHARE"], lambda: [server_processes(), *control.processes()])
        app.extensions["cpu"] = CpuSampler(measure)

    metrics.init_app(app)  # first, so that it times what the others do
    csrf.init_app(app)
    errors.init_app(app)
    app.jinja_env.globals["asset"] = assets.asset
    for blueprint in (assets.blueprint, health.blueprint, auth.blueprint, dashboard.blueprint, status.blueprint):
        app.register_blueprint(blueprint)
    if app.config["LOAD_DEMO"]:
        app.extensions["load"] = control
        app.extensions["load_limit"] = RateLimit(run_dir / "load.sqlite", app.config["LOAD_CHANGES_PER_MINUTE"])
        app.register_blueprint(load.blueprint)
    return app
