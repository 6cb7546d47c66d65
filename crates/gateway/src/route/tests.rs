//! One named test for each rule of precedence and each kind of condition.

use super::{Asked, Table};
use crate::http1::Field;
use crate::routes::{Action, Condition, FixedResponse, QueryPair, Rule};
use std::net::{IpAddr, Ipv4Addr};

const ASKED: Asked<'static> = Asked {
    method: "GET",
    host: "www.example.com",
    path: "/img/cat.jpg",
    query: "version=v1&flag",
    fields: &[],
    source: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7)),
};

fn rule(priority: u32, conditions: Vec<Condition>) -> Rule {
    let answer = FixedResponse { status: 200, content_type: None, body: String::new() };
    Rule { priority, conditions, action: Action::Fixed(answer) }
}

fn texts(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

/// The priority of the rule that applies, 0 for the default one.
fn find(rules: &[Rule], asked: &Asked<'_>) -> u32 {
    let table = Table::new(rules.iter().map(|rule| (rule, rule.priority)), 0);
    let (priority, action) = table.find(asked);
    assert_eq!(priority, *action);
    priority
}

/// Whether a rule with these conditions applies.
#[derive(Debug, PartialEq, Eq)]
enum Applies {
    Yes,
    No,
}

use Applies::{No, Yes};

fn check(conditions: &[Condition], asked: &Asked<'_>, expected: &Applies) {
    let found = find(&[rule(1, conditions.to_vec())], asked);
    let found = if found == 1 { Yes } else { No };
    assert_eq!(found, *expected, "{conditions:?} for {asked:?}");
}

#[test]
fn the_lowest_priority_wins_whatever_the_order() {
    let any = || vec![Condition::Path(texts(&["/*"]))];
    assert_eq!(find(&[rule(20, any()), rule(3, any()), rule(100, any())], &ASKED), 3);
}

#[test]
fn a_rule_that_does_not_match_gives_way_to_the_next() {
    let rules = [
        rule(1, vec![Condition::Path(texts(&["/api/*"]))]),
        rule(2, vec![Condition::Path(texts(&["/img/*"]))]),
        rule(3, vec![Condition::Path(texts(&["/*"]))]),
    ];
    assert_eq!(find(&rules, &ASKED), 2);
}

#[test]
fn a_more_specific_path_does_not_beat_a_lower_priority() {
    let rules = [
        rule(2, vec![Condition::Path(texts(&["/img/cat.jpg"]))]),
        rule(1, vec![Condition::Path(texts(&["/*"]))]),
    ];
    assert_eq!(find(&rules, &ASKED), 1);
}

#[test]
fn the_default_rule_comes_last() {
    assert_eq!(find(&[], &ASKED), 0);
    assert_eq!(find(&[rule(50_000, vec![Condition::Method(texts(&["PUT"]))])], &ASKED), 0);
}

#[test]
fn all_conditions_of_a_rule_must_hold() {
    let host = Condition::Host(texts(&["*.example.com"]));
    check(&[host.clone(), Condition::Method(texts(&["GET"]))], &ASKED, &Yes);
    check(&[host, Condition::Method(texts(&["POST"]))], &ASKED, &No);
}

#[test]
fn one_value_of_a_condition_is_enough() {
    check(&[Condition::Path(texts(&["/api/*", "/img/*"]))], &ASKED, &Yes);
    check(&[Condition::Method(texts(&["PUT", "GET"]))], &ASKED, &Yes);
}

#[test]
fn hosts_ignore_case() {
    check(&[Condition::Host(texts(&["WWW.EXAMPLE.com"]))], &ASKED, &Yes);
    check(&[Condition::Host(texts(&["example.com"]))], &ASKED, &No);
}

#[test]
fn paths_mind_case_and_do_not_see_the_query() {
    check(&[Condition::Path(texts(&["/IMG/*"]))], &ASKED, &No);
    check(&[Condition::Path(texts(&["*.jpg"]))], &ASKED, &Yes);
    check(&[Condition::Path(texts(&["*version*"]))], &ASKED, &No);
}

#[test]
fn methods_are_exact() {
    check(&[Condition::Method(texts(&["get"]))], &ASKED, &No);
    check(&[Condition::Method(texts(&["*"]))], &ASKED, &No);
}

#[test]
fn a_header_matches_by_any_of_its_values_ignoring_case() {
    let fields = [
        Field { name: "User-Agent", value: b"curl/8" },
        Field { name: "user-agent", value: b"Mozilla Chrome/120" },
    ];
    let asked = Asked { fields: &fields, ..ASKED };
    let header = |name: &str, value: &str| {
        [Condition::Header { name: name.to_owned(), values: texts(&[value]) }]
    };
    check(&header("USER-AGENT", "*chrome*"), &asked, &Yes);
    check(&header("User-Agent", "chrome"), &asked, &No);
    check(&header("Accept", "*"), &asked, &No);
}

#[test]
fn a_query_matches_by_key_and_value_or_by_value_alone() {
    let query = |key: Option<&str>, value: &str| {
        [Condition::Query(vec![QueryPair { key: key.map(str::to_owned), value: value.to_owned() }])]
    };
    check(&query(Some("version"), "v1"), &ASKED, &Yes);
    check(&query(Some("VERSION"), "V?"), &ASKED, &Yes);
    check(&query(Some("version"), "v2"), &ASKED, &No);
    check(&query(None, "v*"), &ASKED, &Yes);
    check(&query(Some("flag"), ""), &ASKED, &Yes);
    check(&query(Some("other"), "v1"), &ASKED, &No);
    check(&query(None, "*"), &Asked { query: "", ..ASKED }, &No);
}

#[test]
fn a_source_matches_by_block() {
    check(&[Condition::SourceIp(vec!["192.0.2.0/24".parse().unwrap()])], &ASKED, &Yes);
    check(&[Condition::SourceIp(vec!["198.51.100.0/24".parse().unwrap()])], &ASKED, &No);
}
