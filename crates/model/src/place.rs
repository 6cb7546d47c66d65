//! Where things are: partition, region, account, and the ARNs that follow from them.

use crate::names::*;
use serde::{Deserialize, Serialize};

/// One region of one account. Every ARN of the local region is made here, from the formats of
/// reference §0.2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The region's name; decides ARNs, zone names and the scope that requests must be signed for.
    pub region: RegionName,
    /// The account's twelve digits.
    pub account: AccountId,
}

impl Place {
    /// An ARN of a regional resource: `arn:aws:<service>:<region>:<account>:<resource>`.
    #[must_use]
    pub fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{resource}", self.region, self.account)
    }

    /// The region's three zones, `a` to `c`: as many as the local VPC has subnets.
    #[must_use]
    pub fn zones(&self) -> [ZoneName; 3] {
        ["a", "b", "c"].map(|letter| ZoneName::from(format!("{}{letter}", self.region)))
    }

    /// `arn:aws:ecs:<r>:<a>:cluster/<name>`.
    #[must_use]
    pub fn cluster_arn(&self, cluster: &ClusterName) -> String {
        self.arn("ecs", &format!("cluster/{cluster}"))
    }

    /// `arn:aws:ecs:<r>:<a>:service/<cluster>/<service>`, the long form.
    #[must_use]
    pub fn service_arn(&self, cluster: &ClusterName, service: &ServiceName) -> String {
        self.arn("ecs", &format!("service/{cluster}/{service}"))
    }

    /// `arn:aws:ecs:<r>:<a>:service-deployment/<cluster>/<service>/<id>`.
    #[must_use]
    pub fn service_deployment_arn(
        &self,
        cluster: &ClusterName,
        service: &ServiceName,
        id: &ServiceDeploymentId,
    ) -> String {
        self.arn("ecs", &format!("service-deployment/{cluster}/{service}/{id}"))
    }

    /// `arn:aws:ecs:<r>:<a>:service-revision/<cluster>/<service>/<digits>`: a revision has the
    /// digits of its deployment's id.
    #[must_use]
    pub fn service_revision_arn(
        &self,
        cluster: &ClusterName,
        service: &ServiceName,
        deployment: &DeploymentId,
    ) -> String {
        let digits = deployment.as_str().trim_start_matches("ecs-svc/");
        self.arn("ecs", &format!("service-revision/{cluster}/{service}/{digits}"))
    }

    /// `arn:aws:ecs:<r>:<a>:task/<cluster>/<id>`, the long form.
    #[must_use]
    pub fn task_arn(&self, cluster: &ClusterName, task: &TaskId) -> String {
        self.arn("ecs", &format!("task/{cluster}/{task}"))
    }

    /// `arn:aws:ecs:<r>:<a>:task-definition/<family>:<revision>`.
    #[must_use]
    pub fn task_definition_arn(&self, family: &Family, revision: u32) -> String {
        self.arn("ecs", &format!("task-definition/{family}:{revision}"))
    }

    /// `arn:aws:iam::<a>:role<path><name>`; IAM is global, so its ARNs carry no region.
    #[must_use]
    pub fn role_arn(&self, path: &str, role: &RoleName) -> String {
        format!("arn:aws:iam::{}:role{path}{role}", self.account)
    }

    /// `arn:aws:iam::<a>:policy<path><name>`.
    #[must_use]
    pub fn policy_arn(&self, path: &str, name: &str) -> PolicyArn {
        format!("arn:aws:iam::{}:policy{path}{name}", self.account).into()
    }

    /// `arn:aws:logs:<r>:<a>:log-group:<name>`, without the `:*` that some answers add.
    #[must_use]
    pub fn log_group_arn(&self, group: &LogGroupName) -> String {
        self.arn("logs", &format!("log-group:{group}"))
    }

    /// `arn:aws:ssm:<r>:<a>:parameter/<name>`; a leading slash of the name is not doubled.
    #[must_use]
    pub fn parameter_arn(&self, name: &ParameterName) -> String {
        self.arn("ssm", &format!("parameter/{}", name.as_str().trim_start_matches('/')))
    }

    /// `arn:aws:secretsmanager:<r>:<a>:secret:<name>-<six characters>`.
    #[must_use]
    pub fn secret_arn(&self, name: &SecretName, suffix: &str) -> String {
        self.arn("secretsmanager", &format!("secret:{name}-{suffix}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place { region: "eu-west-1".into(), account: "000000000000".into() }
    }

    #[test]
    fn arns_have_the_formats_of_aws() {
        let place = place();
        let (cluster, service) = (ClusterName::from("shop"), ServiceName::from("api"));
        assert_eq!(
            place.service_arn(&cluster, &service),
            "arn:aws:ecs:eu-west-1:000000000000:service/shop/api"
        );
        assert_eq!(
            place.service_deployment_arn(&cluster, &service, &"ejGvqq2ilnbKT9qj0vLJe".into()),
            "arn:aws:ecs:eu-west-1:000000000000:service-deployment/shop/api/ejGvqq2ilnbKT9qj0vLJe"
        );
        assert_eq!(
            place.service_revision_arn(&cluster, &service, &"ecs-svc/1485800978477494678".into()),
            "arn:aws:ecs:eu-west-1:000000000000:service-revision/shop/api/1485800978477494678"
        );
        assert_eq!(
            place.role_arn("/service/", &"web".into()),
            "arn:aws:iam::000000000000:role/service/web"
        );
        assert_eq!(
            place.parameter_arn(&"/shop/url".into()),
            "arn:aws:ssm:eu-west-1:000000000000:parameter/shop/url"
        );
    }
}
