//! Ids of requests. They have to be different, and need not be hard to guess.

/// A request's id as CloudFront has them: 56 characters, the last two of them `==`.
pub(crate) fn request() -> String {
    use base64::Engine as _;
    let mut bytes = [0_u8; 40];
    // A machine without random bytes has requests that look alike.
    let _best_effort = getrandom::fill(&mut bytes);
    base64::engine::general_purpose::URL_SAFE.encode(bytes)
}
