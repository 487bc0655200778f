from __future__ import annotations

import re
from datetime import timedelta

import pytest
from conftest import PROJECT, WEBAPP

from web_app.settings import DEVELOPMENT_KEY, SettingsError, from_environment

KEY = {"SECRET_KEY": "k" * 32}


def test_the_defaults_need_a_key_and_nothing_else():
    settings = from_environment(KEY)
    assert settings["LOAD_LIMIT_SECONDS"] == 15 * 60
    assert settings["PERMANENT_SESSION_LIFETIME"] == timedelta(hours=8)
    assert settings["PROXY_HOPS"] == 1
    assert settings["LOAD_DEMO"] is False
    assert settings["METADATA_ENDPOINT"] == "http://169.254.169.254"


def test_without_a_key_there_is_no_start_and_a_line_that_says_how_to_make_one():
    with pytest.raises(SettingsError, match=r"^SECRET_KEY is not set; .*python3 -c .*token_hex") as error:
        from_environment({})
    assert "\n" not in str(error.value)


def test_a_guessable_key_is_refused():
    with pytest.raises(SettingsError, match="shorter than 32"):
        from_environment({"SECRET_KEY": "secret"})


@pytest.mark.parametrize("code", ["1", "1234567", "       1"])
def test_an_access_code_that_is_soon_guessed_is_refused(code):
    with pytest.raises(SettingsError, match=r"^ACCESS_CODE is shorter than 8 characters") as error:
        from_environment({**KEY, "ACCESS_CODE": code})
    assert "1234567" not in str(error.value)
    assert from_environment({**KEY, "ACCESS_CODE": "12345678"})["ACCESS_CODE"] == "12345678"


def test_an_earlier_key_is_as_long_as_the_present_one():
    with pytest.raises(SettingsError, match=r"^SECRET_KEY_FALLBACKS has a key shorter than 32"):
        from_environment({**KEY, "SECRET_KEY_FALLBACKS": f"{'a' * 32},short"})


@pytest.mark.parametrize(
    ("env", "problem"),
    [
        ({"CPU_SOURCE": "Processes"}, "CPU_SOURCE is 'Processes'; it must be machine or processes"),
        *[({"CPU_SHARE": share}, "at most 1") for share in ["0", "0.0", "1.1", "-1", "40%", "nan", "²", "1e-1"]],
    ],
)
def test_what_counts_as_cpu(env, problem):
    with pytest.raises(SettingsError, match=problem):
        from_environment({**KEY, **env})
    settings = from_environment({**KEY, "CPU_SOURCE": "processes", "CPU_SHARE": "0.4"})
    assert (settings["CPU_SOURCE"], settings["CPU_SHARE"]) == ("processes", 0.4)
    assert (from_environment(KEY)["CPU_SOURCE"], from_environment(KEY)["CPU_SHARE"]) == ("machine", 1)


def test_development_needs_no_key():
    assert from_environment({"APP_ENV": "development"})["SECRET_KEY"] == DEVELOPMENT_KEY


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(SettingsError) as error:
        from_environment({"LOAD_LIMIT_SECONDS": "0", "PROXY_HOPS": "²", "READY_CHECKS": "here,:5,there:x"})
    assert len(str(error.value).splitlines()) == 6


@pytest.mark.parametrize(
    ("text", "networks"),
    [
        ("10.0.0.0/8, 192.168.1.7,::1", ["10.0.0.0/8", "192.168.1.7/32", "::1/128"]),
        ("*", ["0.0.0.0/0", "::/0"]),
    ],
)
def test_proxies_are_networks(text, networks):
    assert [
        str(one) for one in from_environment({**KEY, "FORWARDED_ALLOW_IPS": text})["FORWARDED_ALLOW_IPS"]
    ] == networks


@pytest.mark.parametrize("text", ["nowhere", "10.0.0.0/33", "10.1.2.3/8", "*,10.0.0.0/8"])
def test_what_is_no_network_is_said_in_a_line(text):
    with pytest.raises(SettingsError, match=r"^FORWARDED_ALLOW_IPS has '[^']+'; it must be an address") as error:
        from_environment({**KEY, "FORWARDED_ALLOW_IPS": text})
    assert "\n" not in str(error.value)


def test_the_protocol_is_believed_where_the_address_is():
    assert from_environment({**KEY, "PROXY_HOPS": "2"})["PROXY_PROTO_HOPS"] == 1
    assert from_environment({**KEY, "PROXY_HOPS": "0"})["PROXY_PROTO_HOPS"] == 0


def test_lists_are_separated_by_commas():
    settings = from_environment(
        {**KEY, "SECRET_KEY_FALLBACKS": f"{'a' * 32}, {'b' * 32},", "READY_CHECKS": "db:5432, ::1:6379"}
    )
    assert settings["SECRET_KEY_FALLBACKS"] == ["a" * 32, "b" * 32]
    assert settings["READY_CHECKS"] == [("db", 5432), ("::1", 6379)]


@pytest.mark.parametrize(
    ("env", "endpoint"),
    [
        ({"AWS_EC2_METADATA_DISABLED": "True"}, ""),
        ({"AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://[fd00:ec2::254]"}, "http://[fd00:ec2::254]"),
    ],
)
def test_the_metadata_service_is_named_as_in_the_aws_sdks(env, endpoint):
    assert from_environment({**KEY, **env})["METADATA_ENDPOINT"] == endpoint


def test_the_documentation_has_every_variable_and_no_other():
    text = "".join(file.read_text() for file in [WEBAPP / "web_app" / "settings.py", WEBAPP / "gunicorn.conf.py"])
    read = set(re.findall(r"""(?:env\.get|environ\.get|number|listed|choice|share)\(["']([A-Z_]+)["']""", text))
    read = {name for name in read if not name.startswith("AWS_")}
    page = (PROJECT / "docs" / "application.md").read_text()
    rows = re.findall(r"^\| (`[^|]*`) +\|", page, re.M)
    assert {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)} == read
