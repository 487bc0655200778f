"""Which server this is, for the page and for buttons that must reach the server they were meant for."""

from __future__ import annotations

import hashlib
import hmac
import socket
import uuid
from collections.abc import Mapping
from typing import Any

from .instance import Instance, InstanceMetadata


class Server:
    """The same in all workers of a server, and another on every other server, also on the same machine."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._metadata = InstanceMetadata(config["METADATA_ENDPOINT"])
        self._host = socket.gethostname()
        # Made of what differs between servers and not of the instance's id, which is not known at once. Keyed, since
        # the page shows it and a MAC address is nobody's business.
        parts = f"{self._host} {uuid.getnode()} {config['RUN_DIR']}"
        self.key = hmac.new(config["SECRET_KEY"].encode(), parts.encode(), hashlib.sha256).hexdigest()[:12]

    @property
    def instance(self) -> Instance | None:
        """What EC2 says of it; None while that is not known, or not on EC2."""
        return self._metadata.latest()

    @property
    def name(self) -> str:
        instance = self.instance
        return instance.instance_id if instance else self._host

    def described(self) -> dict[str, str | bool | None]:
        """For the status."""
        instance = self.instance
        return {
            "key": self.key,
            "ec2": instance is not None,
            "id": instance.instance_id if instance else self._host,
            "name": instance.name if instance else None,
            "zone": instance.zone if instance else None,
            "subnet": instance.subnet_id if instance else None,
        }
