//! Calls of AWS's API, as the region and its peers take them.

use super::http::Request;
use serde_json::{Value, json};

/// Who answers AWS's API on a port of this machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Endpoint {
    /// The port.
    pub(crate) port: u16,
}

/// The cluster that the benches use.
pub(crate) const CLUSTER: &str = "bench";

/// How many services a cluster has where many are asked for.
pub(crate) const SERVICES: usize = 1000;

// === impl Endpoint ===

impl Endpoint {
    /// Calls an operation of ECS.
    pub(crate) fn ecs(self, operation: &str, input: &Value) -> Result<Value, String> {
        self.json(&ecs_fields(operation), operation, input)
    }

    /// Calls an operation of Certificate Manager.
    pub(crate) fn acm(self, operation: &str, input: &Value) -> Result<Value, String> {
        let mut fields = fields("acm", "application/x-amz-json-1.1");
        fields.push(("X-Amz-Target".to_owned(), format!("CertificateManager.{operation}")));
        self.json(&fields, operation, input)
    }

    /// Calls an operation of the registry of images.
    pub(crate) fn ecr(self, operation: &str, input: &Value) -> Result<Value, String> {
        let mut fields = fields("ecr", "application/x-amz-json-1.1");
        let target = format!("AmazonEC2ContainerRegistry_V20150921.{operation}");
        fields.push(("X-Amz-Target".to_owned(), target));
        self.json(&fields, operation, input)
    }

    fn json(
        self,
        fields: &[(String, String)],
        operation: &str,
        input: &Value,
    ) -> Result<Value, String> {
        let body = input.to_string();
        let request = Request { method: "POST", target: "/", fields, body: &body };
        let answer = request.to_port(self.port).map_err(|why| format!("{operation}: {why}"))?;
        answer.json().map_err(|why| format!("{operation}: {why}"))
    }

    /// Calls an operation of a service that speaks AWS's Query protocol; answers XML.
    pub(crate) fn query(
        self,
        service: &str,
        operation: &str,
        parameters: &[(&str, &str)],
    ) -> Result<String, String> {
        let version = if service == "ec2" { "2016-11-15" } else { "2015-12-01" };
        let named = [("Action", operation), ("Version", version)];
        let pairs = named.iter().chain(parameters).map(|(name, value)| format!("{name}={value}"));
        let body = pairs.collect::<Vec<_>>().join("&");
        let fields = fields(service, "application/x-www-form-urlencoded");
        let request = Request { method: "POST", target: "/", fields: &fields, body: &body };
        let answer = request.to_port(self.port).map_err(|why| format!("{operation}: {why}"))?;
        answer.success().map_err(|why| format!("{operation}: {why}"))
    }

    /// Makes the cluster, a task definition and services in it that run nothing.
    pub(crate) fn furnish(self, services: usize) -> Result<(), String> {
        self.ecs("CreateCluster", &json!({ "clusterName": CLUSTER }))?;
        self.ecs("RegisterTaskDefinition", &definition("web"))?;
        let first = |ids: Vec<String>| ids.into_iter().next().unwrap_or_default();
        let (subnet, group) = (first(self.subnets()?), first(self.security_groups()?));
        for number in 0..services {
            self.ecs("CreateService", &empty_service(number, &subnet, &group))?;
        }
        Ok(())
    }

    /// The subnets of the default VPC.
    pub(crate) fn subnets(self) -> Result<Vec<String>, String> {
        let answer = self.query("ec2", "DescribeSubnets", &[])?;
        Ok(between(&answer, "subnetId").map(str::to_owned).collect())
    }

    /// The security groups of the default VPC.
    fn security_groups(self) -> Result<Vec<String>, String> {
        let answer = self.query("ec2", "DescribeSecurityGroups", &[])?;
        Ok(between(&answer, "groupId").map(str::to_owned).collect())
    }
}

/// The header fields of a call of ECS.
pub(crate) fn ecs_fields(operation: &str) -> Vec<(String, String)> {
    let mut fields = fields("ecs", "application/x-amz-json-1.1");
    let target = format!("AmazonEC2ContainerServiceV20141113.{operation}");
    fields.push(("X-Amz-Target".to_owned(), target));
    fields
}

/// A task definition of one small container.
pub(crate) fn definition(family: &str) -> Value {
    json!({
        "family": family,
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "256",
        "memory": "512",
        "containerDefinitions": [{
            "name": "web",
            "image": "web:1",
            "essential": true,
            "memory": 512,
            "command": ["serve"],
            "environment": [
                { "name": "LOG_LEVEL", "value": "info" },
                { "name": "DATABASE_URL", "value": "postgres://db.internal:5432/shop" },
            ],
            "portMappings": [{ "containerPort": 8080, "protocol": "tcp" }],
        }],
    })
}

/// The name of one of the many services.
pub(crate) fn service_name(number: usize) -> String {
    format!("service-{number:04}")
}

/// The texts between the tags of this name.
pub(crate) fn between<'a>(xml: &'a str, tag: &str) -> impl Iterator<Item = &'a str> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    let parts = xml.split(&open).skip(1).collect::<Vec<_>>();
    parts.into_iter().filter_map(move |part| Some(part.split_once(&close)?.0))
}

fn empty_service(number: usize, subnet: &str, security_group: &str) -> Value {
    let network = json!({ "subnets": [subnet], "securityGroups": [security_group] });
    json!({
        "cluster": CLUSTER,
        "serviceName": service_name(number),
        "taskDefinition": "web:1",
        "desiredCount": 0,
        "launchType": "FARGATE",
        "networkConfiguration": { "awsvpcConfiguration": network },
    })
}

/// The region looks at whose key it is and for which service; nobody here checks the signature.
pub(crate) fn fields(service: &str, media_type: &str) -> Vec<(String, String)> {
    let scope = format!("test/20260101/us-east-1/{service}/aws4_request");
    let authorization =
        format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=00");
    vec![
        ("Authorization".to_owned(), authorization),
        ("X-Amz-Date".to_owned(), "20260101T000000Z".to_owned()),
        ("Content-Type".to_owned(), media_type.to_owned()),
    ]
}
