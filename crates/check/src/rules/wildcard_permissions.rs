//! Permissions for everything.

use crate::finding::{Finding, Severity};
use crate::rule::{Look, Rule};
use crate::subject::{Tree, place};

pub(super) const RULE: Rule = Rule {
    id: "wildcard-permissions",
    severity: Severity::Warning,
    title: "A policy allows every action of a service, or of all of AWS.",
    why: "Whoever takes over the application, or finds its credentials, may do all that: read every bucket \
          of the account, delete them, make users. Reviews and audits stop here.",
    fix: "name the actions and the resources: `s3:GetObject`, `s3:PutObject` on \
          `arn:aws:s3:::the-bucket/*`.",
    limits: "policies that are not in the repository.",
    look: &[Look::Tree(find)],
};

/// Managed policies that allow far more than a service needs.
const MANAGED: [&str; 4] =
    ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess", "AmazonS3FullAccess"];

fn find(tree: &Tree<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let files = tree.snapshot.texts().filter(|(path, text)| is_policy(path, text));
    for (path, text) in files {
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let start = at;
            at += line.len();
            let code = line.trim_start();
            if code.starts_with("//") || code.starts_with('#') || code.starts_with('*') {
                continue;
            }
            for (from, word) in quoted(line) {
                let here = || place(path, text, start + from, start + from + word.len());
                if is_wildcard(word) && is_action(text, start + from, line) {
                    let message = format!("`{word}` allows everything that there is");
                    found.push(RULE.at(&here(), message).help("name the actions that are needed"));
                } else if MANAGED.iter().any(|name| word.ends_with(name)) {
                    let message = format!("`{word}` allows far more than a service needs");
                    found.push(
                        RULE.at(&here(), message).help("a policy with the actions that are needed"),
                    );
                }
            }
        }
    }
    found
}

/// Whether a file may hold policies: Terraform, JSON with statements, templates, code with the CDK.
fn is_policy(path: &str, text: &str) -> bool {
    let is_script = [".ts", ".js", ".py"].iter().any(|end| path.ends_with(end));
    let is_data = [".json", ".yml", ".yaml"].iter().any(|end| path.ends_with(end));
    path.ends_with(".tf")
        || is_script && (text.contains("aws-cdk") || text.contains("aws_cdk"))
        || is_data && text.contains("Statement") && text.contains("Action")
}

/// Texts in quotes on a line, with where each begins.
fn quoted(line: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for (at, letter) in line.char_indices() {
        match open {
            Some((from, quote)) if letter == quote => {
                found.push((from, &line[from..at]));
                open = None;
            }
            None if matches!(letter, '"' | '\'') => open = Some((at + 1, letter)),
            _ => {}
        }
    }
    // YAML's list items need no quotes.
    if let Some(item) =
        line.trim().strip_prefix("- ").filter(|item| found.is_empty() && item.contains(":*"))
    {
        found.extend(line.find(item).map(|at| (at, item)));
    }
    found
}

/// `*`, `s3:*`. A key's own policy has `kms:*` for its account, without which nobody could change it.
fn is_wildcard(word: &str) -> bool {
    let Some((service, "*")) = word.split_once(':') else { return word == "*" };
    let is_service = !service.is_empty()
        && service.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-');
    is_service && !matches!(service, "kms" | "repo" | "http" | "https")
}

/// Whether a text stands where actions do: a `*` alone also means resources, principals and more.
fn is_action(text: &str, at: usize, line: &str) -> bool {
    let word_is_service = line.contains(":*");
    if word_is_service {
        return !line.contains("arn:");
    }
    let before = &text[..at];
    let head = before.trim_end_matches(['"', '\'', ' ', '[', '\n', '\t']);
    let head = head.trim_end_matches(['=', ':', ' ']).trim_end_matches(['"', '\'']);
    ["Action", "actions", "NotResource"].iter().any(|key| head.ends_with(key))
}
