"""Mends of EC2 Auto Scaling: policies, maintenance policy and warm-up, instance refresh."""

import uuid

from mend import mend
from moto.autoscaling.models import FakeScalingPolicy
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult
from moto.core.utils import utcnow


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
