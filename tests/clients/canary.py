"""A canary as its owner sees it with boto3: stages, weights, and who answers at each of them.

Two deployments of a service of two tasks: the first one is left alone, the second one is sent back
with StopServiceDeployment while the canary gets its share. Takes the path of the server's program, and
the command that lists the region's listeners. Prints what was seen as JSON.
"""

import json
import subprocess
import sys
import time
import urllib.request
from collections import Counter

import boto3

from recorder import subnets

ASKED = 200
PATIENCE = 240

server, endpoints = open(sys.argv[1]).read(), sys.argv[2:]
ecs, elb, ec2 = boto3.client("ecs"), boto3.client("elbv2"), boto3.client("ec2")


def group(name, vpc):
    made = elb.create_target_group(
        Name=name,
        Protocol="HTTP",
        Port=3000,
        VpcId=vpc,
        TargetType="ip",
        HealthCheckPath="/health",
        HealthCheckIntervalSeconds=5,
        HealthCheckTimeoutSeconds=2,
    )
    arn = made["TargetGroups"][0]["TargetGroupArn"]
    delay = {"Key": "deregistration_delay.timeout_seconds", "Value": "20"}
    elb.modify_target_group_attributes(TargetGroupArn=arn, Attributes=[delay])
    return arn


def definition(version):
    container = {
        "name": "web",
        "image": "node:22-alpine",
        "command": ["node", "-e", server],
        "portMappings": [{"containerPort": 3000}],
        "environment": [{"name": "PORT", "value": "3000"}, {"name": "VERSION", "value": version}],
    }
    made = ecs.register_task_definition(
        family="canary",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[container],
    )
    return made["taskDefinition"]["taskDefinitionArn"]


def until(what, look):
    deadline = time.monotonic() + PATIENCE
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            sys.exit(f"{what}: not within {PATIENCE} s")
        time.sleep(0.02)


def url_of(listener):
    found = json.loads(subprocess.check_output(endpoints))
    own = [held for held in found["listeners"] if held["listenerArn"] == listener]
    return own[0].get("url") if own else None


def answers(url):
    """How many of the answers are of each version."""
    count = Counter()
    for _ in range(ASKED):
        with urllib.request.urlopen(url, timeout=10) as answer:
            count[answer.read().decode()] += 1
    return count


class Canary:
    def __init__(self):
        places = subnets(ec2)
        vpc = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
        balancer = elb.create_load_balancer(Name="canary", Subnets=places)
        balancer = balancer["LoadBalancers"][0]["LoadBalancerArn"]
        self.groups = [group("canary-1", vpc), group("canary-2", vpc)]
        pair = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in zip(self.groups, [1, 0])]
        listener = elb.create_listener(
            LoadBalancerArn=balancer,
            Protocol="HTTP",
            Port=80,
            DefaultActions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": pair}}],
        )
        self.listener = listener["Listeners"][0]["ListenerArn"]
        rules = elb.describe_rules(ListenerArn=self.listener)["Rules"]
        self.rule = next(held["RuleArn"] for held in rules if held["IsDefault"])
        self.url = until("the listener listens", lambda: url_of(self.listener))
        ecs.create_cluster(clusterName="canary")
        self.arn = ecs.create_service(
            cluster="canary",
            serviceName="web",
            taskDefinition=definition("1"),
            desiredCount=2,
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": {"subnets": places}},
            healthCheckGracePeriodSeconds=10,
            loadBalancers=[
                {
                    "targetGroupArn": self.groups[0],
                    "containerName": "web",
                    "containerPort": 3000,
                    "advancedConfiguration": {
                        "alternateTargetGroupArn": self.groups[1],
                        "productionListenerRule": self.rule,
                        "roleArn": "arn:aws:iam::000000000000:role/balancer",
                    },
                }
            ],
            deploymentConfiguration={
                "strategy": "CANARY",
                "canaryConfiguration": {"canaryPercent": 20.0, "canaryBakeTimeInMinutes": 5},
                "bakeTimeInMinutes": 2,
            },
        )["service"]["serviceArn"]

    def service(self):
        return ecs.describe_services(cluster="canary", services=["web"])["services"][0]

    def deployment(self):
        """The newest service deployment, as its owner finds it."""
        newest = ecs.list_service_deployments(cluster="canary", service="web")["serviceDeployments"][0]
        arn = newest["serviceDeploymentArn"]
        return ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"][0]

    def ends(self):
        done = {"SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"}
        return until("the deployment ends", lambda: (d := self.deployment())["status"] in done and d)

    def weights(self):
        """The weights of the groups, the first one's first."""
        held = elb.describe_rules(RuleArns=[self.rule])["Rules"][0]["Actions"][0]
        held = {one["TargetGroupArn"]: one["Weight"] for one in held["ForwardConfig"]["TargetGroups"]}
        return [held[arn] for arn in self.groups]

    def update(self, version):
        ecs.update_service(cluster="canary", service="web", taskDefinition=definition(version))
        is_new = lambda: self.deployment()["status"] in ("PENDING", "IN_PROGRESS")
        until("the deployment begins", is_new)

    def at(self, stage, share):
        """What is seen at a stage once a share of the requests has moved, and whether the deployment
        was there still after that."""

        def come():
            held = self.deployment()
            moved = held["targetServiceRevision"].get("requestedProductionTrafficWeight")
            return (held.get("lifecycleStage"), moved) == (stage, share) and held

        found = until(f"{share} % at the stage {stage}", come)
        counted, weights = answers(self.url), self.weights()
        after = self.deployment()
        return {
            "stage": stage,
            "status": found["status"],
            "weights": weights,
            "answers": counted,
            "stayed": after.get("lifecycleStage") == stage,
            "deployments": [(one["status"], one["rolloutState"], one["runningCount"]) for one in self.service()["deployments"]],
        }

    def stages_passed(self, seen):
        """Notes each new stage until the deployment has ended."""
        stages = [seen["stage"]]
        while self.deployment()["status"] == "IN_PROGRESS":
            stage = self.deployment().get("lifecycleStage")
            if stage and stage != stages[-1]:
                stages.append(stage)
        return stages


def main():
    canary = Canary()
    first = canary.ends()
    before = answers(canary.url)
    canary.update("2")
    share = canary.at("PRODUCTION_TRAFFIC_SHIFT", 20.0)
    bake = canary.at("BAKE_TIME", 100.0)
    stages = canary.stages_passed(bake)
    done = canary.ends()
    after = {"weights": canary.weights(), "answers": answers(canary.url)}
    canary.update("3")
    again = canary.at("PRODUCTION_TRAFFIC_SHIFT", 20.0)
    ecs.stop_service_deployment(
        serviceDeploymentArn=canary.deployment()["serviceDeploymentArn"], stopType="ROLLBACK"
    )
    back = canary.ends()
    seen = {
        "first": first["status"],
        "before": before,
        "share": share,
        "bake": bake,
        "stages": stages,
        "done": done["status"],
        "after": after,
        "again": again,
        "back": back["status"],
        "reason": back["rollback"]["reason"],
        "returned": {"weights": canary.weights(), "answers": answers(canary.url)},
        "events": [event["message"] for event in reversed(canary.service()["events"])],
    }
    print(json.dumps(seen))


main()
