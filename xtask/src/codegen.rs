//! `crates/api/src/generated` from AWS's published service models.
//!
//! The models come from botocore's wheel (Apache-2.0), pinned by version and hash. Only what
//! `operations.txt` allows becomes code; the rest of each service is kept as a list of names, so
//! that the region can say honestly that it knows an operation and does not have it.

mod emit;
mod fetch;
mod model;
mod naming;
mod reach;
mod rest;

pub(crate) use emit::MARKER;
use model::Model;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Our module, AWS's folder in botocore, the variant of `api::Service`.
const SERVICES: [(&str, &str, &str); 18] = [
    ("ecs", "ecs", "Ecs"),
    ("elbv2", "elbv2", "Elbv2"),
    ("logs", "logs", "Logs"),
    ("ssm", "ssm", "Ssm"),
    ("secretsmanager", "secretsmanager", "SecretsManager"),
    ("sts", "sts", "Sts"),
    ("iam", "iam", "Iam"),
    ("ec2", "ec2", "Ec2"),
    ("acm", "acm", "Acm"),
    ("cloudwatch", "cloudwatch", "CloudWatch"),
    ("ecr", "ecr", "Ecr"),
    ("sns", "sns", "Sns"),
    ("cloudformation", "cloudformation", "CloudFormation"),
    ("autoscaling", "application-autoscaling", "AutoScaling"),
    ("s3", "s3", "S3"),
    ("cloudfront", "cloudfront", "CloudFront"),
    ("budgets", "budgets", "Budgets"),
    ("servicequotas", "service-quotas", "ServiceQuotas"),
];

/// Makes the generated folder anew.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    let models = fetch::models(root)?;
    let allowed = allow_list(&root.join("crates/api/operations.txt"))?;
    let folder = root.join("crates/api/src/generated");
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .map_err(|e| format!("can't clear {}: {e}", folder.display()))?;
    }
    let mut modules = String::new();
    for (module, aws, variant) in SERVICES {
        let model = Model::read(&fetch::service_file(&models, aws)?)?;
        let names = allowed.get(module).ok_or(format!("operations.txt has no [{module}]"))?;
        for (file, text) in emit::service(&model, names, module, variant)? {
            write(&folder.join(module).join(file), &text)?;
        }
        modules.push_str(&format!("pub mod {module};\n"));
    }
    let head = "//! One module for each service.\n\n";
    write(&folder.join("mod.rs"), &format!("{}{head}{modules}", emit::MARKER))?;
    format_code(root, &folder)
}

/// Reads `[service]` headings and the operation names under them; `#` starts a comment line.
fn allow_list(path: &Path) -> Result<BTreeMap<String, Vec<String>>, String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut lists: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut service = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            name.clone_into(&mut service);
            continue;
        }
        let names = line.split_whitespace().map(str::to_owned);
        lists.entry(service.clone()).or_default().extend(names);
    }
    for names in lists.values_mut() {
        names.sort();
        names.dedup();
    }
    Ok(lists)
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent).map_err(|e| format!("{}: {e}", parent.display()))?;
    fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
}

/// Formats what was written, so that the committed files are the ones `cargo fmt` accepts.
fn format_code(root: &Path, folder: &Path) -> Result<(), String> {
    let mut command = Command::new("rustfmt");
    command.current_dir(root).arg("--edition=2024").arg(folder.join("mod.rs"));
    let status = command.status().map_err(|e| format!("rustfmt: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("rustfmt: {status}")) }
}
