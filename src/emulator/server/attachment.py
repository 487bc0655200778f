"""The playground that is attached: a process that decides what the groups do, and runs their servers."""

import json
import threading
from urllib.request import ProxyHandler, Request, build_opener

from mend import Refused

WAIT_SECONDS = 20
ANSWER_SECONDS = 30


class Playground:
    """Without an address the emulator acts by itself. The version counts the changes made through AWS's API."""

    address = None
    balancer_host = None
    version = 0
    changes = threading.Condition()


opener = build_opener(ProxyHandler({}))


def attached():
    return Playground.address is not None


def detach():
    """For the copy of an emulator, whose threads and playground are the original's."""
    Playground.address = Playground.balancer_host = None
    Playground.changes = threading.Condition()


def changed():
    with Playground.changes:
        Playground.version += 1
        Playground.changes.notify_all()


def changes(since):
    """Answers when there is something newer than that, or after a while."""
    with Playground.changes:
        Playground.changes.wait_for(lambda: Playground.version > int(since), WAIT_SECONDS)
        return {"version": Playground.version}


def ask(action, group, **details):
    """Leaves a decision to the playground, or says what has changed.

    :raises Refused: what the playground refuses, in AWS's words; or that it does not answer
    """
    body = json.dumps({"action": action, "group": group, **details}).encode()
    request = Request(f"{Playground.address}/aws", body, {"Content-Type": "application/json"})  # noqa: S310
    try:
        with opener.open(request, timeout=ANSWER_SECONDS) as response:
            error = json.load(response).get("error")
    except (OSError, ValueError) as failure:
        raise Refused(
            "ServiceUnavailable",
            f"The servers behind the emulated AWS ({Playground.address}) do not answer: {failure}; "
            'run "npm run local" again',
        ) from failure
    if error:
        raise Refused(error["code"], error["message"])
