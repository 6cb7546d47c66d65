//! Lines that a shell runs: of scripts, of Makefiles, of workflows' steps.

use crate::subject::place;
use crate::workflow::Workflow;
use source::{Place, Snapshot};

/// One line, with those that continue it.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) place: Place,
    /// The folder that it runs in, from the tree's root; `None` if a variable decides.
    pub(crate) folder: Option<String>,
}

/// Every line of every script and workflow.
pub(crate) fn all(snapshot: &Snapshot, workflows: &[Workflow]) -> Vec<Line> {
    let scripts = snapshot.texts().filter(|(path, _)| is_script(path));
    let mut found: Vec<Line> =
        scripts.flat_map(|(path, text)| lines(path, text, (0, text.len()), "")).collect();
    found.extend(workflows.iter().flat_map(|workflow| workflow.lines(snapshot)));
    found
}

/// Whether a file is a script of a shell, or has such lines.
pub(crate) fn is_script(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_copy = path.split('/').any(|part| matches!(part, "node_modules" | "vendor"));
    !is_copy && (name.ends_with(".sh") || name.ends_with(".bash") || name == "Makefile")
}

/// The lines of a stretch of a file; `folder` is where the first of them runs.
pub(crate) fn lines(
    file: &str,
    text: &str,
    (start, end): (usize, usize),
    folder: &str,
) -> Vec<Line> {
    let mut folder = Some(folder.to_owned());
    let mut found: Vec<Line> = Vec::new();
    let mut open: Option<(usize, String)> = None;
    let mut at = start;
    for line in text.get(start..end).unwrap_or_default().split_inclusive('\n') {
        let (begin, next) = (at, at + line.len());
        at = next;
        let bare = line.trim();
        if open.is_none() && (bare.is_empty() || bare.starts_with('#')) {
            continue;
        }
        let inset = line.len() - line.trim_start().len();
        let (from, mut whole) = open.take().unwrap_or((begin + inset, String::new()));
        if let Some(more) = bare.strip_suffix('\\') {
            whole += more;
            open = Some((from, whole));
            continue;
        }
        whole += bare;
        let until = begin + line.trim_end().len();
        let here = folder.clone();
        folder = moved(folder, &whole);
        found.push(Line { place: place(file, text, from, until), text: whole, folder: here });
    }
    found
}

/// Where later lines run after one that is `cd` and nothing else.
fn moved(folder: Option<String>, line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some("cd" | "pushd"), Some(to), None) if to.contains('$') => None,
        (Some("cd" | "pushd"), Some(to), None) => {
            folder.map(|folder| crate::image::join(&folder, to.trim_matches(['"', '\''])))
        }
        _ => folder,
    }
}

/// The words of a line as a shell would cut them, without what quotes are for.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word = String::new();
    let mut quote: Option<char> = None;
    let mut is_open = false;
    for letter in line.chars() {
        match quote {
            Some(end) if letter == end => quote = None,
            None if matches!(letter, '"' | '\'') => {
                quote = Some(letter);
                is_open = true;
            }
            None if letter.is_whitespace() => {
                if is_open {
                    found.push(std::mem::take(&mut word));
                    is_open = false;
                }
            }
            _ => {
                word.push(letter);
                is_open = true;
            }
        }
    }
    if is_open {
        found.push(word);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn continued_lines_are_one_and_a_folder_is_followed() {
        let text = "#!/bin/sh\ncd apps/api\ndocker build \\\n  -t x .\ncd \"$HERE\"\nls\n";
        let found = lines("a.sh", text, (0, text.len()), "");
        let said: Vec<_> = found
            .iter()
            .map(|it| (it.text.as_str(), it.folder.as_deref(), it.place.line))
            .collect();
        assert_eq!(
            said,
            [
                ("cd apps/api", Some(""), 2),
                ("docker build -t x .", Some("apps/api"), 3),
                ("cd \"$HERE\"", Some("apps/api"), 5),
                ("ls", None, 6),
            ]
        );
        assert_eq!(words("a 'b c'  d\"e f\""), ["a", "b c", "de f"]);
    }
}
