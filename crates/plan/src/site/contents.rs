//! What a file of a site is, by its name.

/// What `Content-Type` says of a file. Texts are UTF-8: nothing else is written by bundlers.
pub(super) fn content_type(path: &str) -> String {
    let kind = match mime_guess::from_path(path).first_raw() {
        // The older name of it, which RFC 9239 withdrew.
        Some("application/javascript") => "text/javascript",
        kind => kind.unwrap_or("application/octet-stream"),
    };
    let also_text = ["application/json", "application/manifest+json", "image/svg+xml"];
    match kind.starts_with("text/") || also_text.contains(&kind) {
        true => format!("{kind}; charset=utf-8"),
        false => kind.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::content_type;

    #[test]
    fn a_browser_knows_what_it_gets() {
        for (path, expected) in [
            ("index.html", "text/html; charset=utf-8"),
            ("assets/index-BvD3k9xQ.js", "text/javascript; charset=utf-8"),
            ("chunk.mjs", "text/javascript; charset=utf-8"),
            ("a.css", "text/css; charset=utf-8"),
            ("a.json", "application/json; charset=utf-8"),
            ("site.webmanifest", "application/manifest+json; charset=utf-8"),
            ("logo.svg", "image/svg+xml; charset=utf-8"),
            ("module.wasm", "application/wasm"),
            ("inter.woff2", "font/woff2"),
            ("favicon.ico", "image/x-icon"),
            ("LICENSE", "application/octet-stream"),
        ] {
            assert_eq!(content_type(path), expected, "{path}");
        }
    }
}
