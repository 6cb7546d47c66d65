//! The cookies that a client sends, as they came.

use crate::http1::Field;

/// A client's cookies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cookies<'a>(pub(crate) &'a [Field<'a>]);

impl<'a> Cookies<'a> {
    /// The value of the first cookie of that name. Names mind case (RFC 6265, section 5.4).
    pub(crate) fn get(self, name: &str) -> Option<&'a [u8]> {
        let lines = self.0.iter().filter(|field| field.name.eq_ignore_ascii_case("cookie"));
        let mut pairs = lines.flat_map(|field| field.value.split(|byte| *byte == b';'));
        pairs.find_map(|pair| {
            let rest = pair.trim_ascii().strip_prefix(name.as_bytes())?;
            rest.strip_prefix(b"=")
        })
    }
}

/// The name of the cookie that a `Set-Cookie` header sets.
pub(crate) fn set_by(value: &[u8]) -> &[u8] {
    let end = value.iter().position(|byte| matches!(byte, b'=' | b';'));
    value[..end.unwrap_or(value.len())].trim_ascii()
}

#[cfg(test)]
mod tests {
    use super::{Cookies, set_by};
    use crate::http1::Field;

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let lines = ["a=1; AWSALB=x=y==;b=2", "c=3;a=4"];
        let fields = lines.map(|line| Field { name: "Cookie", value: line.as_bytes() });
        let check = |name: &str, expected: Option<&str>| {
            let found = Cookies(&fields).get(name).map(|value| str::from_utf8(value).unwrap());
            assert_eq!(found, expected, "{name}");
        };
        check("a", Some("1"));
        check("AWSALB", Some("x=y=="));
        check("c", Some("3"));
        check("AWS", None);
        check("A", None);
        check("1", None);
    }

    #[test]
    fn the_name_of_a_set_cookie_ends_at_its_value() {
        for (value, name) in [("a=1; Path=/", "a"), ("a=", "a"), ("a", "a"), (" a =1", "a")] {
            assert_eq!(set_by(value.as_bytes()), name.as_bytes(), "{value}");
        }
    }
}
