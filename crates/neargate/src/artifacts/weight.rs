//! How large an image is, where that comes from, and whether it may be.

use crate::failure::{Failure, Kind};
use crate::local;
use driver::docker::{self, Layer};
use serde_json::{Value, json};

/// An image's layers.
pub(crate) struct Weight {
    layers: Vec<Layer>,
}

/// Layers smaller than this are not shown, in bytes.
const WORTH_SHOWING: u64 = 50_000;

/// The longest instruction that is shown whole, in characters.
const LONGEST: usize = 90;

impl Weight {
    /// Weighs an image that the engine has.
    pub(crate) async fn of(image: &str) -> Result<Self, Failure> {
        let layers = docker::layers(&local::docker_hints(), image).await;
        let layers = layers.map_err(|e| {
            Failure::because(Kind::Machine, "the built image can't be looked at", e)
        })?;
        Ok(Self { layers })
    }

    /// In bytes.
    fn total(&self) -> u64 {
        self.layers.iter().map(|layer| layer.bytes).sum()
    }

    /// A line for the whole, and one for each layer worth it, the lowest first.
    pub(crate) fn rows(&self) -> Vec<Vec<String>> {
        let worth = self.layers.iter().filter(|layer| layer.bytes >= WORTH_SHOWING);
        let layers = worth.map(|layer| vec![megabytes(layer.bytes), shortened(&layer.made_by)]);
        layers.chain([vec![megabytes(self.total()), "in all".to_owned()]]).collect()
    }

    pub(crate) fn json(&self) -> Value {
        let layers = self.layers.iter();
        let layers: Vec<Value> =
            layers.map(|it| json!({ "bytes": it.bytes, "madeBy": it.made_by })).collect();
        json!({ "bytes": self.total(), "layers": layers })
    }

    /// What is wrong with its size; `budget` is in MB.
    pub(crate) fn excess(&self, budget: Option<u32>) -> Option<String> {
        let budget = u64::from(budget?) * 1_000_000;
        let over = self.total().checked_sub(budget).filter(|over| *over > 0)?;
        let (all, over, budget) = (megabytes(self.total()), megabytes(over), megabytes(budget));
        Some(format!("the image has {all}, {over} more than its budget of {budget}"))
    }
}

/// As Docker counts: 1 MB is 1,000,000 bytes.
fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
}

fn shortened(line: &str) -> String {
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_is_held_to_the_byte() {
        let weight = |bytes| Weight { layers: vec![Layer { made_by: String::new(), bytes }] };
        assert_eq!(weight(154_000_000).excess(Some(154)), None);
        assert_eq!(weight(154_000_001).excess(None), None);
        let excess = weight(187_300_000).excess(Some(154)).unwrap();
        assert_eq!(excess, "the image has 187.3 MB, 33.3 MB more than its budget of 154.0 MB");
    }
}
