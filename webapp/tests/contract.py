"""What the application's own files and the deployed infrastructure have to agree on.

nginx.conf, gunicorn.conf.py, the service units and the synthesized Terraform JSON each say a part; together they work
or they do not.
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
#: nginx with its workers, held against a real one by the tests.
NGINX_MIB = 20
#: What a load balancer passes on of a line, and of all: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
BALANCER_LINE, BALANCER_HEAD = 16 * 1024, 64 * 1024
#: From launch until systemd starts services, as the documented two to three minutes until an instance has joined leave it.
BOOT_SECONDS = 60


@dataclass
class Parts:
    """gunicorn's settings and our own of its file, the units' sections, nginx's directives, the resources by type."""

    gunicorn: dict[str, Any]
    unit: dict[str, dict[str, str]]
    nginx: dict[str, list[str]]
    nginx_unit: dict[str, dict[str, str]]
    #: REQUEST_SECONDS, LONGEST_LINE, LONGEST_HEAD, LONGEST_BODY
    arrival: dict[str, int]
    resources: dict[str, list[dict[str, Any]]]
    #: Path → status of a stranger's GET
    ask: Callable[[str], int]

    def only(self, kind: str) -> dict[str, Any]:
        (found,) = self.resources[kind]
        return found

    def directive(self, name: str) -> str:
        """The first: what holds for all, where a part says otherwise."""
        return self.nginx[name][0]

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

    yield from _port_disagreements(parts)
    yield from _nginx_disagreements(parts)

    workers = int(parts.unit_environment("WEB_CONCURRENCY"))
    if workers != gunicorn["workers"]:
        yield f"The service unit wants {workers} workers and gunicorn.conf.py {gunicorn['workers']}."

    idle = parts.only("aws_lb")["idle_timeout"]
    for where, kept in ((_NGINX, seconds(parts.directive("keepalive_timeout"))), ("gunicorn's", gunicorn["keepalive"])):
        if not kept > idle:
            yield f"{where} keepalive of {kept} s must be longer than the load balancer's idle timeout of {idle} s."

    stopping = gunicorn["drain_seconds"] + gunicorn["graceful_timeout"]
    delay = int(targets["deregistration_delay"])
    if not stopping < delay:
        yield f"Draining and the graceful timeout, {stopping} s, must be shorter than the deregistration delay of {delay} s."

    stop = seconds(service["timeoutstopsec"])
    if not stop > stopping:
        yield f"TimeoutStopSec of {stop} s must be longer than draining and the graceful timeout, {stopping} s."

    if not check["timeout"] < check["interval"]:
        yield f"The health check's timeout of {check['timeout']} s must be shorter than its interval of {check['interval']} s."

    start = BOOT_SECONDS + seconds(service["timeoutstartsec"])
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
    needed = workers * gunicorn["worker_memory_mib"] + NGINX_MIB + SYSTEM_MIB
    if memory is None:
        yield f"The memory of a {template['instance_type']} is not known; add it to MEMORY_MIB."
    elif needed > memory:
        yield f"{workers} workers of {gunicorn['worker_memory_mib']} MiB, nginx and the system need {needed} MiB, and a {template['instance_type']} has {memory}."

    status = parts.ask(check["path"])
    if not _accepts(check["matcher"], status):
        yield f"The health check wants {check['matcher']} of {check['path']}, and without a login the application answers {status}."


_NGINX = "nginx's"


def _port_disagreements(parts: Parts) -> Iterator[str]:
    ports = {
        "nginx.conf": int(parts.directive("listen").split()[0]),
        "gunicorn.conf.py, for gunicorn alone,": int(parts.gunicorn["_address"].rpartition(":")[2]),
        "the target group": parts.only("aws_lb_target_group")["port"],
        **{f"the security group rule {rule['description']!r}": rule["from_port"] for rule in _from_balancer(parts)},
    }
    if len(set(ports.values())) > 1 or len(ports) < 4:
        yield f"The port differs: {', '.join(f'{port} in {where}' for where, port in ports.items())}."


def _nginx_disagreements(parts: Parts) -> Iterator[str]:
    """Between nginx and gunicorn behind it: places, times and sizes."""
    upstream = parts.directive("server").split()[0]
    if upstream != f"unix:{parts.unit_environment('SOCKET')}":
        yield f"nginx asks {upstream}, and the service unit has gunicorn listen on {parts.unit_environment('SOCKET')}."
    static = f"{parts.directive('root')}/static"
    if static != parts.unit_environment("STATIC_DIR"):
        yield f"nginx has its static files in {static}, and the application in {parts.unit_environment('STATIC_DIR')}."
    group = parts.nginx_unit["Service"]["group"]
    if group != parts.unit["Service"]["group"]:
        yield f"nginx runs in the group {group} and gets to no socket of the group {parts.unit['Service']['group']}."

    deadline, silence = parts.arrival["REQUEST_SECONDS"], seconds(parts.directive("client_body_timeout"))
    if not silence > deadline:
        yield f"client_body_timeout of {silence} s closes without a word before REQUEST_SECONDS, {deadline} s, answer with 408."
    wait = seconds(parts.directive("proxy_read_timeout"))
    if not parts.gunicorn["timeout"] <= wait < parts.only("aws_lb")["idle_timeout"]:
        yield f"proxy_read_timeout of {wait} s is not between gunicorn's timeout and the load balancer's idle timeout."
    stop = seconds(parts.nginx_unit["Service"]["timeoutstopsec"])
    if not stop > wait:
        yield f"TimeoutStopSec of {stop} s cuts off requests that nginx waits {wait} s for."

    count, line = parts.directive("large_client_header_buffers").split()
    sizes = {"LONGEST_LINE": size(line), "LONGEST_HEAD": int(count) * size(line)}
    sizes["LONGEST_BODY"] = size(parts.directive("client_max_body_size"))
    for name, allowed in sizes.items():
        if allowed != parts.arrival[name]:
            yield f"nginx.conf allows {allowed} bytes and arrival.py, as {name}, {parts.arrival[name]}."
    if parts.gunicorn["limit_request_line"] != 0 or parts.gunicorn["limit_request_field_size"] < sizes["LONGEST_LINE"]:
        yield "gunicorn.conf.py allows less of a line than nginx.conf."
    if sizes["LONGEST_LINE"] <= BALANCER_LINE or sizes["LONGEST_HEAD"] < BALANCER_HEAD:
        yield f"nginx.conf allows {sizes['LONGEST_LINE']} bytes a line, and the load balancer passes {BALANCER_LINE}."


def _accepts(matcher: str, status: int) -> bool:
    """Codes ("200,202") or a range of them ("200-302")."""
    ranges = (part.split("-") for part in matcher.split(","))
    return any(int(ends[0]) <= status <= int(ends[-1]) for ends in ranges)


def _from_balancer(parts: Parts) -> Iterator[dict[str, Any]]:
    """Rules that let the load balancer's security group in."""
    for rule in parts.resources["aws_vpc_security_group_ingress_rule"]:
        if "alb-firewall" in rule.get("referenced_security_group_id", ""):
            yield rule


def seconds(text: str) -> int:
    """systemd's time without a unit, or nginx's with s."""
    if not re.fullmatch(r"\d+s?", text):
        raise ValueError(f"{text}: write it in seconds")
    return int(text.rstrip("s"))


def read_gunicorn(file: Path, env: dict[str, str]) -> dict[str, Any]:
    """Gunicorn's settings and our own, as the file says them in that environment."""
    before = dict(os.environ)
    os.environ.update(env)
    try:
        said = runpy.run_path(str(file))
    finally:
        os.environ.clear()
        os.environ.update(before)
    return {name: value for name, value in said.items() if isinstance(value, int | str)}


def read_nginx(file: Path) -> dict[str, list[str]]:
    """What each directive says, wherever it stands."""
    text = re.sub(r"#[^\n]*", "", file.read_text())
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"""^\s*([a-z_]+)\s+((?:"[^"]*"|'[^']*'|[^;{}"'])*);""", text, re.M):
        found.setdefault(name, []).append(value)
    return found


def size(text: str) -> int:
    """nginx's size: 17k."""
    return int(text.removesuffix("k")) * 1024


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
