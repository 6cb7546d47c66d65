//! Which behaviour is for a path, and which paths an invalidation means.

use crate::sites::{Behaviour, Site};

/// The behaviour for a path: the first one whose pattern fits, the case of letters included.
pub(crate) fn find<'a>(site: &'a Site, path: &str) -> Option<&'a Behaviour> {
    let fits = |held: &&Behaviour| {
        // A pattern may leave its slash out.
        let pattern = held.pattern.strip_prefix('/').unwrap_or(&held.pattern);
        is_like(path.strip_prefix('/').unwrap_or(path), pattern)
    };
    site.behaviours.iter().find(fits)
}

/// Whether an invalidation's path means a path with its parameters. It means all parameters where
/// it names none.
pub(crate) fn is_meant(invalidated: &str, path: &str) -> bool {
    let asked = path.split_once('?').map_or(path, |(asked, _)| asked);
    let one = |path: &str| match invalidated.strip_suffix('*') {
        Some(start) => path.starts_with(start),
        None => path == invalidated,
    };
    one(path) || one(asked)
}

/// Whether a text is like a pattern with `*` and `?`.
pub(crate) fn is_like(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (text.as_bytes(), pattern.as_bytes());
    let (mut at, mut want) = (0, 0);
    // Where the last star stands, and how far the text was when it came.
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(want) {
            Some(b'*') => {
                star = Some((want, at));
                want += 1;
            }
            Some(byte) if *byte == b'?' || *byte == text[at] => {
                at += 1;
                want += 1;
            }
            _ => {
                let Some((stood, reached)) = star else { return false };
                star = Some((stood, reached + 1));
                at = reached + 1;
                want = stood + 1;
            }
        }
    }
    pattern[want..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::{is_like, is_meant};

    #[test]
    fn patterns_are_held_against_whole_paths() {
        for (pattern, path, expected) in [
            ("api/*", "api/users", true),
            ("api/*", "api/", true),
            ("api/*", "api", false),
            ("*.jpg", "images/a.jpg", true),
            ("*.jpg", "images/a.JPG", false),
            ("a??.jpg", "ant.jpg", true),
            ("a??.jpg", "at.jpg", false),
            ("*", "", true),
            ("images/*/x*.png", "images/a/b/xy.png", true),
            ("images/*/x*.png", "images/a/b/y.png", false),
        ] {
            assert_eq!(is_like(path, pattern), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn an_invalidation_means_what_it_names() {
        for (invalidated, path, expected) in [
            ("/*", "/a?b=1", true),
            ("/a", "/a?b=1", true),
            ("/a?b=1", "/a?b=1", true),
            ("/a?b=2", "/a?b=1", false),
            ("/a", "/ab", false),
            ("/a*", "/ab", true),
        ] {
            assert_eq!(is_meant(invalidated, path), expected, "{invalidated} {path}");
        }
    }
}
