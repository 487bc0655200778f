"""Mends of Elastic Load Balancing."""

from mend import mend
from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer


@mend(FakeLoadBalancer, "__init__")
def load_balancers_face_the_internet(original, self, *args, **kwargs):
    """moto leaves the scheme out where the request does; AWS says what it takes it for."""
    original(self, *args, **kwargs)
    self.scheme = self.scheme or "internet-facing"


@mend(ELBv2Backend, "delete_load_balancer")
def protected_load_balancers_stay(original, self, arn):
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html"""
    balancer = self.load_balancers.get(arn)
    if balancer and balancer.attrs.get("deletion_protection.enabled") == "true":
        raise ELBClientError(
            "OperationNotPermitted", f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
        )
    original(self, arn)
