"""Mends of EC2 Auto Scaling: groups, policies, activities."""

from mend import Refused, mend
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, FakeScalingPolicy
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult

# What moto forgets of a group, and where it would read it.
FORGOTTEN = {
    "DefaultCooldown": "default_cooldown",
    "DefaultInstanceWarmup": "default_instance_warmup",
    "HealthCheckGracePeriod": "health_check_grace_period",
    "InstanceMaintenancePolicy": "instance_maintenance_policy",
    "TerminationPolicies": "termination_policies",
}


def group_of(response):
    """The Auto Scaling group that a request names."""
    groups = response.autoscaling_backend.autoscaling_groups
    name = response._get_param("AutoScalingGroupName")
    if name not in groups:
        raise Refused("ValidationError", f"AutoScalingGroup name not found - AutoScalingGroup: {name} not found")
    return groups[name]


@mend(AutoScalingResponse, "create_auto_scaling_group")
@mend(AutoScalingResponse, "update_auto_scaling_group")
def settings_are_kept(original, self):
    result = original(self)
    for parameter, attribute in FORGOTTEN.items():
        value = self._get_param(parameter)
        if value not in (None, []):
            setattr(group_of(self), attribute, value)
    return result


@mend(FakeAutoScalingGroup, "update")
def the_size_stays_within_its_bounds(original, self, **kwargs):
    """moto compares the bounds with the instances that there are; AWS compares them with the desired capacity."""
    least, most = (kwargs[key] if kwargs[key] is not None else getattr(self, key) for key in ("min_size", "max_size"))
    wanted = kwargs["desired_capacity"]
    if wanted is None:
        wanted = min(max(self.desired_capacity, least), most)
    refuse_size(wanted, least, most)
    original(self, **{**kwargs, "desired_capacity": wanted})


@mend(AutoScalingBackend, "create_auto_scaling_group")
def a_group_has_a_size_within_its_bounds(original, self, **kwargs):
    if kwargs["desired_capacity"] is not None:
        refuse_size(kwargs["desired_capacity"], kwargs["min_size"], kwargs["max_size"])
    return original(self, **kwargs)


def refuse_size(wanted, least, most):
    if not least <= wanted <= most:
        bounds = f"the specified min size:{least} and max size:{most}"
        raise Refused("ValidationError", f"Desired capacity:{wanted} must be between {bounds}")


@mend(AutoScalingResponse, "set_desired_capacity")
def sizes_beyond_the_bounds_are_refused(original, self):
    refuse_desired(group_of(self), self._get_int_param("DesiredCapacity"))
    return original(self)


def refuse_desired(group, wanted):
    if not group.min_size <= wanted <= group.max_size:
        side, bound = ("above max", group.max_size) if wanted > group.max_size else ("below min", group.min_size)
        message = f"New SetDesiredCapacity value {wanted} is {side} value {bound} for the AutoScalingGroup."
        raise Refused("ValidationError", message)


@mend(FakeScalingPolicy, "__init__")
def policies_are_enabled(original, self, *args, **kwargs):
    """moto reads every policy back as disabled and predictive."""
    original(self, *args, **kwargs)
    self.enabled = True
    self.predictive_scaling_configuration = self.predictive_scaling_configuration or None


@mend(AutoScalingBackend, "put_scaling_policy")
def policies_belong_to_their_group(original, self, *args, **kwargs):
    """moto keeps one of each name in the region."""
    others = dict(self.policies)
    policy = original(self, *args, **kwargs)
    self.policies = {**others, f"{policy.auto_scaling_group_name}/{policy.name}": policy}
    return policy


@mend(AutoScalingBackend, "delete_auto_scaling_group")
def policies_are_deleted_with_their_group(original, self, group_name):
    if group_name in self.autoscaling_groups:
        self.autoscaling_groups[group_name].min_size = 0
    original(self, group_name)
    others = self.policies.items()
    self.policies = {key: policy for key, policy in others if policy.auto_scaling_group_name != group_name}


def policy_of(response):
    """The policy that a request names, by ARN or by its name and its group's; with its key."""
    name, group = response._get_param("PolicyName"), response._get_param("AutoScalingGroupName")
    for key, policy in response.autoscaling_backend.policies.items():
        if name == policy.arn or (name == policy.name and group in (None, policy.auto_scaling_group_name)):
            return key, policy
    raise Refused("ValidationError", f"No scaling policy found: {name}{f' of {group}' if group else ''}")


@mend(AutoScalingResponse, "put_scaling_policy")
def the_arn_of_a_policy_is_answered(original, self):
    group_of(self)
    return ActionResult({"PolicyARN": original(self).result["PolicyArn"], "Alarms": []})


@mend(AutoScalingResponse, "delete_policy")
def the_policy_of_the_group_is_deleted(_, self):
    del self.autoscaling_backend.policies[policy_of(self)[0]]
    return EmptyResult()


@mend(AutoScalingBackend, "set_desired_capacity")
def policies_stay_within_the_bounds(original, self, group_name, desired_capacity):
    """moto executes a policy beyond them."""
    group = self.autoscaling_groups[group_name]
    original(self, group_name, min(max(desired_capacity, group.min_size), group.max_size))


@mend(AutoScalingResponse, "execute_policy")
def simple_policies_are_executed(_, self):
    """Which capacity another kind asks for is decided by the playground, and nowhere else."""
    policy = policy_of(self)[1]
    if policy.policy_type != "SimpleScaling":
        raise Refused("ValidationError", f"{policy.policy_type} is executed only while servers run (npm run local)")
    policy.execute()
    return EmptyResult()


@mend(AutoScalingResponse, "describe_scaling_activities")
def activities_are_listed(_, self):
    """The newest first. moto has none."""
    name, ids = self._get_param("AutoScalingGroupName"), self._get_param("ActivityIds", [])
    groups = [group_of(self)] if name else self.autoscaling_backend.autoscaling_groups.values()
    found = [
        each for group in groups for each in getattr(group, "activities", []) if not ids or each["ActivityId"] in ids
    ]
    begin, most = int(self._get_param("NextToken") or 0), self._get_int_param("MaxRecords") or 100
    more = {"NextToken": str(begin + most)} if len(found) > begin + most else {}
    return ActionResult({"Activities": found[begin : begin + most], **more})
