//! Calls of AWS's API that tell a refusal from a region that is away.

use super::PATIENCE;
use crate::bench::aws::{between, fields};
use crate::bench::http::{Answer, Request};
use serde_json::{Value, json};
use std::fmt;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

/// Who is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Caller {
    /// The region's port.
    pub(super) port: u16,
}

/// A service that speaks JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    Ecs,
    Logs,
    Secrets,
    Ssm,
}

/// Why there is no output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Nobody answered, or not to the end.
    Away(String),
    /// The answer is no.
    Refused { status: u16, body: String },
}

// === impl Service ===

impl Service {
    /// The name that keys are signed for, and the prefix of operations.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Ecs => ("ecs", "AmazonEC2ContainerServiceV20141113"),
            Self::Logs => ("logs", "Logs_20140328"),
            Self::Secrets => ("secretsmanager", "secretsmanager"),
            Self::Ssm => ("ssm", "AmazonSSM"),
        }
    }
}

// === impl Trouble ===

impl Trouble {
    /// Whether AWS's code for the refusal is this one.
    pub(super) fn is(&self, code: &str) -> bool {
        matches!(self, Self::Refused { body, .. } if body.contains(code))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Away(why) => write!(f, "the region is away: {why}"),
            Self::Refused { status, body } => write!(f, "{status}: {body}"),
        }
    }
}

impl From<Trouble> for String {
    fn from(trouble: Trouble) -> Self {
        trouble.to_string()
    }
}

// === impl Caller ===

impl Caller {
    /// Calls an operation of a service that speaks JSON. An output without a body is null.
    pub(super) fn call(
        self,
        service: Service,
        operation: &str,
        input: &Value,
    ) -> Result<Value, Trouble> {
        let (name, prefix) = service.names();
        let mut fields = fields(name, "application/x-amz-json-1.1");
        fields.push(("X-Amz-Target".to_owned(), format!("{prefix}.{operation}")));
        let answer = self.send("POST", "/", (&fields, &input.to_string()))?;
        if answer.body.is_empty() {
            return Ok(Value::Null);
        }
        // Half an answer is none.
        serde_json::from_str(&answer.body).map_err(|why| Trouble::Away(why.to_string()))
    }

    /// Calls an operation of ECS.
    pub(super) fn ecs(self, operation: &str, input: &Value) -> Result<Value, Trouble> {
        self.call(Service::Ecs, operation, input)
    }

    /// Calls an operation of Elastic Load Balancing; answers XML.
    pub(super) fn elb(self, operation: &str, input: &[(&str, &str)]) -> Result<String, Trouble> {
        let named = [("Action", operation), ("Version", "2015-12-01")];
        let pairs = named.iter().chain(input).map(|(name, value)| format!("{name}={value}"));
        let body = pairs.collect::<Vec<_>>().join("&");
        let fields = fields("elasticloadbalancing", "application/x-www-form-urlencoded");
        Ok(self.send("POST", "/", (&fields, &body))?.body)
    }

    /// What `neargate` itself asks of the region.
    pub(super) fn own(self, page: &str) -> Result<Value, Trouble> {
        let answer = self.send("GET", &format!("/_neargate/{page}"), (&[], ""))?;
        serde_json::from_str(&answer.body).map_err(|why| Trouble::Away(why.to_string()))
    }

    /// A service as it is now.
    pub(super) fn service(self, cluster: &str, service: &str) -> Result<Value, Trouble> {
        let asked = json!({ "cluster": cluster, "services": [service] });
        Ok(self.ecs("DescribeServices", &asked)?["services"][0].take())
    }

    /// The ids of a cluster's tasks that are to run.
    pub(super) fn tasks(self, cluster: &str) -> Result<Vec<String>, Trouble> {
        let listed = self.ecs("ListTasks", &json!({ "cluster": cluster }))?;
        let arns = listed["taskArns"].as_array().cloned().unwrap_or_default();
        let id = |arn: &Value| Some(arn.as_str()?.rsplit('/').next()?.to_owned());
        Ok(arns.iter().filter_map(id).collect())
    }

    /// The addresses and ports of a group's targets, and the state of each.
    pub(super) fn targets(self, group: &str) -> Result<Vec<(String, u16, String)>, Trouble> {
        let answer = self.elb("DescribeTargetHealth", &[("TargetGroupArn", group)])?;
        let members = answer.split("<TargetHealth>").skip(1);
        let before = answer.split("<Target>").skip(1);
        let read = |(state, target): (&str, &str)| {
            let text = |xml: &str, tag| between(xml, tag).next().map(str::to_owned);
            Some((text(target, "Id")?, text(target, "Port")?.parse().ok()?, text(state, "State")?))
        };
        Ok(members.zip(before).filter_map(read).collect())
    }

    fn send(
        self,
        method: &str,
        target: &str,
        (fields, body): (&[(String, String)], &str),
    ) -> Result<Answer, Trouble> {
        let away = |why: std::io::Error| Trouble::Away(why.to_string());
        let stream = TcpStream::connect(("127.0.0.1", self.port)).map_err(away)?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(away)?;
        let request = Request { method, target, fields, body };
        let answer = request.over(stream).map_err(away)?;
        match answer.status {
            200..300 => Ok(answer),
            status => Err(Trouble::Refused { status, body: answer.body }),
        }
    }
}

/// Looks until something is there. What the last look missed is told when it never comes.
pub(super) fn eventually<T>(
    what: &str,
    mut look: impl FnMut() -> Result<T, String>,
) -> Result<T, String> {
    let begun = Instant::now();
    loop {
        match look() {
            Ok(found) => return Ok(found),
            Err(why) if begun.elapsed() > PATIENCE => {
                return Err(format!("waited {PATIENCE:?} for {what}: {why}"));
            }
            Err(_) => thread::sleep(Duration::from_millis(20)),
        }
    }
}
