//! Text that was to be replaced.

use crate::finding::{Finding, Severity};
use crate::rule::{Look, Rule};
use crate::setting::Setting;
use crate::subject::{Tree, place};
use source::Place;

pub(super) const RULE: Rule = Rule {
    id: "placeholder",
    severity: Severity::Error,
    title: "A placeholder stands where an account, an ARN, an image or a secret belongs.",
    why: "AWS takes an ARN of account 123456789012 as it takes any other. The task then fails when it \
          starts, with `AccessDenied` for a secret of somebody else's account, or the image is not found.",
    fix: "write the account's own number, or let the pipeline fill it in before anything is deployed.",
    limits: "values that a pipeline fills in under another name.",
    look: &[Look::Setting(of_setting), Look::Tree(of_files)],
};

/// Accounts of AWS's own documentation.
const ACCOUNTS: [&str; 5] =
    ["123456789012", "000000000000", "111122223333", "111111111111", "012345678901"];

/// Words in capitals or brackets that templates have.
const WORDS: [&str; 22] = [
    "ACCOUNT_ID",
    "AWS_ACCOUNT",
    "<account",
    "<aws",
    "<your",
    "<region",
    "YOUR_",
    "your-account",
    "your_account",
    "ACCOUNT.dkr",
    "REGION:ACCOUNT",
    ":REGION:",
    "REPLACE_ME",
    "REPLACE-ME",
    "CHANGEME",
    "changeme",
    "change-me",
    "change_me",
    "<image",
    "<IMAGE",
    "XXXXXXXXXXXX",
    "xxxxxxxxxxxx",
];

fn of_files(tree: &Tree<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for definition in &tree.definitions {
        // A pipeline fills the image in; everything else is taken as it is.
        for (text, place) in definition.texts() {
            if let Some(word) = judge(&text).filter(|word| !is_filled_in(tree, &text, word)) {
                found.push(finding(word, &place, &definition.file));
            }
        }
    }
    let variables = tree.snapshot.texts().filter(|(path, _)| path.ends_with(".tfvars"));
    for (path, text) in variables {
        found.extend(of_lines(path, text));
    }
    found
}

/// Whether somebody replaces it: by its form (`${{ … }}`, `{{image}}`), or by a line that names it.
fn is_filled_in(tree: &Tree<'_>, text: &str, word: &str) -> bool {
    const TOOLS: [&str; 5] = ["sed ", "envsubst", "jq ", "replace", "perl "];
    let bare = word.trim_matches(['<', '>', ':']);
    let replaces = |line: &str| line.contains(bare) && TOOLS.iter().any(|tool| line.contains(tool));
    let mut scripts = tree.snapshot.texts().filter(|(path, _)| {
        [".yml", ".yaml", ".sh", "Makefile"].iter().any(|end| path.ends_with(end))
    });
    text.contains("${")
        || text.contains("{{")
        || scripts.any(|(_, script)| script.lines().any(replaces))
}

fn of_setting(setting: &Setting<'_>) -> Vec<Finding> {
    if setting.is_local() {
        return Vec::new();
    }
    let manifest = setting.manifest;
    let given = setting.resolved.positions.iter().filter_map(|(path, position)| {
        let text = position.value.of(manifest.text);
        let is_leaf = !text.contains('\n') && text.len() < 500;
        // Tags may say what they like.
        let counts = is_leaf && !path.contains(".tags.") && !path.starts_with("checks");
        Some(finding(judge(text).filter(|_| counts)?, &setting.place(path), manifest.file))
    });
    given.collect()
}

fn of_lines(path: &str, text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let code = line.split('#').next().unwrap_or(line).trim_end();
        if let Some(word) = judge(code) {
            found.push(finding(word, &place(path, text, at, at + code.len()), path));
        }
        at += line.len();
    }
    found
}

/// The placeholder in a text.
fn judge(text: &str) -> Option<&'static str> {
    let account = ACCOUNTS.iter().find(|account| {
        text.contains(&format!(":{account}:"))
            || text.contains(&format!("{account}.dkr.ecr"))
            || text == **account
    });
    account.or_else(|| WORDS.iter().find(|word| text.contains(**word))).copied()
}

fn finding(word: &str, place: &Place, file: &str) -> Finding {
    let message = format!("`{word}` is a placeholder: {file} can't be deployed like this");
    RULE.at(place, message).label("to be replaced").help("write your own, or fill it in before")
}
