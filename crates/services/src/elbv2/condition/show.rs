//! Conditions as AWS answers them: what has two ways of being written is answered in both.

use api::elbv2::*;
use world::Condition;

pub(in super::super) fn show(condition: &Condition) -> RuleCondition {
    match condition {
        Condition::Host(values) => RuleCondition {
            values: Some(values.clone()),
            host_header_config: Some(HostHeaderConditionConfig {
                values: Some(values.clone()),
                regex_values: None,
            }),
            ..about("host-header")
        },
        Condition::Path(values) => RuleCondition {
            values: Some(values.clone()),
            path_pattern_config: Some(PathPatternConditionConfig {
                values: Some(values.clone()),
                regex_values: None,
            }),
            ..about("path-pattern")
        },
        Condition::Header { name, values } => RuleCondition {
            http_header_config: Some(HttpHeaderConditionConfig {
                http_header_name: Some(name.clone()),
                values: Some(values.clone()),
                regex_values: None,
            }),
            ..about("http-header")
        },
        Condition::Method(values) => RuleCondition {
            http_request_method_config: Some(HttpRequestMethodConditionConfig {
                values: Some(values.clone()),
            }),
            ..about("http-request-method")
        },
        Condition::Query(pairs) => RuleCondition {
            query_string_config: Some(QueryStringConditionConfig {
                values: Some(pairs.iter().map(pair).collect()),
            }),
            ..about("query-string")
        },
        Condition::SourceIp(values) => RuleCondition {
            source_ip_config: Some(SourceIpConditionConfig {
                values: Some(values.clone()),
                ip_address_type: None,
            }),
            ..about("source-ip")
        },
    }
}

fn about(field: &str) -> RuleCondition {
    RuleCondition { field: Some(field.to_owned()), ..RuleCondition::default() }
}

fn pair((key, value): &(Option<String>, String)) -> QueryStringKeyValuePair {
    QueryStringKeyValuePair { key: key.clone(), value: Some(value.clone()) }
}
