//! Task-level CPU and memory, as clients write them.

use crate::ecs::fault;
use api::Fault;

/// CPU units: `256`, `.25 vCPU`, `1 vcpu` (reference §2.2).
pub(in crate::ecs) fn cpu(text: &str) -> Result<u32, Fault> {
    amount(text, &["vcpu"]).ok_or_else(|| fault::definition::invalid_size("cpu"))
}

/// MiB: `512`, `2GB`, `0.5 GB` (reference §2.2).
pub(in crate::ecs) fn memory(text: &str) -> Result<u32, Fault> {
    amount(text, &["gb"]).ok_or_else(|| fault::definition::invalid_size("memory"))
}

/// A whole number of small units, or a number of large ones, 1024 small ones each.
fn amount(text: &str, large: &[&str]) -> Option<u32> {
    let text = text.trim().to_ascii_lowercase();
    let Some(number) = large.iter().find_map(|unit| text.strip_suffix(unit)) else {
        return text.parse().ok().filter(|units| *units > 0);
    };
    let units = number.trim().parse::<f64>().ok()? * 1024.0;
    // A comparison that no NaN passes; u32 holds every Fargate size many times over.
    let fits = units >= 1.0 && units <= f64::from(u32::MAX) && units.fract() == 0.0;
    fits.then(|| format!("{units:.0}").parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_in_small_or_large_units() {
        for (text, expected) in [
            ("256", Some(256)),
            (" 1024 ", Some(1024)),
            ("1 vCPU", Some(1024)),
            (".25 vcpu", Some(256)),
            ("0.5vCPU", Some(512)),
            ("16 VCPU", Some(16_384)),
            ("vcpu", None),
            ("-1", None),
            ("0", None),
            ("1.5", None),
            ("0.3 vcpu", None),
            ("2GB", None),
            ("nan vcpu", None),
            ("1e99 vcpu", None),
        ] {
            assert_eq!(cpu(text).ok(), expected, "{text}");
        }
        for (text, expected) in
            [("2GB", Some(2048)), ("0.5 gb", Some(512)), ("30 GB", Some(30_720)), ("2G", None)]
        {
            assert_eq!(memory(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_size_is_refused_in_the_words_of_aws() {
        assert_eq!(cpu("much").unwrap_err().message, "Invalid 'cpu' setting for task.");
        assert_eq!(memory("").unwrap_err().message, "Invalid 'memory' setting for task.");
    }
}
