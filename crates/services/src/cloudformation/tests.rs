//! Requests and their refusals; what stacks come to is tried with real clients.

use super::table;
use crate::testing::{Region, assert_complete};
use api::Service;
use api::cloudformation::{
    CreateStack, CreateStackInput, DeleteStack, DeleteStackInput,
    DescribeStackDriftDetectionStatus, DescribeStackDriftDetectionStatusInput,
    DescribeStackResourceDrifts, DescribeStackResourceDriftsInput, DescribeStacks,
    DescribeStacksInput, DetectStackDrift, DetectStackDriftInput, StackResourceDrift, UpdateStack,
    UpdateStackInput,
};
use api::logs::{
    DeleteLogGroup, DeleteLogGroupRequest, DeleteRetentionPolicy, DeleteRetentionPolicyRequest,
    PutRetentionPolicy, PutRetentionPolicyRequest,
};
use world::stack::{ResourceStatus, StackStatus, Work};
use world::{Stack, StackResource};

const CLUSTER: &str = "Resources: { C: { Type: 'AWS::ECS::Cluster' } }";

fn region() -> Region {
    Region::of(table())
}

fn new(name: &str, body: &str) -> CreateStackInput {
    CreateStackInput {
        stack_name: name.to_owned(),
        template_body: Some(body.to_owned()),
        ..CreateStackInput::default()
    }
}

#[test]
fn every_operation_has_a_handler() {
    assert_complete(Service::CloudFormation, &table());
}

#[test]
fn every_type_is_found_by_its_name_and_names_are_in_order() {
    let names: Vec<&str> = super::kinds().collect();
    for name in &names {
        assert_eq!(super::types::find(name).map(super::types::Kind::name), Some(*name));
    }
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(names.len(), sorted.len());
}

#[test]
fn what_is_no_stack_is_refused_in_cloudformations_words() {
    let mut region = region();
    region.ok::<CreateStack>(new("there", CLUSTER));
    let of = |kind: &str, properties: &str| {
        format!("Resources: {{ R: {{ Type: '{kind}', Properties: {{ {properties} }} }} }}")
    };
    for (name, body, expected) in [
        ("there", CLUSTER, "AlreadyExistsException: Stack [there] already exists"),
        (
            "1st",
            CLUSTER,
            "ValidationError: 1 validation error detected: Value '1st' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*",
        ),
        (
            "new",
            "Resources: {}",
            "ValidationError: Template format error: At least one Resources member must be defined.",
        ),
        (
            "new",
            &of("AWS::Lambda::Function", ""),
            "ValidationError: Template format error: Unrecognized resource types: [AWS::Lambda::Function]",
        ),
        (
            "new",
            &of("AWS::IAM::Role", "A: 1"),
            "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]",
        ),
        (
            "new",
            &of("AWS::IAM::Role", "RoleName: r"),
            "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]",
        ),
        (
            "new",
            &format!("{CLUSTER}\nOutputs: {{ O: {{ Value: !GetAtt C.Name }} }}"),
            "ValidationError: Template error: resource C does not support attribute type Name in Fn::GetAtt",
        ),
    ] {
        assert_eq!(region.fault::<CreateStack>(new(name, body)), expected, "{body}");
    }
    let gone = DescribeStacksInput { stack_name: Some("gone".to_owned()), next_token: None };
    let expected = "ValidationError: Stack with id gone does not exist";
    assert_eq!(region.fault::<DescribeStacks>(gone), expected);
}

#[test]
fn the_same_request_again_is_answered_with_the_same_stack() {
    let mut region = region();
    let asked = || CreateStackInput {
        client_request_token: Some("once".to_owned()),
        ..new("shop", CLUSTER)
    };
    let first = region.ok::<CreateStack>(asked());
    assert_eq!(region.ok::<CreateStack>(asked()), first);
}

#[test]
fn a_template_may_stand_in_a_bucket() {
    let mut region = region();
    let url = "https://s3.eu-west-1.amazonaws.com/shop/stack.yml";
    let asked = || CreateStackInput {
        template_body: None,
        template_url: Some(url.to_owned()),
        ..new("shop", "")
    };
    let expected = format!(
        "ValidationError: TemplateURL must reference a valid S3 object to which you have access. ({url})"
    );
    assert_eq!(region.fault::<CreateStack>(asked()), expected);
    region.template = Some(CLUSTER.to_owned());
    region.ok::<CreateStack>(asked());
    assert_eq!(region.world.stacks.iter().next().unwrap().version.template, CLUSTER);
}

#[test]
fn what_is_not_made_may_be_of_any_type() {
    let mut region = Region::of(crate::Table::all());
    let template = |yes: &str| {
        format!(
            "Conditions: {{ Own: !Equals [a, {yes}] }}
Resources:
  C: {{ Type: 'AWS::ECS::Cluster' }}
  Key: {{ Type: 'AWS::KMS::Key', Condition: Own }}
Outputs: {{ O: {{ Value: !If [Own, !GetAtt Key.Arn, none] }} }}"
        )
    };
    region.ok::<CreateStack>(new("without", &template("b")));
    work(&mut region);
    assert_eq!(others(&region, ResourceStatus::CreateComplete), Vec::<String>::new());
    region.ok::<CreateStack>(new("with", &template("a")));
    work(&mut region);
    let failed = others(&region, ResourceStatus::CreateComplete).join("");
    assert!(failed.contains("Unrecognized resource type: AWS::KMS::Key"), "{failed}");
}

#[test]
fn a_stack_that_is_under_way_takes_no_update() {
    let mut region = region();
    let arn = region.ok::<CreateStack>(new("shop", CLUSTER)).stack_id.unwrap();
    let update = UpdateStackInput {
        stack_name: "shop".to_owned(),
        template_body: Some(CLUSTER.to_owned()),
        ..UpdateStackInput::default()
    };
    let expected = format!(
        "ValidationError: Stack:{arn} is in CREATE_IN_PROGRESS state and can not be updated."
    );
    assert_eq!(region.fault::<UpdateStack>(update), expected);
}

/// A network as `neargate export cloudformation` writes it.
const NETWORK: &str = "
Resources:
  Network:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true, EnableDnsSupport: true, Tags: [{ Key: Name, Value: shop }] }
  Gateway: { Type: 'AWS::EC2::InternetGateway', Properties: { Tags: [{ Key: Name, Value: shop }] } }
  Attached: { Type: 'AWS::EC2::VPCGatewayAttachment', Properties: { VpcId: !Ref Network, InternetGatewayId: !Ref Gateway } }
  Routes: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: !Ref Network } }
  Out:
    Type: AWS::EC2::Route
    DependsOn: Attached
    Properties: { RouteTableId: !Ref Routes, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway }
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: !Ref Network, CidrBlock: 10.0.0.0/20, AvailabilityZone: !Select [0, !GetAZs ''] }
  SubnetRoutes: { Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: { SubnetId: !Ref Subnet, RouteTableId: !Ref Routes } }
  Balancer:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: The load balancer
      VpcId: !Ref Network
      SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0, Description: All }]
      SecurityGroupEgress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0 }]
  Tasks: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: Tasks, VpcId: !Ref Network } }
  ToTasks:
    Type: AWS::EC2::SecurityGroupEgress
    Properties: { GroupId: !GetAtt Balancer.GroupId, IpProtocol: tcp, FromPort: 3000, ToPort: 3000, DestinationSecurityGroupId: !GetAtt Tasks.GroupId }
  FromBalancer:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: { GroupId: !GetAtt Tasks.GroupId, IpProtocol: tcp, FromPort: 3000, ToPort: 3000, SourceSecurityGroupId: !GetAtt Balancer.GroupId }
  Alarms: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: Alarms } }
  Board: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody: '{\"widgets\":[]}' } }
";

/// Carries a stack's steps out until none is left, in the order that `control` would find.
fn work(region: &mut Region) {
    loop {
        let rows: Vec<_> = region.world.stack_resources.iter().cloned().collect();
        let making = |it: &&StackResource| it.work == Work::Make;
        let removing = |it: &&StackResource| it.work == Work::Remove;
        let next = rows.iter().filter(making).find(|it| {
            rows.iter().all(|other| {
                other.work != Work::Make || !it.terms.needs.contains(&other.key.logical)
            })
        });
        let last = rows.iter().filter(removing).find(|it| {
            rows.iter().all(|other| {
                other.work != Work::Remove || !other.terms.needs.contains(&it.key.logical)
            })
        });
        match (next, last) {
            (Some(next), _) => region.step(|hand| super::make(hand, &next.key)),
            (None, Some(last)) => region.step(|hand| super::remove(hand, &last.key)),
            (None, None) => return,
        }
    }
}

/// Where each resource stands, and why, if it is not where it should be.
fn others(region: &Region, status: ResourceStatus) -> Vec<String> {
    let others = region.world.stack_resources.iter().filter(|it| it.status != Some(status));
    others.map(|it| format!("{} {:?} {:?}", it.key.logical, it.status, it.reason)).collect()
}

#[test]
fn a_network_is_made_and_taken_apart() {
    let mut region = Region::of(crate::Table::all());
    region.ok::<CreateStack>(new("net", NETWORK));
    work(&mut region);
    assert_eq!(others(&region, ResourceStatus::CreateComplete), Vec::<String>::new());
    assert_eq!(region.world.networks.len(), 1);
    let input = DeleteStackInput { stack_name: "net".to_owned(), ..DeleteStackInput::default() };
    region.ok::<DeleteStack>(input);
    work(&mut region);
    assert_eq!(others(&region, ResourceStatus::DeleteComplete), Vec::<String>::new());
    assert_eq!(region.world.networks.len(), 0);
}

const SCALING: &str = "
Resources:
  Target:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties:
      ServiceNamespace: ecs
      ScalableDimension: ecs:service:DesiredCount
      ResourceId: service/shop/api
      MinCapacity: 1
      MaxCapacity: 4
      ScheduledActions:
        - {ScheduledActionName: morning, Schedule: rate(1 day), ScalableTargetAction: {MinCapacity: 2}}
  Policy:
    Type: AWS::ApplicationAutoScaling::ScalingPolicy
    Properties:
      PolicyName: cpu
      PolicyType: TargetTrackingScaling
      ScalingTargetId: !Ref Target
      TargetTrackingScalingPolicyConfiguration:
        TargetValue: 60
        PredefinedMetricSpecification: {PredefinedMetricType: ECSServiceAverageCPUUtilization}
";

#[test]
fn a_count_is_scaled_by_a_stack() {
    let mut region = crate::autoscaling::tests::region_with(crate::Table::all());
    region.ok::<CreateStack>(new("scaling", SCALING));
    work(&mut region);
    assert_eq!(others(&region, ResourceStatus::CreateComplete), Vec::<String>::new());
    let counts = |region: &Region| {
        let world = &region.world;
        let targets = world.scalable_targets.iter().map(|target| target.max);
        let most = targets.max().unwrap_or_default();
        (most, world.scaling_policies.len(), world.scheduled_actions.len(), world.alarms.len())
    };
    assert_eq!(counts(&region), (4, 1, 1, 2));
    let stack = region.world.stacks.iter().next().unwrap().clone();
    region.put(Stack { status: StackStatus::CreateComplete, ..stack });
    let schedule =
        SCALING.find("      ScheduledActions").unwrap()..SCALING.find("  Policy").unwrap();
    let mut less = SCALING.replace("MaxCapacity: 4", "MaxCapacity: 5");
    less.replace_range(schedule, "");
    let update = UpdateStackInput {
        stack_name: "scaling".to_owned(),
        template_body: Some(less),
        ..UpdateStackInput::default()
    };
    region.ok::<UpdateStack>(update);
    work(&mut region);
    assert_eq!(counts(&region), (5, 1, 0, 2));
    let input =
        DeleteStackInput { stack_name: "scaling".to_owned(), ..DeleteStackInput::default() };
    region.ok::<DeleteStack>(input);
    work(&mut region);
    assert_eq!(others(&region, ResourceStatus::DeleteComplete), Vec::<String>::new());
    assert_eq!(counts(&region), (0, 0, 0, 0));
}

const KEPT: &str = "
Resources:
  Lines: {Type: 'AWS::Logs::LogGroup', Properties: {LogGroupName: /shop, RetentionInDays: 30}}
  Cluster: {Type: 'AWS::ECS::Cluster', Properties: {ClusterName: shop}}
  Topic: {Type: 'AWS::SNS::Topic'}
";

/// What was found of each resource, as `Name STATUS path: expected, actual`.
fn drifts(region: &mut Region) -> Vec<String> {
    let stack_name = "kept".to_owned();
    let input = DetectStackDriftInput { stack_name: stack_name.clone(), ..Default::default() };
    let id = region.ok::<DetectStackDrift>(input).stack_drift_detection_id;
    let input = DescribeStackDriftDetectionStatusInput { stack_drift_detection_id: id };
    let status = region.ok::<DescribeStackDriftDetectionStatus>(input);
    assert_eq!(status.detection_status, "DETECTION_COMPLETE");
    let input = DescribeStackResourceDriftsInput { stack_name, ..Default::default() };
    let found = region.ok::<DescribeStackResourceDrifts>(input).stack_resource_drifts;
    let line = |it: StackResourceDrift| {
        let differences = it.property_differences.into_iter().flatten();
        let told = differences
            .map(|it| format!(" {}: {}, {}", it.property_path, it.expected_value, it.actual_value));
        let head = format!("{} {}", it.logical_resource_id, it.stack_resource_drift_status);
        [head].into_iter().chain(told).collect::<String>()
    };
    found.into_iter().map(line).collect()
}

#[test]
fn what_was_changed_by_hand_is_found() {
    let mut region = Region::of(crate::Table::all());
    region.ok::<CreateStack>(new("kept", KEPT));
    let early = DetectStackDriftInput { stack_name: "kept".to_owned(), ..Default::default() };
    assert!(region.fault::<DetectStackDrift>(early).contains("in CREATE_IN_PROGRESS state"));
    work(&mut region);
    let stack = region.world.stacks.iter().next().unwrap().clone();
    region.put(Stack { status: StackStatus::CreateComplete, ..stack });
    let expected = ["Cluster IN_SYNC", "Lines IN_SYNC", "Topic NOT_CHECKED"];
    assert_eq!(drifts(&mut region), expected);
    let log_group_name = "/shop".to_owned();
    region.ok::<PutRetentionPolicy>(PutRetentionPolicyRequest {
        log_group_name: log_group_name.clone(),
        retention_in_days: 60,
    });
    assert_eq!(drifts(&mut region)[1], "Lines MODIFIED /RetentionInDays: 30, 60");
    let forever = DeleteRetentionPolicyRequest { log_group_name: log_group_name.clone() };
    region.ok::<DeleteRetentionPolicy>(forever);
    assert_eq!(drifts(&mut region)[1], "Lines MODIFIED /RetentionInDays: 30, null");
    region.ok::<DeleteLogGroup>(DeleteLogGroupRequest { log_group_name });
    assert_eq!(drifts(&mut region)[1], "Lines DELETED");
    let input = DescribeStacksInput { stack_name: Some("kept".to_owned()), ..Default::default() };
    let shown = region.ok::<DescribeStacks>(input).stacks.unwrap().remove(0);
    let drift = shown.drift_information.map(|it| it.stack_drift_status);
    assert_eq!(drift.as_deref(), Some("DRIFTED"));
}
