use super::*;
use crate::elbv2::quota;

/// A region with a listener, and that listener.
fn served() -> (Region, String) {
    let mut region = region();
    let shop = balancer(&mut region, "shop");
    let listener = listener(&mut region, &shop);
    (region, listener)
}

fn of(listener: &str) -> DescribeRulesInput {
    DescribeRulesInput { listener_arn: Some(listener.to_owned()), ..Default::default() }
}

fn described(region: &mut Region, listener: &str) -> Vec<Rule> {
    region.ok::<DescribeRules>(of(listener)).rules.unwrap()
}

fn priorities(rules: &[Rule]) -> Vec<&str> {
    rules.iter().filter_map(|rule| rule.priority.as_deref()).collect()
}

fn change(rule: &str) -> ModifyRuleInput {
    ModifyRuleInput { rule_arn: rule.to_owned(), ..Default::default() }
}

fn moves(moves: &[(&str, i32)]) -> SetRulePrioritiesInput {
    let pair = |(rule, priority): &(&str, i32)| RulePriorityPair {
        rule_arn: Some((*rule).to_owned()),
        priority: Some(*priority),
    };
    SetRulePrioritiesInput { rule_priorities: moves.iter().map(pair).collect() }
}

#[test]
fn a_new_rule_has_what_was_given() {
    let (mut region, listener) = served();
    let made = only(region.ok::<CreateRule>(new_rule(&listener, 10, fixed("200"))).rules);
    let arn = made.rule_arn.clone().unwrap();
    let under = listener.replace(":listener/", ":listener-rule/");
    assert!(arn.starts_with(&format!("{under}/")), "{arn}");
    assert_eq!((made.priority.as_deref(), made.is_default), (Some("10"), Some(false)));
    assert_eq!(made.actions, Some(vec![fixed("200")]));
    let input = DescribeRulesInput { rule_arns: Some(vec![arn]), ..Default::default() };
    assert_eq!(only(region.ok::<DescribeRules>(input).rules), made);
}

#[test]
fn rules_come_in_the_order_in_which_they_are_tried() {
    let (mut region, listener) = served();
    for priority in [30, 4, 200] {
        rule(&mut region, &listener, priority);
    }
    let rules = described(&mut region, &listener);
    assert_eq!(priorities(&rules), ["4", "30", "200", "default"]);
    let page =
        region.ok::<DescribeRules>(DescribeRulesInput { page_size: Some(3), ..of(&listener) });
    assert_eq!(priorities(&page.rules.unwrap()), ["4", "30", "200"]);
    let marker = page.next_marker;
    let page = region.ok::<DescribeRules>(DescribeRulesInput { marker, ..of(&listener) });
    assert_eq!(priorities(&page.rules.unwrap()), ["default"]);
    assert_eq!(page.next_marker, None);
}

#[test]
fn a_rule_that_aws_would_not_make_is_refused() {
    let (mut region, listener) = served();
    rule(&mut region, &listener, 1);
    let input = || new_rule(&listener, 2, fixed("200"));
    for (input, expected) in [
        (
            new_rule("arn:gone", 2, fixed("200")),
            "ListenerNotFound: One or more listeners not found",
        ),
        (new_rule(&listener, 1, fixed("200")), "PriorityInUse: Priority '1' is currently in use"),
        (
            CreateRuleInput { conditions: Vec::new(), ..input() },
            "ValidationError: A condition must be specified",
        ),
        (
            CreateRuleInput { actions: Vec::new(), ..input() },
            "ValidationError: An action must be specified",
        ),
        (
            CreateRuleInput { transforms: Some(vec![RuleTransform::default()]), ..input() },
            "ValidationError: the local region does not implement 'Transforms'",
        ),
    ] {
        assert_eq!(region.fault::<CreateRule>(input), expected);
    }
    assert_eq!(region.world.rules.len(), 1);
}

#[test]
fn rules_that_are_not_there_are_not_found() {
    let (mut region, listener) = served();
    let gone = format!("{}/gone", listener.replace(":listener/", ":listener-rule/"));
    let by = |arns: &[&str], listener: Option<&str>| DescribeRulesInput {
        rule_arns: Some(texts(arns)),
        listener_arn: listener.map(str::to_owned),
        ..Default::default()
    };
    for (input, expected) in [
        (
            by(&[], None),
            "ValidationError: You must specify either listener rule ARNs or a listener ARN",
        ),
        (
            by(&[&gone], Some(&listener)),
            "ValidationError: Listener rule ARNs and a listener ARN cannot be specified at the same \
             time",
        ),
        (by(&[], Some("arn:gone")), "ListenerNotFound: One or more listeners not found"),
        (by(&[&gone], None), "RuleNotFound: One or more rules not found"),
        (by(&["arn:gone"], None), "RuleNotFound: One or more rules not found"),
    ] {
        assert_eq!(region.fault::<DescribeRules>(input), expected);
    }
    let expected = format!("RuleNotFound: Rule '{gone}' not found");
    let delete = DeleteRuleInput { rule_arn: gone.clone() };
    assert_eq!(region.fault::<DeleteRule>(delete), expected);
    assert_eq!(region.fault::<ModifyRule>(change(&gone)), expected);
    assert_eq!(region.fault::<SetRulePriorities>(moves(&[(&gone, 1)])), expected);
}

#[test]
fn a_change_replaces_conditions_or_actions() {
    let (mut region, listener) = served();
    let arn = rule(&mut region, &listener, 1);
    let input = ModifyRuleInput { actions: Some(vec![fixed("503")]), ..change(&arn) };
    let first = only(region.ok::<ModifyRule>(input).rules);
    assert_eq!(first.actions, Some(vec![fixed("503")]));
    let input = ModifyRuleInput { conditions: Some(vec![on_path("/new")]), ..change(&arn) };
    let second = only(region.ok::<ModifyRule>(input).rules);
    assert_eq!(second.actions, first.actions);
    assert_ne!(second.conditions, first.conditions);
    assert_eq!(described(&mut region, &listener)[0], second);

    let resets = ModifyRuleInput { reset_transforms: Some(true), ..change(&arn) };
    assert_eq!(only(region.ok::<ModifyRule>(resets).rules), second);
    for (input, expected) in [
        (change(&arn), "ValidationError: Either conditions or actions must be specified"),
        (
            ModifyRuleInput { transforms: Some(vec![RuleTransform::default()]), ..change(&arn) },
            "ValidationError: the local region does not implement 'Transforms'",
        ),
    ] {
        assert_eq!(region.fault::<ModifyRule>(input), expected);
    }
}

#[test]
fn a_default_rule_is_its_listeners() {
    let (mut region, listener) = served();
    let arn = described(&mut region, &listener)[0].rule_arn.clone().unwrap();
    let cannot =
        |verb: &str| format!("OperationNotPermitted: Default rule '{arn}' cannot be {verb}");
    let delete = DeleteRuleInput { rule_arn: arn.clone() };
    assert_eq!(region.fault::<DeleteRule>(delete), cannot("deleted"));
    assert_eq!(region.fault::<ModifyRule>(change(&arn)), cannot("modified"));
    assert_eq!(region.fault::<SetRulePriorities>(moves(&[(&arn, 1)])), cannot("modified"));
    let by_arn = DescribeRulesInput { rule_arns: Some(vec![arn]), ..Default::default() };
    assert_eq!(only(region.ok::<DescribeRules>(by_arn).rules).is_default, Some(true));
}

#[test]
fn a_deleted_rule_is_gone() {
    let (mut region, listener) = served();
    let rule_arn = rule(&mut region, &listener, 1);
    region.ok::<DeleteRule>(DeleteRuleInput { rule_arn });
    assert_eq!(priorities(&described(&mut region, &listener)), ["default"]);
}

#[test]
fn two_rules_change_places_in_one_request() {
    let (mut region, listener) = served();
    let (first, second) = (rule(&mut region, &listener, 1), rule(&mut region, &listener, 2));
    rule(&mut region, &listener, 3);
    let moved = region.ok::<SetRulePriorities>(moves(&[(&first, 2), (&second, 1)])).rules.unwrap();
    assert_eq!(priorities(&moved), ["2", "1"]);
    let rules = described(&mut region, &listener);
    let arns: Vec<_> = rules.iter().filter_map(|rule| rule.rule_arn.as_deref()).collect();
    assert_eq!(arns[..2], [second.as_str(), first.as_str()]);

    for (input, expected) in [
        (moves(&[(&first, 3)]), "PriorityInUse: Priority '3' is currently in use"),
        (
            moves(&[(&first, 9), (&second, 9)]),
            "ValidationError: Priority '9' was provided multiple times",
        ),
        (
            moves(&[(&first, 8), (&first, 9)]),
            &format!("ValidationError: Rule '{first}' was provided multiple times"),
        ),
    ] {
        assert_eq!(region.fault::<SetRulePriorities>(input), expected);
    }
    assert_eq!(described(&mut region, &listener), rules);
}

#[test]
fn a_load_balancer_has_so_many_rules() {
    let (mut region, listener) = served();
    for priority in 1..=quota::RULES_PER_BALANCER {
        rule(&mut region, &listener, i32::try_from(priority).unwrap());
    }
    let fault = region.fault::<CreateRule>(new_rule(&listener, 500, fixed("200")));
    assert!(fault.starts_with("TooManyRules: "), "{fault}");
}
