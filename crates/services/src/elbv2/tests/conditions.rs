use super::*;

/// A condition about a field, with nothing to compare with.
fn about(field: &str) -> RuleCondition {
    RuleCondition { field: Some(field.to_owned()), ..Default::default() }
}

/// The old way of writing one.
fn old(field: &str, values: &[&str]) -> RuleCondition {
    RuleCondition { values: Some(texts(values)), ..about(field) }
}

fn host(values: &[&str]) -> RuleCondition {
    let config = HostHeaderConditionConfig { values: Some(texts(values)), regex_values: None };
    RuleCondition { host_header_config: Some(config), ..about("host-header") }
}

fn path(values: &[&str]) -> RuleCondition {
    let config = PathPatternConditionConfig { values: Some(texts(values)), regex_values: None };
    RuleCondition { path_pattern_config: Some(config), ..about("path-pattern") }
}

fn header(name: &str, values: &[&str]) -> RuleCondition {
    let config = HttpHeaderConditionConfig {
        http_header_name: Some(name.to_owned()),
        values: Some(texts(values)),
        regex_values: None,
    };
    RuleCondition { http_header_config: Some(config), ..about("http-header") }
}

fn method(values: &[&str]) -> RuleCondition {
    let config = HttpRequestMethodConditionConfig { values: Some(texts(values)) };
    RuleCondition { http_request_method_config: Some(config), ..about("http-request-method") }
}

fn query(pairs: &[(Option<&str>, Option<&str>)]) -> RuleCondition {
    let pair = |(key, value): &(Option<&str>, Option<&str>)| QueryStringKeyValuePair {
        key: key.map(str::to_owned),
        value: value.map(str::to_owned),
    };
    let config = QueryStringConditionConfig { values: Some(pairs.iter().map(pair).collect()) };
    RuleCondition { query_string_config: Some(config), ..about("query-string") }
}

fn source(values: &[&str]) -> RuleCondition {
    let config = SourceIpConditionConfig { values: Some(texts(values)), ip_address_type: None };
    RuleCondition { source_ip_config: Some(config), ..about("source-ip") }
}

/// What AWS answers of conditions: the conditions as it shows them, or its refusal.
fn answer(conditions: Vec<RuleCondition>) -> Result<Vec<RuleCondition>, String> {
    let mut region = region();
    let shop = balancer(&mut region, "shop");
    let listener = listener(&mut region, &shop);
    let input = CreateRuleInput { conditions, ..new_rule(&listener, 1, fixed("200")) };
    let made = region.call::<CreateRule>(input).map_err(|fault| fault.to_string())?;
    Ok(only(made.rules).conditions.unwrap())
}

#[track_caller]
fn refused(conditions: Vec<RuleCondition>, expected: &str) {
    assert_eq!(answer(conditions), Err(format!("ValidationError: {expected}")));
}

#[test]
fn hosts_and_paths_are_answered_in_both_ways() {
    let values = |values: &[&str]| Some(texts(values));
    for both in [
        RuleCondition { values: values(&["*.example.com"]), ..host(&["*.example.com"]) },
        RuleCondition { values: values(&["/a/*"]), ..path(&["/a/*"]) },
    ] {
        let new = RuleCondition { values: None, ..both.clone() };
        assert_eq!(answer(vec![new]).unwrap(), std::slice::from_ref(&both));
        let field = both.field.clone().unwrap();
        let old = RuleCondition { values: both.values.clone(), ..about(&field) };
        assert_eq!(answer(vec![old]).unwrap(), [both]);
    }
}

#[test]
fn other_conditions_are_answered_as_they_were_given() {
    for given in [
        header("User-Agent", &["*Chrome*", "curl?"]),
        method(&["GET", "PROPFIND", "MY-METHOD"]),
        query(&[(Some("version"), Some("v1")), (None, Some("*beta*"))]),
        source(&["10.0.0.0/8", "2001:db8::/32"]),
    ] {
        assert_eq!(answer(vec![given.clone()]), Ok(vec![given]));
    }
}

#[test]
fn headers_and_queries_can_be_asked_about_more_than_once() {
    let headers = vec![header("A", &["1"]), header("B", &["2"])];
    assert_eq!(answer(headers.clone()), Ok(headers));
    let queries = vec![query(&[(None, Some("1"))]), query(&[(None, Some("2"))])];
    assert_eq!(answer(queries.clone()), Ok(queries));
    for twice in [host(&["a.b"]), path(&["/"]), method(&["GET"]), source(&["10.0.0.0/8"])] {
        let field = twice.field.clone().unwrap();
        let expected = format!("A rule can only have one '{field}' condition");
        refused(vec![twice.clone(), twice], &expected);
    }
}

#[test]
fn a_field_must_be_known_and_have_something_to_compare_with() {
    refused(
        vec![about("cookie")],
        "Condition field 'cookie' must be one of 'http-header,http-request-method,host-header,\
         query-string,path-pattern,source-ip'",
    );
    for (field, fields) in [
        ("host-header", "Values or RegexValues or HostHeaderConfig"),
        ("path-pattern", "Values or RegexValues or PathPatternConfig"),
        ("http-header", "HttpHeaderConfig"),
        ("http-request-method", "HttpRequestMethodConfig"),
        ("query-string", "QueryStringConfig"),
        ("source-ip", "SourceIpConfig"),
    ] {
        let expected = format!(
            "For conditions of type '{field}', you must specify the following fields: '{fields}'"
        );
        refused(vec![about(field)], &expected);
    }
    for (empty, config) in [
        (host(&[]), "HostHeaderConfig"),
        (header("A", &[]), "HttpHeaderConfig"),
        (method(&[]), "HttpRequestMethodConfig"),
        (query(&[]), "QueryStringConfig"),
        (source(&[]), "SourceIpConfig"),
    ] {
        let expected = format!(
            "You must provide exactly one of the following: ['Values' 'RegexValues'] for config of \
             type '{config}'"
        );
        refused(vec![empty], &expected);
    }
}

#[test]
fn a_condition_is_written_in_one_way() {
    refused(
        vec![RuleCondition { values: Some(texts(&["a.b"])), ..host(&["a.b"]) }],
        "You cannot provide both Values and 'HostHeaderConfig' for a condition of type \
         'host-header'",
    );
    refused(
        vec![old("path-pattern", &["/a", "/b"])],
        "The 'path-pattern' field contains too many values; the limit is '1'",
    );
    refused(
        vec![old("http-header", &["a"])],
        "The 'Values' field is not compatible with 'http-header'",
    );
    refused(
        vec![RuleCondition { source_ip_config: source(&[]).source_ip_config, ..host(&["a.b"]) }],
        "'SourceIpConfig' cannot be specified for conditions of type 'host-header'",
    );
    let addressed = SourceIpConditionConfig {
        values: Some(texts(&["10.0.0.0/8"])),
        ip_address_type: Some("ipv4".to_owned()),
    };
    refused(
        vec![RuleCondition { source_ip_config: Some(addressed), ..about("source-ip") }],
        "'IpAddressType' cannot be specified for conditions of type 'source-ip'",
    );
}

#[test]
fn regular_expressions_are_refused() {
    let local = "the local region does not implement 'RegexValues'";
    let regex = || Some(texts(&["^/a$"]));
    refused(vec![RuleCondition { regex_values: regex(), ..about("path-pattern") }], local);
    let config = PathPatternConditionConfig { values: None, regex_values: regex() };
    let condition = RuleCondition { path_pattern_config: Some(config), ..about("path-pattern") };
    refused(vec![condition], local);
    refused(
        vec![RuleCondition { regex_values: regex(), ..method(&["GET"]) }],
        "'RegexValues' is not supported for a condition of type 'http-request-method'",
    );
}

#[test]
fn a_rule_has_so_many_values_and_wildcards() {
    refused(
        vec![host(&["a.b", "c.d", "e.f"]), path(&["/a", "/b", "/c"])],
        "A rule can only have '5' condition values and regex values",
    );
    refused(
        vec![path(&["/*/*/*/?"]), query(&[(Some("*"), Some("??"))])],
        "A rule can only have '6' condition wildcards",
    );
    assert!(answer(vec![path(&["/*/*/*"]), query(&[(Some("*"), Some("??"))])]).is_ok());
}

#[test]
fn values_have_a_length() {
    let long = "a".repeat(129);
    let over = |field: &str, most| {
        format!("Condition value for '{field}' cannot contain more than {most} characters")
    };
    refused(vec![host(&[&long])], &over("host-header", 128));
    refused(vec![path(&[&long])], &over("path-pattern", 128));
    refused(vec![header("A", &[&long])], &over("http-header", 128));
    refused(vec![header(&long[..41], &["a"])], &over("http-header", 40));
    refused(vec![method(&[&long[..41]])], &over("http-request-method", 40));
    refused(vec![query(&[(Some(&long), Some("a"))])], &over("query-string", 128));
}

#[test]
fn values_have_the_characters_that_their_field_has() {
    let bad =
        |value: &str| format!("Condition value '{value}' contains a character that is not valid");
    refused(vec![host(&["localhost"])], &bad("localhost"));
    refused(vec![host(&["10.0.0.1"])], &bad("10.0.0.1"));
    refused(vec![host(&["a_b.com"])], &bad("a_b.com"));
    refused(vec![path(&["/a b"])], &bad("/a b"));
    refused(vec![header("X Y", &["a"])], &bad("X Y"));
    refused(vec![method(&["get"])], &bad("get"));
    refused(vec![header("Host", &["a"])], "You cannot specify 'host' as an HTTP header name");
    refused(
        vec![query(&[(Some("a"), None)])],
        "A 'Value' must be specified in 'QueryStringKeyValuePair'",
    );
    for block in ["10.0.0.1", "10.0.0.0/33", "::/129", "a/8", ""] {
        refused(
            vec![source(&[block])],
            &format!("The specified value '{block}' is not a valid CIDR block"),
        );
    }
}
