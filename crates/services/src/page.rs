//! Pages of a listing, for every service that answers in pages.
//!
//! A token names the last row that was answered, not a number of rows. So rows that come and go
//! between two pages never make a client miss or repeat another one, and nothing is remembered
//! between calls. The listing's name is part of the token: a token of another one is no token.
//!
//! This file must not know: which service asks, or how that service words its refusal.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use std::fmt::Display;
use std::str::FromStr;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    /// The listing's name, usually the operation's.
    pub(crate) listing: &'static str,
    /// The token that the page before gave; absent for the first page.
    pub(crate) token: Option<&'a str>,
    /// The most rows to answer.
    pub(crate) limit: usize,
}

/// Some rows of a listing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page<T> {
    /// The rows.
    pub(crate) rows: Vec<T>,
    /// The token for the page after; absent on the last one.
    pub(crate) next: Option<String>,
}

/// The token was not given by this listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InvalidToken;

/// The page of `rows` that is asked for. The rows' keys must rise strictly.
pub(crate) fn page<T, K>(
    rows: impl IntoIterator<Item = T>,
    ask: &Ask<'_>,
    key: impl Fn(&T) -> K,
) -> Result<Page<T>, InvalidToken>
where
    K: Ord + Display + FromStr,
{
    let last = ask.token.map(|token| last_row::<K>(ask.listing, token)).transpose()?;
    let answered = |row: &T| last.as_ref().is_some_and(|last| key(row) <= *last);
    let mut rest = rows.into_iter().skip_while(answered);
    let rows: Vec<T> = rest.by_ref().take(ask.limit.max(1)).collect();
    let more = rest.next().is_some();
    let next = rows.last().filter(|_| more).map(|row| token(ask.listing, &key(row)));
    Ok(Page { rows, next })
}

/// The number of rows that a client asks for, within the service's bounds: `default` when it
/// doesn't say, and never more than `most`.
pub(crate) fn limit(asked: Option<i32>, default: usize, most: usize) -> usize {
    let asked = asked.and_then(|asked| usize::try_from(asked).ok());
    asked.filter(|asked| *asked > 0).unwrap_or(default).min(most)
}

/// The token for the rows after the one with this key. It has only letters, digits, `-` and `_`:
/// safe in a form body, in XML, in JSON and in a shell. IAM takes at most 320 characters back.
pub(crate) fn token(listing: &str, key: &impl Display) -> String {
    BASE64.encode(format!("{listing}/{key}"))
}

/// The key that a listing's token names.
pub(crate) fn last_row<K: FromStr>(listing: &str, token: &str) -> Result<K, InvalidToken> {
    let bytes = BASE64.decode(token).map_err(|_| InvalidToken)?;
    let text = String::from_utf8(bytes).map_err(|_| InvalidToken)?;
    let key = text.strip_prefix(listing).and_then(|rest| rest.strip_prefix('/'));
    key.and_then(|key| key.parse().ok()).ok_or(InvalidToken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(token: Option<&str>, limit: usize) -> Ask<'_> {
        Ask { listing: "ListThings", token, limit }
    }

    fn numbers(rows: &[u32], token: Option<&str>, limit: usize) -> Page<u32> {
        page(rows.iter().copied(), &ask(token, limit), |row| *row).unwrap()
    }

    #[test]
    fn pages_cover_every_row_once() {
        let rows = [2, 10, 30, 400, 5000];
        let mut seen = Vec::new();
        let mut token = None;
        loop {
            let page = numbers(&rows, token.as_deref(), 2);
            seen.extend(page.rows);
            token = page.next;
            if token.is_none() {
                break;
            }
        }
        assert_eq!(seen, rows);
    }

    #[test]
    fn a_page_that_ends_with_the_last_row_has_no_token() {
        assert_eq!(numbers(&[1, 2], None, 2), Page { rows: vec![1, 2], next: None });
        assert_eq!(numbers(&[], None, 2), Page { rows: vec![], next: None });
    }

    #[test]
    fn a_row_that_goes_between_two_pages_hides_no_other() {
        let first = numbers(&[1, 2, 3, 4], None, 2);
        assert_eq!(numbers(&[1, 3, 4], first.next.as_deref(), 2).rows, [3, 4]);
    }

    #[test]
    fn a_foreign_token_is_refused() {
        let key = |row: &String| row.clone();
        let rows = || ["a", "b"].map(str::to_owned);
        let other = Ask { listing: "ListOthers", token: None, limit: 1 };
        let token = page(rows(), &other, key).unwrap().next;
        for token in [token.as_deref().unwrap(), "", "zz", "é", "6"] {
            assert_eq!(page(rows(), &ask(Some(token), 1), key), Err(InvalidToken), "{token}");
        }
    }

    #[test]
    fn limits_stay_within_the_bounds() {
        for (asked, expected) in [(None, 50), (Some(7), 7), (Some(900), 100), (Some(0), 50)] {
            assert_eq!(limit(asked, 50, 100), expected, "{asked:?}");
        }
    }
}
