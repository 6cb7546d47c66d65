use super::*;
use http::{HeaderMap, HeaderValue, Method, Uri};

/// A request in one line each: `POST /?query`, headers, body.
struct Asked {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: &'static str,
}

fn asked(start: &str, headers: &[(&'static str, &str)], body: &'static str) -> Asked {
    let (method, uri) = start.split_once(' ').unwrap();
    let headers = headers
        .iter()
        .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_str(value).unwrap()))
        .collect();
    Asked { method: method.parse().unwrap(), uri: uri.parse().unwrap(), headers, body }
}

impl Asked {
    fn head(&self) -> Head<'_> {
        Head { method: &self.method, uri: &self.uri, headers: &self.headers }
    }

    fn dialect(&self) -> Dialect {
        dialect(&self.head(), self.body.as_bytes())
    }

    /// What is asked for, in a few words.
    fn found(&self) -> String {
        match target(&self.head(), self.body.as_bytes()) {
            Ok(Target::Known(operation)) => format!("{:?} {}", operation.service, operation.name),
            Ok(Target::Other { service, name }) => format!("{service:?} {name} (other)"),
            Err(refusal) => {
                let fault = refusal.fault(self.dialect());
                format!("{} {}", fault.status, fault)
            }
        }
    }
}

fn check(asked: &Asked, expected: &str) {
    assert_eq!(asked.found(), expected);
}

const JSON: (&str, &str) = ("content-type", "application/x-amz-json-1.1");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded; charset=utf-8");

fn json(target: &str) -> Asked {
    asked("POST /", &[JSON, ("x-amz-target", target)], "{}")
}

fn form(service: &str, body: &'static str) -> Asked {
    asked("POST /", &[FORM, ("authorization", &authorization(service))], body)
}

fn authorization(service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=AKID/20261120/eu-west-1/{service}/aws4_request, \
         SignedHeaders=host;x-amz-date, Signature=00"
    )
}

#[test]
fn json_names_its_operation_in_a_header() {
    check(&json("AmazonEC2ContainerServiceV20141113.CreateCluster"), "Ecs CreateCluster");
    check(&json("Logs_20140328.PutLogEvents"), "Logs PutLogEvents");
    check(&json("AmazonSSM.GetParameter"), "Ssm GetParameter");
    check(&json("secretsmanager.GetSecretValue"), "SecretsManager GetSecretValue");
    check(&json("AmazonEC2ContainerServiceV20141113.CreateTaskSet"), "Ecs CreateTaskSet (other)");
}

#[test]
fn json_that_names_nothing_known_is_refused_as_aws_does() {
    let unknown = "400 UnknownOperationException: ";
    check(&json("AmazonEC2ContainerServiceV20141113.Fly"), unknown);
    check(&json("AmazonEC2ContainerServiceV20141113."), unknown);
    let signed = [JSON, ("authorization", &authorization("ecs"))];
    check(&asked("POST /", &signed, "{}"), unknown);
    check(
        &json("AWSGlue.CreateJob"),
        "400 UnknownOperationException: no service of the local region answers to the target \
         `AWSGlue.CreateJob`; `neargate region operations` lists what is there",
    );
}

#[test]
fn json_must_be_called_json() {
    let target = ("x-amz-target", "AmazonSSM.GetParameter");
    for media_type in ["application/json", "application/x-amz-json-1.0", "Application/JSON; a=b"] {
        check(&asked("POST /", &[("content-type", media_type), target], "{}"), "Ssm GetParameter");
    }
    check(
        &asked("POST /", &[FORM, target], "{}"),
        "404 UnknownOperationException: the content type is `application/x-www-form-urlencoded`, not \
         `application/x-amz-json-1.1`",
    );
    check(
        &asked("POST /", &[target], "{}"),
        "404 UnknownOperationException: the content type is `missing`, not \
         `application/x-amz-json-1.1`",
    );
}

#[test]
fn query_takes_its_service_from_what_it_is_signed_for() {
    let body = "Action=DescribeTags&Version=2015-12-01";
    check(&form("elasticloadbalancing", body), "Elbv2 DescribeTags");
    check(&form("sts", "Action=GetCallerIdentity&Version=2011-06-15"), "Sts GetCallerIdentity");
    check(&form("iam", "Action=GetRole&Version=2010-05-08"), "Iam GetRole");
    check(&form("ec2", "Action=DescribeVpcs&Version=2016-11-15"), "Ec2 DescribeVpcs");
    check(&form("ec2", "Action=RunInstances&Version=2016-11-15"), "Ec2 RunInstances (other)");
}

#[test]
fn query_that_is_not_signed_takes_its_service_from_the_version() {
    let unsigned = |body| asked("POST /", &[FORM], body);
    check(&unsigned("Action=GetCallerIdentity&Version=2011-06-15"), "Sts GetCallerIdentity");
    check(&unsigned("Action=DescribeVpcs&Version=2016-11-15"), "Ec2 DescribeVpcs");
    check(
        &unsigned("Action=GetCallerIdentity&Version=1999-01-01"),
        "400 InvalidAction: Could not find operation GetCallerIdentity for version 1999-01-01",
    );
}

#[test]
fn query_may_stand_in_the_url() {
    let query = "GET /?Action=GetCallerIdentity&Version=2011-06-15";
    check(&asked(query, &[], ""), "Sts GetCallerIdentity");
    check(&asked(&query.replace("GET", "POST"), &[], ""), "Sts GetCallerIdentity");
    let presigned =
        format!("{query}&X-Amz-Credential=AKID%2F20261120%2Feu-west-1%2Fsts%2Faws4_request");
    check(&asked(&presigned, &[], ""), "Sts GetCallerIdentity");
}

#[test]
fn query_reads_the_first_of_two_parameters() {
    let body = "Action=GetCallerIdentity&Action=Fly&Version=2011-06-15&Version=1999-01-01";
    check(&form("sts", body), "Sts GetCallerIdentity");
}

#[test]
fn query_that_names_nothing_known_is_refused_as_sts_does() {
    let message = "400 InvalidAction: Could not find operation";
    let check = |body, rest: &str| check(&form("sts", body), &format!("{message} {rest}"));
    check("Action=Fly&Version=2011-06-15", "Fly for version 2011-06-15");
    check("Action=GetCallerIdentity", "GetCallerIdentity for version NO_VERSION_SPECIFIED");
    check("Action=GetCallerIdentity&Version=", "GetCallerIdentity for version ");
    check("Action=&Version=2011-06-15", " for version 2011-06-15");
}

#[test]
fn query_without_an_action_or_for_another_service_is_refused() {
    check(
        &form("sts", "Version=2011-06-15"),
        "400 MissingAction: The request is missing an action or a required parameter.",
    );
    check(
        &form("autoscaling", "Action=CreateAutoScalingGroup&Version=2011-01-01"),
        "400 InvalidAction: the local region has no service `autoscaling`; \
         `neargate region operations` lists what is there",
    );
    check(
        &form("ec2", "Action=Fly&Version=2016-11-15"),
        "400 InvalidAction: The action Fly is not valid for this web service.",
    );
}

#[test]
fn an_operation_that_only_aws_has_is_refused_honestly() {
    let check = |asked: Asked, expected: &str| {
        let Ok(target) = target(&asked.head(), asked.body.as_bytes()) else { panic!("refused") };
        let fault = target.operation().unwrap_err().fault(asked.dialect());
        assert_eq!((fault.status, fault.to_string().as_str()), (400, expected));
    };
    check(
        json("AmazonEC2ContainerServiceV20141113.CreateTaskSet"),
        "UnknownOperationException: ECS CreateTaskSet exists at AWS, but the local region does not \
         implement it; `neargate region operations` lists what is there",
    );
    check(
        form("elasticloadbalancing", "Action=DescribeTrustStores&Version=2015-12-01"),
        "InvalidAction: Elastic Load Balancing v2 DescribeTrustStores exists at AWS, but the local \
         region does not implement it; `neargate region operations` lists what is there",
    );
}

#[test]
fn the_dialect_is_known_even_when_the_operation_is_not() {
    let check = |asked: Asked, protocol, service| {
        assert_eq!(asked.dialect(), Dialect { protocol, service });
    };
    check(json("Logs_20140328.Fly"), Protocol::Json11, Some(Service::Logs));
    check(json("nonsense"), Protocol::Json11, None);
    check(form("ec2", ""), Protocol::Ec2, Some(Service::Ec2));
    check(form("autoscaling", "Version=2011-01-01"), Protocol::Query, None);
    check(asked("GET /", &[], ""), Protocol::Query, None);
    check(cbor("GraniteServiceVersion20100801/operation/Fly"), Protocol::Cbor, MONITORING);
    check(cbor("nonsense"), Protocol::Cbor, None);
}

/// CloudWatch speaks three protocols.
const MONITORING: Option<Service> = Some(Service::CloudWatch);

const CBOR: (&str, &str) = ("content-type", "application/cbor");

fn cbor(path: &str) -> Asked {
    asked(&format!("POST /service/{path}"), &[CBOR, ("smithy-protocol", "rpc-v2-cbor")], "")
}

#[test]
fn a_service_is_answered_in_the_protocol_that_it_is_asked_in() {
    let check = |asked: Asked, protocol| {
        check(&asked, "CloudWatch SetAlarmState");
        assert_eq!(asked.dialect(), Dialect { protocol, service: MONITORING });
    };
    check(cbor("GraniteServiceVersion20100801/operation/SetAlarmState"), Protocol::Cbor);
    check(json("GraniteServiceVersion20100801.SetAlarmState"), Protocol::Json10);
    let action = "Action=SetAlarmState&Version=2010-08-01";
    check(form("monitoring", action), Protocol::Query);
    check(asked("POST /", &[FORM], action), Protocol::Query);
}

#[test]
fn cbor_names_its_operation_in_the_path() {
    let other = "GraniteServiceVersion20100801/operation/GetMetricData";
    check(&cbor(other), "CloudWatch GetMetricData (other)");
    let unknown = "400 UnknownOperationException: ";
    check(&cbor("GraniteServiceVersion20100801/operation/Fly"), unknown);
    let nowhere = "no service of the local region answers to the target";
    for path in ["Elsewhere/operation/SetAlarmState", "a/b/operation/c", "/operation/", "a"] {
        let found = cbor(path).found();
        assert!(found.contains(nowhere), "{path}: {found}");
    }
    let path = "POST /service/GraniteServiceVersion20100801/operation/SetAlarmState";
    check(
        &asked(path, &[FORM], ""),
        "404 UnknownOperationException: the content type is `application/x-www-form-urlencoded`, \
         not `application/cbor`",
    );
}
