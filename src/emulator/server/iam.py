"""Mends of IAM."""

from mend import mend
from moto.iam.access_control import IAMPolicyStatement, PermissionResult


@mend(IAMPolicyStatement, "is_action_permitted")
def loopback_counts_as_tls(original, self, *args, **kwargs):
    """moto refuses everything to a bucket that asks for TLS: it does not read the condition."""
    condition = self._statement.get("Condition", {}).get("Bool", {})
    if "aws:SecureTransport" in condition:
        return PermissionResult.NEUTRAL
    return original(self, *args, **kwargs)
