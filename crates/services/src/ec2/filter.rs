//! Filters: all of them must hold, each with any of its values. Values mind the case; `*` stands for
//! any characters, `?` for one, and a backslash takes a wildcard's meaning away.

use super::fault;
use crate::glob;
use api::Fault;
use api::ec2::Filter;

/// What rows can be filtered by.
pub(super) struct Field<T> {
    /// The names it has.
    pub(super) names: &'static [&'static str],
    /// The values that a row has under them.
    pub(super) values: fn(&T) -> Vec<String>,
}

/// The rows that pass all filters.
pub(super) fn passing<T>(
    rows: Vec<T>,
    filters: Option<&[Filter]>,
    fields: &[Field<T>],
) -> Result<Vec<T>, Fault> {
    let mut rows = rows;
    for filter in filters.unwrap_or_default() {
        let name = filter.name.as_deref().unwrap_or("null");
        let wanted = filter.values.iter().flatten();
        let wanted: Vec<_> = wanted.map(|pattern| glob::escaped(pattern)).collect();
        let values = find(name, fields)?;
        rows.retain(|row| {
            let has = values(row);
            has.iter().any(|value| wanted.iter().any(|pattern| glob::is_like(value, pattern)))
        });
    }
    Ok(rows)
}

fn find<T>(name: &str, fields: &[Field<T>]) -> Result<fn(&T) -> Vec<String>, Fault> {
    let field = fields.iter().find(|field| field.names.contains(&name));
    match field {
        Some(field) => Ok(field.values),
        // Nothing in the region's network has tags, so a filter by tag finds nothing.
        None if name.starts_with("tag:") || ["tag-key", "tag-value"].contains(&name) => {
            Ok(|_| Vec::new())
        }
        None => Err(fault::bad_filter(name)),
    }
}

/// The value of a field that a row may lack.
pub(super) fn maybe(value: Option<&String>) -> Vec<String> {
    value.cloned().into_iter().collect()
}

/// The value of a field that is true or false.
pub(super) fn flag(value: Option<bool>) -> Vec<String> {
    value.map(|value| value.to_string()).into_iter().collect()
}
