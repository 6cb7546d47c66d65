//! Services and their operations.

use crate::Record;
use crate::shape::Structure;

/// The AWS services this room has shapes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// Elastic Container Service.
    Ecs,
    /// Elastic Load Balancing, version 2.
    Elbv2,
    /// CloudWatch Logs.
    Logs,
    /// Systems Manager, of which Parameter Store is a part.
    Ssm,
    /// Secrets Manager.
    SecretsManager,
    /// Security Token Service.
    Sts,
    /// Identity and Access Management.
    Iam,
    /// Elastic Compute Cloud, of which VPC is a part.
    Ec2,
    /// Certificate Manager.
    Acm,
    /// CloudWatch: alarms and dashboards.
    CloudWatch,
    /// Elastic Container Registry.
    Ecr,
    /// Simple Notification Service.
    Sns,
    /// CloudFormation.
    CloudFormation,
    /// Application Auto Scaling.
    AutoScaling,
    /// Simple Storage Service.
    S3,
    /// CloudFront.
    CloudFront,
    /// Budgets.
    Budgets,
    /// Service Quotas.
    ServiceQuotas,
}

/// How a service puts calls on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// AWS JSON 1.1: `X-Amz-Target` names the operation, the body is JSON.
    Json11,
    /// AWS JSON 1.0: the same with another media type, and errors by the full name of their shape.
    Json10,
    /// AWS Query: a form body with `Action`, an XML answer inside a result wrapper.
    Query,
    /// EC2's dialect of Query: flat lists, its own member names, no wrapper.
    Ec2,
    /// Smithy's RPC v2 with CBOR: the path names service and operation, the body is CBOR.
    Cbor,
    /// REST with XML: method and path name the operation, its members are in path, query, headers and
    /// an XML body.
    RestXml,
}

/// A service as AWS's model describes it.
#[derive(Debug)]
pub struct ServiceModel {
    /// Which service.
    pub service: Service,
    /// AWS's service id: `ECS`, `Elastic Load Balancing v2`.
    pub id: &'static str,
    /// The first part of the service's host name.
    pub endpoint: &'static str,
    /// The name that requests are signed for.
    pub signing_name: &'static str,
    /// The API's date, `2014-11-13`.
    pub version: &'static str,
    /// How calls travel, by AWS's own preference: our calls take the first.
    pub protocols: &'static [Protocol],
    /// What stands before the operation's name in `X-Amz-Target`, and is the service's name in CBOR's
    /// paths; empty for Query.
    pub target_prefix: &'static str,
    /// The namespace of XML documents; empty for JSON.
    pub xml_namespace: &'static str,
    /// How REST-XML's requests name each of AWS's operations, those without shapes here included;
    /// by the operations' names. Empty for the other protocols.
    pub routes: &'static [Route],
    /// The operations with shapes here, by name.
    pub operations: &'static [&'static Operation],
    /// The names of AWS's other operations of this service, which have none.
    pub others: &'static [&'static str],
}

/// How a request of REST-XML names an operation.
#[derive(Debug, PartialEq, Eq)]
pub struct Route {
    /// The operation's name.
    pub operation: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path: `/{Bucket}/{Key+}`, where the last label takes all that is left.
    pub path: &'static str,
    /// What the query must have: `uploads`, or with a value `list-type=2`.
    pub query: &'static [&'static str],
    /// A header that it must have.
    pub header: Option<&'static str>,
    /// The HTTP status of success.
    pub status: u16,
    /// The outermost element of a request's document, where no member is that document.
    pub asked: &'static str,
    /// The outermost element of an answer's document, where no member is that document.
    pub answered: &'static str,
}

/// An operation's description.
#[derive(Debug)]
pub struct Operation {
    /// Its name, `CreateService`.
    pub name: &'static str,
    /// Its service.
    pub service: Service,
    /// What it is given.
    pub input: &'static Structure,
    /// What it answers.
    pub output: &'static Structure,
    /// The element around a Query answer's members.
    pub wrapper: Option<&'static str>,
    /// The errors that the model declares for it, besides those common to all.
    pub errors: &'static [&'static ErrorShape],
}

/// An error that a service's model declares.
#[derive(Debug, PartialEq, Eq)]
pub struct ErrorShape {
    /// The shape's name, which JSON puts on the wire: `ClusterNotFoundException`.
    pub name: &'static str,
    /// The code that Query puts on the wire: `TargetGroupNotFound`.
    pub code: &'static str,
    /// The HTTP status of a Query answer, or of a JSON fault (500).
    pub status: u16,
}

/// An operation as a type, so that handlers and callers get its records.
pub trait Call {
    /// The operation's description.
    const OPERATION: &'static Operation;
    /// What it is given.
    type Input: Record + 'static;
    /// What it answers.
    type Output: Record + 'static;
}

/// Declares an operation: its type and its description.
macro_rules! operation {
    ($service:ident $name:ident($input:ty) -> $output:ty, $wrapper:expr, [$($error:ident)*]) => {
        #[doc = concat!("`", stringify!($name), "`.")]
        #[derive(Debug, Clone, Copy)]
        pub enum $name {}

        impl $crate::Call for $name {
            const OPERATION: &'static $crate::Operation = &$crate::Operation {
                name: stringify!($name),
                service: $crate::Service::$service,
                input: <$input as $crate::Record>::SHAPE,
                output: <$output as $crate::Record>::SHAPE,
                wrapper: $wrapper,
                errors: &[$(&super::errors::$error,)*],
            };
            type Input = $input;
            type Output = $output;
        }
    };
}
pub(crate) use operation;

impl ServiceModel {
    /// The operation called `name`, if it has shapes here.
    #[must_use]
    pub fn operation(&self, name: &str) -> Option<&'static Operation> {
        let at = self.operations.binary_search_by(|operation| operation.name.cmp(name)).ok()?;
        Some(self.operations[at])
    }

    /// How a request of REST-XML names an operation of the service.
    #[must_use]
    pub fn route(&self, operation: &str) -> Option<&'static Route> {
        let at = self.routes.binary_search_by(|route| route.operation.cmp(operation)).ok()?;
        Some(&self.routes[at])
    }

    /// How our own calls travel.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.protocols[0]
    }

    /// Whether calls may travel so.
    #[must_use]
    pub fn speaks(&self, protocol: Protocol) -> bool {
        self.protocols.contains(&protocol)
    }

    /// The error that Query calls `code`, if an operation that has shapes here declares it.
    #[must_use]
    pub fn error(&self, code: &str) -> Option<&'static ErrorShape> {
        let mut errors = self.operations.iter().flat_map(|operation| operation.errors);
        errors.find(|error| error.code == code).copied()
    }

    /// Whether AWS's service has an operation called `name` that has no shapes here.
    #[must_use]
    pub fn has_other(&self, name: &str) -> bool {
        self.others.binary_search(&name).is_ok()
    }
}

impl Service {
    /// The service's model.
    #[must_use]
    pub fn model(self) -> &'static ServiceModel {
        match self {
            Self::Ecs => &crate::ecs::MODEL,
            Self::Elbv2 => &crate::elbv2::MODEL,
            Self::Logs => &crate::logs::MODEL,
            Self::Ssm => &crate::ssm::MODEL,
            Self::SecretsManager => &crate::secretsmanager::MODEL,
            Self::Sts => &crate::sts::MODEL,
            Self::Iam => &crate::iam::MODEL,
            Self::Ec2 => &crate::ec2::MODEL,
            Self::Acm => &crate::acm::MODEL,
            Self::CloudWatch => &crate::cloudwatch::MODEL,
            Self::Ecr => &crate::ecr::MODEL,
            Self::Sns => &crate::sns::MODEL,
            Self::CloudFormation => &crate::cloudformation::MODEL,
            Self::AutoScaling => &crate::autoscaling::MODEL,
            Self::S3 => &crate::s3::MODEL,
            Self::CloudFront => &crate::cloudfront::MODEL,
            Self::Budgets => &crate::budgets::MODEL,
            Self::ServiceQuotas => &crate::servicequotas::MODEL,
        }
    }

    /// Every service that has shapes here.
    pub const ALL: [Self; 18] = [
        Self::Ecs,
        Self::Elbv2,
        Self::Logs,
        Self::Ssm,
        Self::SecretsManager,
        Self::Sts,
        Self::Iam,
        Self::Ec2,
        Self::Acm,
        Self::CloudWatch,
        Self::Ecr,
        Self::Sns,
        Self::CloudFormation,
        Self::AutoScaling,
        Self::S3,
        Self::CloudFront,
        Self::Budgets,
        Self::ServiceQuotas,
    ];
}
