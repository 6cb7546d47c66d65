//! Puts edits into texts.

use crate::finding::Edit;

/// A text with the edits of its file. Of edits that overlap the first wins: the others are found
/// again by the next check.
#[must_use]
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let fits = text.is_char_boundary(edit.start) && text.is_char_boundary(edit.end);
        if edit.start < at || edit.end < edit.start || edit.end > text.len() || !fits {
            continue;
        }
        out.push_str(&text[at..edit.start]);
        out.push_str(&edit.text);
        at = edit.end;
    }
    out.push_str(&text[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_go_in_from_the_front_and_never_over_each_other() {
        let edit = |start, end, text: &str| Edit {
            file: "a".to_owned(),
            start,
            end,
            text: text.to_owned(),
        };
        let edits = [edit(4, 5, "X"), edit(0, 1, "Y"), edit(4, 6, "lost"), edit(99, 100, "lost")];
        assert_eq!(apply("abcdef", &edits), "YbcdXf");
    }
}
