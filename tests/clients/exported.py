"""A template of `neargate export cloudformation` as a stack: made, changed, and taken down. The template
comes on standard input."""

import json
import sys

import boto3

CAPABILITIES = ["CAPABILITY_NAMED_IAM"]


def check(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: {found}, not {expected}")


def status(c):
    found = c.describe_stacks(StackName="exported")["Stacks"][0]
    return found["StackStatus"]


def reasons(c):
    events = c.describe_stack_events(StackName="exported")["StackEvents"]
    return [
        (event["LogicalResourceId"], event["ResourceStatus"], event.get("ResourceStatusReason"))
        for event in events if "FAILED" in event["ResourceStatus"]
    ]


def settle(c, waiter):
    try:
        c.get_waiter(waiter).wait(StackName="exported", WaiterConfig={"Delay": 1, "MaxAttempts": 120})
    except Exception as error:
        sys.exit(f"{error}: {reasons(c)}")


def unprotect(made):
    """A load balancer of production is protected: its owner takes that away first."""
    elbv2 = boto3.client("elbv2")
    for held in made:
        if held["ResourceType"] == "AWS::ElasticLoadBalancingV2::LoadBalancer":
            off = [{"Key": "deletion_protection.enabled", "Value": "false"}]
            elbv2.modify_load_balancer_attributes(LoadBalancerArn=held["PhysicalResourceId"], Attributes=off)


def served(made):
    """The distributions of the stack, deployed, with their files' bucket and who may read it."""
    edge = boto3.client("cloudfront")
    found = []
    for held in made:
        if held["ResourceType"] == "AWS::CloudFront::Distribution":
            one = edge.get_distribution(Id=held["PhysicalResourceId"])["Distribution"]
            check("its status", one["Status"], "Deployed")
            check("its function", one["DistributionConfig"]["DefaultCacheBehavior"]["FunctionAssociations"]["Quantity"], 1)
            found.append(one)
    return found


def main():
    template = json.load(sys.stdin)
    c, s3 = boto3.client("cloudformation"), boto3.client("s3")
    kinds = {name: held["Type"] for name, held in template["Resources"].items()}
    c.create_stack(StackName="exported", TemplateBody=json.dumps(template), Capabilities=CAPABILITIES)
    settle(c, "stack_create_complete")
    made = c.list_stack_resources(StackName="exported")["StackResourceSummaries"]
    check("resources", {held["LogicalResourceId"]: held["ResourceType"] for held in made}, kinds)
    buckets = [held["PhysicalResourceId"] for held in made if held["ResourceType"] == "AWS::S3::Bucket"]
    for bucket in buckets:
        block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
        check("what is blocked", set(block.values()), {True})
        policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
        check("the policy's statements", len(policy["Statement"]), 2)
        rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
        check("a rule", rules[0]["Status"], "Enabled")
    before = served(made)
    check("distributions", len(before), sum(kind == "AWS::CloudFront::Distribution" for kind in kinds.values()))
    # Another age, another root, and another tag on everything.
    for name, held in template["Resources"].items():
        if held["Type"] == "AWS::S3::Bucket":
            rule = held["Properties"]["LifecycleConfiguration"]["Rules"][0]
            rule["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": 2}
        if held["Type"] == "AWS::CloudFront::Distribution":
            held["Properties"]["DistributionConfig"]["DefaultRootObject"] = "other.html"
    tags = [{"Key": "again", "Value": "yes"}]
    c.update_stack(
        StackName="exported", TemplateBody=json.dumps(template), Capabilities=CAPABILITIES, Tags=tags,
    )
    settle(c, "stack_update_complete")
    for bucket in buckets:
        rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
        check("the rule's days", rules[0]["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"], 2)
        check("the tags", tags[0] in s3.get_bucket_tagging(Bucket=bucket)["TagSet"], True)
    for old, new in zip(before, served(made)):
        check("the distribution", new["Id"], old["Id"])
        check("its root", new["DistributionConfig"]["DefaultRootObject"], "other.html")
        found = boto3.client("cloudfront").list_tags_for_resource(Resource=new["ARN"])["Tags"]["Items"]
        check("its tags", tags[0] in found, True)
    unprotect(made)
    c.delete_stack(StackName="exported")
    settle(c, "stack_delete_complete")
    check("distributions", boto3.client("cloudfront").list_distributions()["DistributionList"]["Quantity"], 0)
    # Buckets are kept when their stack goes.
    for bucket in buckets:
        s3.delete_bucket(Bucket=bucket)


main()
