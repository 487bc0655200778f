"""Mends of the instances of Auto Scaling groups: how they are launched, counted as targets, and missed."""

from attachment import ask, attached
from mend import mend
from moto.autoscaling.models import (
    ASG_NAME_TAG,
    AutoScalingBackend,
    FakeAutoScalingGroup,
    InstanceState,
    autoscaling_backends,
)
from moto.ec2.models import EC2Backend
from moto.ec2.responses.instances import InstanceResponse
from moto.elbv2.models import elbv2_backends


def launch(group, subnet_id, lifecycle="InService"):
    """An instance by the group's version of its launch template, which is a member of the group."""
    template, configuration = group.ec2_launch_template, group.launch_config
    version = template and template.get_version(group.launch_template_version)
    [instance] = group.ec2_backend.run_instances(
        group.image_id,
        1,
        group.user_data,
        group.security_groups,
        instance_type=group.instance_type,
        is_instance_type_default=False,
        region_name=group.region,
        subnet_id=subnet_id,
        placement=None if subnet_id else group.availability_zones[0],
        # Those of the template are the instance's already; the group's go before them.
        tags={"instance": {**group.get_propagated_tags(), ASG_NAME_TAG: group.name}},
        launch_template=version and {"LaunchTemplateId": template.id, "Version": version.number},
        launch_config=configuration,
        associate_public_ip=configuration.associate_public_ip_address if configuration else None,
    ).instances
    instance.autoscaling_group = group
    instance.launch_template = version and {
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "Version": str(version.number),
    }
    protected = group.new_instances_protected_from_scale_in
    state = InstanceState(instance, lifecycle_state=lifecycle, protected_from_scale_in=protected)
    group.instance_states.append(state)
    return state


InstanceState.launch_template = property(lambda self: getattr(self.instance, "launch_template", None))


@mend(FakeAutoScalingGroup, "replace_autoscaling_group_instances")
def instances_are_spread(_, self, count_needed, propagated_tags):
    """moto launches all in the first subnet, by the default version of the template."""
    for _ in range(count_needed):
        launch(self, emptiest_subnet(self))


def emptiest_subnet(group):
    taken = [state.instance.subnet_id for state in group.instance_states]
    return min((group.vpc_zone_identifier or "").split(","), key=taken.count) or None


@mend(FakeAutoScalingGroup, "set_desired_capacity")
def the_playground_launches(original, self, new_capacity):
    if attached():
        self.desired_capacity = self.min_size if new_capacity is None else new_capacity
    else:
        original(self, new_capacity)


@mend(AutoScalingBackend, "update_attached_target_groups")
def those_in_service_are_registered(_, self, group_name):
    """moto registers all, and fails when one of them is stopped."""
    group = self.autoscaling_groups[group_name]
    targets = [{"Id": each.instance.id} for each in group.active_instances() if each.instance.state == "running"]
    for arn in group.target_group_arns:
        self.elbv2_backend.register_targets(arn, targets)


@mend(EC2Backend, "terminate_instances")
def the_terminated_are_no_targets(original, self, instance_ids):
    """moto keeps those that a group terminates, and says that they are healthy."""
    answer = original(self, instance_ids)
    elbv2_backends[self.account_id][self.region_name].notify_terminate_instances(instance_ids)
    return answer


@mend(AutoScalingBackend, "notify_terminate_instances")
def the_terminated_are_replaced(original, self, instance_ids):
    """moto does not register those that it launches in their place."""
    if attached():
        say_ended(self, instance_ids)
        return
    original(self, instance_ids)
    for name in self.autoscaling_groups:
        self.update_attached_target_groups(name)


@mend(InstanceResponse, "stop_instances")
def the_stopped_are_missed(original, self):
    answer = original(self)
    if attached():
        say_ended(autoscaling_backends[self.current_account][self.region], self._get_param("InstanceIds", []))
    return answer


def say_ended(backend, instance_ids):
    """They stay members until the playground's check of their health finds out, as on AWS."""
    for group in backend.autoscaling_groups.values():
        ended = [state.instance.id for state in group.instance_states if state.instance.id in instance_ids]
        if ended:
            ask("instancesTerminated", group.name, instances=ended)
