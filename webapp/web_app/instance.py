"""Which EC2 instance this is, asked of the instance metadata service, version 2 only.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener

TIMEOUT_SECONDS = 1.0
RETRY_SECONDS = 60.0
LONGEST_ANSWER = 4096


@dataclass(frozen=True)
class Instance:
    """A part that the service does not return (tags may be switched off) is None."""

    instance_id: str
    name: str | None
    zone: str | None
    subnet_id: str | None


class InstanceMetadata:
    """Asks in the background, once it has an answer never again; whoever wants to know does not wait."""

    def __init__(self, endpoint: str) -> None:
        """:param endpoint: such as ``http://169.254.169.254``; empty for no EC2"""
        self._endpoint = endpoint
        self._instance: Instance | None = None
        self._next_try = 0.0
        self._lock = threading.Lock()

    def latest(self) -> Instance | None:
        """The instance; None while it is not known, or not on EC2."""
        with self._lock:
            due = self._endpoint and self._instance is None and time.monotonic() >= self._next_try
            if due:
                self._next_try = time.monotonic() + RETRY_SECONDS
        if due:
            thread = threading.Thread(target=self._learn, name="instance-metadata", daemon=True)
            thread.start()
            thread.join(0.05)  # on EC2 it takes a few milliseconds: the first page is complete
        return self._instance

    def _learn(self) -> None:
        try:
            self._instance = ask(self._endpoint)
        except OSError:
            self._instance = None  # not on EC2


def ask(endpoint: str) -> Instance:
    """Ask the service.

    :raises OSError: if it does not answer, or refuses
    """
    opener = build_opener(ProxyHandler({}))  # link-local: never through a proxy
    token = _get(
        opener,
        Request(  # noqa: S310 the endpoint is the operator's
            f"{endpoint}/latest/api/token", method="PUT", headers={"X-aws-ec2-metadata-token-ttl-seconds": "60"}
        ),
    )

    def value(path: str) -> str:
        headers = {"X-aws-ec2-metadata-token": token}
        return _get(opener, Request(f"{endpoint}/latest/meta-data/{path}", headers=headers))  # noqa: S310

    def value_if_told(path: str) -> str | None:
        try:
            return value(path)
        except HTTPError:
            return None

    mac = value_if_told("mac")
    return Instance(
        instance_id=value("instance-id"),
        name=value_if_told("tags/instance/Name"),
        zone=value_if_told("placement/availability-zone"),
        subnet_id=mac and value_if_told(f"network/interfaces/macs/{mac}/subnet-id"),
    )


def _get(opener: OpenerDirector, request: Request) -> str:
    # Anything but 2xx is an HTTPError, which is an OSError.
    with opener.open(request, timeout=TIMEOUT_SECONDS) as response:
        return str(response.read(LONGEST_ANSWER).decode("utf-8", "replace"))
