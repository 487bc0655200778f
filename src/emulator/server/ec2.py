"""Mends of EC2: launch templates, instances, security groups, addresses."""

from mend import mend
from moto.ec2.models import EC2Backend
from moto.ec2.models.amis import Ami
from moto.ec2.models.instances import Instance
from moto.ec2.models.launch_templates import LaunchTemplate
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.responses.instances import InstanceResponse
from moto.ec2.utils import parse_user_data


def as_dict(tags):
    return {tag["Key"]: tag["Value"] for tag in tags}


@mend(EC2Backend, "create_launch_template")
def template_tags_are_not_for_launch(original, self, name, description, data, tag_spec):
    """moto hands the tags of the template itself to what is launched from it."""
    if "TagSpecifications" in data:
        data["TagSpecifications"] = [
            spec for spec in data["TagSpecifications"] if spec["ResourceType"] != "launch-template"
        ]
    return original(self, name, description, data, tag_spec)


@mend(EC2Backend, "run_instances")
def templates_are_followed(original, self, *args, **kwargs):
    """moto launches from a template without its disks, volume tags, metadata, monitoring, profile and credits."""
    data = {}
    if kwargs.get("launch_template"):
        data = self._get_template_from_args(kwargs["launch_template"]).data
        tags = {spec["ResourceType"]: as_dict(spec["Tags"]) for spec in data.get("TagSpecifications", [])}
        kwargs["tags"] = {**kwargs.get("tags", {}), "volume": tags.get("volume", {})}
        kwargs["metadata_options"] = data.get("MetadataOptions", {})
        kwargs["ebs_optimized"] = data.get("EbsOptimized", False)
        kwargs["monitoring_state"] = "enabled" if data.get("Monitoring", {}).get("Enabled") else "disabled"
        if "BlockDeviceMappings" in data:
            kwargs["block_device_mappings"] = data["BlockDeviceMappings"]
    reservation = original(self, *args, **kwargs)
    profile = data.get("IamInstanceProfile", {})
    for instance in reservation.instances:
        instance.cpu_credits = data.get("CreditSpecification", {}).get("CpuCredits", "standard")
        if profile:
            self.associate_iam_instance_profile(instance.id, profile.get("Name"), profile.get("Arn"))
    return reservation


@mend(Instance, "__init__")
def security_groups_are_those_of_the_interface(original, self, *args, **kwargs):
    """moto shows none on an instance that was launched with a network interface of its own, as for a public address."""
    original(self, *args, **kwargs)
    self.security_groups = self.security_groups or self.nics[0].group_set


@mend(InstanceResponse, "run_instances")
def credits_are_kept(original, self):
    """moto answers "standard" for every instance."""
    answer = original(self)
    for instance in answer.result.instances:
        instance.cpu_credits = self._get_param("CreditSpecification.CpuCredits") or instance.cpu_credits
    return answer


@mend(InstanceResponse, "describe_instance_credit_specifications")
def credits_are_told(original, self):
    answer = original(self)
    for specification in answer.result["InstanceCreditSpecifications"]:
        instance = self.ec2_backend.get_instance(specification["InstanceId"])
        specification["CpuCredits"] = getattr(instance, "cpu_credits", "standard")
    return answer


def describe_rule(rule):
    """moto forgets the description of a rule whose source is a security group."""
    return rule.ip_range.get("Description") or rule.source_group.get("Description")


SecurityGroupRule.description = property(describe_rule)

moto_disks = Ami.block_device_mappings.fget


def disks_of_image(self):
    """moto says 15 GiB of every image; one of Amazon Linux 2023 has 8."""
    disks = moto_disks(self)
    for disk in disks:
        disk["Ebs"]["VolumeSize"] = 8
    return disks


Ami.block_device_mappings = property(disks_of_image)


@mend(LaunchTemplate, "create_version")
def later_versions_can_be_launched(original, self, data, description):
    """moto decodes the user data of a template's first version only, and fails to launch from the others."""
    if type(data.get("UserData")) is str:
        data = {**data, "UserData": parse_user_data(data["UserData"] or None)}
    return original(self, data, description)


@mend(EC2Backend, "delete_nat_gateway")
def addresses_are_released(original, self, nat_gateway_id):
    """moto keeps the Elastic IP of a deleted NAT gateway taken, so that no other can have it."""
    gateway = original(self, nat_gateway_id)
    for address in gateway.address_set:
        for elastic_ip in self.address_by_allocation([address["allocationId"]]):
            elastic_ip.eni = elastic_ip.instance = elastic_ip.association_id = None
    return gateway


@mend(EC2Backend, "modify_security_group_rules")
def rules_for_every_protocol_have_no_ports(original, self, group_id, rules):
    """moto asks for the ports of every rule; AWS only for those of TCP and UDP."""
    group = self.get_security_group_by_name_or_id(group_id)
    every = [group.get_rule(rule_id) for rule_id, rule in rules.items() if group and rule.get("IpProtocol") == "-1"]
    before = [(rule, rule.from_port, rule.to_port) for rule in every if rule]
    original(self, group_id, {rule_id: {"FromPort": -1, "ToPort": -1, **rule} for rule_id, rule in rules.items()})
    for rule, from_port, to_port in before:
        rule.from_port, rule.to_port = from_port, to_port


# moto shows the tags that a template was made with, whatever is tagged later.
LaunchTemplate.tags = property(LaunchTemplate.get_tags, lambda self, tags: None)
