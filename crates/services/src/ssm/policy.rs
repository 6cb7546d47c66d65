//! Parameter policies: a JSON list that says when a parameter goes, or is told of.
//!
//! `{"Type": "Expiration", "Version": "1.0", "Attributes": {"Timestamp": "2026-12-02T21:34:33.000Z"}}`

use super::fault;
use api::Fault;
use model::Timestamp;
use serde_json::Value as Json;

/// The most policies of a parameter.
const MOST: usize = 10;

/// Policies that AWS would take.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Policies {
    /// As they are kept; absent when the list is empty, which removes what was there.
    pub(super) text: Option<String>,
    /// When the parameter is to go.
    pub(super) expires_at: Option<Timestamp>,
}

/// A policy as it is shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shown {
    /// Its JSON.
    pub(super) text: String,
    /// Its type.
    pub(super) kind: String,
}

/// Reads the policies of a request.
pub(super) fn read(text: &str, now: Timestamp) -> Result<Policies, Fault> {
    let list =
        list(text).ok_or_else(|| attribute("The policies are not a JSON list of objects."))?;
    if list.len() > MOST {
        // The text is the model's documentation.
        return Err(Fault::refuse(
            "PoliciesLimitExceededException",
            "You specified more than the maximum number of allowed policies for the parameter. The \
             maximum is 10.",
        ));
    }
    let mut expires_at = None;
    for policy in &list {
        let expires = check(policy, now)?;
        if expires.is_some() && expires_at.is_some() {
            // The text is the model's documentation.
            return Err(Fault::refuse(
                "IncompatiblePolicyException",
                "There is a conflict in the policies specified for this parameter. You can't, for \
                 example, specify two Expiration policies for a parameter. Review your policies, \
                 and try again.",
            ));
        }
        expires_at = expires_at.or(expires);
    }
    let text = (!list.is_empty()).then(|| text.to_owned());
    Ok(Policies { text, expires_at })
}

/// Checks a policy; answers when the parameter goes, if it is a policy that says so.
fn check(policy: &Json, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
    if policy["Version"].as_str() != Some("1.0") {
        return Err(attribute("A policy's Version must be 1.0."));
    }
    match policy["Type"].as_str() {
        Some("Expiration") => expiration(policy, now).map(Some),
        Some("ExpirationNotification") => notification(policy, "Before").map(|()| None),
        Some("NoChangeNotification") => notification(policy, "After").map(|()| None),
        // The text is the model's documentation.
        _ => Err(Fault::refuse(
            "InvalidPolicyTypeException",
            "The policy type isn't supported. Parameter Store supports the following policy types: \
             Expiration, ExpirationNotification, and NoChangeNotification.",
        )),
    }
}

/// The policies of a version, to be shown.
pub(super) fn show(text: &str) -> Vec<Shown> {
    let show = |policy: Json| Shown {
        kind: policy["Type"].as_str().unwrap_or_default().to_owned(),
        text: policy.to_string(),
    };
    list(text).unwrap_or_default().into_iter().map(show).collect()
}

/// The objects of a list; an empty object, which clients send to remove all policies, is none.
fn list(text: &str) -> Option<Vec<Json>> {
    let Ok(Json::Array(list)) = serde_json::from_str(text) else { return None };
    let objects = list.iter().all(Json::is_object);
    let empty = |policy: &Json| policy.as_object().is_some_and(serde_json::Map::is_empty);
    objects.then(|| list.into_iter().filter(|policy| !empty(policy)).collect())
}

fn expiration(policy: &Json, now: Timestamp) -> Result<Timestamp, Fault> {
    let text = policy["Attributes"]["Timestamp"].as_str().unwrap_or_default();
    let at = time(text).ok_or_else(|| {
        attribute("An Expiration policy needs a Timestamp like 2026-12-02T21:34:33.000Z.")
    })?;
    if at <= now {
        return Err(attribute("An Expiration policy's Timestamp must lie in the future."));
    }
    Ok(at)
}

fn notification(policy: &Json, when: &str) -> Result<(), Fault> {
    let attributes = &policy["Attributes"];
    let number = attributes[when].as_str().and_then(|number| number.parse::<u32>().ok());
    let unit = attributes["Unit"].as_str().unwrap_or_default();
    if number.is_some_and(|number| number > 0) && matches!(unit, "Days" | "Hours") {
        return Ok(());
    }
    Err(attribute(&format!(
        "A notification policy needs {when}, a number, and Unit, Days or Hours."
    )))
}

/// The texts of attributes are ours.
fn attribute(message: &str) -> Fault {
    Fault { code: "InvalidPolicyAttributeException", ..fault::invalid(message) }
}

/// A time in ISO 8601, in UTC or with an offset; seconds may have a fraction or be left out.
fn time(text: &str) -> Option<Timestamp> {
    let (date, clock) = text.split_once('T')?;
    let (clock, offset) = match clock.find(['Z', '+', '-']) {
        Some(at) => clock.split_at(at),
        None => (clock, "Z"),
    };
    let minutes_ahead = match offset.split_at_checked(1)? {
        ("Z", "") => 0,
        (sign, zone) => {
            let (hours, minutes) = zone.split_once(':')?;
            let minutes = digits(hours, 2)? * 60 + digits(minutes, 2)?;
            if sign == "-" { -minutes } else { minutes }
        }
    };
    let mut date = date.splitn(3, '-');
    let (year, month, day) =
        (digits(date.next()?, 4)?, digits(date.next()?, 2)?, digits(date.next()?, 2)?);
    let mut clock = clock.splitn(3, ':');
    let (hour, minute) = (digits(clock.next()?, 2)?, digits(clock.next()?, 2)?);
    let second = clock.next().unwrap_or("00");
    let second = digits(second.split_once('.').map_or(second, |(whole, _)| whole), 2)?;
    let valid = (1..=12).contains(&month) && (1..=31).contains(&day);
    let seconds = (hour * 60 + minute - minutes_ahead) * 60 + second;
    (valid && hour < 24 && minute < 60 && second < 60)
        .then(|| Timestamp::from_seconds(days(year, month, day) * 86_400 + seconds))
}

fn digits(text: &str, count: usize) -> Option<i64> {
    let plain = text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// Days since the epoch. Years begin in March here, so that the leap day is the last of its year;
/// the inverse is in [`Timestamp::date`].
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_iso_8601_writes_them() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some("1970-01-01T00:00:00.000Z")),
            ("2000-02-29T23:59:59.999Z", Some("2000-02-29T23:59:59.000Z")),
            ("2026-12-02T21:34:33.000Z", Some("2026-12-02T21:34:33.000Z")),
            ("2026-12-02T21:34+02:00", Some("2026-12-02T19:34:00.000Z")),
            ("2026-12-31T23:00:00-02:30", Some("2027-01-01T01:30:00.000Z")),
            ("2026-12-02", None),
            ("2026-13-02T00:00:00Z", None),
            ("2026-12-02T25:00:00Z", None),
            ("2026-1-02T00:00:00Z", None),
            ("tomorrow", None),
        ] {
            assert_eq!(time(text).map(|at| at.to_string()).as_deref(), expected, "{text}");
        }
    }
}
