//! Filters of listings. Which are allowed where, and the words of refusals, are moto's.

use super::fault;
use api::Fault;
use api::ssm::ParameterStringFilter;
use world::Parameter;

/// Which listing is filtered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listing {
    /// `DescribeParameters`.
    All,
    /// `GetParametersByPath`.
    ByPath,
}

/// A filter that a listing admits.
#[derive(Debug)]
pub(super) struct Filter {
    key: String,
    compare: Compare,
    values: Vec<String>,
}

/// How a filter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compare {
    Equals,
    BeginsWith,
    Contains,
    OneLevel,
    Recursive,
}

const TIERS: [&str; 3] = ["Standard", "Advanced", "Intelligent-Tiering"];
const TYPES: [&str; 3] = ["String", "StringList", "SecureString"];

// === impl Filter ===

impl Filter {
    /// The filters of a request.
    pub(super) fn read(
        given: Vec<ParameterStringFilter>,
        listing: Listing,
    ) -> Result<Vec<Self>, Fault> {
        let mut filters: Vec<Self> = Vec::new();
        for filter in given {
            let filter = Self::of(filter, listing)?;
            if filters.iter().any(|other| other.key == filter.key) {
                return Err(key(format!(
                    "The following filter is duplicated in the request: {}. A request can contain \
                     only one occurrence of a specific filter.",
                    filter.key
                )));
            }
            filters.push(filter);
        }
        Ok(filters)
    }

    /// Whether a parameter passes.
    pub(super) fn admits(&self, parameter: &Parameter) -> bool {
        let newest = parameter.newest();
        let name = parameter.name.as_str();
        match self.key.as_str() {
            "Name" => self.any(&rooted(name), |value| match self.compare {
                Compare::Contains => value.to_owned(),
                _ => rooted(value),
            }),
            "Path" => {
                self.any(&rooted(name), |value| format!("{}/", rooted(value).trim_end_matches('/')))
            }
            "Type" => self.plain(newest.kind.as_str()),
            "Tier" => self.plain(&newest.tier),
            "DataType" => self.plain(&newest.data_type),
            "KeyId" => newest.key_id.as_deref().is_some_and(|key| self.plain(key)),
            "Label" => newest.labels.iter().any(|label| self.plain(label)),
            tag => self.admits_tag(parameter, tag),
        }
    }

    /// The labels of a filter by label.
    pub(super) fn labels(&self) -> Option<&[String]> {
        (self.key == "Label").then_some(&self.values)
    }

    fn of(given: ParameterStringFilter, listing: Listing) -> Result<Self, Fault> {
        let key = admitted(given.key, listing)?;
        let values = given.values.unwrap_or_default();
        if values.is_empty() && !key.starts_with("tag:") {
            return Err(Fault::refuse(
                "InvalidFilterValue",
                format!("The following filter values are missing : null for filter key {key}."),
            ));
        }
        let compare = compare(&key, given.option.as_deref())?;
        check_values(&key, &values)?;
        Ok(Self { key, compare, values })
    }

    fn admits_tag(&self, parameter: &Parameter, key: &str) -> bool {
        let tag = key.strip_prefix("tag:").and_then(|key| parameter.tags.get(key));
        tag.is_some_and(|value| self.values.is_empty() || self.plain(value))
    }

    fn plain(&self, field: &str) -> bool {
        self.any(field, str::to_owned)
    }

    /// Whether a field compares with any of the values, each in the form that is needed.
    fn any(&self, field: &str, form: impl Fn(&str) -> String) -> bool {
        self.values.iter().map(|value| form(value)).any(|value| match self.compare {
            Compare::Equals => field == value,
            Compare::BeginsWith | Compare::Recursive => field.starts_with(&value),
            Compare::Contains => field.contains(&value),
            Compare::OneLevel => field.strip_prefix(&value).is_some_and(|rest| !rest.contains('/')),
        })
    }
}

/// The key, if the listing has such a filter. The model's pattern has let other words out.
fn admitted(filter: String, listing: Listing) -> Result<String, Fault> {
    let refused = match listing {
        Listing::All if filter == "Label" => "[Path, Name, Type, KeyId, Tier]",
        Listing::ByPath if !matches!(filter.as_str(), "Type" | "KeyId" | "Label") => {
            "[Type, KeyId]"
        }
        Listing::All | Listing::ByPath => return Ok(filter),
    };
    Err(key(format!(
        "The following filter key is not valid: {filter}. Valid filter keys include: {refused}."
    )))
}

fn compare(key: &str, option: Option<&str>) -> Result<Compare, Fault> {
    match (key, option) {
        ("Path", None | Some("OneLevel")) => Ok(Compare::OneLevel),
        ("Path", Some("Recursive")) => Ok(Compare::Recursive),
        ("Path", Some(other)) => Err(self::option(other, "[Recursive, OneLevel]")),
        ("Name", Some("Contains")) => Ok(Compare::Contains),
        (_, None | Some("Equals")) => Ok(Compare::Equals),
        // The model's documentation: a label is compared as a whole.
        ("Label", Some(other)) => Err(self::option(other, "[Equals]")),
        (_, Some("BeginsWith")) => Ok(Compare::BeginsWith),
        (_, Some(other)) => Err(self::option(other, "[BeginsWith, Equals]")),
    }
}

fn check_values(key: &str, values: &[String]) -> Result<(), Fault> {
    let words = match key {
        "Tier" => TIERS,
        "Type" => TYPES,
        "Path" => return values.iter().try_for_each(|value| check_path(value)),
        _ => return Ok(()),
    };
    match values.iter().find(|value| !words.contains(&value.as_str())) {
        None => Ok(()),
        Some(other) => Err(Fault::refuse(
            "InvalidFilterOption",
            format!(
                "The following filter value is not valid: {other}. Valid values include: [{}].",
                words.join(", ")
            ),
        )),
    }
}

/// Whether a path is one that a listing takes.
pub(super) fn check_path(path: &str) -> Result<(), Fault> {
    let known = |c: char| c.is_ascii_alphanumeric() || "_.-/".contains(c);
    if path.starts_with('/') && !path.contains("//") && path.chars().all(known) {
        return Ok(());
    }
    Err(fault::invalid(
        "The parameter doesn't meet the parameter name requirements. The parameter name must begin \
         with a forward slash \"/\". It can't be prefixed with \"aws\" or \"ssm\" \
         (case-insensitive). It must use only letters, numbers, or the following symbols: . \
         (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, \
         if specified, must use the forward slash symbol \"/\". Valid example: \
         /get/parameters2-/by1./path0_.",
    ))
}

/// A name as if it were a path: `a` and `/a` are the same parameter.
fn rooted(name: &str) -> String {
    format!("/{}", name.trim_start_matches('/'))
}

fn key(message: String) -> Fault {
    Fault::refuse("InvalidFilterKey", message)
}

fn option(option: &str, valid: &str) -> Fault {
    Fault::refuse(
        "InvalidFilterOption",
        format!(
            "The following filter option is not valid: {option}. Valid options include: {valid}."
        ),
    )
}
