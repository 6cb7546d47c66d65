"""Every operation of the services that the region serves, asked for with boto3.

What the region has is used in a story, successfully, and each raw answer is held against AWS's
model. What it has not must say so, as AWS says that it does not know an operation. Prints the counts
as JSON, and each problem; takes the output of `neargate region operations --json` on standard input.
"""

import json
import sys

import botocore.exceptions

import story
from recorder import Recorder

CLIENTS = {
    "ECS": "ecs",
    "Elastic Load Balancing v2": "elbv2",
    "CloudWatch Logs": "logs",
    "SSM": "ssm",
    "Secrets Manager": "secretsmanager",
    "STS": "sts",
    "IAM": "iam",
    "EC2": "ec2",
    "ACM": "acm",
    "CloudWatch": "cloudwatch",
    "ECR": "ecr",
    "SNS": "sns",
    "CloudFormation": "cloudformation",
    "Application Auto Scaling": "application-autoscaling",
    "S3": "s3",
    "CloudFront": "cloudfront",
    "Budgets": "budgets",
    "Service Quotas": "service-quotas",
}


# What boto3 itself can't do without.
NEEDED = {"CopySnapshot": {"SourceRegion": "us-west-2", "SourceSnapshotId": "snap-1"}}
# Asked of other hosts, S3 Express's and S3 Object Lambda's.
ELSEWHERE = ["ListDirectoryBuckets", "WriteGetObjectResponse"]
# What stands in paths, parameters and headers, by its kind.
FILLERS = {"string": "absent", "integer": 1, "long": 1, "boolean": True, "list": ["absent"], "timestamp": 0}


def absent(to, service, names, count):
    """Asks for operations that the region does not have."""
    client = to.client(CLIENTS[service])
    known = set(client.meta.service_model.operation_names)
    protocol = client.meta.service_model.resolved_protocol
    refusal = {
        "query": ("InvalidAction", 400), "ec2": ("InvalidAction", 400), "rest-xml": ("NotImplemented", 501),
    }.get(protocol, ("UnknownOperationException", 400))
    for name in names:
        if name not in known:
            count["unknown to this boto3"] += 1
            continue
        model = client.meta.service_model.operation_model(name)
        if protocol == "rest-xml" and (model.deprecated or name in ELSEWHERE):
            count["asked like another"] += 1
            continue
        wrong = honest(client, name, refusal)
        if wrong:
            to.problems.append(f"{service} {name}: {wrong}")
        else:
            count["honestly absent"] += 1


def needed(client, name):
    """What a request can't be written without."""
    model = client.meta.service_model.operation_model(name)
    given = dict(NEEDED.get(name, {}))
    if client.meta.service_model.resolved_protocol != "rest-xml":
        return given
    for member in model.input_shape.required_members:
        shape = model.input_shape.members[member]
        if shape.serialization.get("location"):
            given[member] = FILLERS[shape.type_name]
    return given


def honest(client, name, refusal):
    """What is wrong with the answer to an operation that is not there."""
    try:
        client._make_api_call(name, needed(client, name))
    except botocore.exceptions.ClientError as error:
        said, status = error.response["Error"], error.response["ResponseMetadata"]["HTTPStatusCode"]
        if client.meta.service_model.operation_model(name).http["method"] == "HEAD":
            return None if status == refusal[1] else f"refused with status {status}"
        if (said["Code"], status) != refusal:
            return f"refused with {said} and status {status}"
        if name not in said["Message"] or "does not implement" not in said["Message"]:
            return f"the message does not say it: {said['Message']}"
        return None
    return "answered as if it were there"


def main():
    operations = json.load(sys.stdin)["services"]
    to = Recorder()
    story.tell(to)
    count = {
        "operations": sum(len(held["implemented"]) for held in operations),
        "answered well": 0,
        "calls": sum(to.passed.values()),
        "absent": sum(len(held["notImplemented"]) for held in operations),
        "honestly absent": 0,
        "unknown to this boto3": 0,
        "asked like another": 0,
    }
    for held in operations:
        for name in held["implemented"]:
            if to.passed[(held["service"], name)]:
                count["answered well"] += 1
            else:
                to.problems.append(f"{held['service']} {name}: not called with success")
    for held in operations:
        absent(to, held["service"], held["notImplemented"], count)
    count["problems"] = len(to.problems)
    print(json.dumps(count))
    for problem in dict.fromkeys(to.problems):
        print(problem)
    sys.exit(1 if to.problems else 0)


main()
