//! `ModifyListener`.

use super::super::action::{self, Site};
use super::super::fault;
use super::secure::Asked;
use super::{find, show};
use crate::Cx;
use api::Fault;
use api::elbv2::{ModifyListenerInput, ModifyListenerOutput};
use model::Ids;
use world::{Draft, Listener};

/// Changes a listener; what is not given stays.
pub(in super::super) fn modify(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: ModifyListenerInput,
) -> Result<ModifyListenerOutput, Fault> {
    let mut listener = find(draft, &input.listener_arn)?.clone();
    let asked = Asked {
        protocol: input.protocol.as_deref(),
        certificates: input.certificates.as_ref(),
        ssl_policy: input.ssl_policy.as_ref(),
        alpn_policy: input.alpn_policy.as_ref(),
        mutual_authentication: input.mutual_authentication.as_ref(),
    };
    let spoken = asked.over(Some(&listener), draft, cx)?;
    (listener.protocol, listener.ssl_policy) = (spoken.protocol, spoken.ssl_policy);
    listener.certificates = spoken.certificates;
    if let Some(port) = input.port.and_then(|port| u16::try_from(port).ok()) {
        move_to(&mut listener, port, draft)?;
    }
    if let Some(actions) = input.default_actions.filter(|actions| !actions.is_empty()) {
        let site =
            Site { world: draft, balancer: &listener.load_balancer, protocol: &listener.protocol };
        let chosen = action::parse(actions, &site)?;
        (listener.default_actions, listener.order) = (chosen.actions, chosen.order);
    }
    action::check_protocol(draft, &listener)?;
    let shown = show::listener(&listener);
    let balancer = listener.load_balancer.clone();
    draft.put(listener);
    action::check_groups(draft, &balancer)?;
    Ok(ModifyListenerOutput { listeners: Some(vec![shown]) })
}

/// Gives a listener another port; where it really listens is then to be found anew.
fn move_to(listener: &mut Listener, port: u16, draft: &Draft) -> Result<(), Fault> {
    if listener.port == port {
        return Ok(());
    }
    if draft.listeners_of(&listener.load_balancer).any(|other| other.port == port) {
        return Err(fault::port_taken(listener.load_balancer.as_str()));
    }
    (listener.port, listener.local_port) = (port, None);
    Ok(())
}
