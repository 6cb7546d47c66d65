"""A service in a VPC of its own, behind a load balancer in the same one, as boto3 makes it."""

import sys

import boto3

from recorder import until

SERVE = "trap 'exit 0' TERM; sleep 600 & wait"


def check(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: {found}, not {expected}")


def network(ec2):
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.20.{at}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for at, zone in enumerate(zones[:2])
    ]
    group = ec2.create_security_group(GroupName="tasks", Description="tasks", VpcId=vpc)["GroupId"]
    return vpc, subnets, group


def balancer(elbv2, vpc, subnets, group):
    made = elbv2.create_load_balancer(Name="own-network", Subnets=subnets, SecurityGroups=[group])
    made = made["LoadBalancers"][0]
    check("the load balancer's VPC", made["VpcId"], vpc)
    check("its subnets", sorted(zone["SubnetId"] for zone in made["AvailabilityZones"]), sorted(subnets))
    target = elbv2.create_target_group(
        Name="own-network", Protocol="HTTP", Port=80, VpcId=vpc, TargetType="ip",
    )["TargetGroups"][0]["TargetGroupArn"]
    listener = elbv2.create_listener(
        LoadBalancerArn=made["LoadBalancerArn"], Protocol="HTTP", Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": target}],
    )["Listeners"][0]["ListenerArn"]
    return made["LoadBalancerArn"], target, listener


def define(ecs):
    container = {
        "name": "main", "image": "busybox", "entryPoint": ["/bin/sh", "-c"], "command": [SERVE],
        "portMappings": [{"containerPort": 80}],
    }
    return ecs.register_task_definition(
        family="own-network", networkMode="awsvpc", requiresCompatibilities=["FARGATE"],
        cpu="256", memory="512", containerDefinitions=[container],
    )["taskDefinition"]["taskDefinitionArn"]


def main():
    ec2, elbv2, ecs = boto3.client("ec2"), boto3.client("elbv2"), boto3.client("ecs")
    vpc, subnets, group = network(ec2)
    load_balancer, target, listener = balancer(elbv2, vpc, subnets, group)
    ecs.create_cluster(clusterName="own-network")
    definition = define(ecs)
    where = {"awsvpcConfiguration": {"subnets": subnets, "securityGroups": [group]}}
    ecs.create_service(
        cluster="own-network", serviceName="web", taskDefinition=definition, desiredCount=2,
        launchType="FARGATE", networkConfiguration=where,
        loadBalancers=[{"targetGroupArn": target, "containerName": "main", "containerPort": 80}],
        healthCheckGracePeriodSeconds=600,
    )
    until("both tasks are targets", lambda: len(
        elbv2.describe_target_health(TargetGroupArn=target)["TargetHealthDescriptions"]) == 2)
    found = ec2.describe_network_interfaces(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkInterfaces"]
    check("the subnets of the tasks", {held["SubnetId"] for held in found}, set(subnets))
    check("their groups", {held["Groups"][0]["GroupId"] for held in found}, {group})
    for what, call in [
        ("a subnet", lambda: ec2.delete_subnet(SubnetId=subnets[0])),
        ("a group", lambda: ec2.delete_security_group(GroupId=group)),
    ]:
        try:
            call()
            sys.exit(f"{what} went from under a task")
        except ec2.exceptions.ClientError as error:
            check(what, error.response["Error"]["Code"], "DependencyViolation")
    ecs.delete_service(cluster="own-network", service="web", force=True)
    until("the tasks are gone", lambda: not ec2.describe_network_interfaces(
        Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkInterfaces"])
    elbv2.delete_listener(ListenerArn=listener)
    elbv2.delete_load_balancer(LoadBalancerArn=load_balancer)
    elbv2.delete_target_group(TargetGroupArn=target)
    ec2.delete_security_group(GroupId=group)
    for subnet in subnets:
        ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=vpc)


main()
