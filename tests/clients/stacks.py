"""A stack's life as boto3 sees it: made, looked at, changed, sent back, deleted."""

import json

import boto3

from recorder import until

LONG = "trap 'exit 0' TERM; sleep 600 & wait"

TEMPLATE = """
Description: A service with its logs
Parameters:
  Command: { Type: String, Default: "LONG" }
  Days: { Type: Number, Default: 7, AllowedValues: [7, 14, 30] }
  Password: { Type: String, NoEcho: true, Default: hush }
  Name: { Type: String, Default: stacked }
Conditions:
  Short: !Equals [!Ref Days, 7]
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
    Properties: { ClusterName: !Ref Name }
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: { LogGroupName: !Sub '/${Cluster}/web', RetentionInDays: !Ref Days }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - { Effect: Allow, Principal: { Service: ecs-tasks.amazonaws.com }, Action: 'sts:AssumeRole' }
  Definition:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      RequiresCompatibilities: [FARGATE]
      Cpu: 256
      Memory: 512
      ExecutionRoleArn: !GetAtt Role.Arn
      ContainerDefinitions:
        - Name: main
          Image: busybox
          EntryPoint: [/bin/sh, -c]
          Command: [!Ref Command]
          Environment: [{ Name: DAYS, Value: !If [Short, few, many] }]
          LogConfiguration:
            LogDriver: awslogs
            Options: { awslogs-group: !Ref Logs, awslogs-region: !Ref 'AWS::Region', awslogs-stream-prefix: web }
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: !Ref Cluster
      LaunchType: FARGATE
      DesiredCount: 1
      TaskDefinition: !Ref Definition
      DeploymentConfiguration:
        DeploymentCircuitBreaker: { Enable: BREAKER, Rollback: false }
      NetworkConfiguration:
        AwsvpcConfiguration: { Subnets: [SUBNET], AssignPublicIp: ENABLED }
  Hidden:
    Type: AWS::SSM::Parameter
    DependsOn: Service
    Properties: { Type: String, Value: !Ref Password, Tags: { team: shop } }
Outputs:
  Arn: { Value: !GetAtt Cluster.Arn, Export: { Name: stacked-cluster } }
  Service: { Value: !GetAtt Service.Name }
"""

IMPORTER = """
Resources:
  Seen:
    Type: AWS::SSM::Parameter
    Properties: { Type: String, Name: /seen, Value: !ImportValue stacked-cluster }
"""


def stacks(to, subnet):
    c = to.client("cloudformation")
    body = TEMPLATE.replace("LONG", LONG).replace("SUBNET", subnet).replace("BREAKER", "false")
    caps = ["CAPABILITY_IAM"]
    c.validate_template(TemplateBody=body)
    summary = c.get_template_summary(TemplateBody=body)
    assert summary["Capabilities"] == caps, summary
    to.refuses("InsufficientCapabilitiesException", lambda: c.create_stack(StackName="stacked", TemplateBody=body))
    tags = [{"Key": "stage", "Value": "test"}]
    made = c.create_stack(StackName="stacked", TemplateBody=body, Capabilities=caps, Tags=tags)
    wait(c, "stack_create_complete", "stacked")
    look(to, c, made["StackId"])
    drift(c)
    importing(to, c)
    change_sets(to, c, body, caps)
    broken(to, c, body, caps)
    stuck(to, c, body, caps)
    c.delete_stack(StackName="stacked")
    wait(c, "stack_delete_complete", made["StackId"])
    gone = c.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])["StackSummaries"]
    assert made["StackId"] in [stack["StackId"] for stack in gone], gone
    assert not [arn for arn in to.client("ecs").list_clusters()["clusterArns"] if "stacked" in arn]


def drift(c):
    found = c.detect_stack_drift(StackName="stacked")["StackDriftDetectionId"]
    seen = c.describe_stack_drift_detection_status(StackDriftDetectionId=found)
    assert (seen["DetectionStatus"], seen["StackDriftStatus"]) == ("DETECTION_COMPLETE", "IN_SYNC"), seen
    for held in c.describe_stack_resource_drifts(StackName="stacked")["StackResourceDrifts"]:
        c.detect_stack_resource_drift(StackName="stacked", LogicalResourceId=held["LogicalResourceId"])


def wait(c, what, stack):
    c.get_waiter(what).wait(StackName=stack, WaiterConfig={"Delay": 0.2, "MaxAttempts": 300})


def status(c):
    stack = c.describe_stacks(StackName="stacked")["Stacks"][0]
    return stack["StackStatus"]


def parameters(**given):
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]


def look(to, c, arn):
    stack = c.describe_stacks(StackName=arn)["Stacks"][0]
    shown = {held["ParameterKey"]: held["ParameterValue"] for held in stack["Parameters"]}
    assert shown["Password"] == "****", shown
    assert {held["OutputKey"] for held in stack["Outputs"]} == {"Arn", "Service"}, stack
    c.describe_stacks()
    events = c.describe_stack_events(StackName="stacked")["StackEvents"]
    assert events[0]["ResourceStatus"] == "CREATE_COMPLETE", events[0]
    order = [event["LogicalResourceId"] for event in reversed(events) if event["ResourceStatus"] == "CREATE_COMPLETE"]
    assert order.index("Definition") < order.index("Service") < order.index("Hidden"), order
    resource = c.describe_stack_resource(StackName="stacked", LogicalResourceId="Service")
    physical = resource["StackResourceDetail"]["PhysicalResourceId"]
    assert ":service/stacked/stacked-Service-" in physical, physical
    held = to.client("ecs").describe_services(cluster="stacked", services=[physical], include=["TAGS"])
    assert {"key": "stage", "value": "test"} in held["services"][0]["tags"], held
    c.describe_stack_resources(StackName="stacked")
    c.describe_stack_resources(PhysicalResourceId=physical)
    assert len(c.list_stack_resources(StackName="stacked")["StackResourceSummaries"]) == 6
    assert "A service with its logs" in c.get_template(StackName="stacked")["TemplateBody"]
    policy = json.dumps({"Statement": []})
    c.set_stack_policy(StackName="stacked", StackPolicyBody=policy)
    assert c.get_stack_policy(StackName="stacked")["StackPolicyBody"] == policy
    c.update_termination_protection(StackName="stacked", EnableTerminationProtection=True)
    to.refuses("ValidationError", lambda: c.delete_stack(StackName="stacked"))
    c.update_termination_protection(StackName="stacked", EnableTerminationProtection=False)


def importing(to, c):
    s3, template = to.client("s3"), {"Bucket": "templates", "Key": "stacks/importer.yml"}
    region = s3.meta.region_name
    place = {"CreateBucketConfiguration": {"LocationConstraint": region}} if region != "us-east-1" else {}
    s3.create_bucket(Bucket="templates", **place)
    s3.put_object(Body=IMPORTER.encode(), **template)
    url = f"https://templates.s3.{region}.amazonaws.com/{template['Key']}"
    c.create_stack(StackName="importer", TemplateURL=url)
    s3.delete_object(**template)
    s3.delete_bucket(Bucket="templates")
    wait(c, "stack_create_complete", "importer")
    assert c.list_exports()["Exports"][0]["Name"] == "stacked-cluster"
    assert c.list_imports(ExportName="stacked-cluster")["Imports"] == ["importer"]
    to.refuses("ValidationError", lambda: c.delete_stack(StackName="stacked"))
    c.delete_stack(StackName="importer")
    wait(c, "stack_delete_complete", "importer")


def change_sets(to, c, body, caps):
    same = {"StackName": "stacked", "TemplateBody": body, "Capabilities": caps}
    to.refuses("ValidationError", lambda: c.update_stack(**same))
    c.create_change_set(ChangeSetName="none", **same)
    held = c.describe_change_set(ChangeSetName="none", StackName="stacked")
    assert (held["Status"], held["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE"), held
    assert held["StatusReason"].startswith("The submitted information didn't contain changes."), held
    c.delete_change_set(ChangeSetName="none", StackName="stacked")
    made = c.create_change_set(ChangeSetName="more", **same, Parameters=parameters(Days="14"))
    changes = c.describe_change_set(ChangeSetName=made["Id"])["Changes"]
    found = {held["ResourceChange"]["LogicalResourceId"]: held["ResourceChange"] for held in changes}
    replaced = {name: change["Replacement"] for name, change in found.items()}
    assert replaced == {"Logs": "False", "Definition": "True", "Service": "False"}, replaced
    c.list_change_sets(StackName="stacked")
    c.execute_change_set(ChangeSetName=made["Id"])
    wait(c, "stack_update_complete", "stacked")
    groups = to.client("logs").describe_log_groups(logGroupNamePrefix="/stacked/web")["logGroups"]
    assert groups[0]["retentionInDays"] == 14, groups


def broken(to, c, body, caps):
    """A service that does not come up sends the stack back."""
    body = body.replace("Enable: false", "Enable: true")
    c.update_stack(
        StackName="stacked", TemplateBody=body, Capabilities=caps, Parameters=parameters(Command="exit 1", Days="30")
    )
    until("the stack goes back", lambda: status(c) == "UPDATE_ROLLBACK_COMPLETE", 120)
    # Stacks in cleanup have a status which AWS answers and its model does not know.
    plain = boto3.client("cloudformation", endpoint_url=to.endpoint)
    events = plain.describe_stack_events(StackName="stacked")["StackEvents"]
    reasons = " ".join(event.get("ResourceStatusReason", "") for event in events)
    assert "ECS Deployment Circuit Breaker was triggered" in reasons, reasons
    assert "The following resource(s) failed to update: [Service]. " in reasons, reasons
    groups = to.client("logs").describe_log_groups(logGroupNamePrefix="/stacked/web")["logGroups"]
    assert groups[0]["retentionInDays"] == 14, groups


def stuck(to, c, body, caps):
    """An update that is cancelled can't go back, until it can."""
    logs = to.client("logs")
    to.refuses("ValidationError", lambda: c.cancel_update_stack(StackName="stacked"))
    c.update_stack(
        StackName="stacked", TemplateBody=body, Capabilities=caps, Parameters=parameters(Command="exit 1", Days="30")
    )
    logs.delete_log_group(logGroupName="/stacked/web")
    c.cancel_update_stack(StackName="stacked")
    until("the way back fails", lambda: status(c) == "UPDATE_ROLLBACK_FAILED")
    logs.create_log_group(logGroupName="/stacked/web")
    c.continue_update_rollback(StackName="stacked")
    until("the stack goes back", lambda: status(c) == "UPDATE_ROLLBACK_COMPLETE", 120)
