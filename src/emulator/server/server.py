"""An AWS on this machine: moto's server, with what the deployment takes for granted, mended where Terraform notices.

    python server.py PORT OWNER ID ASSUMED

ASSUMED is JSON: {"region": "…", "images": [{"id": "ami-…", "name": "…", "architecture": "…"}], "key_pairs": ["nn"]}.

OWNER is the id of the process that it ends with; after `GET /outlive` it ends with none.
`GET /identity` answers with ID and with the id of its own process.
`GET /copy?port=PORT&owner=OWNER&name=ID` starts a second server with the same account in it.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from urllib.parse import parse_qs

import autoscaling
import ec2
import elbv2
import iam
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2.models import amis, ec2_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

# To import one is to mend what moto answers for that service.
MENDED = [autoscaling, ec2, elbv2, iam]


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
    return {"pid": copy(int(port[0]), int(owner[0]), name[0])}


OWN = {"/identity": lambda: identity, "/outlive": outlive, "/copy": copied}


def application(environ, start_response):
    answer = OWN.get(environ["PATH_INFO"])
    if answer is None:
        return moto(environ, start_response)
    body = json.dumps(answer(**parse_qs(environ["QUERY_STRING"]))).encode()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [body]


def serve(port, owner, name):
    # moto asks for it when it makes addresses that lead back here.
    os.environ["MOTO_PORT"] = str(port)
    identity.update(id=name, pid=os.getpid())
    outliving.clear()
    threading.Thread(target=end_with, args=[owner], daemon=True).start()
    run_simple("127.0.0.1", port, application, threaded=True)


if __name__ == "__main__":
    # Copies that have ended are not waited for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    prepare(**json.loads(sys.argv[4]))
    serve(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
