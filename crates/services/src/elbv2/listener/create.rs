//! `CreateListener`.

use super::super::action::{self, Site};
use super::super::{balancer, fault, name, quota, tagging};
use super::secure::Asked;
use super::show;
use crate::Cx;
use api::Fault;
use api::elbv2::{CreateListenerInput, CreateListenerOutput};
use model::Ids;
use std::collections::BTreeMap;
use world::{Draft, Listener};

/// Makes a listener. A request that would make what is there already answers that.
pub(in super::super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CreateListenerInput,
) -> Result<CreateListenerOutput, Fault> {
    let balancer = balancer::find(draft, &input.load_balancer_arn)?.arn.clone();
    let port = input.port.and_then(|port| u16::try_from(port).ok());
    let port = port.ok_or_else(|| fault::listener_needs("port"))?;
    let spoken = asked(&input).over(None, draft, cx)?;
    let site = Site { world: draft, balancer: &balancer, protocol: &spoken.protocol };
    let chosen = action::parse(input.default_actions, &site)?;
    let there = draft.listeners_of(&balancer).find(|listener| listener.port == port);
    if let Some(listener) = there {
        let alike = listener.default_actions == chosen.actions
            && listener.protocol == spoken.protocol
            && listener.certificates.first() == spoken.certificates.first();
        let shown = show::listener(listener);
        return if alike { Ok(answer(shown)) } else { Err(fault::port_taken(balancer.as_str())) };
    }
    if draft.listeners_of(&balancer).count() >= quota::LISTENERS_PER_BALANCER {
        return Err(fault::too_many_listeners());
    }
    let arn = name::listener(&balancer, ids);
    let listener = Listener {
        default_rule: name::rule(&arn, ids),
        arn,
        load_balancer: balancer.clone(),
        protocol: spoken.protocol,
        port,
        default_actions: chosen.actions,
        order: chosen.order,
        ssl_policy: spoken.ssl_policy,
        certificates: spoken.certificates,
        attributes: BTreeMap::new(),
        local_port: None,
        tags: tagging::new(input.tags)?,
    };
    let shown = show::listener(&listener);
    draft.put(listener);
    action::check_groups(draft, &balancer)?;
    Ok(answer(shown))
}

/// What the request says about the listener's protocol.
fn asked(input: &CreateListenerInput) -> Asked<'_> {
    Asked {
        protocol: input.protocol.as_deref(),
        certificates: input.certificates.as_ref(),
        ssl_policy: input.ssl_policy.as_ref(),
        alpn_policy: input.alpn_policy.as_ref(),
        mutual_authentication: input.mutual_authentication.as_ref(),
    }
}

fn answer(listener: api::elbv2::Listener) -> CreateListenerOutput {
    CreateListenerOutput { listeners: Some(vec![listener]) }
}
