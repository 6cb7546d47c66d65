use super::*;
use std::collections::BTreeMap;

fn estimate(text: &str) -> Estimate {
    let (manifest, found) = manifest::parse(text);
    let manifest = manifest.unwrap_or_else(|| panic!("{found:?}"));
    let (resolved, found) = manifest::resolve(&manifest, "prod", &BTreeMap::new());
    cost(&resolved.unwrap_or_else(|| panic!("{found:?}")))
}

fn lines(estimate: &Estimate) -> Vec<(&str, &str, String, String)> {
    let line = |line: &'_ Line| (line.least.rounded(), line.most.rounded());
    let shown = estimate.lines.iter().map(|held| {
        let (least, most) = line(held);
        (held.of.as_str(), held.what.as_str(), least, most)
    });
    shown.collect()
}

fn expected(
    lines: &[(&'static str, &'static str, &str, &str)],
) -> Vec<(&'static str, &'static str, String, String)> {
    let owned = |(of, what, least, most): &(&'static str, &'static str, &str, &str)| {
        (*of, *what, (*least).to_owned(), (*most).to_owned())
    };
    lines.iter().map(owned).collect()
}

#[test]
fn the_reference_s_own_example_adds_up() {
    let estimate = estimate(
        "app: shop\nservices:\n  worker: {image: 'busybox:1'}\nenvironments: {prod: {region: us-east-1}}\n",
    );
    // Reference §8.1: 9.01 USD for a quarter of a vCPU and half a GB.
    assert_eq!(
        lines(&estimate),
        expected(&[
            ("worker", "1 task of 0.25 vCPU and 0.5 GB", "9.01", "9.01"),
            ("public addresses", "1, 0 of them the load balancer's", "3.65", "3.65"),
        ])
    );
    assert_eq!(estimate.least().rounded(), "12.66");
}

#[test]
fn scale_gives_two_sums() {
    let estimate = estimate(
        "
app: shop
services:
  api: {build: ., port: 3000, cpu: 1 vCPU, memory: 2GB, scale: {min: 1, max: 3}, secrets: {A: 'secretsmanager:a:x', B: 'secretsmanager:a:y', C: ssm:/c, D: 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:d-AbCdEf:key::'}}
environments: {prod: {region: eu-west-1}}
",
    );
    assert_eq!(
        lines(&estimate),
        expected(&[
            ("api", "1 to 3 tasks of 1 vCPU and 2 GB", "36.04", "108.12"),
            ("load balancer", "1, without its traffic", "18.40", "18.40"),
            ("public addresses", "3 to 5, 2 of them the load balancer's", "10.95", "18.25"),
            ("secrets", "2 of Secrets Manager", "0.80", "0.80"),
        ])
    );
    assert_eq!((estimate.region, estimate.instead_of.clone()), ("eu-west-1", None));
}

#[test]
fn a_region_whose_prices_are_not_known_is_said() {
    let estimate = estimate(
        "app: shop\nservices:\n  worker: {image: 'busybox:1', platform: linux/arm64}\nenvironments: {prod: {region: ap-south-1}}\n",
    );
    assert_eq!(estimate.region, "us-east-1");
    assert_eq!(estimate.instead_of.as_deref(), Some("ap-south-1"));
    assert_eq!(estimate.lines[0].what, "1 task of 0.25 vCPU and 0.5 GB, Graviton");
    assert_eq!(estimate.lines[0].least.rounded(), "7.21");
}

#[test]
fn subnets_of_others_may_be_private() {
    let estimate = estimate(
        "
app: shop
services:
  api: {build: ., port: 3000}
environments:
  prod:
    region: us-east-1
    foundation: {existing: {subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]}}
",
    );
    assert_eq!(estimate.lines[2].what, "2, 2 of them the load balancer's");
}

#[test]
fn prices_show_the_digits_that_they_have() {
    for (millionths, shown) in [
        (22_500, "0.0225 USD"),
        (8_000, "0.008 USD"),
        (500_000, "0.50 USD"),
        (1_000_000, "1.00 USD"),
    ] {
        assert_eq!(Dollars(millionths).to_string(), shown);
    }
}
