"""What the application's own files and the deployed infrastructure have to agree on.

gunicorn.conf.py, web_app.service and the synthesized Terraform JSON each say a part; together they work or they do not.
The settings warn by the same numbers (src/config/application.ts).
"""

from __future__ import annotations

import configparser
import json
import os
import re
import runpy
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: MiB: https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html
MEMORY_MIB = {
    "t3.nano": 512,
    "t3.micro": 1024,
    "t3.small": 2048,
    "t3.medium": 4096,
    "t3.large": 8192,
    "t4g.micro": 1024,
    "t4g.small": 2048,
    "t4g.medium": 4096,
    "m7g.medium": 4096,
    "m7i.large": 8192,
}
#: For the system and what is not ours on it.
SYSTEM_MIB = 300
#: From launch until systemd starts services, as the documented two to three minutes until an instance has joined leave it.
BOOT_SECONDS = 60


@dataclass
class Parts:
    """gunicorn's settings and our own of its file, the unit's sections, the stack's resources by type."""

    gunicorn: dict[str, Any]
    unit: dict[str, dict[str, str]]
    resources: dict[str, list[dict[str, Any]]]
    #: Path → status of a stranger's GET
    ask: Callable[[str], int]

    def only(self, kind: str) -> dict[str, Any]:
        (found,) = self.resources[kind]
        return found

    def unit_environment(self, name: str) -> str:
        return dict(pair.split("=", 1) for pair in self.unit["Service"]["environment"].split())[name]


def disagreements(parts: Parts) -> list[str]:
    """A sentence for each thing the parts disagree on."""
    return list(_disagreements(parts))


def _disagreements(parts: Parts) -> Iterator[str]:
    gunicorn, service = parts.gunicorn, parts.unit["Service"]
    targets, group = parts.only("aws_lb_target_group"), parts.only("aws_autoscaling_group")
    check = targets["health_check"]
    template = parts.only("aws_launch_template")

    ports = {
        "the service unit": int(parts.unit_environment("PORT")),
        "gunicorn.conf.py": int(gunicorn["bind"].rpartition(":")[2]),
        "the target group": targets["port"],
        **{f"the security group rule {rule['description']!r}": rule["from_port"] for rule in _from_balancer(parts)},
    }
    if len(set(ports.values())) > 1 or len(ports) < 4:
        yield f"The port differs: {', '.join(f'{port} in {where}' for where, port in ports.items())}."

    workers = int(parts.unit_environment("WEB_CONCURRENCY"))
    if workers != gunicorn["workers"]:
        yield f"The service unit wants {workers} workers and gunicorn.conf.py {gunicorn['workers']}."

    idle = parts.only("aws_lb")["idle_timeout"]
    if not gunicorn["keepalive"] > idle:
        yield f"keepalive of {gunicorn['keepalive']} s must be longer than the load balancer's idle timeout of {idle} s."

    stopping = gunicorn["drain_seconds"] + gunicorn["graceful_timeout"]
    delay = int(targets["deregistration_delay"])
    if not stopping < delay:
        yield f"Draining and the graceful timeout, {stopping} s, must be shorter than the deregistration delay of {delay} s."

    stop = _seconds(service["timeoutstopsec"])
    if not stop > stopping:
        yield f"TimeoutStopSec of {stop} s must be longer than draining and the graceful timeout, {stopping} s."

    if not check["timeout"] < check["interval"]:
        yield f"The health check's timeout of {check['timeout']} s must be shorter than its interval of {check['interval']} s."

    start = BOOT_SECONDS + _seconds(service["timeoutstartsec"])
    healthy = start + check["healthy_threshold"] * check["interval"]
    if not group["health_check_grace_period"] >= healthy:
        yield (
            f"The grace period of {group['health_check_grace_period']} s is shorter than the {healthy} s that an instance "
            f"may take: {start} s to start and {check['healthy_threshold']} health checks, {check['interval']} s apart."
        )

    resolution = 60 if template["monitoring"]["enabled"] else 300
    for alarm in parts.resources["aws_cloudwatch_metric_alarm"]:
        if alarm["period"] < resolution:
            yield f"{alarm['alarm_name']} looks every {alarm['period']} s at a metric that comes every {resolution} s."

    memory = MEMORY_MIB.get(template["instance_type"])
    needed = workers * gunicorn["worker_memory_mib"] + SYSTEM_MIB
    if memory is None:
        yield f"The memory of a {template['instance_type']} is not known; add it to MEMORY_MIB."
    elif needed > memory:
        yield f"{workers} workers of {gunicorn['worker_memory_mib']} MiB and the system need {needed} MiB, and a {template['instance_type']} has {memory}."

    status = parts.ask(check["path"])
    if not _accepts(check["matcher"], status):
        yield f"The health check wants {check['matcher']} of {check['path']}, and without a login the application answers {status}."


def _accepts(matcher: str, status: int) -> bool:
    """Codes ("200,202") or a range of them ("200-302")."""
    ranges = (part.split("-") for part in matcher.split(","))
    return any(int(ends[0]) <= status <= int(ends[-1]) for ends in ranges)


def _from_balancer(parts: Parts) -> Iterator[dict[str, Any]]:
    """Rules that let the load balancer's security group in."""
    for rule in parts.resources["aws_vpc_security_group_ingress_rule"]:
        if "alb-firewall" in rule.get("referenced_security_group_id", ""):
            yield rule


def _seconds(text: str) -> int:
    """systemd's time without a unit."""
    if not re.fullmatch(r"\d+", text):
        raise ValueError(f"{text}: write it in seconds")
    return int(text)


def read_gunicorn(file: Path, env: dict[str, str]) -> dict[str, Any]:
    """Gunicorn's settings and our own, as the file says them in that environment."""
    before = dict(os.environ)
    os.environ.update(env)
    try:
        said = runpy.run_path(str(file))
    finally:
        os.environ.clear()
        os.environ.update(before)
    return {name: value for name, value in said.items() if isinstance(value, (int, str)) and name[0] != "_"}


def read_unit(file: Path) -> dict[str, dict[str, str]]:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read_string(file.read_text())
    return {section: dict(parser[section]) for section in parser.sections()}


def synthesize(project: Path, output: Path) -> dict[str, list[dict[str, Any]]]:
    """Production's resources by type, as Terraform gets them."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    command = ["node", "--require", "tsx/cjs", "main.ts"]
    subprocess.run(command, cwd=project, env={**env, "CDKTF_OUTDIR": str(output)}, capture_output=True, check=True)
    stack = json.loads((output / "stacks" / "production" / "cdk.tf.json").read_text())
    return {kind: list(named.values()) for kind, named in stack["resource"].items()}
