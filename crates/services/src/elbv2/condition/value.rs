//! Which texts a condition can compare with.

use super::fault;
use api::Fault;
use std::net::IpAddr;

/// The most characters of most values.
const MOST: usize = 128;
/// The most characters of a header's name and of a method.
const MOST_NAME: usize = 40;

/// A host name with at least one dot, whose last part begins with a letter; wildcards stand for
/// characters of it.
pub(super) fn check_host(text: &str) -> Result<(), Fault> {
    check_length("host-header", text)?;
    let known = |c: char| c.is_ascii_alphanumeric() || "-.*?".contains(c);
    let last = text.rsplit_once('.').map(|(_, last)| last);
    let named = last.is_some_and(|last| last.starts_with(|c: char| c.is_ascii_alphabetic()));
    if named && text.chars().all(known) { Ok(()) } else { Err(fault::bad_value(text)) }
}

/// A path's characters as AWS's documentation lists them.
pub(super) fn check_path(text: &str) -> Result<(), Fault> {
    check_length("path-pattern", text)?;
    let known = |c: char| c.is_ascii_alphanumeric() || "_-.$/~\"'@:+&*?".contains(c);
    if !text.is_empty() && text.chars().all(known) { Ok(()) } else { Err(fault::bad_value(text)) }
}

/// A name as RFC 7230 allows it. The `Host` header has a condition of its own.
pub(super) fn check_header_name(text: &str) -> Result<(), Fault> {
    if text.chars().count() > MOST_NAME {
        return Err(fault::long_value("http-header", MOST_NAME));
    }
    if text.eq_ignore_ascii_case("host") {
        return Err(fault::host_by_header());
    }
    let known = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if !text.is_empty() && text.chars().all(known) { Ok(()) } else { Err(fault::bad_value(text)) }
}

pub(super) fn check_method(text: &str) -> Result<(), Fault> {
    if text.chars().count() > MOST_NAME {
        return Err(fault::long_value("http-request-method", MOST_NAME));
    }
    let known = |c: char| c.is_ascii_uppercase() || "-_".contains(c);
    if !text.is_empty() && text.chars().all(known) { Ok(()) } else { Err(fault::bad_value(text)) }
}

/// A range of addresses: `10.0.0.0/8`, `2001:db8::/32`.
pub(super) fn check_cidr(text: &str) -> Result<(), Fault> {
    let bits = |address: IpAddr| if address.is_ipv4() { 32 } else { 128 };
    let range = text.split_once('/').and_then(|(address, length)| {
        let address: IpAddr = address.parse().ok()?;
        let length: u8 = length.parse().ok()?;
        (length <= bits(address)).then_some(())
    });
    range.ok_or_else(|| fault::bad_cidr(text))
}

pub(super) fn check_length(field: &str, text: &str) -> Result<(), Fault> {
    if text.chars().count() > MOST { Err(fault::long_value(field, MOST)) } else { Ok(()) }
}
