"""Mends of Elastic Load Balancing."""

from attachment import Playground, attached
from mend import mend
from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus, FakeLoadBalancer, FakeTargetGroup


@mend(FakeLoadBalancer, "__init__")
def load_balancers_face_the_internet(original, self, *args, **kwargs):
    """moto leaves the scheme out where the request does; AWS says what it takes it for."""
    original(self, *args, **kwargs)
    self.scheme = self.scheme or "internet-facing"
    self.dns_name = Playground.balancer_host or self.dns_name


@mend(ELBv2Backend, "delete_load_balancer")
def protected_load_balancers_stay(original, self, arn):
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html"""
    balancer = self.load_balancers.get(arn)
    if balancer and balancer.attrs.get("deletion_protection.enabled") == "true":
        raise ELBClientError(
            "OperationNotPermitted", f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
        )
    original(self, arn)


@mend(FakeTargetGroup, "health_for")
def health_is_as_measured(original, self, target, ec2_backend):
    """Without a playground every running target is healthy; with one, none is that it has not measured."""
    status = original(self, target, ec2_backend)
    seen = getattr(self, "measured", {}).get(target["Id"])
    if not attached() or (seen is None and status.status != "healthy"):
        return status
    if seen is None:
        state = ["initial", "Elb.RegistrationInProgress", "Target registration is in progress"]
    else:
        state = [seen["state"], seen.get("reason"), seen.get("description")]
    return FakeHealthStatus(target["Id"], status.port, status.health_check_port, *state)


@mend(ELBv2Backend, "describe_target_health")
def draining_targets_are_listed(original, self, target_group_arn, targets):
    """As on AWS until they are deregistered; moto lists those that are registered."""
    group = self.target_groups.get(target_group_arn)
    if attached() and group and not targets:
        others = [each for each in getattr(group, "measured", {}) if each not in group.targets]
        targets = [*group.targets.values(), *({"Id": each, "Port": group.port} for each in others)]
        return [group.health_for(target, self.ec2_backend) for target in targets]
    return original(self, target_group_arn, targets)
