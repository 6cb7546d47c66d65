//! Logical ids: what a template calls its own resources.
//!
//! An id must not change from one version to the next: CloudFormation takes the resource behind a
//! new id for a new one, and deletes the old.

pub(super) const VPC: &str = "Vpc";
pub(super) const GATEWAY: &str = "InternetGateway";
pub(super) const ATTACHMENT: &str = "InternetGatewayAttachment";
pub(super) const ROUTES: &str = "RouteTable";
pub(super) const WAY_OUT: &str = "DefaultRoute";
pub(super) const BALANCER_GROUP: &str = "BalancerSecurityGroup";
pub(super) const TASKS_GROUP: &str = "TasksSecurityGroup";
pub(super) const CLUSTER: &str = "Cluster";
pub(super) const EXECUTION_ROLE: &str = "ExecutionRole";
pub(super) const INFRASTRUCTURE_ROLE: &str = "InfrastructureRole";
pub(super) const ACCESS_LOGS: &str = "AccessLogs";
pub(super) const ACCESS_LOGS_POLICY: &str = "AccessLogsPolicy";
pub(super) const BALANCER: &str = "LoadBalancer";
pub(super) const CERTIFICATE: &str = "Certificate";
pub(super) const HTTP: &str = "HttpListener";
pub(super) const HTTPS: &str = "HttpsListener";
pub(super) const TOPIC: &str = "AlarmTopic";
pub(super) const BUDGET: &str = "Budget";
pub(super) const DASHBOARD: &str = "Dashboard";

/// The id of something that belongs to a service: `ApiTargetGroup`.
pub(crate) fn of_service(service: &str, what: &str) -> String {
    format!("{}{what}", pascal(service))
}

/// A name in the letters and digits that ids are made of: `my-api` is `MyApi`. A hyphen before a
/// digit is spelled out, since `a-1` and `a1` are two services.
pub(super) fn pascal(name: &str) -> String {
    let mut out = String::new();
    let mut begins = true;
    for letter in name.chars() {
        match letter {
            'a'..='z' if begins => out.push(letter.to_ascii_uppercase()),
            '0'..='9' if begins => out.extend(["Hyphen".to_owned(), letter.to_string()]),
            letter if letter.is_ascii_alphanumeric() => out.push(letter),
            _ => {}
        }
        begins = !letter.is_ascii_alphanumeric();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::pascal;

    #[test]
    fn names_become_ids_and_stay_apart() {
        for (name, id) in [
            ("api", "Api"),
            ("my-api", "MyApi"),
            ("a1", "A1"),
            ("a-1", "AHyphen1"),
            ("a-b2", "AB2"),
        ] {
            assert_eq!(pascal(name), id);
        }
    }
}
