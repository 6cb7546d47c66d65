"""A stack of what CDK's ApplicationLoadBalancedFargateService makes: the network, the load balancer, the
service, and what watches it; made, looked at, changed and taken down, as boto3 sees it."""

import json
import sys

import boto3

from recorder import until

LONG = "trap 'exit 0' TERM; sleep 600 & wait"
CAPABILITIES = ["CAPABILITY_NAMED_IAM"]


def check(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: {found}, not {expected}")


def ref(name):
    return {"Ref": name}


def att(name, attribute):
    return {"Fn::GetAtt": [name, attribute]}


def resource(kind, after=None, **properties):
    held = {"Type": kind, "Properties": properties}
    return {**held, "DependsOn": after} if after else held


def network():
    tags = [{"Key": "Name", "Value": "grounded"}]
    found = {
        "Vpc": resource("AWS::EC2::VPC", CidrBlock="10.0.0.0/16", EnableDnsHostnames=True, EnableDnsSupport=True, Tags=tags),
        "Gateway": resource("AWS::EC2::InternetGateway", Tags=tags),
        "Attached": resource("AWS::EC2::VPCGatewayAttachment", VpcId=ref("Vpc"), InternetGatewayId=ref("Gateway")),
    }
    for at in range(2):
        zone = {"Fn::Select": [at, {"Fn::GetAZs": ""}]}
        for kind, third in [("Public", at), ("Private", at + 2)]:
            name = f"{kind}{at}"
            found[name] = resource(
                "AWS::EC2::Subnet", VpcId=ref("Vpc"), AvailabilityZone=zone, Tags=tags,
                CidrBlock=f"10.0.{third * 64}.0/18", MapPublicIpOnLaunch=kind == "Public",
            )
            found[f"{name}Routes"] = resource("AWS::EC2::RouteTable", VpcId=ref("Vpc"), Tags=tags)
            found[f"{name}Joined"] = resource(
                "AWS::EC2::SubnetRouteTableAssociation", RouteTableId=ref(f"{name}Routes"), SubnetId=ref(name),
            )
            way = {"GatewayId": ref("Gateway")} if kind == "Public" else {"NatGatewayId": ref(f"Nat{at}")}
            found[f"{name}Out"] = resource(
                "AWS::EC2::Route", after=["Attached"], RouteTableId=ref(f"{name}Routes"),
                DestinationCidrBlock="0.0.0.0/0", **way,
            )
        found[f"Address{at}"] = resource("AWS::EC2::EIP", after=["Attached"], Domain="vpc", Tags=tags)
        found[f"Nat{at}"] = resource(
            "AWS::EC2::NatGateway", AllocationId=att(f"Address{at}", "AllocationId"), SubnetId=ref(f"Public{at}"), Tags=tags,
        )
    return found


def groups(port):
    between = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    nothing = {"IpProtocol": "icmp", "FromPort": 252, "ToPort": 86, "CidrIp": "255.255.255.255/32"}
    everybody = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "0.0.0.0/0", "Description": "everybody"}
    return {
        "BalancerGroup": resource(
            "AWS::EC2::SecurityGroup", GroupDescription="the load balancer", VpcId=ref("Vpc"),
            SecurityGroupIngress=[everybody], SecurityGroupEgress=[nothing],
        ),
        "TasksGroup": resource(
            "AWS::EC2::SecurityGroup", GroupDescription="the tasks", VpcId=ref("Vpc"),
            SecurityGroupEgress=[{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}],
        ),
        "ToTasks": resource(
            "AWS::EC2::SecurityGroupEgress", GroupId=att("BalancerGroup", "GroupId"),
            DestinationSecurityGroupId=att("TasksGroup", "GroupId"), Description="to the tasks", **between,
        ),
        "FromBalancer": resource(
            "AWS::EC2::SecurityGroupIngress", GroupId=att("TasksGroup", "GroupId"),
            SourceSecurityGroupId=att("BalancerGroup", "GroupId"), Description="from it", **between,
        ),
    }


def service():
    subnets = [ref("Private0"), ref("Private1")]
    trust = {
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole",
        }],
    }
    reads = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
    container = {
        "Name": "main", "Image": "busybox", "EntryPoint": ["/bin/sh", "-c"], "Command": [LONG],
        "PortMappings": [{"ContainerPort": 80}],
    }
    return {
        "Balancer": resource(
            "AWS::ElasticLoadBalancingV2::LoadBalancer", after=["Public0Out", "Public1Out"], Scheme="internet-facing",
            Subnets=[ref("Public0"), ref("Public1")], SecurityGroups=[att("BalancerGroup", "GroupId")],
        ),
        "Targets": resource(
            "AWS::ElasticLoadBalancingV2::TargetGroup", Port=80, Protocol="HTTP", TargetType="ip", VpcId=ref("Vpc"),
        ),
        "Listener": resource(
            "AWS::ElasticLoadBalancingV2::Listener", LoadBalancerArn=ref("Balancer"), Port=80, Protocol="HTTP",
            DefaultActions=[{"Type": "forward", "TargetGroupArn": ref("Targets")}],
        ),
        "Cluster": resource("AWS::ECS::Cluster", ClusterName="grounded"),
        "Role": resource("AWS::IAM::Role", AssumeRolePolicyDocument=trust),
        "Reads": resource(
            "AWS::IAM::ManagedPolicy", ManagedPolicyName="grounded-reads", PolicyDocument=reads, Roles=[ref("Role")],
        ),
        "Definition": resource(
            "AWS::ECS::TaskDefinition", NetworkMode="awsvpc", RequiresCompatibilities=["FARGATE"], Cpu="256",
            Memory="512", TaskRoleArn=att("Role", "Arn"), ContainerDefinitions=[container],
        ),
        "Service": resource(
            "AWS::ECS::Service", after=["Listener"], Cluster=ref("Cluster"), LaunchType="FARGATE", DesiredCount=1,
            TaskDefinition=ref("Definition"),
            NetworkConfiguration={"AwsvpcConfiguration": {
                "Subnets": subnets, "SecurityGroups": [att("TasksGroup", "GroupId")],
            }},
        ),
    }


def watching(title):
    text = {"type": "text", "width": 6, "height": 3, "properties": {"markdown": title}}
    return {
        "Topic": resource("AWS::SNS::Topic", TopicName="grounded", DisplayName=title),
        "Mail": resource("AWS::SNS::Subscription", TopicArn=ref("Topic"), Protocol="email", Endpoint="ops@shop.example"),
        "Board": resource(
            "AWS::CloudWatch::Dashboard", DashboardName="grounded", DashboardBody=json.dumps({"widgets": [text]}),
        ),
        "Errors": resource(
            "AWS::CloudWatch::Alarm", Namespace="shop", MetricName="Errors", Statistic="Sum", Period=60,
            EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanThreshold", AlarmActions=[ref("Topic")],
        ),
    }


def template(port, title):
    resources = {**network(), **groups(port), **service(), **watching(title)}
    outputs = {
        "Vpc": {"Value": ref("Vpc")},
        "Group": {"Value": att("TasksGroup", "GroupId")},
        "Address": {"Value": ref("Address0")},
        "Topic": {"Value": att("Topic", "TopicName")},
    }
    return json.dumps({"Resources": resources, "Outputs": outputs})


def wait(c, what):
    try:
        c.get_waiter(what).wait(StackName="grounded", WaiterConfig={"Delay": 0.2, "MaxAttempts": 400})
    except Exception as error:
        events = c.describe_stack_events(StackName="grounded")["StackEvents"]
        reasons = [
            (event["LogicalResourceId"], event["ResourceStatus"], event.get("ResourceStatusReason"))
            for event in events
        ]
        sys.exit(f"{error}: {reasons[:40]}")


def outputs(c):
    found = c.describe_stacks(StackName="grounded")["Stacks"][0]["Outputs"]
    return {held["OutputKey"]: held["OutputValue"] for held in found}


def look(ec2, found):
    inside = [{"Name": "vpc-id", "Values": [found["Vpc"]]}]
    check("subnets", len(ec2.describe_subnets(Filters=inside)["Subnets"]), 4)
    tables = ec2.describe_route_tables(Filters=inside)["RouteTables"]
    ways = [route["State"] for table in tables for route in table["Routes"] if route["DestinationCidrBlock"] == "0.0.0.0/0"]
    check("ways out", ways, ["active"] * 4)
    check("NAT gateways", len(ec2.describe_nat_gateways(Filter=inside)["NatGateways"]), 2)
    check("the address", ec2.describe_addresses(PublicIps=[found["Address"]])["Addresses"][0]["Domain"], "vpc")
    tasks = ec2.describe_network_interfaces(Filters=inside)["NetworkInterfaces"]
    check("the task's group", [held["Groups"][0]["GroupId"] for held in tasks], [found["Group"]])


def ports(ec2, group):
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    return [rule["FromPort"] for rule in rules if not rule["IsEgress"]]


def main():
    c, ec2 = boto3.client("cloudformation"), boto3.client("ec2")
    c.create_stack(StackName="grounded", TemplateBody=template(80, "before"), Capabilities=CAPABILITIES)
    wait(c, "stack_create_complete")
    found = outputs(c)
    look(ec2, found)
    check("the topic's name", found["Topic"], "grounded")
    check("the port", ports(ec2, found["Group"]), [80])
    c.update_stack(StackName="grounded", TemplateBody=template(8080, "after"), Capabilities=CAPABILITIES)
    wait(c, "stack_update_complete")
    check("the other port", ports(ec2, found["Group"]), [8080])
    topic = boto3.client("sns").list_topics()["Topics"][0]["TopicArn"]
    shown = boto3.client("sns").get_topic_attributes(TopicArn=topic)["Attributes"]
    check("the topic", (shown["DisplayName"], shown["SubscriptionsPending"]), ("after", "1"))
    body = boto3.client("cloudwatch").get_dashboard(DashboardName="grounded")["DashboardBody"]
    check("the dashboard", "after" in body, True)
    c.delete_stack(StackName="grounded")
    wait(c, "stack_delete_complete")
    until("nothing is left", lambda: len(ec2.describe_vpcs()["Vpcs"]) == 1)
    check("topics", boto3.client("sns").list_topics().get("Topics", []), [])
    check("addresses", ec2.describe_addresses()["Addresses"], [])
    check("policies", boto3.client("iam").list_policies(Scope="Local")["Policies"], [])


main()
