//! The bytes themselves, one file a request and one an answer: `golden/<service>/<operation>.req`
//! and `.rsp`, with the protocol before the ending where a service speaks several. Each is written by
//! one end, compared with the file, and read back by the other end.
//!
//! `UPDATE_GOLDEN=1 cargo test -p wire --test golden` writes the files anew; read the diff.

use api::{Call, Fault, Field, Operation, Protocol, Value};
use http::{HeaderMap, Uri};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use wire::client::Failure;
use wire::{Answer, Dialect, Head};

#[path = "golden/buckets.rs"]
mod buckets;
#[path = "golden/cases.rs"]
mod cases;
#[path = "golden/distributions.rs"]
mod distributions;
#[path = "golden/scaling.rs"]
mod scaling;
#[path = "golden/spending.rs"]
mod spending;
#[path = "golden/stacks.rs"]
mod stacks;
#[path = "golden/topics.rs"]
mod topics;
#[path = "golden/watching.rs"]
mod watching;

/// Checks a call in each protocol of its service: what is asked and what is answered.
fn check<C: Call>(input: C::Input, output: C::Output) {
    let operation = C::OPERATION;
    let (input, output) = (input.into_value(), output.into_value());
    assert_eq!(wire::validate(operation, &input), Ok(()));
    for protocol in operation.service.model().protocols.iter().copied() {
        let request = wire::client::encode(protocol, operation, &input);
        let start = format!("{} {}", request.method, request.path);
        let written = text(&start, &request.headers, &request.body);
        compare(operation, &suffix(protocol, operation, "req"), &written);
        let uri = request.path.parse::<Uri>().expect("it is a URI");
        let head = Head { method: &request.method, uri: &uri, headers: &request.headers };
        assert_eq!(wire::decode(protocol, operation, &head, &request.body), Ok(input.clone()));

        let answer = wire::encode(protocol, operation, &output, cases::REQUEST_ID);
        let written = text(answer.status.as_str(), &answer.headers, &answer.body);
        compare(operation, &suffix(protocol, operation, "rsp"), &written);
        assert_eq!(read(protocol, operation, &answer), Ok(output.clone()));
    }
}

/// Checks how a service refuses in each of its protocols.
fn check_fault(operation: &'static Operation, fault: &Fault) {
    for protocol in operation.service.model().protocols.iter().copied() {
        let dialect = Dialect { protocol, service: Some(operation.service) };
        let answer = wire::refuse(dialect, fault, cases::REQUEST_ID);
        let start = answer.status.as_u16().to_string();
        let suffix = format!("{}.{}", fault.code, suffix(protocol, operation, "rsp"));
        compare(operation, &suffix, &text(&start, &answer.headers, &answer.body));
        let read = read(protocol, operation, &answer);
        let Err(Failure::Refused(refused)) = read else { panic!("{read:?}") };
        assert_eq!((refused.code.as_str(), &refused.message), (fault.code, &fault.message));
        assert_eq!(refused.request_id.as_deref(), Some(cases::REQUEST_ID));
    }
}

/// What the client reads in an answer.
fn read(
    protocol: Protocol,
    operation: &'static Operation,
    answer: &Answer,
) -> Result<Value, Failure> {
    wire::client::decode(protocol, operation, answer.status, &answer.headers, &answer.body)
}

/// A file's ending.
fn suffix(protocol: Protocol, operation: &Operation, ending: &str) -> String {
    let protocols = operation.service.model().protocols;
    let several = protocols.len() > 1;
    let name = format!("{protocol:?}").to_lowercase();
    if several { format!("{name}.{ending}") } else { ending.to_owned() }
}

/// A message as its file has it: start line, headers, an empty line, the body's bytes; those of CBOR
/// in hexadecimal.
fn text(start: &str, headers: &HeaderMap, body: &[u8]) -> String {
    let mut text = format!("{start}\n");
    for (name, value) in headers {
        let _ = writeln!(text, "{name}: {}", value.to_str().expect("our headers are text"));
    }
    text.push('\n');
    if !headers.values().any(|value| value == "application/cbor") {
        text.push_str(std::str::from_utf8(body).expect("our other bodies are text"));
        return text;
    }
    for line in body.chunks(32) {
        text.extend(line.iter().map(|byte| format!("{byte:02x}")));
        text.push('\n');
    }
    text
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

#[expect(clippy::disallowed_methods, reason = "golden files are files")]
fn compare(operation: &Operation, suffix: &str, got: &str) {
    let service = format!("{:?}", operation.service).to_lowercase();
    let folder = folder().join(service);
    let path = folder.join(format!("{}.{suffix}", operation.name));
    if std::env::var("UPDATE_GOLDEN").is_ok() {
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        std::fs::write(&path, got).expect("the file can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(got == expected, "{} differs:\n{}", path.display(), difference(&expected, got));
}

/// The lines that differ, the expected ones with `-`, the others with `+`.
fn difference(expected: &str, got: &str) -> String {
    let (expected, got): (Vec<_>, Vec<_>) = (expected.lines().collect(), got.lines().collect());
    let lines = expected.len().max(got.len());
    let at = |lines: &[&str], at: usize| lines.get(at).map(|line| (*line).to_owned());
    (0..lines)
        .map(|line| (at(&expected, line), at(&got, line)))
        .filter(|(expected, got)| expected != got)
        .flat_map(|(expected, got)| {
            [expected.map(|line| format!("- {line}\n")), got.map(|line| format!("+ {line}\n"))]
        })
        .flatten()
        .collect()
}

#[test]
fn messages_are_the_bytes_of_their_files() {
    cases::ecs();
    cases::elbv2();
    cases::logs();
    cases::ssm();
    cases::secretsmanager();
    cases::sts();
    cases::iam();
    cases::ec2();
    cases::ecr();
    cases::acm();
    watching::cloudwatch();
    topics::sns();
    stacks::cloudformation();
    scaling::autoscaling();
    buckets::s3();
    distributions::cloudfront();
    spending::budgets();
    spending::quotas();
}

#[test]
fn every_service_has_golden_files_in_both_directions() {
    let folders: BTreeSet<String> = folder()
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| {
            let ends: BTreeSet<_> = path
                .read_dir()
                .unwrap()
                .map(|entry| entry.unwrap().path().extension().unwrap().to_owned())
                .collect();
            assert_eq!(ends.len(), 2, "{}", path.display());
            path.file_name().unwrap().to_string_lossy().into_owned()
        })
        .collect();
    let services = api::Service::ALL.map(|service| format!("{service:?}").to_lowercase());
    assert_eq!(folders, services.into());
}
