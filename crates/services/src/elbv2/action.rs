//! What listeners and rules do with a request: the one action of a list that AWS calls its last
//! (reference §4.7).
//!
//! Actions that come before it authenticate the client, which AWS does on HTTPS listeners only.

mod fixed;
mod forward;
mod redirect;

use super::fault::routing as fault;
use super::listener::HTTPS;
use super::quota;
use api::Fault;
use api::elbv2::Action;
use model::{LoadBalancerArn, TargetGroupArn};
use std::collections::BTreeSet;
use world::{Action as Row, Listener, World};

/// Where an action will be.
pub(super) struct Site<'a> {
    pub(super) world: &'a World,
    pub(super) balancer: &'a LoadBalancerArn,
    /// The listener's protocol.
    pub(super) protocol: &'a str,
}

/// The actions of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) actions: Vec<Row>,
    /// The number that the action was given.
    pub(super) order: Option<u32>,
}

/// The actions of a request, if AWS would take them.
pub(super) fn parse(given: Vec<Action>, site: &Site<'_>) -> Result<Chosen, Fault> {
    let kinds: Vec<&str> = given.iter().map(|action| action.r#type.as_str()).collect();
    let routes = |kind: &&str| ["forward", "redirect", "fixed-response"].contains(kind);
    if let Some(kind) = kinds.iter().find(|kind| !routes(kind)) {
        return Err(match site.protocol {
            HTTPS => fault::no_authentication(kind),
            _ => fault::https_only(kind),
        });
    }
    if given.len() > 1 {
        let ordered = given.iter().all(|action| action.order.is_some());
        return Err(if ordered { fault::several_actions(&kinds) } else { fault::no_order() });
    }
    let action = given.into_iter().next().ok_or_else(fault::no_action)?;
    let order = action.order.and_then(|order| u32::try_from(order).ok());
    check_configs(&action)?;
    let parsed = match action.r#type.as_str() {
        "redirect" => Row::Redirect(redirect::parse(action.redirect_config, site)?),
        "fixed-response" => Row::Fixed(fixed::parse(action.fixed_response_config)?),
        _ => Row::Forward(forward::parse(action.target_group_arn, action.forward_config, site)?),
    };
    Ok(Chosen { actions: vec![parsed], order })
}

/// An action as AWS answers it.
pub(super) fn show(action: &Row, order: Option<u32>) -> Action {
    let shown = match action {
        Row::Forward(forward) => forward::show(forward),
        Row::Redirect(redirect) => redirect::show(redirect),
        Row::Fixed(response) => fixed::show(response),
    };
    Action { order: order.and_then(|order| i32::try_from(order).ok()), ..shown }
}

/// Refuses more groups behind one load balancer than AWS allows.
pub(super) fn check_groups(world: &World, balancer: &LoadBalancerArn) -> Result<(), Fault> {
    let mut groups: BTreeSet<&TargetGroupArn> = BTreeSet::new();
    for listener in world.listeners_of(balancer) {
        groups.extend(listener.default_actions.iter().flat_map(Row::groups));
        let rules = world.rules_of(&listener.arn).flat_map(|rule| &rule.actions);
        groups.extend(rules.flat_map(Row::groups));
    }
    if groups.len() > quota::GROUPS_PER_BALANCER {
        return Err(super::fault::too_many_groups_behind());
    }
    Ok(())
}

/// Refuses a protocol that what a listener leads to does not go with: its default actions, and its
/// rules'.
pub(super) fn check_protocol(world: &World, listener: &Listener) -> Result<(), Fault> {
    let site = Site { world, balancer: &listener.load_balancer, protocol: &listener.protocol };
    let ruled = world.rules_of(&listener.arn).flat_map(|rule| &rule.actions);
    for action in listener.default_actions.iter().chain(ruled) {
        match action {
            Row::Forward(forward) => {
                forward.groups.iter().try_for_each(|group| forward::check(group, &site))?;
            }
            Row::Redirect(redirect) => redirect::check(redirect, &site)?,
            Row::Fixed(_) => {}
        }
    }
    Ok(())
}

/// Refuses the configuration of another type of action.
fn check_configs(action: &Action) -> Result<(), Fault> {
    let kind = action.r#type.as_str();
    for (field, given, of) in [
        ("TargetGroupArn", action.target_group_arn.is_some(), "forward"),
        ("ForwardConfig", action.forward_config.is_some(), "forward"),
        ("RedirectConfig", action.redirect_config.is_some(), "redirect"),
        ("FixedResponseConfig", action.fixed_response_config.is_some(), "fixed-response"),
        ("AuthenticateOidcConfig", action.authenticate_oidc_config.is_some(), ""),
        ("AuthenticateCognitoConfig", action.authenticate_cognito_config.is_some(), ""),
        ("JwtValidationConfig", action.jwt_validation_config.is_some(), ""),
    ] {
        if given && of != kind {
            return Err(fault::foreign_config(kind, field));
        }
    }
    Ok(())
}
