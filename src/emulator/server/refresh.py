"""Instance refreshes, which moto lacks."""

import uuid

from attachment import ask, attached
from autoscaling import group_of
from clock import moto_now
from mend import Refused
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

RUNNING = ("Pending", "InProgress", "Cancelling")


def start_instance_refresh(self):
    """Replaces the group's instances, the new ones first, and is done when it answers, unless a playground does it."""
    group = group_of(self)
    if running(group):
        raise Refused(
            "InstanceRefreshInProgress", "An Instance Refresh is already in progress and blocks the execution"
        )
    refresh = {
        "InstanceRefreshId": str(uuid.uuid4()),
        "AutoScalingGroupName": group.name,
        "Status": "Pending",
        "StartTime": moto_now(),
        "PercentageComplete": 0,
        "InstancesToUpdate": len(group.instance_states),
        "Strategy": "Rolling",
        "Preferences": self._get_param("Preferences") or {},
    }
    group.instance_refreshes = [refresh, *getattr(group, "instance_refreshes", [])]
    if attached():
        ask(
            "startInstanceRefresh", group.name, refresh=refresh["InstanceRefreshId"], preferences=refresh["Preferences"]
        )
    else:
        replace_all(group)
        done = {"Status": "Successful", "EndTime": moto_now(), "PercentageComplete": 100, "InstancesToUpdate": 0}
        refresh.update(done)
    return ActionResult({"InstanceRefreshId": refresh["InstanceRefreshId"]})


def running(group):
    return next((each for each in getattr(group, "instance_refreshes", []) if each["Status"] in RUNNING), None)


def replace_all(group):
    outdated = [state.instance.id for state in group.instance_states]
    group.replace_autoscaling_group_instances(len(outdated), group.get_propagated_tags())
    group.instance_states = [state for state in group.instance_states if state.instance.id not in outdated]
    if outdated:
        group.ec2_backend.terminate_instances(outdated)
    group.autoscaling_backend.update_attached_target_groups(group.name)


def cancel_instance_refresh(self):
    group = group_of(self)
    refresh = running(group)
    if refresh is None:
        raise Refused(
            "ActiveInstanceRefreshNotFound", "No in progress or pending Instance Refresh found for Auto Scaling group"
        )
    ask("cancelInstanceRefresh", group.name, refresh=refresh["InstanceRefreshId"])
    return ActionResult({"InstanceRefreshId": refresh["InstanceRefreshId"]})


def describe_instance_refreshes(self):
    """The group's refreshes, the newest first."""
    ids = self._get_param("InstanceRefreshIds", [])
    refreshes = getattr(group_of(self), "instance_refreshes", [])
    return ActionResult(
        {"InstanceRefreshes": [each for each in refreshes if not ids or each["InstanceRefreshId"] in ids]}
    )


for operation in [start_instance_refresh, cancel_instance_refresh, describe_instance_refreshes]:
    setattr(AutoScalingResponse, operation.__name__, operation)
