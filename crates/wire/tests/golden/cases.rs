//! What the golden messages say.

use super::{check, check_fault};
use api::{Call, Fault, acm, ec2, ecr, ecs, elbv2, iam, logs, secretsmanager, ssm, sts};
use model::Timestamp;

/// The id of every request here.
pub(crate) const REQUEST_ID: &str = "5f1c9b7e-3a52-4d8e-9c1f-0a6b2d4e8f90";
/// 2026-11-20T07:31:00.123Z.
pub(super) const NOW: Timestamp = Timestamp::from_millis(1_795_159_860_123);

pub(super) fn some<T>(text: &str) -> Option<T>
where
    T: for<'a> From<&'a str>,
{
    Some(text.into())
}

pub(crate) fn ecs() {
    check::<ecs::CreateService>(
        create_service(),
        ecs::CreateServiceResponse { service: Some(service()) },
    );
    check::<ecs::RegisterTaskDefinition>(
        register(),
        ecs::RegisterTaskDefinitionResponse::default(),
    );
    check::<ecs::ListServices>(
        ecs::ListServicesRequest::default(),
        ecs::ListServicesResponse { service_arns: Some(Vec::new()), next_token: None },
    );
    check::<ecs::ExecuteCommand>(execute_command(), command_executed());
    let missing = Fault::refuse("ClusterNotFoundException", "Cluster not found.");
    check_fault(ecs::CreateService::OPERATION, &missing);
    let conflict = Fault::refuse("ConflictException", "token reused")
        .with_detail("resourceIds", vec!["arn:aws:ecs:eu-west-1:000000000000:task/shop/1".into()]);
    check_fault(ecs::RunTask::OPERATION, &conflict);
    check_fault(ecs::RunTask::OPERATION, &Fault::internal());
}

fn execute_command() -> ecs::ExecuteCommandRequest {
    ecs::ExecuteCommandRequest {
        cluster: some("shop"),
        container: some("api"),
        command: "/bin/sh -c 'echo \"hi\"'".to_owned(),
        interactive: true,
        task: "0123456789abcdef0123456789abcdef".to_owned(),
    }
}

fn command_executed() -> ecs::ExecuteCommandResponse {
    ecs::ExecuteCommandResponse {
        container_name: some("api"),
        interactive: Some(true),
        session: Some(ecs::Session {
            session_id: some("ecs-execute-command-0123456789abcdef0"),
            stream_url: some("ws://127.0.0.1:4566/v1/data-channel/1?role=publish_subscribe"),
            token_value: some("dG9rZW4="),
        }),
        ..Default::default()
    }
}

fn create_service() -> ecs::CreateServiceRequest {
    ecs::CreateServiceRequest {
        cluster: some("shop"),
        service_name: "api".into(),
        task_definition: some("api:7"),
        load_balancers: Some(vec![ecs::LoadBalancer {
            target_group_arn: some(
                "arn:aws:elasticloadbalancing:eu-west-1:000000000000:targetgroup/api/1",
            ),
            container_name: some("api"),
            container_port: Some(3000),
            ..Default::default()
        }]),
        desired_count: Some(2),
        launch_type: some("FARGATE"),
        deployment_configuration: Some(ecs::DeploymentConfiguration {
            deployment_circuit_breaker: Some(ecs::DeploymentCircuitBreaker {
                enable: true,
                rollback: true,
                ..Default::default()
            }),
            maximum_percent: Some(200),
            minimum_healthy_percent: Some(100),
            ..Default::default()
        }),
        network_configuration: Some(ecs::NetworkConfiguration {
            awsvpc_configuration: Some(ecs::AwsVpcConfiguration {
                subnets: vec!["subnet-1".into(), "subnet-2".into()],
                security_groups: Some(Vec::new()),
                assign_public_ip: some("DISABLED"),
            }),
        }),
        ..Default::default()
    }
}

fn service() -> ecs::Service {
    ecs::Service {
        service_arn: some("arn:aws:ecs:eu-west-1:000000000000:service/shop/api"),
        deployments: Some(vec![ecs::Deployment {
            id: some("ecs-svc/1234567890123456789"),
            status: some("PRIMARY"),
            created_at: Some(NOW),
            updated_at: Some(Timestamp::from_seconds(NOW.seconds())),
            ..Default::default()
        }]),
        events: Some(Vec::new()),
        enable_execute_command: Some(false),
        ..Default::default()
    }
}

fn register() -> ecs::RegisterTaskDefinitionRequest {
    let container = ecs::ContainerDefinition {
        name: some("api"),
        image: some("000000000000.dkr.ecr.eu-west-1.amazonaws.com/shop/api@sha256:0a"),
        command: Some(vec!["sh".into(), "-c".into(), "echo \"hé\\llo\"\n".into()]),
        environment: Some(vec![ecs::KeyValuePair { name: some("LOG_LEVEL"), value: some("") }]),
        log_configuration: Some(ecs::LogConfiguration {
            log_driver: "awslogs".into(),
            options: Some(
                [("awslogs-group", "/ecs/shop"), ("awslogs-region", "eu-west-1")]
                    .map(|(key, value)| (key.to_owned(), value.to_owned()))
                    .into(),
            ),
            secret_options: None,
        }),
        essential: Some(true),
        ..Default::default()
    };
    ecs::RegisterTaskDefinitionRequest {
        family: "api".into(),
        container_definitions: vec![container],
        requires_compatibilities: Some(vec!["FARGATE".into()]),
        cpu: some("256"),
        memory: some("512"),
        ..Default::default()
    }
}

pub(crate) fn elbv2() {
    let rule = elbv2::Rule {
        rule_arn: some(
            "arn:aws:elasticloadbalancing:eu-west-1:000000000000:listener-rule/app/a/1/2/3",
        ),
        priority: some("10"),
        conditions: Some(vec![path_condition()]),
        actions: Some(vec![forward()]),
        is_default: Some(false),
        transforms: Some(Vec::new()),
    };
    check::<elbv2::CreateRule>(
        elbv2::CreateRuleInput {
            listener_arn: "arn:aws:elasticloadbalancing:eu-west-1:000000000000:listener/app/a/1/2"
                .into(),
            conditions: vec![path_condition()],
            priority: 10,
            actions: vec![forward()],
            tags: Some(vec![elbv2::Tag { key: "team".into(), value: some("web + api") }]),
            transforms: None,
        },
        elbv2::CreateRuleOutput { rules: Some(vec![rule]) },
    );
    check::<elbv2::DescribeLoadBalancers>(
        elbv2::DescribeLoadBalancersInput { names: Some(Vec::new()), ..Default::default() },
        elbv2::DescribeLoadBalancersOutput {
            load_balancers: Some(vec![elbv2::LoadBalancer {
                dns_name: some("a-1.eu-west-1.elb.amazonaws.com"),
                created_time: Some(NOW),
                state: Some(elbv2::LoadBalancerState { code: some("active"), reason: None }),
                ..Default::default()
            }]),
            next_marker: None,
        },
    );
    let missing = Fault::refuse("TargetGroupNotFound", "One or more target groups not found");
    check_fault(elbv2::DescribeTargetGroups::OPERATION, &missing);
}

fn path_condition() -> elbv2::RuleCondition {
    elbv2::RuleCondition {
        field: some("path-pattern"),
        path_pattern_config: Some(elbv2::PathPatternConditionConfig {
            values: Some(vec!["/api/*".into(), "/<x>?".into()]),
            regex_values: None,
        }),
        ..Default::default()
    }
}

fn forward() -> elbv2::Action {
    let group = |arn: &str, weight| elbv2::TargetGroupTuple {
        target_group_arn: some(arn),
        weight: Some(weight),
    };
    elbv2::Action {
        r#type: "forward".into(),
        forward_config: Some(elbv2::ForwardActionConfig {
            target_groups: Some(vec![group("blue", 90), group("green", 10)]),
            ..Default::default()
        }),
        ..Default::default()
    }
}

pub(crate) fn logs() {
    let event =
        |timestamp, message: &str| logs::InputLogEvent { timestamp, message: message.into() };
    check::<logs::PutLogEvents>(
        logs::PutLogEventsRequest {
            log_group_name: "/ecs/shop".into(),
            log_stream_name: "api/api/1".into(),
            log_events: vec![
                event(NOW.millis(), "listening on 3000"),
                event(NOW.millis() + 1, "\u{1b}[31mtab\t\"é\"\u{0}"),
            ],
            ..Default::default()
        },
        logs::PutLogEventsResponse {
            next_sequence_token: some("1"),
            rejected_log_events_info: Some(logs::RejectedLogEventsInfo {
                too_new_log_event_start_index: Some(1),
                ..Default::default()
            }),
            ..Default::default()
        },
    );
    check::<logs::CreateLogGroup>(
        logs::CreateLogGroupRequest {
            log_group_name: "/ecs/shop".into(),
            tags: Some([("team".to_owned(), "web".to_owned())].into()),
            ..Default::default()
        },
        api::value::Nothing,
    );
    let exists =
        Fault::refuse("ResourceAlreadyExistsException", "The specified log group already exists");
    check_fault(logs::CreateLogGroup::OPERATION, &exists);
}

pub(crate) fn acm() {
    const ARN: &str = "arn:aws:acm:eu-west-1:000000000000:certificate/5f1c9b7e";
    check::<acm::ImportCertificate>(
        acm::ImportCertificateRequest {
            certificate: b"-----BEGIN CERTIFICATE-----".to_vec(),
            private_key: b"-----BEGIN PRIVATE KEY-----".to_vec().into(),
            ..Default::default()
        },
        acm::ImportCertificateResponse { certificate_arn: some(ARN) },
    );
    check::<acm::DescribeCertificate>(
        acm::DescribeCertificateRequest { certificate_arn: ARN.to_owned() },
        acm::DescribeCertificateResponse {
            certificate: Some(acm::CertificateDetail {
                domain_name: some("*.shop.example"),
                not_after: Some(NOW),
                ..Default::default()
            }),
        },
    );
    let missing = Fault::refuse("ResourceNotFoundException", "Could not find certificate x.");
    check_fault(acm::GetCertificate::OPERATION, &missing);
}

pub(crate) fn ecr() {
    check::<ecr::CreateRepository>(
        ecr::CreateRepositoryRequest {
            repository_name: "shop/api".into(),
            image_tag_mutability: some("IMMUTABLE"),
            ..Default::default()
        },
        ecr::CreateRepositoryResponse {
            repository: Some(ecr::Repository {
                repository_name: some("shop/api"),
                repository_uri: some("localhost:4566/shop/api"),
                created_at: Some(NOW),
                ..Default::default()
            }),
        },
    );
    check::<ecr::UploadLayerPart>(
        ecr::UploadLayerPartRequest {
            repository_name: "shop/api".into(),
            upload_id: REQUEST_ID.into(),
            part_first_byte: 0,
            part_last_byte: 4,
            layer_part_blob: b"bytes".to_vec(),
            ..Default::default()
        },
        ecr::UploadLayerPartResponse {
            upload_id: some(REQUEST_ID),
            last_byte_received: Some(4),
            ..Default::default()
        },
    );
    let missing = Fault::refuse("RepositoryNotFoundException", "The repository does not exist.");
    check_fault(ecr::BatchGetImage::OPERATION, &missing);
}

pub(crate) fn ssm() {
    check::<ssm::PutParameter>(
        ssm::PutParameterRequest {
            name: "/shop/prod/database-url".into(),
            value: "postgres://u:p@db/shop".into(),
            r#type: some("SecureString"),
            overwrite: Some(true),
            ..Default::default()
        },
        ssm::PutParameterResult { version: Some(2), tier: some("Standard") },
    );
    check::<ssm::GetParameters>(
        ssm::GetParametersRequest {
            names: vec!["/shop/a".into(), "b".into()],
            with_decryption: Some(true),
        },
        ssm::GetParametersResult {
            parameters: Some(vec![ssm::Parameter {
                name: some("/shop/a"),
                value: some("1"),
                version: Some(1),
                last_modified_date: Some(NOW),
                ..Default::default()
            }]),
            invalid_parameters: Some(vec!["b".into()]),
        },
    );
    check_fault(ssm::GetParameter::OPERATION, &Fault::refuse("ParameterNotFound", ""));
}

pub(crate) fn secretsmanager() {
    check::<secretsmanager::CreateSecret>(
        secretsmanager::CreateSecretRequest {
            name: "shop/prod/key".into(),
            secret_binary: Some(vec![0, 1, 254, 255].into()),
            ..Default::default()
        },
        secretsmanager::CreateSecretResponse { name: some("shop/prod/key"), ..Default::default() },
    );
    check::<secretsmanager::GetSecretValue>(
        secretsmanager::GetSecretValueRequest {
            secret_id: "shop/prod/key".into(),
            ..Default::default()
        },
        secretsmanager::GetSecretValueResponse {
            name: some("shop/prod/key"),
            secret_string: some("{\"user\":\"u\"}"),
            version_stages: Some(vec!["AWSCURRENT".into()]),
            created_date: Some(NOW),
            ..Default::default()
        },
    );
    let missing = Fault::refuse(
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret.",
    );
    check_fault(secretsmanager::GetSecretValue::OPERATION, &missing);
}

pub(crate) fn sts() {
    check::<sts::AssumeRole>(
        sts::AssumeRoleRequest {
            role_arn: "arn:aws:iam::000000000000:role/shop".into(),
            role_session_name: "deploy".into(),
            duration_seconds: Some(900),
            ..Default::default()
        },
        sts::AssumeRoleResponse {
            credentials: Some(sts::Credentials {
                access_key_id: "ASIA0000000000000000".into(),
                secret_access_key: "secret/+=".into(),
                session_token: "token".into(),
                expiration: NOW,
            }),
            assumed_role_user: Some(sts::AssumedRoleUser {
                assumed_role_id: "AROA00000000000000000:deploy".into(),
                arn: "arn:aws:sts::000000000000:assumed-role/shop/deploy".into(),
            }),
            ..Default::default()
        },
    );
    check::<sts::GetCallerIdentity>(
        sts::GetCallerIdentityRequest::default(),
        sts::GetCallerIdentityResponse {
            arn: some("arn:aws:iam::000000000000:root"),
            account: some("000000000000"),
            user_id: some("000000000000"),
        },
    );
    check_fault(sts::AssumeRole::OPERATION, &Fault::refuse("MalformedInput", ""));
    let unknown = Fault::refuse(
        "InvalidAction",
        "Could not find operation NoSuchAction for version 2011-06-15",
    );
    check_fault(sts::GetCallerIdentity::OPERATION, &unknown);
}

pub(crate) fn iam() {
    let policy = "{\"Version\":\"2012-10-17\",\"Statement\":[]}";
    check::<iam::CreateRole>(
        iam::CreateRoleRequest {
            role_name: "shop".into(),
            path: some("/service/"),
            assume_role_policy_document: policy.into(),
            ..Default::default()
        },
        iam::CreateRoleResponse {
            role: iam::Role {
                path: "/service/".into(),
                role_name: "shop".into(),
                role_id: "AROA00000000000000000".into(),
                arn: "arn:aws:iam::000000000000:role/service/shop".into(),
                create_date: NOW,
                assume_role_policy_document: some(policy),
                ..Default::default()
            },
        },
    );
    check::<iam::DeleteRole>(
        iam::DeleteRoleRequest { role_name: "shop".into() },
        api::value::Nothing,
    );
    let missing = Fault::refuse("NoSuchEntity", "The role with name shop cannot be found.");
    check_fault(iam::GetRole::OPERATION, &missing.with_status(404));
    check::<iam::SimulatePrincipalPolicy>(
        iam::SimulatePrincipalPolicyRequest {
            policy_source_arn: "arn:aws:iam::000000000000:role/shop".into(),
            action_names: vec!["ecs:RunTask".into(), "iam:PassRole".into()],
            resource_arns: Some(vec!["*".into()]),
            context_entries: Some(vec![iam::ContextEntry {
                context_key_name: some("iam:PassedToService"),
                context_key_values: Some(vec!["ecs-tasks.amazonaws.com".into()]),
                context_key_type: some("string"),
            }]),
            ..Default::default()
        },
        iam::SimulatePolicyResponse {
            evaluation_results: Some(vec![iam::EvaluationResult {
                eval_action_name: "ecs:RunTask".into(),
                eval_resource_name: some("*"),
                eval_decision: "allowed".into(),
                matched_statements: Some(vec![iam::Statement {
                    source_policy_id: some("AdministratorAccess"),
                    source_policy_type: some("aws-managed"),
                    ..Default::default()
                }]),
                missing_context_values: Some(Vec::new()),
                ..Default::default()
            }]),
            is_truncated: Some(false),
            marker: None,
        },
    );
}

pub(crate) fn ec2() {
    let filter =
        ec2::Filter { name: some("vpc-id"), values: Some(vec!["vpc-1".into(), "vpc-2".into()]) };
    let subnet = ec2::Subnet {
        subnet_id: some("subnet-1"),
        cidr_block: some("172.31.0.0/20"),
        available_ip_address_count: Some(4091),
        default_for_az: Some(true),
        tags: Some(vec![ec2::Tag { key: some("Name"), value: some("a & b") }]),
        ipv6_cidr_block_association_set: Some(Vec::new()),
        ..Default::default()
    };
    check::<ec2::DescribeSubnets>(
        ec2::DescribeSubnetsRequest {
            filters: Some(vec![filter]),
            subnet_ids: Some(vec!["subnet-1".into()]),
            max_results: Some(5),
            dry_run: Some(false),
            ..Default::default()
        },
        ec2::DescribeSubnetsResult { subnets: Some(vec![subnet]), next_token: None },
    );
    let missing =
        Fault::refuse("InvalidSubnetID.NotFound", "The subnet ID 'subnet-9' does not exist");
    check_fault(ec2::DescribeSubnets::OPERATION, &missing);
    networks();
}

fn networks() {
    check::<ec2::AuthorizeSecurityGroupIngress>(
        ec2::AuthorizeSecurityGroupIngressRequest {
            group_id: some("sg-1"),
            ip_permissions: Some(vec![ec2::IpPermission {
                ip_protocol: some("tcp"),
                from_port: Some(3000),
                to_port: Some(3000),
                user_id_group_pairs: Some(vec![ec2::UserIdGroupPair {
                    group_id: some("sg-2"),
                    description: some("From the load balancer"),
                    ..Default::default()
                }]),
                ..Default::default()
            }]),
            ..Default::default()
        },
        ec2::AuthorizeSecurityGroupIngressResult {
            r#return: Some(true),
            security_group_rules: Some(vec![ec2::SecurityGroupRule {
                security_group_rule_id: some("sgr-1"),
                group_id: some("sg-1"),
                is_egress: Some(false),
                ip_protocol: some("tcp"),
                from_port: Some(3000),
                to_port: Some(3000),
                ..Default::default()
            }]),
        },
    );
    check::<ec2::CreateVpc>(
        ec2::CreateVpcRequest {
            cidr_block: some("10.0.0.0/16"),
            tag_specifications: Some(vec![ec2::TagSpecification {
                resource_type: some("vpc"),
                tags: Some(vec![ec2::Tag { key: some("Name"), value: some("shop") }]),
            }]),
            ..Default::default()
        },
        ec2::CreateVpcResult {
            vpc: Some(ec2::Vpc {
                vpc_id: some("vpc-1"),
                cidr_block: some("10.0.0.0/16"),
                state: some("pending"),
                tags: Some(vec![ec2::Tag { key: some("Name"), value: some("shop") }]),
                ..Default::default()
            }),
        },
    );
}
