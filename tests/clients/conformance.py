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
}


# What boto3 itself can't do without.
NEEDED = {"CopySnapshot": {"SourceRegion": "us-west-2", "SourceSnapshotId": "snap-1"}}


def absent(to, service, names, count):
    """Asks for operations that the region does not have."""
    client = to.client(CLIENTS[service])
    known = set(client.meta.service_model.operation_names)
    protocol = client.meta.service_model.resolved_protocol
    code = "InvalidAction" if protocol in ("query", "ec2") else "UnknownOperationException"
    for name in names:
        if name not in known:
            count["unknown to this boto3"] += 1
            continue
        wrong = honest(client, name, code)
        if wrong:
            to.problems.append(f"{service} {name}: {wrong}")
        else:
            count["honestly absent"] += 1


def honest(client, name, code):
    """What is wrong with the answer to an operation that is not there."""
    try:
        client._make_api_call(name, NEEDED.get(name, {}))
    except botocore.exceptions.ClientError as error:
        said, status = error.response["Error"], error.response["ResponseMetadata"]["HTTPStatusCode"]
        if (said["Code"], status) != (code, 400):
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
