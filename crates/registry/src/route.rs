//! What a path of the protocol asks for.

/// Something under `/v2/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route<'a> {
    /// Whether the protocol is spoken here.
    Base,
    /// The names of all repositories.
    Catalog,
    /// A repository's tags.
    Tags {
        /// The repository.
        name: &'a str,
    },
    /// An image's manifest.
    Manifest {
        /// The repository.
        name: &'a str,
        /// A tag or a digest.
        reference: &'a str,
    },
    /// A blob.
    Blob {
        /// The repository.
        name: &'a str,
        /// Its digest, unchecked.
        digest: &'a str,
    },
    /// The beginning of uploads.
    Uploads {
        /// The repository.
        name: &'a str,
    },
    /// An upload that was begun.
    Upload {
        /// The repository.
        name: &'a str,
        /// Its id, unchecked.
        id: &'a str,
    },
    /// The images that are about another one.
    Referrers {
        /// The repository.
        name: &'a str,
        /// The other one's digest, unchecked.
        digest: &'a str,
    },
}

/// What is asked for by a path without its `/v2/`. A repository's name may have slashes, so a path
/// is read from its end.
#[must_use]
pub fn route(path: &str) -> Option<Route<'_>> {
    match path {
        "" => return Some(Route::Base),
        "_catalog" => return Some(Route::Catalog),
        _ => {}
    }
    if let Some(name) = path.strip_suffix("/tags/list") {
        return Some(Route::Tags { name });
    }
    if let Some(name) = path.strip_suffix("/blobs/uploads/").or(path.strip_suffix("/blobs/uploads"))
    {
        return Some(Route::Uploads { name });
    }
    let (rest, last) = path.rsplit_once('/')?;
    if let Some(name) = rest.strip_suffix("/blobs/uploads") {
        return Some(Route::Upload { name, id: last });
    }
    let (name, kind) = rest.rsplit_once('/')?;
    match kind {
        "manifests" => Some(Route::Manifest { name, reference: last }),
        "blobs" => Some(Route::Blob { name, digest: last }),
        "referrers" => Some(Route::Referrers { name, digest: last }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_from_their_end() {
        for (path, expected) in [
            ("", Some(Route::Base)),
            ("_catalog", Some(Route::Catalog)),
            ("a/b/tags/list", Some(Route::Tags { name: "a/b" })),
            ("a/manifests/v1", Some(Route::Manifest { name: "a", reference: "v1" })),
            (
                "manifests/manifests/v1",
                Some(Route::Manifest { name: "manifests", reference: "v1" }),
            ),
            ("a/b/blobs/sha256:1", Some(Route::Blob { name: "a/b", digest: "sha256:1" })),
            ("a/blobs/uploads/", Some(Route::Uploads { name: "a" })),
            ("a/blobs/uploads", Some(Route::Uploads { name: "a" })),
            ("a/blobs/uploads/7", Some(Route::Upload { name: "a", id: "7" })),
            ("a/referrers/sha256:1", Some(Route::Referrers { name: "a", digest: "sha256:1" })),
            ("a", None),
            ("a/other/x", None),
        ] {
            assert_eq!(route(path), expected, "{path}");
        }
    }
}
