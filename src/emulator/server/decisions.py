"""What a playground decides, as soon as one is attached: the emulator asks it, and answers what it says."""

from attachment import ask, attached
from autoscaling import group_of, policy_of, refuse_desired
from mend import Refused, mend
from moto.autoscaling.models import TerminateInstanceActivity
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult

DECIDED = {"call_action", "start_instance_refresh", "cancel_instance_refresh"}


def decided(name):
    """A mend for as long as a playground is attached."""

    def decorate(decision):
        DECIDED.add(name)
        mend(AutoScalingResponse, name)(lambda original, self: decision(self) if attached() else original(self))
        return decision

    return decorate


@decided("set_desired_capacity")
def set_desired_capacity(self):
    group, wanted = group_of(self), self._get_int_param("DesiredCapacity")
    refuse_desired(group, wanted)
    before, group.desired_capacity = group.desired_capacity, wanted
    try:
        honor = self._get_bool_param("HonorCooldown", False)
        ask("setDesiredCapacity", group.name, desired=wanted, honorCooldown=honor)
    except Refused:
        group.desired_capacity = before
        raise
    return EmptyResult()


@decided("execute_policy")
def execute_policy(self):
    policy = policy_of(self)[1]
    metric = {
        name: float(value)
        for name, value in {
            "metricValue": self._get_param("MetricValue"),
            "breachThreshold": self._get_param("BreachThreshold"),
        }.items()
        if value is not None
    }
    if policy.policy_type == "StepScaling" and len(metric) < len(("metricValue", "breachThreshold")):
        raise Refused("ValidationError", "MetricValue and BreachThreshold are required for the policy type StepScaling")
    honor = self._get_bool_param("HonorCooldown", False)
    ask("executePolicy", policy.auto_scaling_group_name, policy=policy.name, honorCooldown=honor, **metric)
    return EmptyResult()


def member_of(response):
    """The group and the instance that a request names."""
    instance = response._get_param("InstanceId")
    for group in response.autoscaling_backend.autoscaling_groups.values():
        for state in group.instance_states:
            if state.instance.id == instance:
                return group, state.instance
    raise Refused("ValidationError", f"Instance Id not found - No managed instance found for instance ID: {instance}")


@mend(AutoScalingResponse, "terminate_instance_in_auto_scaling_group")
def a_group_does_not_shrink_below_its_bound(original, self):
    group, _ = member_of(self)
    if self._get_bool_param("ShouldDecrementDesiredCapacity", False) and group.desired_capacity <= group.min_size:
        raise Refused(
            "ValidationError",
            f"Currently, desiredSize equals minSize ({group.min_size}). Terminating instance without replacement will "
            "violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower "
            "group's min size.",
        )
    return terminate_instance(self, *member_of(self)) if attached() else original(self)


DECIDED.add("terminate_instance_in_auto_scaling_group")


def terminate_instance(self, group, instance):
    before = group.desired_capacity
    decrement = self._get_bool_param("ShouldDecrementDesiredCapacity", False)
    ask("terminateInstance", group.name, instance=instance.id, decrement=decrement)
    description = f"Terminating EC2 instance: {instance.id}"
    noted = [each for each in getattr(group, "activities", []) if each["Description"] == description]
    return ActionResult({"Activity": noted[0] if noted else TerminateInstanceActivity(instance, before)})


@mend(AutoScalingResponse, "set_instance_health")
def health_is_that_of_a_member(original, self):
    group, instance = member_of(self)
    answer = original(self)
    if attached():
        ask("setInstanceHealth", group.name, instance=instance.id, health=self._get_param("HealthStatus"))
    return answer


DECIDED.add("set_instance_health")


@decided("delete_auto_scaling_group")
def delete_auto_scaling_group(self):
    """With ForceDelete its instances are terminated at once; without, it has to have none."""
    group = group_of(self)
    instances = [state.instance.id for state in group.instance_states]
    if instances and not self._get_bool_param("ForceDelete", False):
        raise Refused(
            "ResourceInUse",
            "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still "
            "in the group.",
        )
    if instances:
        group.ec2_backend.terminate_instances(instances)
    self.autoscaling_backend.delete_auto_scaling_group(group.name)
    ask("group", group.name)
    return EmptyResult()


def informed(original, self):
    """Of all other changes the playground is informed, and reads the group again."""
    answer = original(self)
    name = self._get_param("AutoScalingGroupName")
    if attached() and name:
        ask("group", name)
    return answer


for action, method in list(vars(AutoScalingResponse).items()):
    if callable(method) and not action.startswith(("_", "describe_")) and action not in DECIDED:
        mend(AutoScalingResponse, action)(informed)
