//! AWS Signature Version 4: what a request claims about its sender, and whether the claim holds.
//!
//! [`claim`] reads the claim from the `Authorization` header or a presigned URL. The checks are
//! methods of [`Claim`], in the order in which AWS was seen to make them: scope, time, key,
//! signature. Which of them a server makes, and for whom, is its own choice.
//!
//! This room must not know: which keys exist, the time. Signing is the deployer's matter.

mod canonical;
mod claim;
mod proof;
mod trouble;

pub use claim::{Claim, Legacy, claim, legacy};
pub use trouble::{ScopeTrouble, Trouble};

pub(crate) use claim::scope;

#[cfg(test)]
mod tests;
