//! Which certificates a client means by the name that it asks for.
//!
//! Pure: names in, places out.

/// The places of the certificates for `asked`: those with the name itself, else those with a
/// wildcard for it, else the first one, which is the default.
pub(super) fn choose(certificates: &[Vec<String>], asked: Option<&str>) -> Vec<usize> {
    let asked = asked.unwrap_or_default();
    let with = |fits: &dyn Fn(&str) -> bool| -> Vec<usize> {
        let named = certificates.iter().enumerate();
        named.filter(|(_, names)| names.iter().any(|name| fits(name))).map(|(at, _)| at).collect()
    };
    let exact = with(&|name| name.eq_ignore_ascii_case(asked));
    if !exact.is_empty() {
        return exact;
    }
    let wild = with(&|name| covers(name, asked));
    if !wild.is_empty() {
        return wild;
    }
    if certificates.is_empty() { Vec::new() } else { vec![0] }
}

/// Whether a name with `*` as its first label stands for another one: of one label more, and of no
/// more than that (RFC 6125, section 6.4.3).
fn covers(name: &str, asked: &str) -> bool {
    let (Some(parent), Some((label, rest))) = (name.strip_prefix("*."), asked.split_once('.'))
    else {
        return false;
    };
    !label.is_empty() && rest.eq_ignore_ascii_case(parent)
}

#[cfg(test)]
mod tests {
    use super::choose;

    #[test]
    fn a_client_gets_the_certificate_for_the_name_that_it_asks_for() {
        let certificates = [
            vec!["default.example.com"],
            vec!["*.example.com", "example.com"],
            vec!["shop.example.com"],
            vec!["shop.example.com"],
        ];
        let certificates = certificates.map(|names| names.into_iter().map(str::to_owned).collect());
        let check = |asked: Option<&str>, expected: &[usize]| {
            assert_eq!(choose(&certificates, asked), expected, "{asked:?}");
        };
        check(None, &[0]);
        check(Some("example.com"), &[1]);
        check(Some("www.example.com"), &[1]);
        check(Some("Shop.Example.com"), &[2, 3]);
        check(Some("a.shop.example.com"), &[0]);
        check(Some(".example.com"), &[0]);
        check(Some("other.org"), &[0]);
        assert_eq!(choose(&[], Some("example.com")), Vec::<usize>::new());
    }
}
