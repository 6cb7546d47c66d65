//! Names and what is made of them: ARNs and host names (reference §0.2).

use super::fault;
use api::Fault;
use model::{Ids, ListenerArn, LoadBalancerArn, Place, RuleArn, TargetGroupArn};

/// The most characters of a name.
const MOST: usize = 32;

/// Checks a load balancer's name, in the order in which AWS finds mistakes.
pub(super) fn check_balancer(name: &str) -> Result<(), Fault> {
    let mistake = if name.chars().count() > MOST {
        "cannot be longer than '32' characters"
    } else if !is_word(name) {
        "can only contain characters that are alphanumeric characters and hyphens(-)"
    } else if name.starts_with("internal-") {
        "cannot begin with 'internal-'"
    } else if name.ends_with('-') {
        "cannot end with a hyphen(-)"
    } else if name.starts_with('-') {
        "cannot begin with a hyphen(-)"
    } else {
        return Ok(());
    };
    Err(fault::bad_balancer_name(name, mistake))
}

/// Checks a target group's name.
pub(super) fn check_group(name: &str) -> Result<(), Fault> {
    if name.chars().count() > MOST {
        return Err(fault::group::long_name(name));
    }
    if !is_word(name) || name.starts_with('-') || name.ends_with('-') {
        return Err(fault::group::bad_name(name));
    }
    Ok(())
}

fn is_word(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// `…:loadbalancer/app/<name>/<16 hex>`.
pub(super) fn balancer(place: &Place, name: &str, ids: &mut Ids) -> LoadBalancerArn {
    arn(place, &format!("loadbalancer/app/{name}/{}", ids.hex(16))).into()
}

/// `…:targetgroup/<name>/<16 hex>`.
pub(super) fn group(place: &Place, name: &str, ids: &mut Ids) -> TargetGroupArn {
    arn(place, &format!("targetgroup/{name}/{}", ids.hex(16))).into()
}

/// `…:listener/app/<name>/<id of the load balancer>/<16 hex>`.
pub(super) fn listener(balancer: &LoadBalancerArn, ids: &mut Ids) -> ListenerArn {
    let under = balancer.as_str().replacen(":loadbalancer/", ":listener/", 1);
    format!("{under}/{}", ids.hex(16)).into()
}

/// `…:listener-rule/app/<name>/<id of the load balancer>/<id of the listener>/<16 hex>`.
pub(super) fn rule(listener: &ListenerArn, ids: &mut Ids) -> RuleArn {
    let under = listener.as_str().replacen(":listener/", ":listener-rule/", 1);
    format!("{under}/{}", ids.hex(16)).into()
}

/// The listener that a rule's ARN names.
pub(super) fn listener_of(rule: &str) -> Option<ListenerArn> {
    let (listener, _) = rule.rsplit_once('/')?;
    Some(listener.replacen(":listener-rule/", ":listener/", 1).into())
}

/// A load balancer's host name. It has AWS's form under `localhost`, which belongs to nobody, so it
/// can never be a stranger's host, and resolves to this machine wherever `localhost` does.
pub(super) fn host(place: &Place, name: &str, scheme: &str, ids: &mut Ids) -> String {
    let prefix = if scheme == "internal" { "internal-" } else { "" };
    format!("{prefix}{name}-{}.{}.elb.localhost", ids.digits(10), place.region)
}

fn arn(place: &Place, resource: &str) -> String {
    place.arn("elasticloadbalancing", resource)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(verdict: Result<(), Fault>, expected: &str) {
        let said = verdict.err().map_or_else(String::new, |fault| fault.message);
        assert_eq!(said, expected);
    }

    #[test]
    fn load_balancers_have_the_names_that_aws_takes() {
        for (name, mistake) in [
            ("internal-aaaaaaaaaaaaaaaaaaaaaa_-x", "cannot be longer than '32' characters"),
            ("a_b", "can only contain characters that are alphanumeric characters and hyphens(-)"),
            ("internal-a", "cannot begin with 'internal-'"),
            ("a-", "cannot end with a hyphen(-)"),
            ("-a", "cannot begin with a hyphen(-)"),
        ] {
            check(check_balancer(name), &format!("The load balancer name '{name}' {mistake}"));
        }
        check(check_balancer("shop-2-b"), "");
    }

    #[test]
    fn target_groups_have_the_names_that_aws_takes() {
        let long = "a".repeat(33);
        check(
            check_group(&long),
            &format!("Target group name '{long}' cannot be longer than '32' characters"),
        );
        check(
            check_group("under_score"),
            "1 validation error detected: Value 'under_score' at 'targetGroupName' failed to \
             satisfy constraint: Member must satisfy regular expression pattern: \
             (?!^-)(?!.*-$)^[A-Za-z0-9-]+$",
        );
        check(check_group("web-Blue-1"), "");
    }

    #[test]
    fn arns_lead_from_a_rule_to_its_listener() {
        let place = Place { region: "eu-west-1".into(), account: "000000000000".into() };
        let mut ids = Ids::seeded(1);
        let balancer = balancer(&place, "shop", &mut ids);
        let listener = listener(&balancer, &mut ids);
        let rule = rule(&listener, &mut ids);
        assert!(rule.as_str().starts_with(
            "arn:aws:elasticloadbalancing:eu-west-1:000000000000:listener-rule/app/shop/"
        ));
        assert_eq!(listener_of(rule.as_str()), Some(listener));
        assert_eq!(listener_of("rule"), None);
    }
}
