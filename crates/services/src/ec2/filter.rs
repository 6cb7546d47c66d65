//! Filters: all of them must hold, each with any of its values. Values mind the case; `*` stands for
//! any characters, `?` for one, and a backslash takes a wildcard's meaning away.

use super::fault;
use crate::glob;
use api::Fault;
use api::ec2::{Filter, Tag};

/// What rows can be filtered by.
pub(super) struct Field<T> {
    /// The names it has.
    pub(super) names: &'static [&'static str],
    /// The values that a row has under them.
    pub(super) values: fn(&T) -> Vec<String>,
}

/// What can be found by its tags.
pub(super) trait Tagged {
    /// Its tags.
    fn tags(&self) -> &[Tag];
}

/// Declares where rows have their tags.
macro_rules! tagged {
    ($($row:ident.$field:ident;)*) => {$(
        impl Tagged for api::ec2::$row {
            fn tags(&self) -> &[Tag] {
                self.$field.as_deref().unwrap_or_default()
            }
        }
    )*};
}

tagged! {
    Vpc.tags;
    Subnet.tags;
    SecurityGroup.tags;
    SecurityGroupRule.tags;
    InternetGateway.tags;
    RouteTable.tags;
    Address.tags;
    NatGateway.tags;
    NetworkAcl.tags;
    NetworkInterface.tag_set;
    VpcEndpoint.tags;
}

impl Tagged for api::ec2::AvailabilityZone {
    fn tags(&self) -> &[Tag] {
        &[]
    }
}

/// The rows that pass all filters.
pub(super) fn passing<T: Tagged>(
    rows: Vec<T>,
    filters: Option<&[Filter]>,
    fields: &[Field<T>],
) -> Result<Vec<T>, Fault> {
    let mut rows = rows;
    for filter in filters.unwrap_or_default() {
        let name = filter.name.as_deref().unwrap_or("null");
        let wanted = filter.values.iter().flatten();
        let wanted: Vec<_> = wanted.map(|pattern| glob::escaped(pattern)).collect();
        let field = fields.iter().find(|field| field.names.contains(&name));
        if field.is_none() && !is_about_tags(name) {
            return Err(fault::bad_filter(name));
        }
        rows.retain(|row| {
            let has = field.map_or_else(|| of_tags(name, row.tags()), |field| (field.values)(row));
            has.iter().any(|value| wanted.iter().any(|pattern| glob::is_like(value, pattern)))
        });
    }
    Ok(rows)
}

fn is_about_tags(name: &str) -> bool {
    name.starts_with("tag:") || ["tag-key", "tag-value"].contains(&name)
}

/// The values of tags that a filter by tags looks at.
fn of_tags(name: &str, tags: &[Tag]) -> Vec<String> {
    let value = |tag: &Tag| match (name, name.strip_prefix("tag:")) {
        ("tag-key", _) => tag.key.clone(),
        ("tag-value", _) => tag.value.clone(),
        (_, key) => tag.value.clone().filter(|_| tag.key.as_deref() == key),
    };
    tags.iter().filter_map(value).collect()
}

/// The value of a field that a row may lack.
pub(super) fn maybe(value: Option<&String>) -> Vec<String> {
    value.cloned().into_iter().collect()
}

/// The value of a field that is true or false.
pub(super) fn flag(value: Option<bool>) -> Vec<String> {
    value.map(|value| value.to_string()).into_iter().collect()
}
