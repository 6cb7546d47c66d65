//! `pnpm-lock.yaml`: members with their ranges under `importers`, read by its indentation. The file is
//! written by pnpm alone, always in the same form.

use super::Locked;
use crate::place::Lines;
use std::collections::BTreeMap;

pub(super) fn read(text: &str) -> Locked {
    let lines = Lines::of("", text);
    let mut members: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut inside = false;
    let (mut member, mut group, mut dependency) = (String::new(), String::new(), String::new());
    for (_, line) in lines.iter() {
        let depth = line.len() - line.trim_start().len();
        let bare = line.trim();
        let Some((key, value)) = bare.split_once(": ").or_else(|| bare.rsplit_once(':')) else {
            continue;
        };
        match depth {
            0 => inside = key == "importers",
            _ if !inside => {}
            2 => {
                member = if key == "." { String::new() } else { unquoted(key) };
                members.entry(member.clone()).or_default();
            }
            4 => group = key.to_owned(),
            6 => dependency = unquoted(key),
            8 if key == "specifier" && group.to_ascii_lowercase().ends_with("dependencies") => {
                let ranges = members.entry(member.clone()).or_default();
                ranges.insert(dependency.clone(), unquoted(value));
            }
            _ => {}
        }
    }
    Locked::ByMember(members)
}

fn unquoted(text: &str) -> String {
    text.trim().trim_matches(['"', '\'']).to_owned()
}
