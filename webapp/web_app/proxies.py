"""Whose request it is, and whether it came over TLS, as the proxies in front say: nginx, the load balancer, a CDN.

A header is a claim. What the client itself has sent is on the left of ``X-Forwarded-For``; each proxy appends whom it
was asked by. So the list is read from the right, and an address counts only if whoever appended it is to be trusted.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from typing import Any

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: Where a load balancer in the VPC has its addresses: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
PRIVATE = "127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,fc00::/7"


class Proxies:
    """A WSGI application that sees the client's address and protocol in place of the last proxy's."""

    def __init__(
        self, application: Callable[..., Iterable[bytes]], hops: int, proto_hops: int, trusted: Sequence[Network]
    ) -> None:
        """
        :param hops: how many proxies append to ``X-Forwarded-For``, nginx not counted, which only passes it on
        :param proto_hops: how many append to ``X-Forwarded-Proto``, or write it
        :param trusted: networks of proxies; from elsewhere both headers mean nothing
        """
        self._application = application
        self._hops = hops
        self._proto_hops = proto_hops
        self._trusted = trusted

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.apply(environ)
        return self._application(environ, start_response)

    def apply(self, environ: dict[str, Any]) -> None:
        """Write ``REMOTE_ADDR`` and ``wsgi.url_scheme``; the connection's own end stays in ``web_app.peer``."""
        # A UNIX socket has no address: nginx says who has asked (nginx.conf). Elsewhere that header is a stranger's.
        peer = environ.get("REMOTE_ADDR") or environ.get("HTTP_X_REAL_IP", "")
        environ["web_app.peer"] = peer
        environ["REMOTE_ADDR"] = self._client(peer, listed(environ.get("HTTP_X_FORWARDED_FOR", "")))
        protocols = listed(environ.get("HTTP_X_FORWARDED_PROTO", ""))
        if self._trusts(peer) and 0 < self._proto_hops <= len(protocols):
            environ["wsgi.url_scheme"] = "https" if protocols[-self._proto_hops].lower() == "https" else "http"

    def _client(self, peer: str, forwarded: list[str]) -> str:
        client = peer
        for text in forwarded[::-1][: self._hops]:
            address = without_port(text)
            if not (address and self._trusts(client)):
                break
            client = address
        return client

    def _trusts(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._trusted)


def listed(header: str) -> list[str]:
    return [part.strip() for part in header.split(",")] if header else []


def without_port(text: str) -> str:
    """An address without brackets, port and zone: ``[2001:db8::1]:443`` → ``2001:db8::1``; empty if it is none.

    A load balancer adds the port if ``routing.http.xff_client_port.enabled`` is set:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
    """
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        parsed = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    # An IPv4 client of a dual-stack socket is the same client.
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
