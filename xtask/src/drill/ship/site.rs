//! A system with a front end: its pages and its API have to answer at the same address.

use crate::bench::http::Request;
use serde_json::Value;

/// Asks the first distribution of a region, told as `region endpoints --json` tells it, for the start
/// page, for a route of the browser, and for the health of the API.
pub(super) fn answers_at_one_address(told: &str) -> Result<(), String> {
    let told: Value = serde_json::from_str(told).map_err(|why| why.to_string())?;
    let port = told["distributions"][0]["localPort"].as_u64();
    let port = port.and_then(|port| u16::try_from(port).ok());
    let port = port.ok_or_else(|| format!("no distribution listens: {told}"))?;
    for (target, words) in
        [("/", "id=\"root\""), ("/assessments/1", "id=\"root\""), ("/api/health", "\"db\":\"up\"")]
    {
        let asked = Request { method: "GET", target, fields: &[], body: "" };
        let said = asked.to_port(port).map_err(|why| why.to_string())?.success()?;
        let said: String = said.split_whitespace().collect();
        let words: String = words.split_whitespace().collect();
        if !said.contains(&words) {
            return Err(format!("{target} at the site's address answers {said}"));
        }
    }
    Ok(())
}
