//! Where a redirect leads (reference §4.7).

use super::{Answer, Page};
use crate::routes::Redirect;

/// The longest URL of a redirect; a longer one is answered 507 (reference §4.10).
const LONGEST: usize = 8 * 1024;

/// The parts of the URL that was asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Uri<'a> {
    /// `http`.
    pub(crate) protocol: &'a str,
    /// The host without its port.
    pub(crate) host: &'a str,
    /// The listener's port.
    pub(crate) port: &'a str,
    /// The path with its slash.
    pub(crate) path: &'a str,
    /// The query without its question mark.
    pub(crate) query: &'a str,
}

/// The answer that sends a client on.
pub(crate) fn location(redirect: &Redirect, uri: &Uri<'_>) -> Answer {
    let fill = |template: &str| fill(template, uri);
    let mut location = format!(
        "{}://{}:{}{}",
        fill(&redirect.protocol).to_ascii_lowercase(),
        fill(&redirect.host),
        fill(&redirect.port),
        fill(&redirect.path)
    );
    let query = fill(&redirect.query);
    if !query.is_empty() {
        location.push('?');
        location.push_str(&query);
    }
    if location.len() > LONGEST {
        return Answer::Page(Page::RedirectTooLong);
    }
    Answer::Redirect { status: if redirect.permanent { 301 } else { 302 }, location }
}

/// Fills in the parts of the URL that was asked for. `#{path}` comes without its slash.
fn fill(template: &str, uri: &Uri<'_>) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find("#{") {
        let (before, behind) = rest.split_at(at);
        filled.push_str(before);
        let known = [
            ("#{protocol}", uri.protocol),
            ("#{host}", uri.host),
            ("#{port}", uri.port),
            ("#{path}", uri.path.strip_prefix('/').unwrap_or(uri.path)),
            ("#{query}", uri.query),
        ];
        let (word, value) =
            known.into_iter().find(|(word, _)| behind.starts_with(word)).unwrap_or(("#{", "#{"));
        filled.push_str(value);
        rest = &behind[word.len()..];
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::{Uri, location};
    use crate::answer::{Answer, Page};
    use crate::routes::Redirect;

    const URI: Uri<'static> =
        Uri { protocol: "http", host: "example.com", port: "80", path: "/a/b", query: "c=1" };

    fn redirect(protocol: &str, port: &str, path: &str, query: &str) -> Redirect {
        let [protocol, port, path, query] = [protocol, port, path, query].map(str::to_owned);
        Redirect { protocol, host: "#{host}".to_owned(), port, path, query, permanent: true }
    }

    fn check(redirect: &Redirect, uri: &Uri<'_>, expected: &str) {
        let expected = Answer::Redirect { status: 301, location: expected.to_owned() };
        assert_eq!(location(redirect, uri), expected);
    }

    #[test]
    fn parts_that_are_not_changed_are_kept() {
        let to_https = redirect("HTTPS", "443", "/#{path}", "#{query}");
        check(&to_https, &URI, "https://example.com:443/a/b?c=1");
        check(&to_https, &Uri { query: "", ..URI }, "https://example.com:443/a/b");
        check(&to_https, &Uri { path: "/", ..URI }, "https://example.com:443/?c=1");
    }

    #[test]
    fn parts_can_be_used_elsewhere() {
        let moved =
            redirect("#{protocol}", "#{port}", "/new/#{host}/#{path}", "from=#{path}&#{query}");
        check(&moved, &URI, "http://example.com:80/new/example.com/a/b?from=a/b&c=1");
    }

    #[test]
    fn other_words_are_left_alone() {
        let odd = redirect("HTTP", "80", "/#{user}/#{", "");
        check(&odd, &URI, "http://example.com:80/#{user}/#{");
    }

    #[test]
    fn what_the_client_sent_is_not_filled_in_again() {
        let uri = Uri { path: "/#{query}", ..URI };
        check(&redirect("HTTP", "80", "/#{path}", ""), &uri, "http://example.com:80/#{query}");
    }

    #[test]
    fn a_redirect_can_be_for_now() {
        let for_now = Redirect { permanent: false, ..redirect("HTTP", "81", "/", "") };
        assert!(matches!(location(&for_now, &URI), Answer::Redirect { status: 302, .. }));
    }

    #[test]
    fn a_url_that_is_too_long_is_not_sent() {
        let path = format!("/{}", "x".repeat(8 * 1024));
        let found =
            location(&redirect("HTTPS", "443", "/#{path}", ""), &Uri { path: &path, ..URI });
        assert_eq!(found, Answer::Page(Page::RedirectTooLong));
    }
}
