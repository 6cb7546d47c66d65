//! `AWS::ElasticLoadBalancingV2::Listener`, `::ListenerRule` and `::ListenerCertificate`.

use super::{Kind, Look, Removal, changed, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::Wish;
use api::elbv2::*;
use serde_json::{Value as Json, json};
use world::stack::Standing;

/// A listener.
#[derive(Debug)]
pub(super) struct Listener;

/// A rule of a listener.
#[derive(Debug)]
pub(super) struct ListenerRule;

/// More certificates of a listener.
#[derive(Debug)]
pub(super) struct ListenerCertificate;

// === impl Kind for Listener ===

impl Kind for Listener {
    fn name(&self) -> &'static str {
        "AWS::ElasticLoadBalancingV2::Listener"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["ListenerArn"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["LoadBalancerArn"]
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        // Listeners and their rules have no tags in templates, and do not get the stack's.
        let input = wish.without(&["ListenerAttributes"]);
        let made = hand.call::<CreateListener>(input)?.listeners.unwrap_or_default();
        let arn = made.into_iter().find_map(|it| it.listener_arn).unwrap_or_default();
        set_attributes(hand, &arn, wish)?;
        Ok(arn)
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        let mut input = wish.without(&["ListenerAttributes", "LoadBalancerArn"]);
        input.insert("ListenerArn".to_owned(), json!(held.physical));
        hand.call::<ModifyListener>(input)?;
        if changed(held, wish, &["ListenerAttributes"]) {
            set_attributes(hand, &held.physical, wish)?;
        }
        Ok(())
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        hand.call::<DeleteListener>(members([("ListenerArn", json!(held.physical))]))?;
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        Ok(stable([("ListenerArn", json!(held.physical))]))
    }
}

fn set_attributes(hand: &mut Hand<'_>, arn: &str, wish: &Wish<'_>) -> Result<(), Failure> {
    let Some(attributes) = wish.properties.get("ListenerAttributes") else { return Ok(()) };
    let input = members([("ListenerArn", json!(arn)), ("Attributes", attributes.clone())]);
    hand.call::<ModifyListenerAttributes>(input).map(drop)
}

// === impl Kind for ListenerRule ===

impl Kind for ListenerRule {
    fn name(&self) -> &'static str {
        "AWS::ElasticLoadBalancingV2::ListenerRule"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["IsDefault", "RuleArn"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["ListenerArn"]
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let made = hand.call::<CreateRule>(wish.without(&[]))?.rules.unwrap_or_default();
        Ok(made.into_iter().find_map(|it| it.rule_arn).unwrap_or_default())
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        if changed(held, wish, &["Priority"]) {
            let priority = wish.properties.get("Priority").cloned().unwrap_or_default();
            let one = json!([{ "RuleArn": held.physical, "Priority": priority }]);
            hand.call::<SetRulePriorities>(members([("RulePriorities", one)]))?;
        }
        let mut input = wish.without(&["ListenerArn", "Priority"]);
        input.insert("RuleArn".to_owned(), json!(held.physical));
        hand.call::<ModifyRule>(input).map(drop)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        hand.call::<DeleteRule>(members([("RuleArn", json!(held.physical))]))?;
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        Ok(stable([("IsDefault", json!(false)), ("RuleArn", json!(held.physical))]))
    }
}

// === impl Kind for ListenerCertificate ===

impl Kind for ListenerCertificate {
    fn name(&self) -> &'static str {
        "AWS::ElasticLoadBalancingV2::ListenerCertificate"
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["ListenerArn"]
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        hand.call::<AddListenerCertificates>(wish.without(&[]))?;
        let listener = wish.properties.text("ListenerArn").unwrap_or_default();
        Ok(format!("{listener}|{}", hand.ids.word(12)))
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        remove_all(hand, held)?;
        hand.call::<AddListenerCertificates>(wish.without(&[])).map(drop)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        remove_all(hand, held)?;
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, _: &Standing) -> Result<Look, Failure> {
        Ok(stable([]))
    }
}

fn remove_all(hand: &mut Hand<'_>, held: &Standing) -> Result<(), Failure> {
    let given = |name: &str| held.properties.get(name).cloned().unwrap_or(Json::Null);
    let input =
        members([("ListenerArn", given("ListenerArn")), ("Certificates", given("Certificates"))]);
    hand.call::<RemoveListenerCertificates>(input).map(drop)
}
