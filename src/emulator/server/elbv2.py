"""Mends of Elastic Load Balancing."""

from mend import mend
from moto.elbv2.models import FakeLoadBalancer


@mend(FakeLoadBalancer, "__init__")
def load_balancers_face_the_internet(original, self, *args, **kwargs):
    """moto leaves the scheme out where the request does; AWS says what it takes it for."""
    original(self, *args, **kwargs)
    self.scheme = self.scheme or "internet-facing"
