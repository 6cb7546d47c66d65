//! Findings for programs.

pub(crate) mod json;
pub(crate) mod sarif;
