//! When a rule applies: conditions, all of which must hold (reference §4.7).
//!
//! Two of them can be written in an old way, with `Values`; all in a new one, with a `…Config`.

mod show;
mod value;

pub(super) use show::show;

use super::fault::routing as fault;
use super::quota;
use api::Fault;
use api::elbv2::RuleCondition;
use std::collections::BTreeSet;
use world::Condition;

/// A field that a condition can be about.
struct Field {
    name: &'static str,
    config: &'static str,
    parse: fn(RuleCondition) -> Result<Condition, Fault>,
}

const FIELDS: [Field; 6] = [
    Field { name: "host-header", config: "HostHeaderConfig", parse: host },
    Field { name: "path-pattern", config: "PathPatternConfig", parse: path },
    Field { name: "http-header", config: "HttpHeaderConfig", parse: header },
    Field { name: "http-request-method", config: "HttpRequestMethodConfig", parse: method },
    Field { name: "query-string", config: "QueryStringConfig", parse: query },
    Field { name: "source-ip", config: "SourceIpConfig", parse: source },
];
/// Fields that a rule may have more than one condition about.
const REPEATABLE: [&str; 2] = ["http-header", "query-string"];

/// What a condition is given to compare with.
struct Texts {
    plain: Option<Vec<String>>,
    regex: Option<Vec<String>>,
}

/// The conditions of a request, if AWS would take them.
pub(super) fn parse(given: Vec<RuleCondition>) -> Result<Vec<Condition>, Fault> {
    if given.is_empty() {
        return Err(fault::no_condition());
    }
    let mut seen = BTreeSet::new();
    let mut conditions = Vec::new();
    for condition in given {
        let name = condition.field.clone().unwrap_or_default();
        let field = FIELDS.iter().find(|field| field.name == name);
        let field = field.ok_or_else(|| fault::bad_field(&name))?;
        check_shape(&condition, field)?;
        if !seen.insert(field.name) && !REPEATABLE.contains(&field.name) {
            return Err(fault::field_twice(field.name));
        }
        conditions.push((field.parse)(condition)?);
    }
    check_quotas(&conditions)?;
    Ok(conditions)
}

/// Whether a condition is written in one of the ways that its field has.
fn check_shape(condition: &RuleCondition, field: &Field) -> Result<(), Fault> {
    let configs = [
        condition.host_header_config.is_some(),
        condition.path_pattern_config.is_some(),
        condition.http_header_config.is_some(),
        condition.http_request_method_config.is_some(),
        condition.query_string_config.is_some(),
        condition.source_ip_config.is_some(),
    ];
    let mut own = false;
    for (other, given) in FIELDS.iter().zip(configs) {
        if given && other.name != field.name {
            return Err(fault::foreign_condition(field.name, other.config));
        }
        own |= given;
    }
    let values = condition.values.as_deref().unwrap_or_default();
    let plain = ["host-header", "path-pattern"].contains(&field.name);
    match (values.len(), own) {
        _ if condition.regex_values.as_ref().is_some_and(|values| !values.is_empty()) => {
            Err(fault::no_regex(field.name))
        }
        (1.., _) if !plain => Err(fault::no_plain_values(field.name)),
        (1.., true) => Err(fault::values_twice(field.name, field.config)),
        (2.., false) => Err(fault::one_plain_value(field.name)),
        (0, false) if plain => {
            let fields = format!("Values or RegexValues or {}", field.config);
            Err(fault::condition_needs(field.name, &fields))
        }
        (0, false) => Err(fault::condition_needs(field.name, field.config)),
        _ => Ok(()),
    }
}

fn check_quotas(conditions: &[Condition]) -> Result<(), Fault> {
    let values: usize = conditions.iter().map(size).sum();
    if values > quota::VALUES_PER_RULE {
        return Err(fault::too_many_values());
    }
    let texts = conditions.iter().flat_map(texts);
    let wildcards: usize = texts.map(|text| text.matches(['*', '?']).count()).sum();
    if wildcards > quota::WILDCARDS_PER_RULE {
        return Err(fault::too_many_wildcards());
    }
    Ok(())
}

/// How many values a condition has.
fn size(condition: &Condition) -> usize {
    match condition {
        Condition::Host(values)
        | Condition::Path(values)
        | Condition::Method(values)
        | Condition::SourceIp(values)
        | Condition::Header { values, .. } => values.len(),
        Condition::Query(pairs) => pairs.len(),
    }
}

/// The texts of a condition that may have wildcards.
fn texts(condition: &Condition) -> Vec<&str> {
    match condition {
        Condition::Host(values) | Condition::Path(values) | Condition::Header { values, .. } => {
            values.iter().map(String::as_str).collect()
        }
        Condition::Query(pairs) => {
            let keys = pairs.iter().filter_map(|(key, _)| key.as_deref());
            keys.chain(pairs.iter().map(|(_, value)| value.as_str())).collect()
        }
        Condition::Method(_) | Condition::SourceIp(_) => Vec::new(),
    }
}

// === One function a field; the shape is checked ===

fn host(given: RuleCondition) -> Result<Condition, Fault> {
    let texts = match given.host_header_config {
        Some(config) => Texts { plain: config.values, regex: config.regex_values },
        None => Texts { plain: given.values, regex: None },
    };
    let values = texts.checked("host-header", "HostHeaderConfig")?;
    values.iter().try_for_each(|text| value::check_host(text))?;
    Ok(Condition::Host(values))
}

fn path(given: RuleCondition) -> Result<Condition, Fault> {
    let texts = match given.path_pattern_config {
        Some(config) => Texts { plain: config.values, regex: config.regex_values },
        None => Texts { plain: given.values, regex: None },
    };
    let values = texts.checked("path-pattern", "PathPatternConfig")?;
    values.iter().try_for_each(|text| value::check_path(text))?;
    Ok(Condition::Path(values))
}

fn header(given: RuleCondition) -> Result<Condition, Fault> {
    let config = given.http_header_config.unwrap_or_default();
    let name = config.http_header_name.unwrap_or_default();
    value::check_header_name(&name)?;
    let texts = Texts { plain: config.values, regex: config.regex_values };
    let values = texts.checked("http-header", "HttpHeaderConfig")?;
    values.iter().try_for_each(|text| value::check_length("http-header", text))?;
    Ok(Condition::Header { name, values })
}

fn method(given: RuleCondition) -> Result<Condition, Fault> {
    let config = given.http_request_method_config.unwrap_or_default();
    let values = filled(config.values, "HttpRequestMethodConfig")?;
    values.iter().try_for_each(|text| value::check_method(text))?;
    Ok(Condition::Method(values))
}

fn query(given: RuleCondition) -> Result<Condition, Fault> {
    let config = given.query_string_config.unwrap_or_default();
    let pairs = filled(config.values, "QueryStringConfig")?;
    let pair = |pair: api::elbv2::QueryStringKeyValuePair| {
        let value = pair.value.ok_or_else(fault::no_query_value)?;
        for text in pair.key.iter().chain([&value]) {
            value::check_length("query-string", text)?;
        }
        Ok((pair.key, value))
    };
    Ok(Condition::Query(pairs.into_iter().map(pair).collect::<Result<_, Fault>>()?))
}

fn source(given: RuleCondition) -> Result<Condition, Fault> {
    let config = given.source_ip_config.unwrap_or_default();
    if config.ip_address_type.is_some() {
        // Network Load Balancers have it.
        return Err(fault::foreign_condition("source-ip", "IpAddressType"));
    }
    let values = filled(config.values, "SourceIpConfig")?;
    values.iter().try_for_each(|text| value::check_cidr(text))?;
    Ok(Condition::SourceIp(values))
}

fn filled<T>(values: Option<Vec<T>>, config: &str) -> Result<Vec<T>, Fault> {
    values.filter(|values| !values.is_empty()).ok_or_else(|| fault::no_value(config))
}

// === impl Texts ===

impl Texts {
    /// The plain texts, when there are only those.
    fn checked(self, field: &str, config: &str) -> Result<Vec<String>, Fault> {
        let plain = self.plain.unwrap_or_default();
        match (plain.is_empty(), self.regex.is_none_or(|regex| regex.is_empty())) {
            (false, true) => Ok(plain),
            (true, false) => Err(fault::no_regex(field)),
            (true, true) | (false, false) => Err(fault::no_value(config)),
        }
    }
}
