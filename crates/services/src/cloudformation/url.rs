//! Where a `TemplateURL` leads to.

/// The bucket and the key that a URL names, in the bucket's own host or in the path.
#[must_use]
pub fn template_object(url: &str) -> Option<(&str, &str)> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let (host, path) = rest.split_once('/')?;
    // A version, or a key with other letters than these, is not looked for.
    if path.contains(['%', '?', '#']) {
        return None;
    }
    let host = host.split(':').next().unwrap_or_default();
    let own = [".s3.", ".s3-"].iter().find_map(|mark| host.find(mark));
    let (bucket, key) = match own {
        Some(end) => (&host[..end], path),
        None => path.split_once('/')?,
    };
    (!bucket.is_empty() && !key.is_empty()).then_some((bucket, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_named_by_host_or_by_path() {
        for (url, expected) in [
            ("https://shop.s3.eu-west-1.amazonaws.com/a/b.json", Some(("shop", "a/b.json"))),
            ("https://shop.s3-eu-west-1.amazonaws.com/b.json", Some(("shop", "b.json"))),
            ("https://s3.eu-west-1.amazonaws.com/shop/a/b.json", Some(("shop", "a/b.json"))),
            ("https://s3.amazonaws.com/shop/b.json", Some(("shop", "b.json"))),
            ("http://127.0.0.1:4566/shop/b.json", Some(("shop", "b.json"))),
            ("http://shop.s3.localhost:4566/b.json", Some(("shop", "b.json"))),
            ("https://s3.amazonaws.com/shop", None),
            ("https://s3.amazonaws.com/shop/b.json?versionId=1", None),
            ("shop/b.json", None),
        ] {
            assert_eq!(template_object(url), expected, "{url}");
        }
    }
}
