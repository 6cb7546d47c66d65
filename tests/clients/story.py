"""A sensible use of every operation that the region has.

Each chapter uses one service as a person setting up an application would, so that answers are full:
with tags, with history, with tasks that run and with ones that have ended.
"""

import base64
import hashlib
import json
import pathlib
import time
import urllib.request

from botocore.exceptions import WaiterError
from edge import cloudfront
from spending import budgets, quotas
from recorder import speaking, until
from stacks import stacks

TRUST = json.dumps({
    "Version": "2012-10-17",
    "Statement": [{
        "Effect": "Allow",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }],
})
POLICY = json.dumps({
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "ssm:GetParameters", "Resource": "*"}],
})
MANAGED = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"


def iam(to):
    c = to.client("iam")
    role = c.create_role(
        Path="/app/",
        RoleName="execution",
        AssumeRolePolicyDocument=TRUST,
        Description="Starts the application's tasks",
        MaxSessionDuration=7200,
        Tags=[{"Key": "team", "Value": "checkout"}],
    )["Role"]
    c.get_role(RoleName="execution")
    c.list_roles(PathPrefix="/app/")
    c.update_role(RoleName="execution", Description="Starts tasks", MaxSessionDuration=3600)
    c.update_assume_role_policy(RoleName="execution", PolicyDocument=TRUST)
    c.tag_role(RoleName="execution", Tags=[{"Key": "stage", "Value": "test"}])
    c.list_role_tags(RoleName="execution")
    c.untag_role(RoleName="execution", TagKeys=["stage"])
    c.put_role_policy(RoleName="execution", PolicyName="read", PolicyDocument=POLICY)
    c.get_role_policy(RoleName="execution", PolicyName="read")
    c.list_role_policies(RoleName="execution")
    c.attach_role_policy(RoleName="execution", PolicyArn=MANAGED)
    c.list_attached_role_policies(RoleName="execution")
    c.list_instance_profiles_for_role(RoleName="execution")
    c.create_role(RoleName="gone", AssumeRolePolicyDocument=TRUST)
    c.put_role_policy(RoleName="gone", PolicyName="read", PolicyDocument=POLICY)
    c.attach_role_policy(RoleName="gone", PolicyArn=MANAGED)
    to.refuses("DeleteConflict", lambda: c.delete_role(RoleName="gone"))
    c.delete_role_policy(RoleName="gone", PolicyName="read")
    c.detach_role_policy(RoleName="gone", PolicyArn=MANAGED)
    c.delete_role(RoleName="gone")
    managed_policies(to, c)
    simulate(to, c, role["Arn"])
    return role["Arn"]


def managed_policies(to, c):
    arn = c.create_policy(
        PolicyName="reads", Path="/app/", PolicyDocument=POLICY, Description="Reads",
        Tags=[{"Key": "team", "Value": "checkout"}],
    )["Policy"]["Arn"]
    c.tag_policy(PolicyArn=arn, Tags=[{"Key": "stage", "Value": "test"}])
    c.list_policy_tags(PolicyArn=arn)
    c.untag_policy(PolicyArn=arn, TagKeys=["stage"])
    c.create_policy_version(PolicyArn=arn, PolicyDocument=POLICY, SetAsDefault=True)
    c.list_policy_versions(PolicyArn=arn)
    c.get_policy_version(PolicyArn=arn, VersionId="v1")
    c.attach_role_policy(RoleName="execution", PolicyArn=arn)
    c.list_entities_for_policy(PolicyArn=arn)
    c.list_policies(Scope="Local")
    c.list_policies(Scope="AWS", OnlyAttached=True)
    if c.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] != 1:
        to.problems.append("an attached policy is not counted")
    c.get_policy(PolicyArn=MANAGED)
    to.refuses("DeleteConflict", lambda: c.delete_policy(PolicyArn=arn))
    c.detach_role_policy(RoleName="execution", PolicyArn=arn)
    c.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    c.delete_policy_version(PolicyArn=arn, VersionId="v2")
    c.delete_policy(PolicyArn=arn)


def simulate(to, c, role):
    asked = {"ActionNames": ["ssm:GetParameters", "ecr:BatchGetImage", "ecs:RunTask"]}
    found = c.simulate_principal_policy(PolicySourceArn=role, **asked)["EvaluationResults"]
    decisions = [result["EvalDecision"] for result in found]
    if decisions != ["allowed", "allowed", "implicitDeny"]:
        to.problems.append(f"the simulator says {decisions}")
    c.simulate_custom_policy(
        PolicyInputList=[POLICY],
        ResourceArns=["arn:aws:ssm:us-east-1:000000000000:parameter/app/url"],
        ContextEntries=[{
            "ContextKeyName": "aws:SecureTransport",
            "ContextKeyValues": ["true"],
            "ContextKeyType": "boolean",
        }],
        **asked,
    )


def sts(to, role):
    c = to.client("sts")
    c.get_caller_identity()
    keys = c.assume_role(RoleArn=role, RoleSessionName="story", DurationSeconds=900)["Credentials"]
    assumed = to.client(
        "sts",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    ).get_caller_identity()
    if not assumed["Arn"].endswith(":assumed-role/execution/story"):
        to.problems.append(f"the assumed role is {assumed['Arn']}")


def logs(to):
    c = to.client("logs")
    c.create_log_group(logGroupName="/app", tags={"team": "checkout"})
    group = c.describe_log_groups(logGroupNamePrefix="/app")["logGroups"][0]
    arn = group["logGroupArn"]
    c.put_retention_policy(logGroupName="/app", retentionInDays=30)
    c.describe_log_groups()
    c.delete_retention_policy(logGroupName="/app")
    c.tag_log_group(logGroupName="/app", tags={"stage": "test"})
    c.list_tags_log_group(logGroupName="/app")
    c.untag_log_group(logGroupName="/app", tags=["stage"])
    c.tag_resource(resourceArn=arn, tags={"stage": "test"})
    c.list_tags_for_resource(resourceArn=arn)
    c.untag_resource(resourceArn=arn, tagKeys=["stage"])
    c.create_log_stream(logGroupName="/app", logStreamName="web/1")
    now = int(time.time() * 1000)
    events = [{"timestamp": now + at, "message": f"request {at} took {at * 3} ms"} for at in range(5)]
    old = [{"timestamp": now - 20 * 86_400_000, "message": "too old"}]
    c.put_log_events(logGroupName="/app", logStreamName="web/1", logEvents=events)
    c.put_log_events(logGroupName="/app", logStreamName="web/1", logEvents=old)
    c.get_log_events(logGroupName="/app", logStreamName="web/1", startFromHead=True, limit=2)
    c.filter_log_events(logGroupName="/app", filterPattern="request", limit=3)
    c.describe_log_streams(logGroupName="/app", orderBy="LastEventTime", descending=True)
    c.put_log_group_deletion_protection(logGroupIdentifier="/app", deletionProtectionEnabled=True)
    c.describe_log_groups()
    c.put_log_group_deletion_protection(logGroupIdentifier="/app", deletionProtectionEnabled=False)
    c.create_log_group(logGroupName="/gone")
    c.create_log_stream(logGroupName="/gone", logStreamName="one")
    c.delete_log_stream(logGroupName="/gone", logStreamName="one")
    c.delete_log_group(logGroupName="/gone")
    to.refuses("ResourceNotFoundException", lambda: c.delete_log_group(logGroupName="/gone"))


def ssm(to):
    c = to.client("ssm")
    name = "/app/database/url"
    c.put_parameter(
        Name=name,
        Value="postgres://here",
        Type="SecureString",
        Description="Where the database is",
        Tags=[{"Key": "team", "Value": "checkout"}],
    )
    c.put_parameter(Name=name, Value="postgres://there", Overwrite=True)
    c.put_parameter(Name="/app/regions", Value="a,b", Type="StringList", Tier="Advanced")
    c.put_parameter(Name="/app/size", Value="12", Type="String", AllowedPattern=r"\d+")
    c.get_parameter(Name=name, WithDecryption=True)
    c.get_parameter(Name=f"{name}:1")
    c.get_parameters(Names=[name, "/no/where"], WithDecryption=True)
    c.get_parameters_by_path(Path="/app", Recursive=True, WithDecryption=True, MaxResults=2)
    c.describe_parameters(ParameterFilters=[{"Key": "Path", "Option": "Recursive", "Values": ["/app"]}])
    c.label_parameter_version(Name=name, ParameterVersion=1, Labels=["first", "9lives"])
    c.get_parameter_history(Name=name, WithDecryption=True)
    c.unlabel_parameter_version(Name=name, ParameterVersion=1, Labels=["first", "other"])
    tags = {"ResourceType": "Parameter", "ResourceId": name}
    c.add_tags_to_resource(**tags, Tags=[{"Key": "stage", "Value": "test"}])
    c.list_tags_for_resource(**tags)
    c.remove_tags_from_resource(**tags, TagKeys=["stage"])
    c.delete_parameter(Name="/app/size")
    c.delete_parameters(Names=["/app/regions", "/no/where"])
    to.refuses("ParameterNotFound", lambda: c.get_parameter(Name="/app/size"))


def secretsmanager(to):
    c = to.client("secretsmanager")
    made = c.create_secret(
        Name="app/jwt",
        Description="Signs sessions",
        SecretString=json.dumps({"key": "one"}),
        Tags=[{"Key": "team", "Value": "checkout"}],
    )
    arn, first = made["ARN"], made["VersionId"]
    c.describe_secret(SecretId="app/jwt")
    c.get_secret_value(SecretId=arn)
    second = c.put_secret_value(
        SecretId="app/jwt", SecretString=json.dumps({"key": "two"}), VersionStages=["AWSPENDING"]
    )["VersionId"]
    c.update_secret_version_stage(
        SecretId="app/jwt", VersionStage="AWSCURRENT", MoveToVersionId=second, RemoveFromVersionId=first
    )
    c.update_secret(SecretId="app/jwt", Description="Signs all sessions", SecretString="three")
    c.list_secret_version_ids(SecretId="app/jwt", IncludeDeprecated=True)
    c.list_secrets(Filters=[{"Key": "name", "Values": ["app/"]}])
    c.create_secret(Name="app/binary", SecretBinary=b"\x00\x01\x02")
    c.get_secret_value(SecretId="app/binary")
    c.batch_get_secret_value(SecretIdList=["app/jwt", "app/binary", "no/where"])
    c.tag_resource(SecretId="app/jwt", Tags=[{"Key": "stage", "Value": "test"}])
    c.untag_resource(SecretId="app/jwt", TagKeys=["stage"])
    policy = {
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::000000000000:root"},
            "Action": "secretsmanager:GetSecretValue",
            "Resource": "*",
        }],
    }
    c.put_resource_policy(SecretId="app/jwt", ResourcePolicy=json.dumps(policy))
    c.get_resource_policy(SecretId="app/jwt")
    c.delete_resource_policy(SecretId="app/jwt")
    c.get_random_password(PasswordLength=20, ExcludePunctuation=True)
    c.delete_secret(SecretId="app/binary", RecoveryWindowInDays=7)
    c.describe_secret(SecretId="app/binary")
    c.list_secrets(IncludePlannedDeletion=True)
    to.refuses("InvalidRequestException", lambda: c.get_secret_value(SecretId="app/binary"))
    c.restore_secret(SecretId="app/binary")
    return arn


def ec2(to):
    c = to.client("ec2")
    c.describe_availability_zones()
    vpc = c.describe_vpcs()["Vpcs"][0]["VpcId"]
    c.describe_vpc_attribute(VpcId=vpc, Attribute="enableDnsSupport")
    c.describe_vpc_attribute(VpcId=vpc, Attribute="enableDnsHostnames")
    subnets = c.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    groups = c.describe_security_groups()["SecurityGroups"]
    networks(to, c)
    return vpc, [subnet["SubnetId"] for subnet in subnets], groups[0]["GroupId"]


def named(kind, name):
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]


def networks(to, c):
    """A VPC as templates make it: public and private subnets, gateways both ways, groups."""
    vpc = c.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=named("vpc", "shop"))["Vpc"]["VpcId"]
    c.get_waiter("vpc_available").wait(VpcIds=[vpc])
    c.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    if not c.describe_vpc_attribute(VpcId=vpc, Attribute="enableDnsHostnames")["EnableDnsHostnames"]["Value"]:
        to.problems.append("a VPC does not keep its attribute")
    zones = [zone["ZoneName"] for zone in c.describe_availability_zones()["AvailabilityZones"]]
    public, private = (
        c.create_subnet(
            VpcId=vpc, CidrBlock=block, AvailabilityZone=zone,
            TagSpecifications=named("subnet", block),
        )["Subnet"]["SubnetId"]
        for block, zone in [("10.0.0.0/24", zones[0]), ("10.0.1.0/24", zones[1])]
    )
    c.modify_subnet_attribute(SubnetId=public, MapPublicIpOnLaunch={"Value": True})
    found = c.describe_subnets(Filters=[{"Name": "tag:Name", "Values": ["10.0.0.*"]}])["Subnets"]
    if [subnet["MapPublicIpOnLaunch"] for subnet in found] != [True]:
        to.problems.append(f"the public subnet is {found}")
    gateway, tables, nat, address = ways_out(to, c, vpc, public, private)
    groups = security_groups(to, c, vpc)
    c.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    c.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    c.create_tags(Resources=[vpc, public], Tags=[{"Key": "stage", "Value": "test"}])
    c.describe_tags(Filters=[{"Name": "resource-id", "Values": [vpc]}])
    c.delete_tags(Resources=[vpc, public], Tags=[{"Key": "stage"}])
    to.refuses("DependencyViolation", lambda: c.delete_vpc(VpcId=vpc))
    for group in groups:
        c.delete_security_group(GroupId=group)
    c.delete_nat_gateway(NatGatewayId=nat)
    c.get_waiter("nat_gateway_deleted").wait(NatGatewayIds=[nat])
    c.release_address(AllocationId=address)
    c.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    c.delete_internet_gateway(InternetGatewayId=gateway)
    for subnet in [public, private]:
        c.delete_subnet(SubnetId=subnet)
    for table in tables:
        c.delete_route_table(RouteTableId=table)
    c.delete_vpc(VpcId=vpc)


def ways_out(to, c, vpc, public, private):
    gateway = c.create_internet_gateway(TagSpecifications=named("internet-gateway", "shop"))
    gateway = gateway["InternetGateway"]["InternetGatewayId"]
    c.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    c.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [vpc]}])
    address = c.allocate_address(Domain="vpc", TagSpecifications=named("elastic-ip", "shop"))["AllocationId"]
    nat = c.create_nat_gateway(
        SubnetId=public, AllocationId=address, TagSpecifications=named("natgateway", "shop"),
    )["NatGateway"]["NatGatewayId"]
    until("the NAT gateway is available", lambda: c.describe_nat_gateways(
        NatGatewayIds=[nat])["NatGateways"][0]["State"] == "available")
    c.describe_addresses(AllocationIds=[address])
    to.refuses("InvalidIPAddress.InUse", lambda: c.release_address(AllocationId=address))
    tables = [
        c.create_route_table(VpcId=vpc, TagSpecifications=named("route-table", name))["RouteTable"]["RouteTableId"]
        for name in ["public", "private"]
    ]
    c.create_route(RouteTableId=tables[0], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    c.create_route(RouteTableId=tables[1], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    c.replace_route(RouteTableId=tables[1], DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
    c.create_route(RouteTableId=tables[1], DestinationCidrBlock="192.168.0.0/16", NatGatewayId=nat)
    c.delete_route(RouteTableId=tables[1], DestinationCidrBlock="192.168.0.0/16")
    associations = [
        c.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]
        for table, subnet in zip(tables, [public, private])
    ]
    found = c.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    routes = {table["RouteTableId"]: table["Routes"][-1] for table in found}
    if routes[tables[1]].get("NatGatewayId") != nat or len(found) != 3:
        to.problems.append(f"the route tables are {found}")
    for association in associations:
        c.disassociate_route_table(AssociationId=association)
    return gateway, tables, nat, address


def security_groups(to, c, vpc):
    def make(name):
        return c.create_security_group(
            GroupName=name, Description=name, VpcId=vpc,
            TagSpecifications=named("security-group", name),
        )["GroupId"]

    tasks, balancer = make("tasks"), make("balancer")
    c.authorize_security_group_ingress(GroupId=balancer, IpPermissions=[{
        "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80,
        "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "everybody"}],
        "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
    }])
    between = {"IpProtocol": "tcp", "FromPort": 3000, "ToPort": 3000}
    to_tasks = {**between, "UserIdGroupPairs": [{"GroupId": tasks}]}
    c.authorize_security_group_egress(GroupId=balancer, IpPermissions=[to_tasks])
    rule = c.authorize_security_group_ingress(
        GroupId=tasks, IpPermissions=[{**between, "UserIdGroupPairs": [{"GroupId": balancer}]}],
    )["SecurityGroupRules"][0]
    c.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [tasks]}])
    to.refuses("DependencyViolation", lambda: c.delete_security_group(GroupId=tasks))
    c.revoke_security_group_egress(GroupId=balancer, IpPermissions=[to_tasks])
    c.revoke_security_group_ingress(
        GroupId=tasks, SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])
    return [tasks, balancer]


def acm(to):
    """Answers two certificates that listeners can use."""
    c = to.client("acm")
    make = lambda name: c.request_certificate(
        DomainName=name,
        SubjectAlternativeNames=[name, f"*.{name}"],
        ValidationMethod="DNS",
        IdempotencyToken="once",
        Tags=[{"Key": "team", "Value": "checkout"}],
    )["CertificateArn"]
    shop, other = make("shop.example"), make("other.example")
    status = lambda arn: c.describe_certificate(CertificateArn=arn)["Certificate"]["Status"]
    for arn in [shop, other]:
        until("a certificate is issued", lambda: status(arn) == "ISSUED")
    c.get_certificate(CertificateArn=shop)
    c.list_certificates(CertificateStatuses=["ISSUED"], Includes={"keyTypes": ["RSA_2048"]})
    c.add_tags_to_certificate(CertificateArn=shop, Tags=[{"Key": "stage", "Value": "test"}])
    c.list_tags_for_certificate(CertificateArn=shop)
    c.remove_tags_from_certificate(CertificateArn=shop, Tags=[{"Key": "stage"}])
    certificate, key = own_certificate()
    imported = c.import_certificate(Certificate=certificate, PrivateKey=key)["CertificateArn"]
    c.describe_certificate(CertificateArn=imported)
    c.delete_certificate(CertificateArn=imported)
    return shop, other


def ecr(to):
    c = to.client("ecr")
    made = c.create_repository(
        repositoryName="team/app",
        tags=[{"Key": "team", "Value": "checkout"}],
        imageTagMutability="IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters=[{"filterType": "WILDCARD", "filter": "dev-*"}],
        imageScanningConfiguration={"scanOnPush": True},
        encryptionConfiguration={"encryptionType": "AES256"},
    )["repository"]
    arn, name = made["repositoryArn"], made["repositoryName"]
    c.describe_repositories()
    c.describe_registry()
    token = c.get_authorization_token()["authorizationData"][0]["authorizationToken"]
    assert base64.b64decode(token).startswith(b"AWS:")
    c.tag_resource(resourceArn=arn, tags=[{"Key": "stage", "Value": "test"}])
    c.list_tags_for_resource(resourceArn=arn)
    c.untag_resource(resourceArn=arn, tagKeys=["stage"])
    c.put_image_scanning_configuration(repositoryName=name, imageScanningConfiguration={"scanOnPush": False})
    layers = [push_layer(to, token, name, content) for content in [b"{}", b"a layer"]]
    send_layer(c, name, b"another layer, sent through ECR")
    c.batch_check_layer_availability(repositoryName=name, layerDigests=[layers[0]["digest"], "sha256:" + "0" * 64])
    for tag in ["v1", "v2"]:
        c.put_image(repositoryName=name, imageManifest=image_manifest(layers, tag), imageTag=tag)
    moved = lambda: c.put_image(repositoryName=name, imageManifest=image_manifest(layers, "v3"), imageTag="v1")
    to.refuses("ImageTagAlreadyExistsException", moved)
    c.put_image_tag_mutability(repositoryName=name, imageTagMutability="MUTABLE")
    moved()
    c.list_images(repositoryName=name)
    c.list_image_referrers(repositoryName=name, subjectId={"imageDigest": layers[0]["digest"]})
    c.describe_images(repositoryName=name)
    c.batch_get_image(repositoryName=name, imageIds=[{"imageTag": "v1"}, {"imageTag": "v9"}])
    scan(to, c, name)
    archive(to, c, name, image_manifest(layers, "v2"))
    allow = {"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    c.set_repository_policy(repositoryName=name, policyText=policy)
    c.get_repository_policy(repositoryName=name)
    c.delete_repository_policy(repositoryName=name)
    selection = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 14}
    rule = {"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}
    last = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1}
    rules = [rule, {**rule, "rulePriority": 2, "selection": last}]
    c.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=json.dumps({"rules": rules}))
    c.get_lifecycle_policy(repositoryName=name)
    c.start_lifecycle_policy_preview(repositoryName=name)
    c.get_waiter("lifecycle_policy_preview_complete").wait(repositoryName=name)
    preview = c.get_lifecycle_policy_preview(repositoryName=name)
    assert preview["summary"]["expiringImageTotalCount"] == 1, preview
    c.delete_lifecycle_policy(repositoryName=name)
    c.batch_delete_image(repositoryName=name, imageIds=[{"imageTag": "v1"}, {"imageTag": "v9"}])
    to.refuses("RepositoryNotEmptyException", lambda: c.delete_repository(repositoryName=name))
    c.delete_repository(repositoryName=name, force=True)


def send_layer(c, name, content):
    """Uploads bytes through ECR's own operations, in two parts, and reads them back."""
    upload = c.initiate_layer_upload(repositoryName=name)["uploadId"]
    half = len(content) // 2
    for first, part in [(0, content[:half]), (half, content[half:])]:
        c.upload_layer_part(
            repositoryName=name,
            uploadId=upload,
            partFirstByte=first,
            partLastByte=first + len(part) - 1,
            layerPartBlob=part,
        )
    digest = "sha256:" + hashlib.sha256(content).hexdigest()
    c.complete_layer_upload(repositoryName=name, uploadId=upload, layerDigests=[digest])
    url = c.get_download_url_for_layer(repositoryName=name, layerDigest=digest)["downloadUrl"]
    with urllib.request.urlopen(url) as answer:
        assert answer.read() == content


def scan(to, c, name):
    """Nothing scans in the region, and a client that waits for findings is told so at once."""
    c.get_registry_scanning_configuration()
    c.batch_get_repository_scanning_configuration(repositoryNames=[name, "nowhere"])
    image = {"repositoryName": name, "imageId": {"imageTag": "v1"}}
    to.refuses("ScanNotFoundException", lambda: c.describe_image_scan_findings(**image))
    c.start_image_scan(**image)
    assert c.describe_image_scan_findings(**image)["imageScanStatus"]["status"] == "FAILED"
    try:
        c.get_waiter("image_scan_complete").wait(**image)
        raise AssertionError("a scan is complete where nothing scans")
    except WaiterError as error:
        assert "terminal failure" in str(error), error
    to.refuses("LimitExceededException", lambda: c.start_image_scan(**image))


def archive(to, c, name, manifest):
    """An image goes to the archive, is seen there, and comes back: at once when it is pushed again."""
    image = {"repositoryName": name, "imageId": {"imageTag": "v2"}}
    moved = c.update_image_storage_class(**image, targetStorageClass="ARCHIVE")
    assert moved["imageStatus"] == "ARCHIVED", moved
    archived = c.list_images(repositoryName=name, filter={"imageStatus": "ARCHIVED"})["imageIds"]
    assert [each["imageTag"] for each in archived] == ["v2"], archived
    again = lambda: c.update_image_storage_class(**image, targetStorageClass="ARCHIVE")
    to.refuses("ImageStorageClassUpdateNotSupportedException", again)
    moved = c.update_image_storage_class(**image, targetStorageClass="STANDARD")
    assert moved["imageStatus"] == "ACTIVATING", moved
    c.put_image(repositoryName=name, imageManifest=manifest, imageTag="v2")
    tags = [each.get("imageTag") for each in c.list_images(repositoryName=name)["imageIds"]]
    assert "v2" in tags, tags


def push_layer(to, token, name, content):
    """Uploads bytes as Docker does; answers how a manifest names them."""
    digest = "sha256:" + hashlib.sha256(content).hexdigest()
    url = f"{to.endpoint}/v2/{name}/blobs/uploads/?digest={digest}"
    request = urllib.request.Request(url, content, {"Authorization": f"Basic {token}"}, method="POST")
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 201, answer.status
    return {"mediaType": "application/octet-stream", "digest": digest, "size": len(content)}


def image_manifest(layers, note):
    kind = "application/vnd.oci.image.manifest.v1+json"
    config = {**layers[0], "mediaType": "application/vnd.oci.image.config.v1+json"}
    parts = {"config": config, "layers": layers[1:], "annotations": {"note": note}}
    return json.dumps({"schemaVersion": 2, "mediaType": kind, **parts})


def own_certificate():
    """A certificate that nobody signed but its own key, made once and good for twenty years."""
    folder = pathlib.Path(__file__).parent
    return (folder / "own.pem").read_bytes(), (folder / "own.key").read_bytes()


def secure_listener(to, balancer, web, shop, other):
    c = to.client("elbv2")
    c.describe_ssl_policies(Names=["ELBSecurityPolicy-TLS13-1-2-2021-06"])
    listener = c.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTPS",
        Port=443,
        SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06",
        Certificates=[{"CertificateArn": shop}],
        DefaultActions=[{"Type": "forward", "TargetGroupArn": web}],
    )["Listeners"][0]["ListenerArn"]
    c.add_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": other}])
    c.describe_listener_certificates(ListenerArn=listener)
    c.describe_listeners(ListenerArns=[listener])
    c.describe_listener_attributes(ListenerArn=listener)
    c.remove_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": other}])
    a = to.client("acm")
    to.refuses("ResourceInUseException", lambda: a.delete_certificate(CertificateArn=shop))
    c.delete_listener(ListenerArn=listener)
    for arn in [shop, other]:
        a.delete_certificate(CertificateArn=arn)


def elbv2(to, vpc, subnets, group_id):
    """Answers the target group that the load balancer leads to, for the service to come."""
    c = to.client("elbv2")
    balancer = c.create_load_balancer(
        Name="app", Subnets=subnets, SecurityGroups=[group_id], Tags=[{"Key": "team", "Value": "checkout"}]
    )["LoadBalancers"][0]["LoadBalancerArn"]
    make = lambda name: c.create_target_group(
        Name=name,
        Protocol="HTTP",
        Port=3000,
        VpcId=vpc,
        TargetType="ip",
        HealthCheckPath="/health",
        HealthCheckIntervalSeconds=5,
        HealthCheckTimeoutSeconds=2,
        HealthyThresholdCount=2,
    )["TargetGroups"][0]["TargetGroupArn"]
    web, spare = make("web"), make("spare")
    listener = c.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": web}],
    )["Listeners"][0]["ListenerArn"]
    rules(c, listener, web, spare)
    attributes(c, balancer, listener, web)
    c.describe_load_balancers(Names=["app"])
    c.describe_target_groups(LoadBalancerArn=balancer)
    c.describe_listeners(LoadBalancerArn=balancer)
    c.modify_target_group(TargetGroupArn=web, UnhealthyThresholdCount=3)
    c.modify_listener(
        ListenerArn=listener,
        DefaultActions=[{
            "Type": "forward",
            "ForwardConfig": {
                "TargetGroups": [{"TargetGroupArn": web, "Weight": 9}, {"TargetGroupArn": spare, "Weight": 1}]
            },
        }],
    )
    c.describe_listeners(ListenerArns=[listener])
    c.add_tags(ResourceArns=[web, listener], Tags=[{"Key": "stage", "Value": "test"}])
    c.describe_tags(ResourceArns=[balancer, web, listener])
    c.remove_tags(ResourceArns=[web], TagKeys=["stage"])
    c.set_security_groups(LoadBalancerArn=balancer, SecurityGroups=[group_id])
    c.set_subnets(LoadBalancerArn=balancer, Subnets=subnets[:2])
    return balancer, listener, web, spare


def rules(c, listener, web, spare):
    redirect = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
    one = c.create_rule(
        ListenerArn=listener,
        Priority=10,
        Conditions=[
            {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/old/*"]}},
            {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-A", "Values": ["b*"]}},
            {"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "v", "Value": "2"}]}},
        ],
        Actions=[{"Type": "redirect", "RedirectConfig": redirect}],
        Tags=[{"Key": "team", "Value": "checkout"}],
    )["Rules"][0]["RuleArn"]
    two = c.create_rule(
        ListenerArn=listener,
        Priority=20,
        Conditions=[
            {"Field": "host-header", "HostHeaderConfig": {"Values": ["*.example.com"]}},
            {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["GET", "HEAD"]}},
            {"Field": "source-ip", "SourceIpConfig": {"Values": ["127.0.0.0/8"]}},
        ],
        Actions=[{"Type": "forward", "TargetGroupArn": spare}],
    )["Rules"][0]["RuleArn"]
    c.describe_rules(ListenerArn=listener)
    fixed = {"StatusCode": "503", "ContentType": "text/plain", "MessageBody": "later"}
    c.modify_rule(RuleArn=two, Actions=[{"Type": "fixed-response", "FixedResponseConfig": fixed}])
    c.set_rule_priorities(RulePriorities=[{"RuleArn": one, "Priority": 30}])
    c.delete_rule(RuleArn=one)


def attributes(c, balancer, listener, group):
    c.modify_load_balancer_attributes(
        LoadBalancerArn=balancer, Attributes=[{"Key": "idle_timeout.timeout_seconds", "Value": "30"}]
    )
    c.describe_load_balancer_attributes(LoadBalancerArn=balancer)
    c.modify_target_group_attributes(
        TargetGroupArn=group, Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "5"}]
    )
    c.describe_target_group_attributes(TargetGroupArn=group)
    known = c.describe_listener_attributes(ListenerArn=listener)["Attributes"]
    c.modify_listener_attributes(ListenerArn=listener, Attributes=known[:1])


SERVER = """
require('http').createServer((_, answer) => answer.end('ok')).listen(process.env.PORT);
process.on('SIGTERM', () => process.exit(0));
"""


def definition(role, log_group, secret):
    options = {"awslogs-group": log_group, "awslogs-region": "us-east-1", "awslogs-stream-prefix": "app"}
    log = {"logDriver": "awslogs", "options": options}
    web = {
        "name": "web",
        "image": "node:22-alpine",
        "command": ["node", "-e", SERVER],
        "portMappings": [{"containerPort": 3000, "protocol": "tcp", "name": "http", "appProtocol": "http"}],
        "environment": [{"name": "PORT", "value": "3000"}],
        "secrets": [{"name": "JWT", "valueFrom": secret}, {"name": "URL", "valueFrom": "/app/database/url"}],
        "healthCheck": {"command": ["CMD-SHELL", "true"], "interval": 5, "timeout": 2, "retries": 1},
        "logConfiguration": log,
        "stopTimeout": 5,
        "ulimits": [{"name": "nofile", "softLimit": 1024, "hardLimit": 2048}],
        "dockerLabels": {"app": "web"},
        "dependsOn": [{"containerName": "setup", "condition": "SUCCESS"}],
    }
    setup = {"name": "setup", "image": "busybox", "command": ["true"], "essential": False, "cpu": 10}
    return {
        "family": "app",
        "taskRoleArn": role,
        "executionRoleArn": role,
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "256",
        "memory": "512",
        "runtimePlatform": {"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"},
        "containerDefinitions": [web, setup],
        "tags": [{"key": "team", "value": "checkout"}],
    }


def ecs_set_up(to, c, role, secret):
    c.put_account_setting_default(name="containerInsights", value="disabled")
    c.put_account_setting(name="containerInsights", value="enabled")
    c.list_account_settings(effectiveSettings=True)
    c.delete_account_setting(name="containerInsights")
    c.create_cluster(
        clusterName="app",
        tags=[{"key": "team", "value": "checkout"}],
        settings=[{"name": "containerInsights", "value": "disabled"}],
    )
    c.create_cluster(clusterName="gone")
    c.put_cluster_capacity_providers(
        cluster="app",
        capacityProviders=["FARGATE", "FARGATE_SPOT"],
        defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1, "base": 1}],
    )
    c.update_cluster(cluster="app", settings=[{"name": "containerInsights", "value": "enabled"}])
    c.update_cluster_settings(cluster="app", settings=[{"name": "containerInsights", "value": "disabled"}])
    c.list_clusters()
    c.delete_cluster(cluster="gone")
    everything = ["ATTACHMENTS", "CONFIGURATIONS", "SETTINGS", "STATISTICS", "TAGS"]
    c.describe_clusters(clusters=["app", "gone", "nobody"], include=everything)
    request = definition(role, "/app", secret)
    arns = [c.register_task_definition(**request)["taskDefinition"]["taskDefinitionArn"] for _ in range(3)]
    c.describe_task_definition(taskDefinition="app", include=["TAGS"])
    c.list_task_definitions(familyPrefix="app", sort="DESC")
    c.list_task_definition_families(status="ACTIVE")
    c.deregister_task_definition(taskDefinition=arns[2])
    c.delete_task_definitions(taskDefinitions=[arns[2], "app:77"])
    return arns[0], arns[1]


def ecs(to, role, secret, subnets, group_id, target_group):
    c = to.client("ecs")
    first, second = ecs_set_up(to, c, role, secret)
    network = {
        "awsvpcConfiguration": {
            "subnets": subnets, "securityGroups": [group_id], "assignPublicIp": "ENABLED",
        }
    }
    service = c.create_service(
        cluster="app",
        serviceName="web",
        taskDefinition=first,
        desiredCount=2,
        launchType="FARGATE",
        networkConfiguration=network,
        loadBalancers=[{"targetGroupArn": target_group, "containerName": "web", "containerPort": 3000}],
        deploymentConfiguration={
            "deploymentCircuitBreaker": {"enable": True, "rollback": True},
            "minimumHealthyPercent": 100,
            "maximumPercent": 200,
        },
        healthCheckGracePeriodSeconds=30,
        propagateTags="SERVICE",
        enableECSManagedTags=True,
        tags=[{"key": "team", "value": "checkout"}],
    )["service"]
    describe = lambda: c.describe_services(cluster="app", services=["web"], include=["TAGS"])["services"][0]
    deployed = lambda: [held["rolloutState"] for held in describe()["deployments"]] == ["COMPLETED"]
    until("the service is deployed", deployed)
    c.update_service(cluster="app", service="web", taskDefinition=second, desiredCount=1)
    describe()
    until("the service is deployed again", deployed)
    tasks = c.list_tasks(cluster="app", serviceName="web")["taskArns"]
    c.describe_tasks(cluster="app", tasks=[*tasks, "0" * 32], include=["TAGS"])
    to.client("ec2").describe_network_interfaces()
    arn = service["serviceArn"]
    c.tag_resource(resourceArn=arn, tags=[{"key": "stage", "value": "test"}])
    c.list_tags_for_resource(resourceArn=arn)
    c.untag_resource(resourceArn=arn, tagKeys=["stage"])
    c.list_services(cluster="app", launchType="FARGATE")
    look_back(c, describe)
    consent(c, first, network)
    run_and_stop(c, first, network)
    return c


def look_back(c, describe):
    """What the service's deployments were, and one that is sent back before it has begun."""
    done = c.list_service_deployments(cluster="app", service="web", status=["SUCCESSFUL"])
    arns = [held["serviceDeploymentArn"] for held in done["serviceDeployments"]]
    assert len(arns) == 2, arns
    shown = c.describe_service_deployments(serviceDeploymentArns=[*arns, arns[0] + "x"])
    revisions = [held["targetServiceRevision"]["arn"] for held in shown["serviceDeployments"]]
    images = c.describe_service_revisions(serviceRevisionArns=revisions)["serviceRevisions"][0]["containerImages"]
    assert images, "a revision names its images"
    forced = c.update_service(cluster="app", service="web", forceNewDeployment=True)["service"]
    arn = forced["currentServiceDeployment"]
    c.stop_service_deployment(serviceDeploymentArn=arn, stopType="ROLLBACK")
    status = lambda: c.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"][0]["status"]
    until("the deployment is rolled back", lambda: status() == "ROLLBACK_SUCCESSFUL")
    describe()


def consent(c, task_definition, network):
    """A service whose revisions come up beside each other, once somebody lets them."""
    made = c.create_service(
        cluster="app",
        serviceName="beside",
        taskDefinition=task_definition,
        desiredCount=0,
        launchType="FARGATE",
        networkConfiguration=network,
        deploymentConfiguration={
            "strategy": "CANARY",
            "canaryConfiguration": {"canaryPercent": 12.5, "canaryBakeTimeInMinutes": 0},
            "bakeTimeInMinutes": 0,
            "lifecycleHooks": [
                {
                    "targetType": "PAUSE",
                    "lifecycleStages": ["POST_SCALE_UP"],
                    "timeoutConfiguration": {"timeoutInMinutes": 30, "action": "ROLLBACK"},
                }
            ],
        },
    )["service"]
    arn = made["currentServiceDeployment"]
    look = lambda: c.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"][0]
    paused = lambda: [held["status"] for held in look()["lifecycleHookDetails"]] == ["AWAITING_ACTION"]
    until("the deployment waits for somebody", paused)
    hook = look()["lifecycleHookDetails"][0]["hookId"]
    c.continue_service_deployment(serviceDeploymentArn=arn, hookId=hook, action="CONTINUE")
    until("the deployment is done", lambda: look()["status"] == "SUCCESSFUL")
    c.delete_service(cluster="app", service="beside")


def run_and_stop(c, task_definition, network):
    override = {"name": "web", "environment": [{"name": "A", "value": "b"}], "command": ["sleep", "60"]}
    task = c.run_task(
        cluster="app",
        taskDefinition=task_definition,
        capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
        networkConfiguration=network,
        overrides={"containerOverrides": [override], "cpu": "512", "memory": "1024"},
        startedBy="story",
        group="story",
        enableECSManagedTags=True,
        enableExecuteCommand=True,
        propagateTags="TASK_DEFINITION",
        tags=[{"key": "one", "value": "off"}],
    )["tasks"][0]["taskArn"]
    look = lambda: c.describe_tasks(cluster="app", tasks=[task], include=["TAGS"])["tasks"][0]
    until("the task runs", lambda: look()["lastStatus"] == "RUNNING")
    agents = lambda: [agent for held in look()["containers"] for agent in held.get("managedAgents", [])]
    until("its agent runs", lambda: any(agent["lastStatus"] == "RUNNING" for agent in agents()))
    container = override["name"]
    c.execute_command(cluster="app", task=task, container=container, interactive=True, command="/bin/true")
    c.stop_task(cluster="app", task=task, reason="the story goes on")
    until("the task has stopped", lambda: look()["lastStatus"] == "STOPPED")
    c.list_tasks(cluster="app", desiredStatus="STOPPED")


def take_down(to, c, balancer, listener, web, spare):
    c.delete_service(cluster="app", service="web", force=True)
    gone = lambda: c.describe_services(cluster="app", services=["web"])["services"][0]["status"] == "INACTIVE"
    until("the service is gone", gone)
    # INACTIVE says that its tasks are STOPPING; the cluster can go when they have stopped.
    tasks = lambda: c.list_tasks(cluster="app", desiredStatus="STOPPED")["taskArns"]
    ended = lambda: all(task["lastStatus"] == "STOPPED" for task in c.describe_tasks(cluster="app", tasks=tasks())["tasks"])
    until("its tasks have stopped", ended)
    c.delete_cluster(cluster="app")
    e = to.client("elbv2")
    address = to.client("ec2").describe_subnets()["Subnets"][0]["CidrBlock"].replace("0/20", "9")
    e.register_targets(TargetGroupArn=spare, Targets=[{"Id": address, "Port": 1}])
    e.describe_target_health(TargetGroupArn=spare)
    e.deregister_targets(TargetGroupArn=spare, Targets=[{"Id": address, "Port": 1}])
    e.describe_target_health(TargetGroupArn=spare)
    e.delete_listener(ListenerArn=listener)
    e.delete_load_balancer(LoadBalancerArn=balancer)
    e.delete_target_group(TargetGroupArn=web)
    e.delete_target_group(TargetGroupArn=spare)
    to.client("secretsmanager").delete_secret(SecretId="app/jwt", ForceDeleteWithoutRecovery=True)
    to.client("logs").delete_log_group(logGroupName="/app")


def cloudwatch(to):
    for protocol in ["json", "smithy-rpc-v2-cbor", "query"]:
        with speaking(protocol):
            c = to.client("cloudwatch")
            alarms(to, c)
            dashboards(to, c)


def alarms(to, c):
    metric = {
        "Namespace": "AWS/ApplicationELB",
        "MetricName": "HTTPCode_Target_5XX_Count",
        "Dimensions": [{"Name": "LoadBalancer", "Value": "app/app/0123456789abcdef"}],
    }
    c.put_metric_alarm(
        AlarmName="errors",
        AlarmDescription="More than ten errors in a minute, three times",
        AlarmActions=["arn:aws:sns:us-east-1:000000000000:ops".replace("us-east-1", c.meta.region_name)],
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=3,
        DatapointsToAlarm=3,
        Threshold=10.0,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",
        Tags=[{"Key": "team", "Value": "checkout"}],
        **metric,
    )
    c.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="a story", StateReasonData="{}")
    c.put_composite_alarm(
        AlarmName="any",
        AlarmRule='ALARM("errors") OR FALSE',
        AlarmDescription="Anything at all",
        Tags=[{"Key": "team", "Value": "checkout"}],
    )
    c.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    to.refuses("ValidationError", lambda: c.delete_alarms(AlarmNames=["errors"]))
    c.delete_alarms(AlarmNames=["any"])
    c.describe_alarms(AlarmNames=["errors"])
    c.describe_alarms_for_metric(**metric)
    c.describe_alarm_history(AlarmName="errors", ScanBy="TimestampAscending")
    c.disable_alarm_actions(AlarmNames=["errors"])
    c.enable_alarm_actions(AlarmNames=["errors"])
    arn = c.describe_alarms(StateValue="ALARM")["MetricAlarms"][0]["AlarmArn"]
    c.tag_resource(ResourceARN=arn, Tags=[{"Key": "stage", "Value": "test"}])
    c.list_tags_for_resource(ResourceARN=arn)
    c.untag_resource(ResourceARN=arn, TagKeys=["stage"])
    state = lambda name: c.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="no such")
    to.refuses("ResourceNotFound", lambda: state("other"))
    c.delete_alarms(AlarmNames=["errors"])


def dashboards(to, c):
    text = {"type": "text", "width": 6, "height": 3, "properties": {"markdown": "hello"}}
    c.put_dashboard(DashboardName="shop", DashboardBody=json.dumps({"widgets": [text]}))
    c.get_dashboard(DashboardName="shop")
    c.list_dashboards(DashboardNamePrefix="sh")
    c.delete_dashboards(DashboardNames=["shop"])


def autoscaling(to, cluster, service):
    c = to.client("application-autoscaling")
    place = {
        "ServiceNamespace": "ecs",
        "ResourceId": f"service/{cluster}/{service}",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    to.refuses("ObjectNotFoundException", lambda: c.deregister_scalable_target(**place))
    arn = c.register_scalable_target(
        MinCapacity=1, MaxCapacity=4, Tags={"team": "checkout"}, **place
    )["ScalableTargetARN"]
    c.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[place["ResourceId"]])
    cpu = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}
    tracking = {"TargetValue": 62.5, "PredefinedMetricSpecification": cpu, "ScaleInCooldown": 300}
    c.put_scaling_policy(
        PolicyName="cpu", PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=tracking, **place,
    )
    steps = [{"MetricIntervalLowerBound": 0.0, "ScalingAdjustment": 1}]
    steps = {"AdjustmentType": "ChangeInCapacity", "StepAdjustments": steps}
    c.put_scaling_policy(PolicyName="steps", StepScalingPolicyConfiguration=steps, **place)
    c.describe_scaling_policies(ServiceNamespace="ecs", ResourceId=place["ResourceId"])
    c.delete_scaling_policy(PolicyName="steps", **place)
    c.put_scheduled_action(
        ScheduledActionName="morning", Schedule="cron(0 7 ? * MON-FRI *)", Timezone="Europe/Zurich",
        ScalableTargetAction={"MinCapacity": 2}, **place,
    )
    c.describe_scheduled_actions(ServiceNamespace="ecs")
    c.delete_scheduled_action(ScheduledActionName="morning", **place)
    c.describe_scaling_activities(ServiceNamespace="ecs")
    c.tag_resource(ResourceARN=arn, Tags={"stage": "test"})
    c.list_tags_for_resource(ResourceARN=arn)
    c.untag_resource(ResourceARN=arn, TagKeys=["stage"])
    c.deregister_scalable_target(**place)


def sns(to):
    c = to.client("sns")
    arn = c.create_topic(Name="alarms", Tags=[{"Key": "team", "Value": "checkout"}])["TopicArn"]
    c.set_topic_attributes(TopicArn=arn, AttributeName="DisplayName", AttributeValue="Alarms")
    c.get_topic_attributes(TopicArn=arn)
    c.list_topics()
    waiting = c.subscribe(
        TopicArn=arn, Protocol="email", Endpoint="ops@shop.example", ReturnSubscriptionArn=True,
    )["SubscriptionArn"]
    c.get_subscription_attributes(SubscriptionArn=waiting)
    c.list_subscriptions()
    c.list_subscriptions_by_topic(TopicArn=arn)
    c.publish(
        TopicArn=arn, Subject="hello", Message="world",
        MessageAttributes={"kind": {"DataType": "String", "StringValue": "test"}},
    )
    c.tag_resource(ResourceArn=arn, Tags=[{"Key": "stage", "Value": "test"}])
    c.list_tags_for_resource(ResourceArn=arn)
    c.untag_resource(ResourceArn=arn, TagKeys=["stage"])
    c.unsubscribe(SubscriptionArn=waiting)
    to.refuses("NotFound", lambda: c.get_subscription_attributes(SubscriptionArn=waiting))
    c.delete_topic(TopicArn=arn)


def buckets(to):
    c = to.client("s3")
    name = {"Bucket": "shop-files"}
    region = c.meta.region_name
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    c.create_bucket(**name, **place)
    c.head_bucket(**name)
    c.list_buckets()
    c.get_bucket_location(**name)
    statement = {
        "Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop-files/*",
    }
    c.put_bucket_policy(**name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    c.get_bucket_policy(**name)
    c.delete_bucket_policy(**name)
    to.refuses("NoSuchBucketPolicy", lambda: c.get_bucket_policy(**name))
    c.put_bucket_versioning(**name, VersioningConfiguration={"Status": "Enabled"})
    c.get_bucket_versioning(**name)
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": True}
    c.put_bucket_encryption(**name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    c.get_bucket_encryption(**name)
    c.delete_bucket_encryption(**name)
    c.put_public_access_block(**name, PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    c.get_public_access_block(**name)
    c.delete_public_access_block(**name)
    to.refuses("NoSuchPublicAccessBlockConfiguration", lambda: c.get_public_access_block(**name))
    owner = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    c.put_bucket_ownership_controls(**name, OwnershipControls=owner)
    c.get_bucket_ownership_controls(**name)
    c.delete_bucket_ownership_controls(**name)
    kept = {"Status": "Enabled", "Filter": {"Prefix": ""}, "NoncurrentVersionExpiration": {"NoncurrentDays": 30}}
    c.put_bucket_lifecycle_configuration(**name, LifecycleConfiguration={"Rules": [kept]})
    c.get_bucket_lifecycle_configuration(**name)
    c.delete_bucket_lifecycle(**name)
    c.put_bucket_tagging(**name, Tagging={"TagSet": [{"Key": "team", "Value": "checkout"}]})
    c.get_bucket_tagging(**name)
    c.delete_bucket_tagging(**name)
    objects(to, c, name)
    c.delete_bucket(**name)
    to.refuses("NoSuchBucket", lambda: c.get_bucket_location(**name))


def objects(to, c, name):
    c.put_object(**name, Key="a", Body=b"hello", Metadata={"team": "checkout"})
    c.get_object(**name, Key="a")["Body"].read()
    c.head_object(**name, Key="a")
    c.copy_object(**name, Key="b", CopySource="shop-files/a")
    c.list_objects(**name)
    c.list_objects_v2(**name)
    c.list_object_versions(**name)
    upload = {**name, "Key": "c"}
    c.abort_multipart_upload(**upload, UploadId=c.create_multipart_upload(**upload)["UploadId"])
    upload["UploadId"] = c.create_multipart_upload(**upload)["UploadId"]
    tag = c.upload_part(**upload, PartNumber=1, Body=b"part")["ETag"]
    c.list_parts(**upload)
    c.complete_multipart_upload(**upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": tag}]})
    c.delete_object(**name, Key="a")
    to.refuses("NoSuchKey", lambda: c.get_object(**name, Key="a"))
    c.delete_objects(**name, Delete={"Objects": [{"Key": "b"}, {"Key": "c"}]})
    # Written while versions were kept, so each has some left.
    held = c.list_object_versions(**name)
    for one in held.get("Versions", []) + held.get("DeleteMarkers", []):
        c.delete_object(**name, Key=one["Key"], VersionId=one["VersionId"])


def tell(to):
    role = iam(to)
    sts(to, role)
    cloudwatch(to)
    sns(to)
    buckets(to)
    cloudfront(to)
    budgets(to)
    quotas(to)
    logs(to)
    ssm(to)
    secret = secretsmanager(to)
    vpc, subnets, group_id = ec2(to)
    balancer, listener, web, spare = elbv2(to, vpc, subnets, group_id)
    secure_listener(to, balancer, web, *acm(to))
    ecr(to)
    c = ecs(to, role, secret, subnets, group_id, web)
    autoscaling(to, "app", "web")
    to.client("elbv2").describe_target_health(TargetGroupArn=web)
    take_down(to, c, balancer, listener, web, spare)
    stacks(to, subnets[0])
