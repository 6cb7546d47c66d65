use super::{Body, Malformed};
use proptest::prelude::*;

/// Takes the bytes in pieces of every size: the end is the same wherever they are cut.
fn check(bytes: &str, expected: Result<(usize, &str), Malformed>) {
    for size in 1..=bytes.len() {
        assert_eq!(taken(bytes.as_bytes(), size), expected.map(|(length, _)| length), "{bytes:?}");
        let data = expected.map(|(_, data)| data.as_bytes().to_vec());
        assert_eq!(stripped(bytes.as_bytes(), size), data, "{bytes:?}");
    }
}

/// How many bytes belong to a whole chunked body.
fn taken(bytes: &[u8], size: usize) -> Result<usize, Malformed> {
    let mut body = Body::CHUNKED;
    let mut total = 0;
    for piece in bytes.chunks(size) {
        total += body.take(piece)?;
    }
    if body.is_over() { Ok(total) } else { Err(Malformed) }
}

/// The data of a whole chunked body.
fn stripped(bytes: &[u8], size: usize) -> Result<Vec<u8>, Malformed> {
    let mut body = Body::CHUNKED;
    let mut data = Vec::new();
    for piece in bytes.chunks(size) {
        let mut piece = piece.to_vec();
        let (_, kept) = body.strip(&mut piece)?;
        data.extend_from_slice(&piece[..kept]);
    }
    if body.is_over() { Ok(data) } else { Err(Malformed) }
}

#[test]
fn chunks_end_behind_the_empty_line() {
    check("0\r\n\r\n", Ok((5, "")));
    check("5\r\nhello\r\n0\r\n\r\n", Ok((15, "hello")));
    check("5\r\nhello\r\nA\r\n, big worl\r\n1\r\nd\r\n0\r\n\r\n", Ok((36, "hello, big world")));
    check("00005\r\nhello\r\n000\r\n\r\n", Ok((21, "hello")));
}

#[test]
fn what_follows_the_body_is_not_taken() {
    check("3\r\nabc\r\n0\r\n\r\nGET / HTTP/1.1\r\n", Ok((13, "abc")));
}

#[test]
fn extensions_and_trailers_belong_to_the_body() {
    check("3;name=value\r\nabc\r\n0;last\r\n\r\n", Ok((29, "abc")));
    check("3 \r\nabc\r\n0\r\nChecksum: 1\r\nMore: 2\r\n\r\n", Ok((36, "abc")));
}

#[test]
fn broken_framing_is_noticed() {
    check("\r\n\r\n", Err(Malformed));
    check("g\r\n\r\n", Err(Malformed));
    check("-1\r\n\r\n", Err(Malformed));
    check("3\nabc\r\n0\r\n\r\n", Err(Malformed));
    check("3\r\nabcd\r\n0\r\n\r\n", Err(Malformed));
    check("3\r\nabc\n0\r\n\r\n", Err(Malformed));
    check("0\r\n\n", Err(Malformed));
    check("0\r\nTrailer: \r1\n\r\n", Err(Malformed));
    check("fffffffffffffffff\r\n", Err(Malformed));
    check("3;a\nb\r\nabc\r\n0\r\n\r\n", Err(Malformed));
}

#[test]
fn an_endless_line_is_broken_framing() {
    let line = format!("3;{}", "x".repeat(20_000));
    assert_eq!(taken(line.as_bytes(), line.len()), Err(Malformed));
    let trailers = format!("0\r\n{}", "x".repeat(20_000));
    assert_eq!(taken(trailers.as_bytes(), trailers.len()), Err(Malformed));
}

#[test]
fn a_length_ends_when_it_is_reached() {
    let mut body = Body::Length(5);
    assert_eq!(body.take(b"abc"), Ok(3));
    assert!(!body.is_over());
    assert_eq!(body.take(b"defg"), Ok(2));
    assert!(body.is_over());
    assert!(Body::NONE.is_over());
}

#[test]
fn what_lasts_until_the_close_is_never_over() {
    let mut body = Body::UntilClose;
    assert_eq!(body.take(b"abc"), Ok(3));
    assert!(!body.is_over());
}

proptest! {
    #[test]
    fn any_bytes_are_taken_or_refused_the_same_in_any_pieces(bytes in "[0-9a-f;\\r\\n]{0,40}", size in 1usize..7) {
        let bytes = bytes.as_bytes();
        prop_assert_eq!(taken(bytes, size).is_ok(), taken(bytes, bytes.len().max(1)).is_ok());
        prop_assert_eq!(stripped(bytes, size), stripped(bytes, bytes.len().max(1)));
    }
}
