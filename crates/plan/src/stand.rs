//! What the services of an environment on AWS stand on: parts that the manifest names, and the others
//! as the environment's stack tells them.

use crate::foundation::of_service;
use crate::observed::Observed;
use crate::pair;
use crate::wish::Wish;
use manifest::{Resolved, Service};
use std::collections::{BTreeMap, BTreeSet};

/// What services stand on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stand {
    /// The subnets of the tasks.
    pub subnets: Vec<String>,
    /// Their security groups.
    pub security_groups: Vec<String>,
    /// The ARN of the role that prepares tasks.
    pub execution_role: Option<String>,
    /// The ARNs of the roles of the services' own code, by service.
    pub task_roles: BTreeMap<String, String>,
    /// The ARNs of target groups, by service.
    pub target_groups: BTreeMap<String, String>,
    /// The ARNs of second target groups, by service: those of services whose versions come up beside
    /// each other.
    pub second_groups: BTreeMap<String, String>,
    /// The ARNs of the rules that lead to both, by service.
    pub rules: BTreeMap<String, String>,
    /// The ARN of the role with which ECS moves requests between two groups.
    pub infrastructure_role: Option<String>,
    /// The addresses of repositories, by service.
    pub repositories: BTreeMap<String, String>,
    /// Where the files of static sites are kept, by service.
    pub sites: BTreeMap<String, Site>,
}

/// Where the files of a static site are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Site {
    /// The bucket that holds them.
    pub bucket: String,
    /// The distribution's own name, which always leads to it.
    pub name: String,
    /// Where users find them.
    pub url: String,
}

/// Whether an environment needs a stack: whether something that its services cannot run without is
/// not there already. What serves files is always made.
#[must_use]
pub fn needs_stack(manifest: &Resolved) -> bool {
    let existing = &manifest.environment.foundation.existing;
    let mut services = manifest.environment.services.iter();
    existing.cluster.is_none()
        || existing.subnets.is_empty()
        || existing.security_groups.is_empty()
        || existing.execution_role.is_none()
        || services.any(|(name, service)| {
            service.static_site.is_some()
                || !service.routes().is_empty() && !existing.target_groups.contains_key(name)
        })
}

/// What services stand on, by the manifest and by the outputs of the environment's stack.
#[must_use]
pub fn stand(manifest: &Resolved, outputs: &BTreeMap<String, String>) -> Stand {
    let existing = &manifest.environment.foundation.existing;
    let list = |output: &str| {
        let held = outputs.get(output).map(String::as_str).unwrap_or_default();
        held.split(',').filter(|it| !it.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let named = |held: &[String], output: &str| match held {
        [] => list(output),
        held => held.to_vec(),
    };
    let arn = |held: &Option<model::Arn>, output: &str| {
        held.as_ref().map(ToString::to_string).or_else(|| outputs.get(output).cloned())
    };
    let mut stand = Stand {
        subnets: named(&existing.subnets, "Subnets"),
        security_groups: named(&existing.security_groups, "SecurityGroups"),
        execution_role: arn(&existing.execution_role, "ExecutionRole"),
        infrastructure_role: arn(&None, "InfrastructureRole"),
        ..Stand::default()
    };
    for name in manifest.environment.services.keys() {
        let own = |output: &str| of_service(name, output);
        let role = arn(&existing.task_role, &own("TaskRole"));
        stand.task_roles.extend(role.map(|role| (name.clone(), role)));
        let named = existing.target_groups.get(name).map(ToString::to_string);
        let mut groups =
            named.map_or_else(|| list(&own("TargetGroups")), |one| vec![one]).into_iter();
        stand.target_groups.extend(groups.next().map(|group| (name.clone(), group)));
        if let Some(second) = groups.next() {
            stand.second_groups.insert(name.clone(), second);
            // ECS moves the requests of one rule, so there is one.
            let rule = list(&own("Rules")).into_iter().next();
            stand.rules.extend(rule.map(|rule| (name.clone(), rule)));
        }
        let address = existing.repositories.get(name).cloned();
        let address = address.or_else(|| outputs.get(&own("RepositoryUri")).cloned());
        stand.repositories.extend(address.map(|address| (name.clone(), address)));
        let site = |bucket: &String| Site {
            bucket: bucket.clone(),
            name: outputs.get(&own("DomainName")).cloned().unwrap_or_default(),
            url: outputs.get(&own("Url")).cloned().unwrap_or_default(),
        };
        let site = outputs.get(&own("Bucket")).map(site);
        stand.sites.extend(site.map(|site| (name.clone(), site)));
    }
    stand
}

/// The services that can't be deployed before the environment's stack has brought what they stand on.
#[must_use]
pub fn unfounded(wish: &Wish, stand: &Stand, observed: &Observed) -> BTreeSet<String> {
    let shared = observed.cluster.is_some()
        && !observed.subnets.is_empty()
        && !observed.security_groups.is_empty()
        && observed.roles.contains_key(&wish.names().execution_role());
    let stands = |name: &String, service: &Service| {
        let groups = pair::groups(wish, observed, name, service);
        let led = !pair::is_paired(observed, name, service)
            || (observed.pair_rules.contains_key(name) && observed.infrastructure_role.is_some());
        let there = groups.iter().all(|group| observed.groups.contains_key(group));
        let reached = service.routes().is_empty() || (there && led);
        let kept = service.image.is_some() || stand.repositories.contains_key(name);
        shared && reached && kept
    };
    let without = wish.services().filter(|(name, service)| !stands(name, service));
    without.map(|(name, _)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observed::{Group, Role};
    use manifest::{parse, resolve};

    fn prod(existing: &str) -> Resolved {
        let text = format!(
            "app: shop\nservices:\n  my-api: {{image: i, port: 80, health: /}}\nenvironments:\n  \
             prod: {{foundation: {{existing: {{{existing}}}}}}}\n"
        );
        let (manifest, found) = parse(&text);
        let manifest = manifest.unwrap_or_else(|| panic!("{found:?}"));
        resolve(&manifest, "prod", &Default::default()).0.expect("it resolves")
    }

    const NETWORK: &str =
        "subnets: [subnet-0123456789abcdef0], security_groups: [sg-0123456789abcdef0]";

    #[test]
    fn what_is_not_named_comes_from_the_stack() {
        let outputs = [
            ("Subnets", "subnet-1,subnet-2"),
            ("SecurityGroups", "sg-1"),
            ("ExecutionRole", "arn:execution"),
            ("MyApiTaskRole", "arn:task"),
            ("MyApiTargetGroups", "arn:group"),
            ("MyApiRepositoryUri", "registry/shop"),
        ];
        let outputs = outputs.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        let own = |value: &str| BTreeMap::from([("my-api".to_owned(), value.to_owned())]);
        let found = stand(&prod(NETWORK), &outputs);
        assert_eq!(found.subnets, ["subnet-0123456789abcdef0"]);
        assert_eq!(found.task_roles, own("arn:task"));
        let found = stand(&prod(""), &outputs);
        assert_eq!(found.subnets, ["subnet-1", "subnet-2"]);
        assert_eq!(found.execution_role.as_deref(), Some("arn:execution"));
        assert_eq!(found.target_groups, own("arn:group"));
        assert_eq!(found.repositories, own("registry/shop"));
        assert_eq!(stand(&prod(""), &BTreeMap::new()), Stand::default());
    }

    #[test]
    fn two_target_groups_come_with_their_rule_and_the_role_that_moves_it() {
        let outputs = [
            ("InfrastructureRole", "arn:moves"),
            ("MyApiTargetGroups", "arn:first,arn:second"),
            ("MyApiRules", "arn:rule,arn:other"),
        ];
        let outputs = outputs.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        let own = |value: &str| BTreeMap::from([("my-api".to_owned(), value.to_owned())]);
        let found = stand(&prod(""), &outputs);
        assert_eq!(found.target_groups, own("arn:first"));
        assert_eq!((found.second_groups, found.rules), (own("arn:second"), own("arn:rule")));
        assert_eq!(found.infrastructure_role.as_deref(), Some("arn:moves"));
    }

    #[test]
    fn who_names_everything_needs_no_stack() {
        let role = "execution_role: 'arn:aws:iam::000000000000:role/x'";
        let group = "target_groups: {my-api: \
            'arn:aws:elasticloadbalancing:eu-west-1:000000000000:targetgroup/a/1'}";
        let all = format!("cluster: c, {NETWORK}, {role}, {group}");
        assert!(!needs_stack(&prod(&all)));
        assert!(needs_stack(&prod("")));
        assert!(needs_stack(&prod(&format!("cluster: c, {NETWORK}, {role}"))));
    }

    #[test]
    fn services_wait_for_a_stack_that_has_not_brought_their_parts() {
        let resolved = prod(NETWORK);
        let wish = Wish { manifest: resolved, artifacts: BTreeMap::new() };
        let nothing = Observed::default();
        let own = BTreeSet::from(["my-api".to_owned()]);
        assert_eq!(unfounded(&wish, &Stand::default(), &nothing), own);
        let shared = Observed {
            cluster: Some(api::ecs::Cluster::default()),
            subnets: vec!["subnet-1".to_owned()],
            security_groups: vec!["sg-1".to_owned()],
            roles: BTreeMap::from([(wish.names().execution_role(), Role::default())]),
            ..Observed::default()
        };
        assert_eq!(unfounded(&wish, &Stand::default(), &shared), own, "no target group");
        let group = (wish.names().group("my-api"), Group::default());
        let reached = Observed { groups: BTreeMap::from([group]), ..shared };
        assert_eq!(unfounded(&wish, &Stand::default(), &reached), BTreeSet::new());
    }
}
