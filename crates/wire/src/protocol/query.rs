//! AWS Query: a form in, XML out, the result in a wrapper of its own.

pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod refuse;
