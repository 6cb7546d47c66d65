//! Whether a request can be said in the version of HTTP that a group's targets speak (reference
//! §4.10, 464).
//!
//! Pure: a request's head and a version in, yes or no out. It must not know targets.

use crate::http1::{Request, Version};
use crate::routes::ProtocolVersion;

/// How gRPC names what it sends.
const GRPC: &[u8] = b"application/grpc";

/// Whether a group of that version can be sent the request.
pub(crate) fn fits(request: &Request<'_, '_>, version: ProtocolVersion) -> bool {
    match (version, request.version) {
        (ProtocolVersion::Http1, Version::Http10 | Version::Http11) => true,
        (ProtocolVersion::Http1, Version::Http2) => !is_grpc(request),
        (ProtocolVersion::Http2, Version::Http2) => true,
        (ProtocolVersion::Grpc, Version::Http2) => request.method == "POST",
        (ProtocolVersion::Http2 | ProtocolVersion::Grpc, Version::Http10 | Version::Http11) => {
            false
        }
    }
}

/// Whether the request is one of gRPC, in whatever encoding: `application/grpc+proto`. What browsers
/// send (`application/grpc-web`) is not.
pub(crate) fn is_grpc(request: &Request<'_, '_>) -> bool {
    let named = |name: &str| name.eq_ignore_ascii_case("content-type");
    let kind = request.fields.iter().find(|field| named(field.name)).map(|field| field.value);
    let rest = kind.and_then(|kind| kind.strip_prefix(GRPC));
    rest.is_some_and(|rest| matches!(rest.first(), None | Some(b'+' | b';' | b' ')))
}

#[cfg(test)]
mod tests {
    use super::{fits, is_grpc};
    use crate::http1::{Field, Request, Version};
    use crate::routes::ProtocolVersion::{Grpc, Http1, Http2};

    #[test]
    fn grpc_is_known_by_its_content_type() {
        for (kind, expected) in [
            ("application/grpc", true),
            ("application/grpc+proto", true),
            ("application/grpc; a=b", true),
            ("application/grpc-web", false),
            ("application/json", false),
        ] {
            let fields = [Field { name: "Content-Type", value: kind.as_bytes() }];
            let request = Request::assembled("POST", "/", Some("a"), &fields).unwrap();
            assert_eq!(is_grpc(&request), expected, "{kind}");
            assert_eq!(fits(&request, Http1), !expected, "{kind}");
            assert!(fits(&request, Http2) && fits(&request, Grpc));
        }
    }

    #[test]
    fn a_group_takes_what_its_version_can_say() {
        let request = |method| Request::assembled(method, "/", Some("a"), &[]).unwrap();
        let over_2 = [request("GET"), request("POST")];
        let over_1 = [request("GET"), request("POST")]
            .map(|request| Request { version: Version::Http11, ..request });
        for (version, of_1, of_2) in [
            (Http1, [true, true], [true, true]),
            (Http2, [false, false], [true, true]),
            (Grpc, [false, false], [false, true]),
        ] {
            assert_eq!(over_1.each_ref().map(|request| fits(request, version)), of_1);
            assert_eq!(over_2.each_ref().map(|request| fits(request, version)), of_2);
        }
    }
}
