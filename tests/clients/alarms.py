"""A blue/green deployment goes back because an alarm goes off, as boto3 sees it in a protocol."""

import sys

import boto3

from recorder import speaking, subnets, until

LONG = "trap 'exit 0' TERM; sleep 600 & wait"


def check(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: {found}, not {expected}")


def define(ecs):
    container = {"name": "main", "image": "busybox", "entryPoint": ["/bin/sh", "-c"], "command": [LONG]}
    return ecs.register_task_definition(
        family="alarmed",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[container],
    )["taskDefinition"]["taskDefinitionArn"]


def put(cloudwatch, name):
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace="shop",
        MetricName="Errors",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0.5,
        ComparisonOperator="GreaterThanThreshold",
    )


def main():
    protocol = sys.argv[1]
    ecs = boto3.client("ecs")
    with speaking(protocol):
        cloudwatch = boto3.client("cloudwatch")
        check("protocol", cloudwatch.meta.service_model.resolved_protocol, protocol)
    places = subnets(boto3.client("ec2"))
    for name in ["boto-errors", "boto-latency"]:
        put(cloudwatch, name)
    found = cloudwatch.get_paginator("describe_alarms").paginate(
        AlarmNamePrefix="boto-", PaginationConfig={"PageSize": 1}
    )
    names = [alarm["AlarmName"] for page in found for alarm in page["MetricAlarms"]]
    check("alarms", names, ["boto-errors", "boto-latency"])
    try:
        cloudwatch.set_alarm_state(AlarmName="boto-none", StateValue="OK", StateReason="no such")
        sys.exit("an alarm that is not there was set")
    except cloudwatch.exceptions.ResourceNotFound as error:
        check("status", error.response["ResponseMetadata"]["HTTPStatusCode"], 404)

    service = {"cluster": f"alarmed-{protocol}", "service": "web"}
    ecs.create_cluster(clusterName=service["cluster"])
    alarms = {"alarmNames": ["boto-errors", "boto-latency"], "enable": True, "rollback": True}
    try:
        wrong = {"alarms": {**alarms, "alarmNames": ["boto-none"]}}
        make(ecs, service, places, wrong)
        sys.exit("an alarm that is not there was taken")
    except ecs.exceptions.InvalidParameterException as error:
        check("refusal", "boto-none" in str(error), True)
    make(ecs, service, places, {"alarms": alarms, "bakeTimeInMinutes": 1})
    newest(ecs, service, "SUCCESSFUL")

    slowly = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 600}
    ecs.update_service(**service, taskDefinition=define(ecs), deploymentConfiguration=slowly)
    in_stage = lambda: newest(ecs, service, "IN_PROGRESS").get("lifecycleStage") == "BAKE_TIME"
    until("the deployment bakes", in_stage)
    cloudwatch.set_alarm_state(AlarmName="boto-latency", StateValue="ALARM", StateReason="a test")
    deployment = newest(ecs, service, "ROLLBACK_SUCCESSFUL")
    expected = {
        "status": "TRIGGERED",
        "alarmNames": ["boto-errors", "boto-latency"],
        "triggeredAlarmNames": ["boto-latency"],
    }
    check("alarms", deployment["alarms"], expected)
    history = cloudwatch.describe_alarm_history(AlarmName="boto-latency", HistoryItemType="StateUpdate")
    summaries = [item["HistorySummary"] for item in history["AlarmHistoryItems"]]
    check("history", summaries, ["Alarm updated from INSUFFICIENT_DATA to ALARM"])
    ecs.delete_service(**service, force=True)
    cloudwatch.delete_alarms(AlarmNames=["boto-errors", "boto-latency"])


def make(ecs, service, places, rules):
    ecs.create_service(
        cluster=service["cluster"],
        serviceName=service["service"],
        taskDefinition=define(ecs),
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": places}},
        deploymentConfiguration=rules,
    )


def newest(ecs, service, status):
    """The newest service deployment, once it has a status."""

    def look():
        found = ecs.describe_services(cluster=service["cluster"], services=[service["service"]])
        arn = found["services"][0].get("currentServiceDeployment")
        if not arn:
            return None
        [held] = ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"]
        return held if held["status"] == status else None

    return until(f"the service deployment is {status}", look)


main()
