"""The employee dashboard behind the load balancer: log in, watch the server's CPU, put load on it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from . import auth, dashboard, errors, health, load, metrics, security
from .burn import LoadControl
from .cpu import CpuSampler
from .instance import InstanceMetadata
from .proxies import Proxies, stay_here
from .rate_limit import RateLimit

csrf = CSRFProtect()


def create_app(config: Mapping[str, Any]) -> Flask:
    """Make the application.

    :param config: what ``settings.from_environment`` gives
    """
    app = Flask(__name__)
    app.config.from_mapping(config)
    app.session_interface = security.Sessions()
    app.after_request(stay_here)
    app.wsgi_app = Proxies(
        app.wsgi_app, *(app.config[name] for name in ("PROXY_HOPS", "PROXY_PROTO_HOPS", "FORWARDED_ALLOW_IPS"))
    )

    run_dir = Path(app.config["RUN_DIR"])
    app.extensions["cpu"] = CpuSampler()
    app.extensions["instance"] = InstanceMetadata(app.config["METADATA_ENDPOINT"])
    app.extensions["login_limit"] = RateLimit(run_dir / "logins.sqlite", app.config["LOGIN_ATTEMPTS_PER_MINUTE"])

    metrics.init_app(app)  # first, so that it times what the others do
    csrf.init_app(app)
    security.init_app(app)
    errors.init_app(app)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(auth.blueprint)
    app.register_blueprint(dashboard.blueprint)
    if app.config["LOAD_DEMO"]:
        app.extensions["load"] = LoadControl(run_dir / "load", app.config["LOAD_LIMIT_SECONDS"])
        app.register_blueprint(load.blueprint)
    return app
