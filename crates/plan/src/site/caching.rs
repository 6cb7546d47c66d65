//! How long a file of a site may be kept, by its name.
//!
//! Bundlers put a hash of the content into the names of what they bundle: `index-BvD3k9xQ.js`,
//! `main.3f2a9c1b.css`. A file that is taken for one of those wrongly is not renewed for a year in
//! any browser that saw it, so only what can hardly be anything else is taken for one.

/// For files that never change.
const FOR_A_YEAR: &str = "public, max-age=31536000, immutable";

/// For files that may change: they may be kept, and are asked after each time.
const NEVER: &str = "no-cache";

/// What `Cache-Control` says of a file.
pub(super) fn cache_control(path: &str) -> &'static str {
    if is_immutable(path) { FOR_A_YEAR } else { NEVER }
}

/// In which turn a file is uploaded: what others name comes first, pages come last.
pub(super) fn turn(path: &str) -> u8 {
    let page = path.rsplit_once('.').is_some_and(|(_, end)| ["html", "htm"].contains(&end));
    match (is_immutable(path), page) {
        (true, _) => 0,
        (false, false) => 1,
        (false, true) => 2,
    }
}

/// Whether a file's name has a hash of its content in it.
pub(super) fn is_immutable(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some((stem, end)) = name.trim_end_matches(".map").rsplit_once('.') else { return false };
    // Where nobody writes files by hand, what looks like two words run together is a hash too.
    let doubts = if ["js", "mjs", "css"].contains(&end) { Doubts::For } else { Doubts::Against };
    // `main.3f2a9c1b.chunk.js`, `index-BvD3k9xQ.js`; the first part is the file's own name.
    stem.split(['.', '-']).skip(1).any(|part| is_hash(part, doubts))
}

/// What speaks where a part of a name may be words or a hash.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doubts {
    For,
    Against,
}

/// Whether a part of a name is a hash as bundlers write them.
fn is_hash(part: &str, doubts: Doubts) -> bool {
    let count = |is: fn(&char) -> bool| part.chars().filter(is).count();
    let (digits, lower) = (count(char::is_ascii_digit), count(char::is_ascii_lowercase));
    let upper = count(char::is_ascii_uppercase);
    let length = part.chars().count();
    if digits + lower + upper + count(|it| *it == '_') != length {
        return false;
    }
    let hexadecimal = part.chars().all(|it| matches!(it, '0'..='9' | 'a'..='f'));
    // Hexadecimal digits of webpack and Next.js: dates have no letters, words no digits.
    let webpack = hexadecimal && (8..=64).contains(&length) && digits > 0 && lower > 0;
    // Base 32 of esbuild.
    let esbuild = length == 8 && lower == 0 && digits > 0 && upper > 1;
    // Base 64 of Vite and Rollup; words have a capital at their beginning at most.
    let inner = part.chars().skip(1).filter(char::is_ascii_uppercase).count();
    let sure = inner > 1 || digits > 0 || doubts == Doubts::For;
    let rollup = length == 8 && lower > 0 && inner > 0 && sure;
    webpack || esbuild || rollup
}

#[cfg(test)]
mod tests {
    use super::{cache_control, is_immutable, turn};

    #[test]
    fn only_a_name_with_a_hash_is_kept_for_a_year() {
        for (path, expected) in [
            ("assets/index-BvD3k9xQ.js", true),
            ("assets/index-DiwrgTda.css", true),
            ("static/js/main.3f2a9c1b.js", true),
            ("static/js/787.3f2a9c1b.chunk.js", true),
            ("assets/index-BvD3k9xQ.js.map", true),
            ("chunk-ABCD2345.js", true),
            ("_next/static/chunks/main-4f3a2b1c9d8e7f60.js", true),
            ("index.html", false),
            ("favicon.ico", false),
            ("report-20240101.pdf", false),
            ("photo-vacation1.jpg", false),
            ("guide-Overview.html", false),
            ("my-VacationPhoto.jpg", false),
            ("my-AppStore.png", false),
            ("jquery-3.6.0.min.js", false),
            ("deadbeef.js", false),
            ("fonts/inter-latin.woff2", false),
            (".well-known/assetlinks.json", false),
            ("LICENSE", false),
        ] {
            assert_eq!(is_immutable(path), expected, "{path}");
        }
        assert!(cache_control("a-3f2a9c1b.js").contains("max-age=31536000"));
        assert_eq!(cache_control("index.html"), "no-cache");
    }

    #[test]
    fn pages_come_after_what_they_name() {
        let mut paths = ["index.html", "robots.txt", "a/b-3f2a9c1b.js", "a/index.html"];
        paths.sort_by_key(|path| turn(path));
        assert_eq!(paths, ["a/b-3f2a9c1b.js", "robots.txt", "index.html", "a/index.html"]);
    }
}
