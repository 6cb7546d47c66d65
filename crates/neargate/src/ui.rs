//! What people see.

pub(crate) mod checked;
pub(crate) mod diagnostics;
pub(crate) mod finding;
pub(crate) mod live;
pub(crate) mod say;
pub(crate) mod table;
pub(crate) mod view;
