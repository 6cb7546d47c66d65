use super::*;

fn tag(key: &str, value: &str) -> Tag {
    Tag { key: key.to_owned(), value: Some(value.to_owned()) }
}

fn added(arns: &[&str], tags: Vec<Tag>) -> AddTagsInput {
    AddTagsInput { resource_arns: texts(arns), tags }
}

fn described(region: &mut Region, arn: &str) -> Vec<Tag> {
    let input = DescribeTagsInput { resource_arns: texts(&[arn]) };
    let description = only(region.ok::<DescribeTags>(input).tag_descriptions);
    assert_eq!(description.resource_arn.as_deref(), Some(arn));
    description.tags.unwrap()
}

/// One of each kind, made with the tag `team: a`.
fn tagged(region: &mut Region) -> [String; 4] {
    let tags = || Some(vec![tag("team", "a")]);
    let made = region
        .ok::<CreateLoadBalancer>(CreateLoadBalancerInput { tags: tags(), ..new_balancer("shop") });
    let shop = only(made.load_balancers).load_balancer_arn.unwrap();
    let made =
        region.ok::<CreateTargetGroup>(CreateTargetGroupInput { tags: tags(), ..new_group("web") });
    let web = only(made.target_groups).target_group_arn.unwrap();
    let input = CreateListenerInput { tags: tags(), ..new_listener(&shop, 80, fixed("404")) };
    let listener = only(region.ok::<CreateListener>(input).listeners).listener_arn.unwrap();
    let input = CreateRuleInput { tags: tags(), ..new_rule(&listener, 1, fixed("200")) };
    let rule = only(region.ok::<CreateRule>(input).rules).rule_arn.unwrap();
    [shop, web, listener, rule]
}

#[test]
fn all_four_kinds_have_tags() {
    let mut region = region();
    let arns = tagged(&mut region);
    let arns: Vec<&str> = arns.iter().map(String::as_str).collect();
    region.ok::<AddTags>(added(&arns, vec![tag("team", "b"), tag("cost", "")]));
    for arn in &arns {
        assert_eq!(described(&mut region, arn), [tag("cost", ""), tag("team", "b")]);
    }
    let tag_keys = texts(&["team", "never"]);
    region.ok::<RemoveTags>(RemoveTagsInput { resource_arns: texts(&arns), tag_keys });
    for arn in &arns {
        assert_eq!(described(&mut region, arn), [tag("cost", "")]);
    }
}

#[test]
fn tags_that_aws_would_not_take_are_refused() {
    let mut region = region();
    let arns = tagged(&mut region);
    let many: Vec<Tag> = (0..50).map(|number| tag(&format!("k{number}"), "")).collect();
    for (tags, expected) in [
        (
            vec![tag("a", "1"), tag("a", "2")],
            "DuplicateTagKeys: Tag key was specified more than once: a",
        ),
        (
            vec![tag("aws:a", "1")],
            "ValidationError: tag key `aws:a` is reserved: it begins with `aws:`",
        ),
        (many, "TooManyTags: You've reached the limit on the number of tags for this resource"),
    ] {
        for arn in &arns {
            assert_eq!(region.fault::<AddTags>(added(&[arn], tags.clone())), expected);
            assert_eq!(described(&mut region, arn), [tag("team", "a")]);
        }
    }
}

#[test]
fn tags_of_what_is_not_there_are_not_found() {
    let mut region = region();
    let [shop, ..] = tagged(&mut region);
    let arn = |kind: &str| format!("arn:aws:elasticloadbalancing:eu-west-1:000000000000:{kind}");
    for (arn, expected) in [
        (arn("loadbalancer/app/gone/1"), "LoadBalancerNotFound: Load balancer"),
        (arn("targetgroup/gone/1"), "TargetGroupNotFound: Target groups"),
        (arn("listener/app/gone/1/2"), "ListenerNotFound: Listener"),
        (arn("listener-rule/app/gone/1/2/3"), "RuleNotFound: Rule"),
    ] {
        let expected = format!("{expected} '{arn}' not found");
        let fault = region.fault::<AddTags>(added(&[&shop, &arn], vec![tag("b", "c")]));
        assert_eq!(fault, expected);
        let input = DescribeTagsInput { resource_arns: vec![arn.clone()] };
        assert_eq!(region.fault::<DescribeTags>(input), expected);
        let input = RemoveTagsInput { resource_arns: vec![arn], tag_keys: texts(&["team"]) };
        assert_eq!(region.fault::<RemoveTags>(input), expected);
    }
    assert_eq!(described(&mut region, &shop), [tag("team", "a")]);
}

#[test]
fn tags_are_asked_for_of_twenty_resources_at_once() {
    let mut region = region();
    let [shop, ..] = tagged(&mut region);
    let input = |count| DescribeTagsInput { resource_arns: vec![shop.clone(); count] };
    assert_eq!(region.ok::<DescribeTags>(input(20)).tag_descriptions.unwrap().len(), 20);
    let fault = region.fault::<DescribeTags>(input(21));
    assert_eq!(fault, "ValidationError: Up to '20' resources can be specified");
}
