//! What a request says of its body, and whether it is true.

use crate::sums::Sum;
use api::Fault;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use registry::Digest;
use services::Received;
use services::s3::Md5;
use wire::{Chunked, Head, NotChunked};

/// S3's words for a body that breaks off.
pub(super) const INCOMPLETE: &str =
    "You did not provide the number of bytes specified by the Content-Length HTTP header";
/// The beginning of the names of checksums' headers.
const CHECKSUM: &str = "x-amz-checksum-";

/// What is said of a body, held against it as it comes.
#[derive(Debug)]
pub(super) struct Claims {
    chunked: Option<Chunked>,
    length: Option<u64>,
    sha256: Option<String>,
    md5: Option<String>,
    /// The checksum's name, how it comes, and what it should be; behind the body where not known yet.
    sum: Option<(String, Sum, Option<String>)>,
    running: Md5,
}

impl Claims {
    /// What a request's head says.
    ///
    /// # Errors
    /// When it names a checksum that the region does not know.
    pub(super) fn of(head: &Head<'_>) -> Result<Self, Fault> {
        let text = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
        let stated = text("x-amz-content-sha256").unwrap_or_default();
        let in_chunks = stated.starts_with("STREAMING-");
        let length = text("x-amz-decoded-content-length").and_then(|text| text.parse().ok());
        let is_digest = stated.len() == 64;
        Ok(Self {
            chunked: in_chunks.then(Chunked::default),
            length: length.filter(|_| in_chunks),
            sha256: is_digest.then(|| stated.to_ascii_lowercase()),
            md5: text("content-md5").map(str::to_owned),
            sum: sum(head)?,
            running: Md5::default(),
        })
    }

    /// Takes bytes as they come, and gives those of the object to `data`.
    pub(super) fn take(&mut self, bytes: &[u8], mut data: impl FnMut(&[u8])) -> Result<(), Fault> {
        let (running, sum) = (&mut self.running, &mut self.sum);
        let mut all = |bytes: &[u8]| {
            running.update(bytes);
            if let Some((_, sum, _)) = sum {
                sum.update(bytes);
            }
            data(bytes);
        };
        match &mut self.chunked {
            Some(chunked) => chunked.take(bytes, all).map_err(broken),
            None => {
                all(bytes);
                Ok(())
            }
        }
    }

    /// Holds what was said against what has come.
    pub(super) fn settle(self, digest: &Digest, size: u64) -> Result<Received, Fault> {
        let trailers = self.chunked.map(Chunked::finish).transpose().map_err(broken)?;
        if self.length.is_some_and(|length| length != size) {
            return Err(Fault::refuse("IncompleteBody", INCOMPLETE));
        }
        if self.sha256.is_some_and(|stated| stated != digest.hex()) {
            let text =
                "The provided 'x-amz-content-sha256' header does not match what was computed.";
            return Err(Fault::refuse("XAmzContentSHA256Mismatch", text));
        }
        let md5 = self.running.finish();
        if self.md5.is_some_and(|stated| stated != STANDARD.encode(md5)) {
            let text = "The Content-MD5 you specified did not match what we received.";
            return Err(Fault::refuse("BadDigest", text));
        }
        if let Some((name, sum, stated)) = self.sum {
            let behind = trailers.unwrap_or_default().into_iter();
            let behind = behind.rev().find(|(header, _)| *header == format!("{CHECKSUM}{name}"));
            let stated = stated.or_else(|| behind.map(|(_, value)| value));
            if stated.is_some_and(|stated| stated != sum.finish()) {
                let name = name.to_ascii_uppercase();
                let text =
                    format!("The {name} you specified did not match the calculated checksum.");
                return Err(Fault::refuse("BadDigest", text));
            }
        }
        Ok(Received { digest: digest.to_string(), size, md5 })
    }
}

/// The checksum that is said to come with the body or behind it.
fn sum(head: &Head<'_>) -> Result<Option<(String, Sum, Option<String>)>, Fault> {
    let text = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    let beside = head.headers.keys().find_map(|name| {
        let end = name.as_str().strip_prefix(CHECKSUM)?;
        // `type` and `mode` are no checksums.
        Some((end, text(name.as_str())?)).filter(|(end, _)| !["type", "mode"].contains(end))
    });
    let behind = text("x-amz-trailer").and_then(|name| name.trim().strip_prefix(CHECKSUM));
    let (name, stated) = match (beside, behind) {
        (Some((name, stated)), _) => (name, Some(stated.to_owned())),
        (None, Some(name)) => (name, None),
        (None, None) => return Ok(None),
    };
    let sum = Sum::of(name).ok_or_else(|| {
        let text = format!("The checksum {name} is not implemented by the local region");
        Fault::refuse("NotImplemented", text).with_status(501)
    })?;
    Ok(Some((name.to_owned(), sum, stated)))
}

fn broken(_: NotChunked) -> Fault {
    Fault::refuse("IncompleteBody", "The request body terminated unexpectedly")
}
