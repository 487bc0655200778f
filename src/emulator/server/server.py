"""An AWS on this machine: moto's server, with what the deployment takes for granted, mended where Terraform notices.

    python server.py PORT OWNER '{"region": "…", "images": [{"id": "ami-…", "name": "…"}], "key_pairs": ["nn"]}'

OWNER is the id of the process that it ends with, or 0 to outlive whoever has started it.
`GET /copy?port=PORT&owner=OWNER` starts a second server with the same account in it.

Each mend stands for one answer of moto's that differs from AWS's and would show in a plan as a change, or as an error.
"""

import json
import os
import signal
import sys
import threading
import time
import uuid
from functools import wraps
from pathlib import Path
from urllib.parse import parse_qs

from moto.autoscaling.models import FakeScalingPolicy
from moto.autoscaling.responses import AutoScalingResponse
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.models import EC2Backend, amis, ec2_backends
from moto.ec2.models.instances import Instance
from moto.ec2.models.launch_templates import LaunchTemplate
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.responses.instances import InstanceResponse
from moto.ec2.utils import parse_user_data
from moto.elbv2.models import FakeLoadBalancer
from moto.iam.access_control import IAMPolicyStatement, PermissionResult
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple


def as_dict(tags):
    return {tag["Key"]: tag["Value"] for tag in tags}


def mend(owner, name):
    """Replaces a method by one that is given the old one first."""

    def decorate(mended):
        original = getattr(owner, name)
        setattr(owner, name, wraps(original)(lambda *args, **kwargs: mended(original, *args, **kwargs)))
        return mended

    return decorate


@mend(IAMPolicyStatement, "is_action_permitted")
def loopback_counts_as_tls(original, self, *args, **kwargs):
    """moto refuses everything to a bucket that asks for TLS: it does not read the condition."""
    condition = self._statement.get("Condition", {}).get("Bool", {})
    if "aws:SecureTransport" in condition:
        return PermissionResult.NEUTRAL
    return original(self, *args, **kwargs)


@mend(EC2Backend, "create_launch_template")
def template_tags_are_not_for_launch(original, self, name, description, data, tag_spec):
    """moto hands the tags of the template itself to what is launched from it."""
    if "TagSpecifications" in data:
        data["TagSpecifications"] = [
            spec for spec in data["TagSpecifications"] if spec["ResourceType"] != "launch-template"
        ]
    return original(self, name, description, data, tag_spec)


@mend(EC2Backend, "run_instances")
def templates_are_followed(original, self, *args, **kwargs):
    """moto launches from a template without its disks, volume tags, metadata options and monitoring."""
    if kwargs.get("launch_template"):
        data = self._get_template_from_args(kwargs["launch_template"]).data
        tags = {spec["ResourceType"]: as_dict(spec["Tags"]) for spec in data.get("TagSpecifications", [])}
        kwargs["tags"] = {**kwargs.get("tags", {}), "volume": tags.get("volume", {})}
        kwargs["metadata_options"] = data.get("MetadataOptions", {})
        kwargs["ebs_optimized"] = data.get("EbsOptimized", False)
        kwargs["monitoring_state"] = "enabled" if data.get("Monitoring", {}).get("Enabled") else "disabled"
        if "BlockDeviceMappings" in data:
            kwargs["block_device_mappings"] = data["BlockDeviceMappings"]
    return original(self, *args, **kwargs)


@mend(Instance, "__init__")
def security_groups_are_those_of_the_interface(original, self, *args, **kwargs):
    """moto shows none on an instance that was launched with a network interface of its own, as for a public address."""
    original(self, *args, **kwargs)
    self.security_groups = self.security_groups or self.nics[0].group_set


@mend(InstanceResponse, "run_instances")
def credits_are_kept(original, self):
    """moto answers "standard" for every instance."""
    answer = original(self)
    for instance in answer.result.instances:
        instance.cpu_credits = self._get_param("CreditSpecification.CpuCredits") or "standard"
    return answer


@mend(InstanceResponse, "describe_instance_credit_specifications")
def credits_are_told(original, self):
    answer = original(self)
    for specification in answer.result["InstanceCreditSpecifications"]:
        instance = self.ec2_backend.get_instance(specification["InstanceId"])
        specification["CpuCredits"] = getattr(instance, "cpu_credits", "standard")
    return answer


def describe_rule(rule):
    """moto forgets the description of a rule whose source is a security group."""
    return rule.ip_range.get("Description") or rule.source_group.get("Description")


SecurityGroupRule.description = property(describe_rule)


@mend(LaunchTemplate, "create_version")
def later_versions_can_be_launched(original, self, data, description):
    """moto decodes the user data of a template's first version only, and fails to launch from the others."""
    if type(data.get("UserData")) is str:
        data = {**data, "UserData": parse_user_data(data["UserData"] or None)}
    return original(self, data, description)


@mend(FakeScalingPolicy, "__init__")
def policies_are_enabled(original, self, *args, **kwargs):
    """moto reads every policy back as disabled and predictive."""
    original(self, *args, **kwargs)
    self.enabled = True
    self.predictive_scaling_configuration = self.predictive_scaling_configuration or None


@mend(AutoScalingResponse, "create_auto_scaling_group")
@mend(AutoScalingResponse, "update_auto_scaling_group")
def maintenance_policy_and_warm_up_are_kept(original, self):
    """moto forgets the group's instance maintenance policy and its default warm-up."""
    result = original(self)
    policy = self._get_param("InstanceMaintenancePolicy")
    if policy:
        group_of(self).instance_maintenance_policy = policy
    warm_up = self._get_int_param("DefaultInstanceWarmup")
    if warm_up is not None:
        group_of(self).default_instance_warmup = warm_up
    return result


@mend(EC2Backend, "delete_nat_gateway")
def addresses_are_released(original, self, nat_gateway_id):
    """moto keeps the Elastic IP of a deleted NAT gateway taken, so that no other can have it."""
    gateway = original(self, nat_gateway_id)
    for address in gateway.address_set:
        for elastic_ip in self.address_by_allocation([address["allocationId"]]):
            elastic_ip.eni = elastic_ip.instance = elastic_ip.association_id = None
    return gateway


@mend(FakeLoadBalancer, "__init__")
def load_balancers_face_the_internet(original, self, *args, **kwargs):
    """moto leaves the scheme out where the request does; AWS says what it takes it for."""
    original(self, *args, **kwargs)
    self.scheme = self.scheme or "internet-facing"


def group_of(response):
    """The Auto Scaling group that a request names."""
    return response.autoscaling_backend.autoscaling_groups[response._get_param("AutoScalingGroupName")]


def start_instance_refresh(self):
    """Replaces the group's instances, the new ones first, and is done when it answers: moto has no refresh."""
    group = group_of(self)
    outdated = [state.instance.id for state in group.instance_states]
    group.replace_autoscaling_group_instances(len(outdated), group.get_propagated_tags())
    group.instance_states = [state for state in group.instance_states if state.instance.id not in outdated]
    self.autoscaling_backend.ec2_backend.terminate_instances(outdated)
    self.autoscaling_backend.update_attached_target_groups(group.name)
    refresh = {
        "InstanceRefreshId": str(uuid.uuid4()),
        "AutoScalingGroupName": group.name,
        "Status": "Successful",
        "StartTime": utcnow(),
        "EndTime": utcnow(),
        "PercentageComplete": 100,
        "InstancesToUpdate": 0,
        "Strategy": "Rolling",
    }
    group.instance_refreshes = [refresh, *getattr(group, "instance_refreshes", [])]
    return ActionResult({"InstanceRefreshId": refresh["InstanceRefreshId"]})


def describe_instance_refreshes(self):
    """The group's refreshes, the newest first."""
    return ActionResult({"InstanceRefreshes": getattr(group_of(self), "instance_refreshes", [])})


AutoScalingResponse.start_instance_refresh = start_instance_refresh
AutoScalingResponse.describe_instance_refreshes = describe_instance_refreshes


def prepare(region, images, key_pairs):
    """Puts there what an account has before the first deploy: the baked images and the key pairs."""
    amis.AMIS.extend(
        {
            "ami_id": image["id"],
            "name": image["name"],
            "architecture": "x86_64",
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
    while True:
        try:
            os.kill(owner, 0)
        except ProcessLookupError:
            os._exit(0)
        time.sleep(1)


def copy(port, owner):
    """Starts a server with this one's memory: from here on each of the two accounts changes for itself."""
    with copying:
        pid = os.fork()
    if pid == 0:
        # The connections are the first server's. Their numbers stay taken, since Python still closes them one day.
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in Path("/dev/fd").iterdir():
            if int(descriptor.name) > sys.stderr.fileno():
                os.dup2(nothing, int(descriptor.name))
        serve(port, owner)
    return pid


copying = threading.Lock()
moto = DomainDispatcherApplication(create_backend_app)
moto.debug = True


def application(environ, start_response):
    if environ["PATH_INFO"] != "/copy":
        return moto(environ, start_response)
    asked = parse_qs(environ["QUERY_STRING"])
    pid = copy(int(asked["port"][0]), int(asked["owner"][0]))
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({"pid": pid}).encode()]


def serve(port, owner):
    # moto asks for it when it makes addresses that lead back here.
    os.environ["MOTO_PORT"] = str(port)
    if owner > 0:
        threading.Thread(target=end_with, args=[owner], daemon=True).start()
    run_simple("127.0.0.1", port, application, threaded=True)


if __name__ == "__main__":
    # Copies that have ended are not waited for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    prepare(**json.loads(sys.argv[3]))
    serve(int(sys.argv[1]), int(sys.argv[2]))
