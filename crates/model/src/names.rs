//! Names and ids, each a type of its own so that one can't be taken for another.
//!
//! ```compile_fail
//! let cluster: model::ClusterName = model::ServiceName::from("web");
//! ```
//!
//! A name here is a word that has been accepted once (by a handler's check or by AWS itself); the
//! types carry no rule of their own, since AWS words the refusal differently in each service.
//!
//! Rows, keys and indexes hold the same few names many times over, and every change of a World
//! copies the keys beside the one that changed. So a clone shares its text.

use serde::{Deserialize, Serialize};
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// Declares string newtypes with the conversions that names need and no others.
macro_rules! names {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, taken out of its type.
            #[must_use]
            pub fn into_string(self) -> String {
                self.0.as_ref().to_owned()
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                compare(&self.0, &other.0)
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(Arc::from(text))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(Arc::from(text))
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", self.0)
            }
        }
    )*};
}

names! {
    /// The twelve digits of an AWS account.
    AccountId;
    /// A region's name, `eu-west-1`.
    RegionName;
    /// An Availability Zone's name, `eu-west-1a`.
    ZoneName;
    /// An ECS cluster's name, unique in its region and account.
    ClusterName;
    /// An ECS service's name, unique in its cluster.
    ServiceName;
    /// A task definition's family.
    Family;
    /// A container's name, unique in its task.
    ContainerName;
    /// 32 lower-case hexadecimal digits, the last part of a task's ARN.
    TaskId;
    /// `ecs-svc/` and 19 digits: one deployment of one service (reference §0.2).
    DeploymentId;
    /// 21 letters, digits, `-` and `_`, the last part of a service deployment's ARN (reference §0.2).
    ServiceDeploymentId;
    /// `ecs-pause-` and 43 letters, digits, `-` and `_`: one pause of one service deployment.
    HookId;
    /// A CloudWatch alarm's name.
    AlarmName;
    /// A repository's name in the registry of images.
    RepositoryName;
    /// `sha256:` and 64 lower-case hexadecimal digits: an image's manifest or one of its layers.
    ImageDigest;
    /// A load balancer's full ARN; ELBv2 identifies everything by ARN.
    LoadBalancerArn;
    /// A target group's full ARN.
    TargetGroupArn;
    /// A listener's full ARN.
    ListenerArn;
    /// A certificate's full ARN.
    CertificateArn;
    /// A stack's full ARN, which CloudFormation calls its id.
    StackArn;
    /// A change set's full ARN, which CloudFormation calls its id.
    ChangeSetArn;
    /// A listener rule's full ARN.
    RuleArn;
    /// A log group's name.
    LogGroupName;
    /// A log stream's name, unique in its group.
    LogStreamName;
    /// A Parameter Store name, with its leading slash when it has one.
    ParameterName;
    /// A Secrets Manager secret's name, without the six characters that its ARN adds.
    SecretName;
    /// An IAM role's name.
    RoleName;
    /// A managed policy's full ARN.
    PolicyArn;
    /// A subnet id, `subnet-0123456789abcdef0`.
    SubnetId;
    /// A security group id, `sg-0123456789abcdef0`.
    SecurityGroupId;
    /// A VPC id, `vpc-0123456789abcdef0`.
    VpcId;
    /// An internet gateway id, `igw-0123456789abcdef0`.
    InternetGatewayId;
    /// A route table id, `rtb-0123456789abcdef0`.
    RouteTableId;
    /// An elastic address's allocation id, `eipalloc-0123456789abcdef0`.
    AllocationId;
    /// A NAT gateway id, `nat-0123456789abcdef0`.
    NatGatewayId;
    /// An SNS topic's full ARN.
    TopicArn;
    /// The full ARN of a subscription to a topic.
    SubscriptionArn;
    /// A CloudWatch dashboard's name.
    DashboardName;
    /// An S3 bucket's name.
    BucketName;
    /// A CloudFront distribution's id, `E1A2B3C4D5E6F7`.
    DistributionId;
    /// The id of an origin access control or of one of CloudFront's policies.
    EdgePartId;
    /// A CloudFront function's name.
    FunctionName;
    /// A budget's name.
    BudgetName;
}

/// By their text; a text that both share need not be read.
fn compare(one: &Arc<str>, other: &Arc<str>) -> Ordering {
    if Arc::ptr_eq(one, other) { Ordering::Equal } else { one.cmp(other) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_the_order_of_their_texts_whoever_shares_them() {
        let (a, b) = (ClusterName::from("a"), ClusterName::from("b"));
        assert_eq!((a.cmp(&b), b.cmp(&a)), (Ordering::Less, Ordering::Greater));
        assert_eq!(a.cmp(&a.clone()), Ordering::Equal);
        assert_eq!(a.cmp(&ClusterName::from("a")), Ordering::Equal);
    }

    #[test]
    fn a_name_shows_as_its_text_and_debugs_as_a_quoted_text() {
        let name = ClusterName::from("shop");
        assert_eq!(name.to_string(), "shop");
        assert_eq!(format!("{name:?}"), "\"shop\"");
    }
}
