//! Differences, in words.

/// One line for each field whose desired and observed values differ.
pub(crate) fn differences<const N: usize>(
    fields: [(&str, String, Option<String>); N],
) -> Vec<String> {
    let differing = fields
        .into_iter()
        .filter(|(_, desired, observed)| observed.as_deref() != Some(desired.as_str()));
    differing
        .map(|(name, desired, observed)| {
            format!("{name}: {} → {desired}", observed.unwrap_or_else(|| "unset".to_owned()))
        })
        .collect()
}
