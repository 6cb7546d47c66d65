use super::*;
use crate::elbv2::quota;

fn arns(region: &mut Region, input: DescribeListenersInput) -> Vec<String> {
    let listeners = region.ok::<DescribeListeners>(input).listeners.unwrap();
    listeners.into_iter().filter_map(|listener| listener.listener_arn).collect()
}

fn change(listener: &str) -> ModifyListenerInput {
    ModifyListenerInput { listener_arn: listener.to_owned(), ..Default::default() }
}

#[test]
fn a_new_listener_has_what_was_given_and_a_default_rule() {
    let mut region = region();
    let shop = balancer(&mut region, "shop");
    let made = region.ok::<CreateListener>(new_listener(&shop, 80, fixed("404")));
    let made = only(made.listeners);
    let arn = made.listener_arn.clone().unwrap();
    let under = shop.replace(":loadbalancer/", ":listener/");
    assert!(arn.starts_with(&format!("{under}/")), "{arn}");
    assert_eq!(made.load_balancer_arn, Some(shop));
    assert_eq!((made.port, made.protocol.as_deref()), (Some(80), Some("HTTP")));
    assert_eq!(made.default_actions, Some(vec![fixed("404")]));

    let input = DescribeRulesInput { listener_arn: Some(arn.clone()), ..Default::default() };
    let rule = only(region.ok::<DescribeRules>(input).rules);
    let under = arn.replace(":listener/", ":listener-rule/");
    assert!(rule.rule_arn.unwrap().starts_with(&format!("{under}/")));
    assert_eq!((rule.priority.as_deref(), rule.is_default), (Some("default"), Some(true)));
    assert_eq!((rule.conditions, rule.actions), (Some(Vec::new()), Some(vec![fixed("404")])));
}

#[test]
fn a_port_has_one_listener() {
    let mut region = region();
    let (shop, other) = (balancer(&mut region, "shop"), balancer(&mut region, "other"));
    let first = region.ok::<CreateListener>(new_listener(&shop, 80, fixed("404")));
    assert_eq!(region.ok::<CreateListener>(new_listener(&shop, 80, fixed("404"))), first);
    let taken = format!(
        "DuplicateListener: A listener already exists on this port for this load balancer '{shop}'"
    );
    assert_eq!(region.fault::<CreateListener>(new_listener(&shop, 80, fixed("403"))), taken);
    region.ok::<CreateListener>(new_listener(&other, 80, fixed("403")));

    region.ok::<CreateListener>(new_listener(&shop, 81, fixed("404")));
    let listener = only(first.listeners).listener_arn.unwrap();
    let input = ModifyListenerInput { port: Some(81), ..change(&listener) };
    assert_eq!(region.fault::<ModifyListener>(input), taken);
}

#[test]
fn a_listener_that_aws_would_not_make_is_refused() {
    let mut region = region();
    let shop = balancer(&mut region, "shop");
    let input = || new_listener(&shop, 80, fixed("404"));
    let protocol =
        |protocol: &str| CreateListenerInput { protocol: Some(protocol.to_owned()), ..input() };
    for (input, expected) in [
        (
            new_listener("arn:gone", 80, fixed("404")),
            "LoadBalancerNotFound: Load balancer 'arn:gone' not found",
        ),
        (
            CreateListenerInput { port: None, ..input() },
            "ValidationError: A listener port must be specified",
        ),
        (
            CreateListenerInput { protocol: None, ..input() },
            "ValidationError: A listener protocol must be specified",
        ),
        (protocol("HTTPS"), "ValidationError: A certificate must be specified for HTTPS listeners"),
        (protocol("TCP"), "ValidationError: Listener protocol 'TCP' must be one of 'HTTP, HTTPS'"),
        (
            CreateListenerInput { default_actions: Vec::new(), ..input() },
            "ValidationError: An action must be specified",
        ),
    ] {
        assert_eq!(region.fault::<CreateListener>(input), expected);
    }
    assert_eq!(region.world.listeners.len(), 0);
}

#[test]
fn what_other_protocols_have_is_refused() {
    let mut region = region();
    let shop = balancer(&mut region, "shop");
    let listener = listener(&mut region, &shop);
    let input = || new_listener(&shop, 81, fixed("404"));
    let off = MutualAuthenticationAttributes { mode: Some("off".to_owned()), ..Default::default() };
    let on = MutualAuthenticationAttributes { mode: Some("verify".to_owned()), ..off.clone() };
    region.ok::<ModifyListener>(ModifyListenerInput {
        mutual_authentication: Some(off),
        alpn_policy: Some(Vec::new()),
        certificates: Some(Vec::new()),
        ..change(&listener)
    });
    for (input, expected) in [
        (
            CreateListenerInput { certificates: Some(vec![Certificate::default()]), ..input() },
            "ValidationError: A certificate cannot be specified for HTTP listeners",
        ),
        (
            CreateListenerInput { ssl_policy: Some("x".to_owned()), ..input() },
            "ValidationError: An SSL policy cannot be specifed for HTTP listeners",
        ),
        (
            CreateListenerInput { alpn_policy: Some(texts(&["HTTP2Only"])), ..input() },
            "InvalidConfigurationRequest: You cannot set ALPN policy on load balancers of type \
             'application'",
        ),
        (
            CreateListenerInput { mutual_authentication: Some(on), ..input() },
            "InvalidConfigurationRequest: Mutual Authentication cannot be set for non secure \
             listeners",
        ),
    ] {
        let modify = ModifyListenerInput {
            certificates: input.certificates.clone(),
            ssl_policy: input.ssl_policy.clone(),
            alpn_policy: input.alpn_policy.clone(),
            mutual_authentication: input.mutual_authentication.clone(),
            ..change(&listener)
        };
        assert_eq!(region.fault::<CreateListener>(input), expected);
        assert_eq!(region.fault::<ModifyListener>(modify), expected);
    }
}

#[test]
fn a_change_leaves_what_is_not_given() {
    let mut region = region();
    let shop = balancer(&mut region, "shop");
    let arn = listener(&mut region, &shop);
    let held = region.world.listeners.get(arn.as_str()).unwrap().clone();
    region.put(world::Listener { local_port: Some(8080), ..held });

    let input = ModifyListenerInput { default_actions: Some(vec![fixed("503")]), ..change(&arn) };
    let changed = only(region.ok::<ModifyListener>(input).listeners);
    assert_eq!((changed.port, changed.default_actions), (Some(80), Some(vec![fixed("503")])));
    let local_port = |region: &Region| region.world.listeners.get(arn.as_str()).unwrap().local_port;
    assert_eq!(local_port(&region), Some(8080));

    let input = ModifyListenerInput { port: Some(81), ..change(&arn) };
    let changed = only(region.ok::<ModifyListener>(input).listeners);
    assert_eq!((changed.port, changed.default_actions), (Some(81), Some(vec![fixed("503")])));
    // Where it listens is found anew.
    assert_eq!(local_port(&region), None);

    let gone = region.fault::<ModifyListener>(change("arn:gone"));
    assert_eq!(gone, "ListenerNotFound: Listener 'arn:gone' not found");
}

#[test]
fn a_load_balancer_has_so_many_listeners() {
    let mut region = region();
    let shop = balancer(&mut region, "shop");
    for port in 0..quota::LISTENERS_PER_BALANCER {
        let port = i32::try_from(port).unwrap() + 1000;
        region.ok::<CreateListener>(new_listener(&shop, port, fixed("404")));
    }
    let fault = region.fault::<CreateListener>(new_listener(&shop, 80, fixed("404")));
    assert!(fault.starts_with("TooManyListeners: "), "{fault}");
}

#[test]
fn listeners_are_described_by_arn_by_load_balancer_and_in_pages() {
    let mut region = region();
    let shop = balancer(&mut region, "shop");
    let first = listener(&mut region, &shop);
    let made = region.ok::<CreateListener>(new_listener(&shop, 81, fixed("404")));
    let second = only(made.listeners).listener_arn.unwrap();
    let mut all = vec![first.clone(), second];
    all.sort();
    let of = |size, marker| DescribeListenersInput {
        load_balancer_arn: Some(shop.clone()),
        page_size: size,
        marker,
        ..Default::default()
    };
    assert_eq!(arns(&mut region, of(None, None)), all);
    let page = region.ok::<DescribeListeners>(of(Some(1), None));
    assert_eq!(arns(&mut region, of(Some(1), page.next_marker)), all[1..]);
    let input =
        DescribeListenersInput { listener_arns: Some(vec![first.clone()]), ..Default::default() };
    assert_eq!(arns(&mut region, input), [first]);
}

#[test]
fn listeners_that_are_not_there_are_not_found() {
    let mut region = region();
    let by = |arns: &[&str], balancer: Option<&str>| DescribeListenersInput {
        listener_arns: Some(texts(arns)),
        load_balancer_arn: balancer.map(str::to_owned),
        ..Default::default()
    };
    for (input, expected) in [
        (
            by(&[], None),
            "ValidationError: You must specify either listener ARNs or a load balancer ARN",
        ),
        (by(&["arn:gone"], None), "ListenerNotFound: One or more listeners not found"),
        (by(&[], Some("arn:gone")), "LoadBalancerNotFound: Load balancer 'arn:gone' not found"),
        (
            by(&["arn:gone"], Some("arn:gone")),
            "ValidationError: Listener ARNs and a load balancer ARN cannot be specified at the same \
             time",
        ),
    ] {
        assert_eq!(region.fault::<DescribeListeners>(input), expected);
    }
}

#[test]
fn a_deleted_listener_takes_its_rules_with_it() {
    let mut region = region();
    let shop = balancer(&mut region, "shop");
    let listener_arn = listener(&mut region, &shop);
    rule(&mut region, &listener_arn, 1);
    let input = DeleteListenerInput { listener_arn };
    region.ok::<DeleteListener>(input.clone());
    assert_eq!((region.world.listeners.len(), region.world.rules.len()), (0, 0));
    let fault = region.fault::<DeleteListener>(input);
    assert!(fault.starts_with("ListenerNotFound: Listener '"), "{fault}");
}
