"""What the headers of proxies are worth, wherever the request comes from."""

from __future__ import annotations

import pytest
from flask import request

ALB, OTHER, CLIENT = "192.168.1.10", "198.51.100.66", "203.0.113.9"
CDN = "130.176.1.1"

# Peer, X-Forwarded-For, settings → whose request it is.
ADDRESSES = [
    (ALB, CLIENT, {}, CLIENT),
    (ALB, f"9.9.9.9, {CLIENT}", {}, CLIENT),
    (ALB, f"9.9.9.9,{CLIENT}", {}, CLIENT),
    (ALB, "", {}, ALB),
    (ALB, CLIENT, {"PROXY_HOPS": "0"}, ALB),
    # With its port, as the load balancer's attribute makes it, and as RFC 7239 writes IPv6.
    (ALB, f"{CLIENT}:51234", {}, CLIENT),
    (ALB, "2001:db8::7", {}, "2001:db8::7"),
    (ALB, "[2001:db8::7]", {}, "2001:db8::7"),
    (ALB, "[2001:db8::7]:51234", {}, "2001:db8::7"),
    (ALB, "2001:DB8:0::7", {}, "2001:db8::7"),
    (ALB, "fe80::1%eth0", {}, "fe80::1"),
    (ALB, f"::ffff:{CLIENT}", {}, CLIENT),
    # No address: nothing of the list is believed.
    (ALB, "unknown", {}, ALB),
    (ALB, f"{CLIENT}, unknown", {}, ALB),
    (ALB, "1.2.3.4:5:6", {}, ALB),
    # Reached by somebody who is no proxy of ours.
    (OTHER, "9.9.9.9", {}, OTHER),
    (OTHER, "9.9.9.9", {"FORWARDED_ALLOW_IPS": "*"}, "9.9.9.9"),
    (OTHER, "9.9.9.9", {"FORWARDED_ALLOW_IPS": "198.51.100.0/24"}, "9.9.9.9"),
    (ALB, "9.9.9.9", {"FORWARDED_ALLOW_IPS": "10.0.0.1"}, ALB),
    # A CDN before the load balancer, and the load balancer reached without it.
    (ALB, f"9.9.9.9, {CLIENT}, {CDN}", {"PROXY_HOPS": "2", "FORWARDED_ALLOW_IPS": f"{ALB},{CDN}"}, CLIENT),
    (ALB, f"9.9.9.9, {CLIENT}", {"PROXY_HOPS": "2", "FORWARDED_ALLOW_IPS": f"{ALB},{CDN}"}, CLIENT),
    (ALB, f"9.9.9.9, {CLIENT}", {"PROXY_HOPS": "2"}, CLIENT),
    (ALB, f"9.9.9.9, {CLIENT}, {CDN}", {"PROXY_HOPS": "2"}, CDN),
]


@pytest.mark.parametrize(("peer", "forwarded", "env", "client"), ADDRESSES)
def test_an_address_counts_if_a_proxy_of_ours_has_appended_it(make_app, peer, forwarded, env, client):
    app = make_app(**env)
    app.add_url_rule("/whose", "whose", lambda: request.remote_addr)
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    # Over TCP, and through nginx on the UNIX socket.
    direct = app.test_client().get("/whose", headers=headers, environ_base={"REMOTE_ADDR": peer})
    through = app.test_client().get("/whose", headers={**headers, "X-Real-IP": peer}, environ_base={"REMOTE_ADDR": ""})
    assert (direct.text, through.text) == (client, client)


def test_only_nginx_says_who_the_peer_is(make_app):
    app = make_app()
    app.add_url_rule("/whose", "whose", lambda: request.remote_addr)
    answer = app.test_client().get("/whose", headers={"X-Real-IP": "127.0.0.1"}, environ_base={"REMOTE_ADDR": OTHER})
    assert answer.text == OTHER


PROTOCOLS = [
    (ALB, "https", {}, True),
    (ALB, "HTTPS", {}, True),
    (ALB, "http", {}, False),
    (ALB, "https, http", {}, False),
    (ALB, "https", {"PROXY_HOPS": "2"}, True),
    (ALB, "https", {"PROXY_HOPS": "0"}, False),
    (ALB, "https", {"PROXY_HOPS": "0", "PROXY_PROTO_HOPS": "1"}, True),
    (ALB, "https", {"PROXY_PROTO_HOPS": "2"}, False),
    (ALB, "https, http", {"PROXY_PROTO_HOPS": "2"}, True),
    (OTHER, "https", {}, False),
    (OTHER, "https", {"FORWARDED_ALLOW_IPS": "*"}, True),
]


@pytest.mark.parametrize(("peer", "proto", "env", "secure"), PROTOCOLS)
def test_the_protocol_has_hops_of_its_own(make_app, peer, proto, env, secure):
    headers = {"X-Forwarded-For": CLIENT, "X-Forwarded-Proto": proto}
    answer = make_app(**env).test_client().get("/", headers=headers, environ_base={"REMOTE_ADDR": peer})
    assert ("Strict-Transport-Security" in answer.headers) is secure
    assert ("Secure" in answer.headers["Set-Cookie"]) is secure


def test_a_port_is_no_way_around_the_limit(make_app):
    client = make_app(LOGIN_ATTEMPTS_PER_MINUTE="2", WTF_CSRF_ENABLED="0").test_client()
    client.application.config["WTF_CSRF_ENABLED"] = False
    statuses = [
        client.post("/", headers={"X-Forwarded-For": f"{CLIENT}:{port}"}, environ_base={"REMOTE_ADDR": ALB}).status_code
        for port in range(50000, 50004)
    ]
    assert statuses == [400, 400, 429, 429]
