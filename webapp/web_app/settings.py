"""The application's settings, all of them from environment variables."""

from __future__ import annotations

import ipaddress
import re
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from .arrival import LONGEST_BODY
from .proxies import PRIVATE, Network

MAKE_A_KEY = "python3 -c 'import secrets; print(secrets.token_hex(32))'"
SHORTEST_KEY = 32
EVERYWHERE = [ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")]
SHORTEST_ACCESS_CODE = 8
DEVELOPMENT_KEY = "known to everybody, so good for nothing but development"


class SettingsError(Exception):
    """Says in a line each what is wrong and what to do."""


def from_environment(env: Mapping[str, str]) -> dict[str, Any]:
    """Read the settings.

    ============================= ==================================================================================
    ``SECRET_KEY``                signs the sessions; the same on all servers, at least 32 characters, no default
    ``SECRET_KEY_FALLBACKS``      earlier keys, separated by commas, whose sessions still hold
    ``ACCESS_CODE``               asked for at login, if set; at least 8 characters
    ``PROXY_HOPS``                proxies that append the client's address to X-Forwarded-For, 1: the load balancer
    ``PROXY_PROTO_HOPS``          proxies that append to X-Forwarded-Proto, 1: the load balancer writes it anew
    ``FORWARDED_ALLOW_IPS``       networks of those proxies, separated by commas, or *; private ones
    ``LOGIN_ATTEMPTS_PER_MINUTE`` of one client address, 30
    ``SESSION_HOURS``             after which a login ends, 8
    ``LOAD_DEMO``                 1 lets users put load on the server
    ``LOAD_LIMIT_SECONDS``        after which the load ends by itself, 900
    ``LOAD_CHANGES_PER_MINUTE``   starts of the load by one employee, and as many stops, 10
    ``CPU_SOURCE``                of the CPU figure: machine, or processes: those of this server alone
    ``CPU_SHARE``                 of the machine's CPU that is 100 % with CPU_SOURCE=processes, such as 0.4; 1
    ``READY_CHECKS``              host:port, separated by commas, that must accept connections for readiness
    ``RUN_DIR``                   what the workers share: draining, load, login attempts, metrics
    ``STATIC_DIR``                static files of this release and earlier ones, as ``web_app.assets`` writes them
    ``APP_ENV``                   development: starts without a secret key
    ============================= ==================================================================================

    :raises SettingsError: with a line for each setting that is wrong
    """
    problems: list[str] = []

    def number(name: str, default: int, least: int) -> int:
        text = env.get(name, "") or str(default)
        if text.isascii() and text.isdigit() and int(text) >= least:
            return int(text)
        problems.append(f"{name} is {text!r}; it must be a whole number, at least {least}")
        return default

    def choice(name: str, *allowed: str) -> str:
        text = env.get(name, "") or allowed[0]
        if text not in allowed:
            problems.append(f"{name} is {text!r}; it must be {' or '.join(allowed)}")
        return text

    def share(name: str) -> float:
        text = env.get(name, "") or "1"
        if re.fullmatch(r"[01](\.[0-9]+)?|\.[0-9]+", text) and 0 < float(text) <= 1:
            return float(text)
        problems.append(f"{name} is {text!r}; it must be a number above 0, at most 1")
        return 1.0

    def listed(name: str) -> list[str]:
        return [part.strip() for part in env.get(name, "").split(",") if part.strip()]

    def address(text: str) -> tuple[str, int]:
        host, _, port = text.rpartition(":")
        if host and port.isascii() and port.isdigit():
            return host, int(port)
        problems.append(f"READY_CHECKS has {text!r}; it must be host:port")
        return text, 0

    def network(text: str) -> Network:
        try:
            return ipaddress.ip_network(text)  # not with bits of a host: gunicorn, which reads it too, refuses them
        except ValueError:
            problems.append(
                f"FORWARDED_ALLOW_IPS has {text!r}; it must be an address, a network such as 10.0.0.0/8, or *"
            )
            return EVERYWHERE[0]

    hops = number("PROXY_HOPS", 1, least=0)
    trusted = listed("FORWARDED_ALLOW_IPS") or PRIVATE.split(",")
    key = env.get("SECRET_KEY", "")
    if not key and env.get("APP_ENV") == "development":
        key = DEVELOPMENT_KEY
    if not key:
        problems.append(f"SECRET_KEY is not set; make one that all servers share: {MAKE_A_KEY}")
    elif len(key) < SHORTEST_KEY:
        problems.append(f"SECRET_KEY is shorter than {SHORTEST_KEY} characters; make one: {MAKE_A_KEY}")

    fallbacks = listed("SECRET_KEY_FALLBACKS")
    if any(len(earlier) < SHORTEST_KEY for earlier in fallbacks):
        problems.append(f"SECRET_KEY_FALLBACKS has a key shorter than {SHORTEST_KEY} characters; leave it out")
    access_code = env.get("ACCESS_CODE", "")
    if access_code and len(access_code.strip()) < SHORTEST_ACCESS_CODE:
        problems.append(f"ACCESS_CODE is shorter than {SHORTEST_ACCESS_CODE} characters; give a longer one, or none")

    settings = {
        "SECRET_KEY": key,
        "SECRET_KEY_FALLBACKS": fallbacks,
        "ACCESS_CODE": access_code,
        "PROXY_HOPS": hops,
        "PROXY_PROTO_HOPS": number("PROXY_PROTO_HOPS", min(1, hops), least=0),
        "FORWARDED_ALLOW_IPS": EVERYWHERE if trusted == ["*"] else [network(text) for text in trusted],
        "LOGIN_ATTEMPTS_PER_MINUTE": number("LOGIN_ATTEMPTS_PER_MINUTE", 30, least=1),
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=number("SESSION_HOURS", 8, least=1)),
        "LOAD_DEMO": env.get("LOAD_DEMO") == "1",
        "LOAD_LIMIT_SECONDS": number("LOAD_LIMIT_SECONDS", 900, least=1),
        "LOAD_CHANGES_PER_MINUTE": number("LOAD_CHANGES_PER_MINUTE", 10, least=1),
        "CPU_SOURCE": choice("CPU_SOURCE", "machine", "processes"),
        "CPU_SHARE": share("CPU_SHARE"),
        "READY_CHECKS": [address(text) for text in listed("READY_CHECKS")],
        "RUN_DIR": env.get("RUN_DIR") or str(Path(tempfile.gettempdir()) / "web_app"),
        "STATIC_DIR": env.get("STATIC_DIR", ""),
        # Named and switched off as in the AWS SDKs: https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html
        "METADATA_ENDPOINT": ""
        if env.get("AWS_EC2_METADATA_DISABLED", "").lower() == "true"
        else env.get("AWS_EC2_METADATA_SERVICE_ENDPOINT", "") or "http://169.254.169.254",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,  # a login ends on time, however busy its dashboard
        "WTF_CSRF_TIME_LIMIT": None,  # a form is as good as its session
        "MAX_CONTENT_LENGTH": LONGEST_BODY,
    }
    if problems:
        raise SettingsError("\n".join(problems))
    return settings
