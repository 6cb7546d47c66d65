"""boto3's own waiters and paginators work unchanged: they find states and every page."""

import sys

import boto3

from recorder import subnets

FAST = {"Delay": 1, "MaxAttempts": 60}
LONG = "trap 'exit 0' TERM; sleep 600 & wait"


def pages(client, operation, key, size, **request):
    """Everything that a paginator finds, in pages of a size, and the number of pages."""
    found, count = [], 0
    paging = {"PageSize": size} if size else {}
    for page in client.get_paginator(operation).paginate(**request, PaginationConfig=paging):
        found += page.get(key, [])
        count += 1
    return found, count


def check(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: {found}, not {expected}")


def definition(ecs, family):
    container = {"name": "main", "image": "busybox", "entryPoint": ["/bin/sh", "-c"], "command": [LONG]}
    return ecs.register_task_definition(
        family=family,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[container],
    )["taskDefinition"]["taskDefinitionArn"]


def ecs_story():
    ecs, ec2 = boto3.client("ecs"), boto3.client("ec2")
    places = subnets(ec2)
    network = {"awsvpcConfiguration": {"subnets": places}}
    for at in range(3):
        ecs.create_cluster(clusterName=f"paging-{at}")
    cluster = {"cluster": "paging-0"}
    found, count = pages(ecs, "list_clusters", "clusterArns", 1)
    own = [arn for arn in found if "/paging-" in arn]
    check("clusters", (len(own), count >= 3), (3, True))
    arns = [definition(ecs, "paging") for _ in range(5)]
    found, count = pages(ecs, "list_task_definitions", "taskDefinitionArns", 2, familyPrefix="paging")
    check("task definitions", (found, count), (arns, 3))

    request = {"taskDefinition": arns[0], "launchType": "FARGATE", "networkConfiguration": network, **cluster}
    tasks = sorted(task["taskArn"] for task in ecs.run_task(count=3, **request)["tasks"])
    ecs.get_waiter("tasks_running").wait(tasks=tasks, WaiterConfig=FAST, **cluster)
    found, count = pages(ecs, "list_tasks", "taskArns", 2, **cluster)
    check("tasks", (sorted(found), count), (tasks, 2))
    for task in tasks:
        ecs.stop_task(task=task, **cluster)
    ecs.get_waiter("tasks_stopped").wait(tasks=tasks, WaiterConfig=FAST, **cluster)

    ecs.create_service(serviceName="web", desiredCount=2, **request)
    ecs.get_waiter("services_stable").wait(services=["web"], WaiterConfig=FAST, **cluster)
    service = ecs.describe_services(services=["web"], **cluster)["services"][0]
    check("the stable service", (service["runningCount"], len(service["deployments"])), (2, 1))
    ecs.delete_service(service="web", force=True, **cluster)
    ecs.get_waiter("services_inactive").wait(services=["web"], WaiterConfig=FAST, **cluster)


def balancer_story():
    elb, ec2 = boto3.client("elbv2"), boto3.client("ec2")
    places = subnets(ec2)
    names = [f"paging-{at}" for at in range(3)]
    arns = [
        elb.create_load_balancer(Name=name, Subnets=places)["LoadBalancers"][0]["LoadBalancerArn"]
        for name in names
    ]
    elb.get_waiter("load_balancer_available").wait(LoadBalancerArns=arns, WaiterConfig=FAST)
    elb.get_waiter("load_balancer_exists").wait(Names=names, WaiterConfig=FAST)
    found, count = pages(elb, "describe_load_balancers", "LoadBalancers", 1)
    own = [held["LoadBalancerName"] for held in found if held["LoadBalancerName"] in names]
    check("load balancers", (sorted(own), count >= 3), (names, True))
    for arn in arns:
        elb.delete_load_balancer(LoadBalancerArn=arn)
    elb.get_waiter("load_balancers_deleted").wait(LoadBalancerArns=arns, WaiterConfig=FAST)


def store_story():
    ssm, secrets, logs = boto3.client("ssm"), boto3.client("secretsmanager"), boto3.client("logs")
    names = [f"/paging/{at:02}" for at in range(12)]
    for name in names:
        ssm.put_parameter(Name=name, Value=name, Type="String")
        secrets.create_secret(Name=f"paging{name}", SecretString=name)
    found, count = pages(ssm, "get_parameters_by_path", "Parameters", 5, Path="/paging")
    check("parameters", (sorted(held["Name"] for held in found), count), (names, 3))
    filters = [{"Key": "name", "Values": ["paging/"]}]
    found, count = pages(secrets, "list_secrets", "SecretList", 5, Filters=filters)
    check("secrets", (len(found), count), (12, 3))

    logs.create_log_group(logGroupName="/paging")
    for at in range(7):
        logs.create_log_stream(logGroupName="/paging", logStreamName=f"s{at}")
    found, count = pages(logs, "describe_log_streams", "logStreams", 3, logGroupName="/paging")
    check("log streams", ([held["logStreamName"] for held in found], count), ([f"s{at}" for at in range(7)], 3))


ecs_story()
balancer_story()
store_story()
