//! `neargate export`: what it prints, and what judges of other people's say of it.

use crate::stage::{Driver, Line, Region, Scratch, binary, clients};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;

/// Checkov takes some seconds a template on a busy machine.
const JUDGING: Duration = Duration::from_secs(180);
/// A stack of a template comes, changes and goes within seconds.
const STACKING: Duration = Duration::from_secs(120);

/// The examples' environments on AWS, and one with what they do not have: no domain, a canary, logs
/// for ever, a worker, a site whose API has no TLS.
const ENVIRONMENTS: [(&str, &str); 8] = [
    ("rms", "prod"),
    ("scalemap", "prod"),
    ("slugger", "prod"),
    ("health-advisor", "dev"),
    ("health-advisor", "prod"),
    ("portfolio", "prod"),
    ("other", "dev"),
    ("other", "prod"),
];

const OTHER: &str = "
app: other
services:
  api:
    build: .
    port: 3000
    routes: [/api/*, {host: api.example.com, path: [/a, /b]}]
    logs: forever
    stickiness: 1h
  orders: {build: ., port: 3001, routes: [/orders/*], deploy: {strategy: canary}}
  worker: {image: 'busybox:1', scale: {max: 4}, exec: true}
  site: {static: {directory: dist, fallback: index.html}, routes: [/*]}
environments:
  dev: {region: eu-west-1, budget: {monthly: 50, notify: [team@example.com]}}
  prod:
    region: eu-west-1
    foundation:
      existing: {cluster: ours, subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]}
";

fn export(manifest: &Path, environment: &str) -> Line {
    let line = Line::new(binary::neargate()).args("export cloudformation").arg(manifest);
    line.arg("--env").arg(environment)
}

/// Writes all templates to a folder.
async fn templates(folder: &Scratch) {
    folder.write("other.yml", OTHER);
    for (name, environment) in ENVIRONMENTS {
        let manifest = match name {
            "other" => folder.path().join("other.yml"),
            example => binary::root().join("examples").join(example),
        };
        let told = export(&manifest, environment).run().await.expect(0);
        folder.write(&format!("templates/{name}-{environment}.json"), &told.out);
    }
}

#[tokio::test]
async fn a_template_is_what_cloudformation_takes() {
    let Some(linters) = clients::linters("cfn-lint").await else { return };
    let folder = Scratch::new();
    templates(&folder).await;
    let mut line = Line::new(linters.join("cfn-lint")).arg("--template");
    for (name, environment) in ENVIRONMENTS {
        line = line.arg(folder.path().join(format!("templates/{name}-{environment}.json")));
    }
    // What it finds goes to its output, warnings too.
    assert_eq!(line.patience(JUDGING).run().await.expect(0).out, "");
}

#[tokio::test]
async fn a_template_is_safe_and_says_where_it_breaks_a_rule() {
    let Some(linters) = clients::linters("checkov").await else { return };
    let folder = Scratch::new();
    templates(&folder).await;
    let (failed, skipped) = judge(&linters, &folder, "templates").await;
    assert!(failed.is_empty(), "{failed:#?}");
    // Every rule that is skipped would be broken: none is skipped in passing.
    for (name, environment) in ENVIRONMENTS {
        let file = format!("{name}-{environment}.json");
        let text = std::fs::read_to_string(folder.path().join("templates").join(&file)).unwrap();
        let mut template: Value = serde_json::from_str(&text).unwrap();
        for resource in template["Resources"].as_object_mut().unwrap().values_mut() {
            resource.as_object_mut().unwrap().remove("Metadata");
        }
        folder.write(&format!("bare/{file}"), &template.to_string());
    }
    let (broken, _) = judge(&linters, &folder, "bare").await;
    assert_eq!(skipped, broken);
}

/// What checkov says of the templates in a folder: rules with file and resource, failed and skipped.
async fn judge(
    linters: &Path,
    folder: &Scratch,
    below: &str,
) -> (BTreeSet<String>, BTreeSet<String>) {
    let line = Line::new(linters.join("checkov")).args("--framework cloudformation --output json");
    let line = line.args("--compact --skip-download --soft-fail --directory");
    let told = line.arg(folder.path().join(below)).patience(JUDGING).run().await.expect(0).json();
    let results = |kind: &str| {
        let found = told["results"][kind].as_array().unwrap().iter();
        let named = |it: &Value| {
            let text = |key: &str| it[key].as_str().unwrap().to_owned();
            format!("{} {} {}", text("check_id"), text("file_path"), text("resource"))
        };
        found.map(named).collect()
    };
    (results("failed_checks"), results("skipped_checks"))
}

#[tokio::test]
async fn the_local_region_stands_on_nothing() {
    let told = export(&binary::root().join("examples/rms"), "local").run().await.expect(2);
    told.says("the environment `local` stands on nothing");
    told.says("name one of the others: prod");
}

/// What an environment stands on comes as a stack of the local region, changes, and goes.
#[tokio::test]
async fn a_template_becomes_a_stack_of_the_region() {
    let Some(python) = clients::python("exported templates as stacks").await else { return };
    let region = Region::start(Driver::Process).await;
    for (name, environment) in
        [("rms", "prod"), ("health-advisor", "dev"), ("portfolio", "prod"), ("scalemap", "prod")]
    {
        let manifest = binary::root().join("examples").join(name);
        let told = export(&manifest, environment).run().await.expect(0);
        let line = clients::script(&python, "exported.py", &region).stdin(Stdio::piped());
        let mut child = line.spawn();
        child.stdin.take().unwrap().write_all(told.out.as_bytes()).await.unwrap();
        let output = tokio::time::timeout(STACKING, child.wait_with_output()).await;
        let output = output.expect("it ends").unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name}: {err}");
    }
}
