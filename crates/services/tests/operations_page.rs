//! `docs/operations.md` says what the region has. It is written from the table of operations and the
//! lists of what is accepted without effect, so it can't say anything else.

#![expect(clippy::disallowed_methods, reason = "a test that holds a page against its source")]

use api::{Operation, Service};
use services::Table;
use std::fmt::Write as _;
use std::path::Path;

const HEAD: &str = "\
# What the local region has

The local region answers the operations listed here. Every other operation of these services answers with an AWS-shaped error
that says so: `UnknownOperationException` (JSON, CBOR) or `InvalidAction` (Query), status 400, so no SDK tries again; of S3 and
CloudFront `NotImplemented`, status 501. A running region lists the same: `neargate region operations`, and with `--missing` what AWS has beyond it.

A member of a request that has no effect here is either refused, with an error that says so, or listed below as *accepted without
effect*. Nothing is ignored in silence.

This page is written by a test: `UPDATE=1 cargo test -p services --test operations_page`.
";

/// What a service accepts without effect.
fn stored_only(service: Service) -> &'static [(&'static str, &'static str)] {
    match service {
        Service::Ecs => services::ecs::STORED_ONLY,
        Service::Elbv2 => services::elbv2::STORED_ONLY,
        Service::Logs => services::logs::STORED_ONLY,
        Service::Ssm => services::ssm::STORED_ONLY,
        Service::SecretsManager => services::secretsmanager::STORED_ONLY,
        Service::Sts => services::sts::STORED_ONLY,
        Service::Iam => services::iam::STORED_ONLY,
        Service::Ec2 => services::ec2::STORED_ONLY,
        Service::Acm => services::acm::STORED_ONLY,
        Service::CloudWatch => services::cloudwatch::STORED_ONLY,
        Service::Ecr => services::ecr::STORED_ONLY,
        Service::Sns => services::sns::STORED_ONLY,
        Service::AutoScaling => services::autoscaling::STORED_ONLY,
        Service::CloudFormation => services::cloudformation::STORED_ONLY,
        Service::CloudFront => services::cloudfront::STORED_ONLY,
        Service::S3 => services::s3::STORED_ONLY,
        Service::Budgets => services::budgets::STORED_ONLY,
        Service::ServiceQuotas => services::servicequotas::STORED_ONLY,
    }
}

fn page() -> String {
    let table = Table::all();
    let mut page = HEAD.to_owned();
    for service in Service::ALL {
        let model = service.model();
        let here: Vec<&str> = model
            .operations
            .iter()
            .filter(|operation: &&&'static Operation| table.find(operation).is_some())
            .map(|operation| operation.name)
            .collect();
        let all = model.operations.len() + model.others.len();
        let _ = writeln!(page, "\n## {}\n\n{} of {all} operations:", model.id, here.len());
        let _ = writeln!(page, "{}.", here.join(", "));
        let stored = stored_only(service);
        if stored.is_empty() {
            continue;
        }
        page.push_str("\nAccepted without effect:\n\n| member | why |\n|---|---|\n");
        for (member, why) in stored {
            let _ = writeln!(page, "| `{member}` | {why} |");
        }
    }
    page
}

#[test]
fn the_page_says_what_the_table_has() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operations.md");
    let page = page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let held = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(held, page, "docs/operations.md is old: UPDATE=1 writes it");
}
