"""The application's files agree with the infrastructure, and each rule that says so can fail."""

from __future__ import annotations

import copy
import re

import pytest
from conftest import ENVIRONMENT, PROJECT, WEBAPP
from contract import Parts, disagreements, read_gunicorn, read_nginx, read_unit, synthesize

from web_app import arrival, create_app, errors, security, settings


@pytest.fixture(scope="module")
def parts(tmp_path_factory) -> Parts:
    folder = tmp_path_factory.mktemp("contract")
    unit = read_unit(WEBAPP / "web_app.service")
    environment = dict(pair.split("=", 1) for pair in unit["Service"]["environment"].split())
    app = create_app(settings.from_environment({**ENVIRONMENT, "RUN_DIR": str(folder / "run")}))
    return Parts(
        gunicorn=read_gunicorn(WEBAPP / "gunicorn.conf.py", {**environment, "RUN_DIR": str(folder / "run")}),
        unit=unit,
        nginx=read_nginx(WEBAPP / "nginx.conf"),
        nginx_unit=read_unit(WEBAPP / "web_app_nginx.service"),
        arrival={name: value for name, value in vars(arrival).items() if isinstance(value, int)},
        resources=synthesize(PROJECT, folder / "cdktf.out"),
        ask=lambda path: app.test_client().get(path).status_code,
    )


def test_everything_agrees(parts):
    assert disagreements(parts) == []


def test_the_documents_four_workers_behind_port_5000(parts):
    assert (parts.gunicorn["workers"], parts.directive("listen").split()[0]) == (4, "5000")
    assert (parts.gunicorn["bind"], parts.gunicorn["_address"]) == ("unix:/run/web_app/gunicorn.sock", "0.0.0.0:5000")
    assert parts.gunicorn["worker_class"] == "web_app.worker.Worker"


def test_the_answers_of_nginx_have_the_headers_of_the_application(parts):
    lines = [line for line in parts.nginx["add_header"] if line != 'Vary ""']
    said = dict(line.removesuffix(" always").split(" ", 1) for line in lines)
    assert all(line.endswith(" always") for line in lines), "on errors too"
    assert {name: value.strip('"') for name, value in said.items() if "$" not in value} == dict(security.HEADERS)
    dynamic = {name for name, value in said.items() if "$" in value}
    assert dynamic == {"Strict-Transport-Security", "Cache-Control"}
    text = (WEBAPP / "nginx.conf").read_text()
    assert f'"{dict(security.OVER_TLS)["Strict-Transport-Security"]}"' in text
    assert f"default {security.NOT_KEPT[1]};" in text


def test_the_errors_of_nginx_have_the_words_of_the_application():
    text = (WEBAPP / "nginx.conf").read_text()
    words = dict(re.findall(r'^ +(\d{3}|default) "([^"]+)";$', text, re.M))
    assert words.pop("default") == errors.WORDS[500]
    assert {int(status): sentence for status, sentence in words.items()}.items() <= errors.WORDS.items()
    answered = {
        int(status) for line in re.findall(r"error_page (.*) /errors/", text) for status in re.findall(r"\d+", line)
    }
    # What has no words of its own, with =: nginx's own numbers, and 500.
    assert answered - {403, 494, 500, 501} <= {int(status) for status in words}


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz"])
def test_any_of_our_health_paths_may_be_asked(parts, path):
    changed = copy.deepcopy(parts)
    changed.only("aws_lb_target_group")["health_check"]["path"] = path
    assert disagreements(changed) == []


@pytest.mark.parametrize("matcher", ["200-302", "200,202", "199-200"])
def test_a_health_check_may_want_several_codes(parts, matcher):
    changed = copy.deepcopy(parts)
    changed.only("aws_lb_target_group")["health_check"]["matcher"] = matcher
    assert disagreements(changed) == []


def service(name, value):
    return lambda parts: parts.unit["Service"].update({name: value})


def gunicorn(name, value):
    return lambda parts: parts.gunicorn.update({name: value})


def nginx(name, value):
    return lambda parts: parts.nginx.update({name: [value]})


def nginx_service(name, value):
    return lambda parts: parts.nginx_unit["Service"].update({name: value})


def resource(kind, name, value):
    return lambda parts: [one.update({name: value}) for one in parts.resources[kind]]


def health_check(name, value):
    return lambda parts: parts.only("aws_lb_target_group")["health_check"].update({name: value})


UNIT = read_unit(WEBAPP / "web_app.service")["Service"]["environment"]
CHANGES = [
    (nginx("listen", "5001 backlog=4096"), "5001 in nginx.conf"),
    (gunicorn("_address", "0.0.0.0:8000"), "8000 in gunicorn.conf.py"),
    (resource("aws_lb_target_group", "port", 80), "80 in the target group"),
    (resource("aws_vpc_security_group_ingress_rule", "from_port", 443), "443 in the security group rule"),
    (resource("aws_vpc_security_group_ingress_rule", "referenced_security_group_id", ""), "The port differs"),
    (gunicorn("workers", 2), "wants 4 workers and gunicorn.conf.py 2"),
    (nginx("server", "unix:/run/other.sock"), "nginx asks unix:/run/other.sock"),
    (service("environment", UNIT.replace("gunicorn.sock", "other.sock")), "gunicorn listen on /run/web_app/other.sock"),
    (nginx("root", "/srv"), "nginx has its static files in /srv/static"),
    (service("environment", UNIT.replace("web_app/static", "files")), "the application in /home/ec2-user/files"),
    (nginx_service("group", "nginx"), "nginx runs in the group nginx"),
    (nginx("client_body_timeout", "10s"), "client_body_timeout of 10 s closes without a word"),
    (nginx("proxy_read_timeout", "20s"), "proxy_read_timeout of 20 s"),
    (nginx("proxy_read_timeout", "60s"), "proxy_read_timeout of 60 s"),
    (nginx_service("timeoutstopsec", "30"), "TimeoutStopSec of 30 s cuts off"),
    (nginx("client_max_body_size", "32k"), "nginx.conf allows 32768 bytes and arrival.py, as LONGEST_BODY, 65536"),
    (nginx("large_client_header_buffers", "4 16k"), "16384 bytes a line, and the load balancer passes 16384"),
    (nginx("large_client_header_buffers", "3 17k"), "arrival.py, as LONGEST_HEAD, 69632"),
    (gunicorn("limit_request_line", 4094), "allows less of a line than nginx.conf"),
    (gunicorn("limit_request_field_size", 8190), "allows less of a line than nginx.conf"),
    (
        nginx("keepalive_timeout", "60s"),
        "nginx's keepalive of 60 s must be longer than the load balancer's idle timeout",
    ),
    (
        gunicorn("keepalive", 60),
        "gunicorn's keepalive of 60 s must be longer than the load balancer's idle timeout of 60 s",
    ),
    (resource("aws_lb", "idle_timeout", 75), "idle timeout of 75 s"),
    (gunicorn("graceful_timeout", 55), "60 s, must be shorter than the deregistration delay of 60 s"),
    (gunicorn("drain_seconds", 30), "shorter than the deregistration delay"),
    (resource("aws_lb_target_group", "deregistration_delay", "35"), "deregistration delay of 35 s"),
    (service("timeoutstopsec", "35"), "TimeoutStopSec of 35 s must be longer"),
    (health_check("timeout", 30), "timeout of 30 s must be shorter than its interval of 30 s"),
    (health_check("interval", 90), "grace period of 300 s is shorter than the 330 s"),
    (service("timeoutstartsec", "200"), "grace period of 300 s is shorter than the 320 s"),
    (resource("aws_autoscaling_group", "health_check_grace_period", 209), "grace period of 209 s"),
    (resource("aws_cloudwatch_metric_alarm", "period", 60), "looks every 60 s at a metric that comes every 300 s"),
    (gunicorn("worker_memory_mib", 200), "need 1120 MiB, and a t3.micro has 1024"),
    (resource("aws_launch_template", "instance_type", "t3.nano"), "a t3.nano has 512"),
    (resource("aws_launch_template", "instance_type", "x9.huge"), "not known"),
    (health_check("path", "/dashboard"), "without a login the application answers 302"),
    (health_check("matcher", "201-302"), "wants 201-302 of /"),
    (health_check("matcher", "201,302"), "wants 201,302 of /"),
    (health_check("path", "/health"), "without a login the application answers 404"),
]


@pytest.mark.parametrize(("change", "sentence"), CHANGES, ids=[sentence for _, sentence in CHANGES])
def test_a_disagreement_is_told_in_a_sentence(parts, change, sentence):
    changed = copy.deepcopy(parts)
    change(changed)
    assert any(sentence in told for told in disagreements(changed)), disagreements(changed)


def test_detailed_monitoring_allows_an_alarm_each_minute(parts):
    changed = copy.deepcopy(parts)
    changed.only("aws_launch_template")["monitoring"] = {"enabled": True}
    resource("aws_cloudwatch_metric_alarm", "period", 60)(changed)
    assert disagreements(changed) == []
