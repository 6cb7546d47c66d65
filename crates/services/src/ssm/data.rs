//! Data types of values. AWS names them and says little of their grammar; those with a grammar of
//! their own are checked, the others are refused rather than believed.

use super::fault;
use api::Fault;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The types that AWS has and that are not checked here.
const OTHERS: [&str; 6] = ["aws:ssm:integration", "binary", "hostname", "email", "url", "jsonc"];

/// Whether a value is of its data type.
pub(super) fn check(data_type: &str, value: &str) -> Result<(), Fault> {
    let holds = match data_type {
        "text" => true,
        "aws:ec2:image" => is_image(value),
        "aws:account:id" => value.len() == 12 && value.bytes().all(|b| b.is_ascii_digit()),
        "aws:region" => is_region(value),
        "boolean" => matches!(value, "true" | "false"),
        "integer" => value.parse::<i64>().is_ok(),
        "float" => value.parse::<f64>().is_ok_and(f64::is_finite),
        "ipv4-address" => value.parse::<Ipv4Addr>().is_ok(),
        "ipv6-address" => value.parse::<Ipv6Addr>().is_ok(),
        "json" => serde_json::from_str::<serde_json::Value>(value).is_ok(),
        other if OTHERS.contains(&other) => {
            return Err(fault::invalid(format!(
                "The local region does not implement the data type {other}."
            )));
        }
        // Second-hand: moto's.
        other => {
            return Err(fault::invalid(format!(
                "The following data type is not supported: {other} (Data type names are all \
                 lowercase.)"
            )));
        }
    };
    if holds {
        return Ok(());
    }
    // The text is unverified. It must not have the value, which may be a secret.
    Err(fault::invalid(format!("The parameter value is not valid for the data type {data_type}.")))
}

/// `ami-` and 8 or 17 hexadecimal digits, the lengths that AWS has used.
fn is_image(value: &str) -> bool {
    let digits = value.strip_prefix("ami-").unwrap_or_default();
    matches!(digits.len(), 8 | 17) && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

/// `eu-west-1`, `us-gov-east-1`.
fn is_region(value: &str) -> bool {
    let mut parts: Vec<&str> = value.split('-').collect();
    let number = parts.pop().unwrap_or_default();
    let lower = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    let numbered = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    numbered && matches!(parts.len(), 2 | 3) && parts.iter().all(lower)
}
