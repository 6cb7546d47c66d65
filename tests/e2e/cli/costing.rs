//! `neargate cost`: what an environment costs before it is there.

use crate::stage::{Line, binary};

fn cost(words: &str) -> Line {
    let scalemap = binary::root().join("examples/scalemap");
    Line::new(binary::neargate()).arg("cost").arg(scalemap).args(words)
}

#[tokio::test]
async fn an_estimate_has_its_lines_and_their_sum() {
    let told = cost("--env prod").run().await.expect(0);
    for text in [
        "api               1 to 3 tasks of 1 vCPU and 2 GB",
        "36.04 to    108.12",
        "load balancer     1, without its traffic",
        "a month           USD in eu-west-1, prices of 2026-09",
        "and by use, not in the sum:",
    ] {
        told.says(text);
    }
    let told = cost("--env prod --json").run().await.expect(0).json();
    let lines = told["lines"].as_array().unwrap().iter();
    let least = lines.map(|line| line["usd"]["least"].as_str().unwrap().parse::<f64>().unwrap());
    let sum: f64 = told["usdPerMonth"]["least"].as_str().unwrap().parse().unwrap();
    assert!((least.sum::<f64>() - sum).abs() < 0.03, "{told:#}");
}

#[tokio::test]
async fn this_machine_costs_nothing() {
    cost("--env local").run().await.expect(2).says("the environment `local` costs nothing");
}
