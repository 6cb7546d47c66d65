//! Terraform's files, read for their attributes: which block, which key, which text.
//!
//! Nothing is evaluated: a value that is an expression stays the text that it is.

use crate::subject::place;
use source::{Place, Snapshot};
use std::collections::BTreeMap;

/// The files of one folder: what Terraform takes for a module.
#[derive(Debug, Clone)]
pub(crate) struct Module<'s> {
    pub(crate) blocks: Vec<Block<'s>>,
}

/// A block at the top of a file: `resource "aws_lb" "main" { … }`.
#[derive(Debug, Clone)]
pub(crate) struct Block<'s> {
    /// Its words: `resource`, `aws_lb`, `main`.
    pub(crate) words: Vec<&'s str>,
    /// Its head.
    pub(crate) place: Place,
    /// Everything that is given inside, at any depth, in order.
    pub(crate) attributes: Vec<Attribute<'s>>,
    /// The whole block as it is written.
    pub(crate) text: &'s str,
}

/// `key = value` inside a block.
#[derive(Debug, Clone)]
pub(crate) struct Attribute<'s> {
    /// The keys and blocks around it, and its own key last.
    pub(crate) path: Vec<&'s str>,
    /// The value as it is written; the line of one that goes on over several.
    pub(crate) value: &'s str,
    pub(crate) place: Place,
}

/// Every module of a tree.
pub(crate) fn read(snapshot: &Snapshot) -> Vec<Module<'_>> {
    let mut modules: BTreeMap<&str, Vec<Block<'_>>> = BTreeMap::new();
    for (path, text) in snapshot.texts().filter(|(path, _)| path.ends_with(".tf")) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        modules.entry(folder).or_default().extend(blocks(path, text));
    }
    modules.into_values().map(|blocks| Module { blocks }).collect()
}

/// Reads line by line: blocks open at the end of a line, and so do lists and objects.
fn blocks<'s>(file: &str, text: &'s str) -> Vec<Block<'s>> {
    let mut found: Vec<Block<'s>> = Vec::new();
    // What is open, from the outside in: a key or block's word, or nothing for a bare bracket.
    let mut open: Vec<Option<&'s str>> = Vec::new();
    let mut at = 0;
    let mut document: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let begin = at;
        at += line.len();
        let bare = without_comment(line).trim();
        if let Some(end) = document {
            document = Some(end).filter(|end| bare != *end);
            continue;
        }
        if bare.is_empty() {
            continue;
        }
        let from = begin + (line.len() - line.trim_start().len());
        let here = place(file, text, from, from + bare.len());
        if open.is_empty() {
            if bare.ends_with('{') {
                let words = bare.trim_end_matches('{').split_whitespace();
                let words = words.map(|word| word.trim_matches('"')).collect();
                let rest = &text[from..];
                found.push(Block { words, place: here, attributes: Vec::new(), text: rest });
                open.push(None);
            }
            continue;
        }
        let (key, value) = match bare.split_once('=') {
            Some((key, value)) if is_key(key.trim()) && !value.starts_with(['=', '>']) => {
                (Some(key.trim().trim_matches('"')), value.trim())
            }
            _ => (None, bare),
        };
        if let (Some(key), Some(block)) = (key, found.last_mut()) {
            let around = open.iter().copied().flatten();
            let path = around.chain([key]).collect();
            block.attributes.push(Attribute { path, value, place: here });
        }
        document = heredoc(value);
        let word = key.or_else(|| bare.split_whitespace().next().filter(|_| bare.ends_with('{')));
        follow(&mut open, value, word);
        if let Some(block) = found.last_mut().filter(|_| open.is_empty()) {
            block.text = &block.text[..at - block.place.start as usize];
        }
    }
    found
}

/// Opens and closes what a line's brackets do.
fn follow<'s>(open: &mut Vec<Option<&'s str>>, value: &str, word: Option<&'s str>) {
    let mut word = word.filter(|word| is_key(word));
    let mut is_quoted = false;
    let mut before = ' ';
    for letter in value.chars() {
        match letter {
            '"' if before != '\\' => is_quoted = !is_quoted,
            '{' | '[' | '(' if !is_quoted => open.push(word.take()),
            '}' | ']' | ')' if !is_quoted => {
                open.pop();
            }
            _ => {}
        }
        before = letter;
    }
}

fn is_key(word: &str) -> bool {
    let bare = word.trim_matches('"');
    !bare.is_empty()
        && bare.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | ':' | '.'))
}

fn without_comment(line: &str) -> &str {
    let mut is_quoted = false;
    let bytes = line.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' if at == 0 || bytes[at - 1] != b'\\' => is_quoted = !is_quoted,
            b'#' if !is_quoted => return &line[..at],
            b'/' if !is_quoted && bytes.get(at + 1) == Some(&b'/') => return &line[..at],
            _ => {}
        }
    }
    line
}

/// The word that ends a text of several lines: `<<EOF`.
fn heredoc(value: &str) -> Option<&str> {
    let (_, word) = value.split_once("<<")?;
    let word = word.trim_start_matches(['-', '~']).trim();
    word.chars().all(|it| it.is_ascii_alphanumeric() || it == '_').then_some(word)
}

// === impl Module ===

impl<'s> Module<'s> {
    /// The resources of a kind.
    pub(crate) fn resources(&self, kind: &str) -> impl Iterator<Item = &Block<'s>> {
        let is_kind = move |block: &&Block<'s>| {
            block.words.first() == Some(&"resource") && block.words.get(1) == Some(&kind)
        };
        self.blocks.iter().filter(is_kind)
    }
}

// === impl Block ===

impl<'s> Block<'s> {
    /// The first attribute of a key, at any depth.
    pub(crate) fn get(&self, key: &str) -> Option<&Attribute<'s>> {
        self.attributes.iter().find(|it| it.path.last() == Some(&key))
    }

    /// Every line of it, values and items alike.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &'s str> {
        self.text.lines()
    }

    /// Its whole name: `aws_lb.main`.
    pub(crate) fn name(&self) -> String {
        self.words.iter().skip(1).copied().collect::<Vec<_>>().join(".")
    }
}

// === impl Attribute ===

impl Attribute<'_> {
    /// The value without quotes.
    pub(crate) fn text(&self) -> &str {
        self.value.trim_end_matches(',').trim().trim_matches('"')
    }

    /// The value as a number.
    pub(crate) fn number(&self) -> Option<u32> {
        self.text().parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_know_what_is_around_them() {
        let text = "resource \"aws_ecs_task_definition\" \"api\" {\n  cpu = 256 # small\n  container_definitions = jsonencode([\n    {\n      name = \"api\"\n      portMappings = [{ containerPort = 3000 }]\n      environment = [\n        { name = \"A\", value = \"b\" },\n        {\n          name  = \"NODE_ENV\"\n          value = var.environment\n        }\n      ]\n    }\n  ])\n}\nresource \"aws_lb\" \"x\" {\n  access_logs {\n    enabled = true\n  }\n}\n";
        let snapshot: Snapshot = [("main.tf", text)].into_iter().collect();
        let modules = read(&snapshot);
        let said: Vec<String> = modules[0]
            .blocks
            .iter()
            .flat_map(|block| &block.attributes)
            .map(|it| format!("{} {}", it.path.join("."), it.text()))
            .collect();
        assert_eq!(
            said,
            [
                "cpu 256",
                "container_definitions jsonencode([",
                "container_definitions.name api",
                "container_definitions.portMappings [{ containerPort = 3000 }]",
                "container_definitions.environment [",
                "container_definitions.environment.name NODE_ENV",
                "container_definitions.environment.value var.environment",
                "access_logs.enabled true",
            ]
        );
    }
}
