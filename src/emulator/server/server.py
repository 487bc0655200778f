"""An AWS on this machine: moto's server, with what the deployment takes for granted, mended where Terraform notices.

    python server.py PORT OWNER ID ASSUMED

ASSUMED is JSON: {"region": "…", "images": [{"id": "ami-…", "name": "…", "architecture": "…"}], "key_pairs": ["nn"]}.

OWNER is the id of the process that it ends with; after `GET /outlive` it ends with none.
`GET /identity` answers with ID and with the id of its own process.
`GET /copy?port=PORT&owner=OWNER&name=ID` starts a second server with the same account in it.
`/plane/…` is for the playground: see plane.py.
"""

import json
import os
import re
import signal
import sys
import threading
import time
from pathlib import Path
from urllib.parse import parse_qsl

import attachment
import autoscaling
import cloudwatch
import decisions
import ec2
import elbv2
import iam
import members
import plane
import refresh
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.exceptions import ServiceException
from moto.ec2.models import amis, ec2_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

# To import one is to mend what moto answers for that service.
MENDED = [autoscaling, cloudwatch, decisions, ec2, elbv2, iam, members, refresh]


def prepare(region, images, key_pairs):
    """Puts there what an account has before the first deploy: the baked images and the key pairs."""
    amis.AMIS.extend(
        {
            "ami_id": image["id"],
            "name": image["name"],
            "architecture": image["architecture"],
            "image_type": "machine",
            "hypervisor": "xen",
            "virtualization_type": "hvm",
            "root_device_type": "ebs",
            "root_device_name": "/dev/xvda",
            "public": False,
            "owner_id": DEFAULT_ACCOUNT_ID,
        }
        for image in images
    )
    for name in key_pairs:
        ec2_backends[DEFAULT_ACCOUNT_ID][region].create_key_pair(name, "ed25519", {})


def end_with(owner):
    """Ends this process when its owner is gone, however that has ended."""
    while not outliving.is_set():
        try:
            os.kill(owner, 0)
        except ProcessLookupError:
            os._exit(0)
        time.sleep(1)


def copy(port, owner, name):
    """Starts a server with this one's memory: from here on each of the two accounts changes for itself."""
    with copying:
        pid = os.fork()
    if pid == 0:
        # The connections are the first server's. Their numbers stay taken, since Python still closes them one day.
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in Path("/dev/fd").iterdir():
            if int(descriptor.name) > sys.stderr.fileno():
                os.dup2(nothing, int(descriptor.name))
        serve(port, owner, name)
    return pid


copying = threading.Lock()
outliving = threading.Event()
identity = {}
moto = DomainDispatcherApplication(create_backend_app)
moto.debug = True


def outlive():
    outliving.set()
    return {}


def copied(port, owner, name):
    return {"pid": copy(int(port), int(owner), name)}


OWN = {"/identity": lambda: identity, "/outlive": outlive, "/copy": copied, **plane.ENDPOINTS}


def application(environ, start_response):
    answer = OWN.get(environ["PATH_INFO"])
    if answer is None:
        return moto(environ, start_response)
    try:
        status, body = "200 OK", json.dumps(answer(**parameters(environ)))
    except (LookupError, ServiceException, TypeError, ValueError) as wrong:
        status, body = "400 Bad Request", json.dumps({"error": f"{type(wrong).__name__}: {wrong}"})
    start_response(status, [("Content-Type", "application/json")])
    return [body.encode()]


def parameters(environ):
    """Of a query, or the members of a JSON object, in Python's style of names."""
    if environ["REQUEST_METHOD"] != "POST":
        return dict(parse_qsl(environ["QUERY_STRING"]))
    body = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    return {re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name): value for name, value in body.items()}


def serve(port, owner, name):
    # moto asks for it when it makes addresses that lead back here.
    os.environ["MOTO_PORT"] = str(port)
    identity.update(id=name, pid=os.getpid())
    outliving.clear()
    attachment.detach()
    threading.Thread(target=end_with, args=[owner], daemon=True).start()
    run_simple("127.0.0.1", port, application, threaded=True)


if __name__ == "__main__":
    # Copies that have ended are not waited for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    prepare(**json.loads(sys.argv[4]))
    serve(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
