"""The emulator's own endpoints for the playground: POST with JSON, whose members are the function's parameters."""

import re

from attachment import Playground, changed, changes
from clock import instant, moto_now, set_clock
from members import launch
from mend import mend
from moto.autoscaling.models import autoscaling_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.responses import BaseResponse
from moto.elbv2.models import elbv2_backends

FIRST_FAILURE = 300
READS = re.compile(r"(Describe|Get|List|Search|Simulate)|PutMetricData$|SetAlarmState$")


@mend(BaseResponse, "call_action")
def changes_are_counted(original, self):
    answer = original(self)
    if int(answer[0]) < FIRST_FAILURE and not READS.match(self._get_action() or ""):
        changed()
    return answer


def attach(address, balancer_host=None):
    """From now on the playground at this address decides; None ends that.

    :param balancer_host: DNS name of the load balancers that are created from now on
    """
    Playground.address, Playground.balancer_host = address, balancer_host
    return {}


def group_named(name):
    for backend in autoscaling_backends[DEFAULT_ACCOUNT_ID].values():
        if name in backend.autoscaling_groups:
            return backend.autoscaling_groups[name]
    raise LookupError(f"There is no Auto Scaling group {name}")


def member_named(group, instance):
    for state in group.instance_states:
        if state.instance.id == instance:
            return state
    raise LookupError(f"{instance} is no member of {group.name}")


def launched(group, subnet):
    state = launch(group_named(group), subnet, lifecycle="Pending")
    instance = state.instance
    return {
        "id": instance.id,
        "privateIp": instance.private_ip,
        "zone": instance.availability_zone,
        "imageId": instance.image_id,
        "tags": {tag["key"]: tag["value"] for tag in instance.get_tags()},
    }


def member(group, instance, lifecycle, health):
    """Whoever is in service is a target of the group's target groups, and nobody else is."""
    found = group_named(group)
    state = member_named(found, instance)
    state.lifecycle_state, state.health_status = lifecycle, health
    for target_group in target_groups_of(found):
        if lifecycle == "InService" and state.instance.state == "running":
            target_group.register([{"Id": instance}])
        elif instance in target_group.targets:
            target_group.deregister([{"Id": instance}])
    return {}


def target_groups_of(group):
    existing = group.autoscaling_backend.elbv2_backend.target_groups
    return [existing[arn] for arn in group.target_group_arns if arn in existing]


def remove(group, instance):
    found = group_named(group)
    state = member_named(found, instance)
    found.instance_states = [each for each in found.instance_states if each is not state]
    found.ec2_backend.terminate_instances([instance])
    return {}


def health(target_group, targets):
    existing = elbv2_backends[DEFAULT_ACCOUNT_ID][target_group.split(":")[3]].target_groups
    if target_group not in existing:
        raise LookupError(f"There is no target group {target_group}")
    existing[target_group].measured = targets
    return {}


def activity(group, activity):
    """A new one is the newest."""
    found = group_named(group)
    end = activity.get("endTime")
    noted = {
        "ActivityId": activity["id"],
        "AutoScalingGroupName": found.name,
        "AutoScalingGroupARN": found.arn,
        "Description": activity["description"],
        "Cause": activity["cause"],
        "StartTime": instant(activity["startTime"]),
        "StatusCode": activity["status"],
        "Progress": activity["progress"],
        **({"EndTime": instant(end)} if end else {}),
        **({"StatusMessage": activity["statusMessage"]} if activity.get("statusMessage") else {}),
        **({"Details": activity["details"]} if activity.get("details") else {}),
    }
    known = getattr(found, "activities", [])
    changed_one = any(each["ActivityId"] == noted["ActivityId"] for each in known)
    replaced = [noted if each["ActivityId"] == noted["ActivityId"] else each for each in known]
    found.activities = replaced if changed_one else [noted, *known]
    return {}


def desired(group, desired, min_size=None, max_size=None):
    """The bounds are those of a scheduled action."""
    found = group_named(group)
    found.desired_capacity = desired
    found.min_size = found.min_size if min_size is None else min_size
    found.max_size = found.max_size if max_size is None else max_size
    return {}


def refresh(group, refresh, status, percent, reason=None):
    for each in getattr(group_named(group), "instance_refreshes", []):
        if each["InstanceRefreshId"] == refresh:
            each.update(Status=status, PercentageComplete=percent, StatusReason=reason)
            if status not in ("Pending", "InProgress", "Cancelling"):
                each["EndTime"] = moto_now()
            return {}
    raise LookupError(f"There is no instance refresh {refresh} of {group}")


ENDPOINTS = {
    "/plane/changes": changes,
    "/plane/attach": attach,
    "/plane/clock": set_clock,
    "/plane/launch": launched,
    "/plane/member": member,
    "/plane/remove": remove,
    "/plane/health": health,
    "/plane/activity": activity,
    "/plane/desired": desired,
    "/plane/refresh": refresh,
}
