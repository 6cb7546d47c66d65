//! The parts of a manifest, one file a part.
//!
//! Each file declares its keys with the macro [`part!`](crate::kind::part), which makes the Rust
//! type, the reader, the JSON Schema and the reference page's table out of the one declaration, and
//! checks what must fit together. Read [`health`] first: it is the model of the others.

pub(crate) mod backing;
pub(crate) mod budget;
pub(crate) mod build;
pub(crate) mod checks;
pub(crate) mod container;
pub(crate) mod database;
pub(crate) mod depends;
pub(crate) mod deploy;
pub(crate) mod environment;
pub(crate) mod foundation;
pub(crate) mod health;
pub(crate) mod health_check;
pub(crate) mod limits;
pub(crate) mod logs;
pub(crate) mod names;
pub(crate) mod notify;
pub(crate) mod process;
pub(crate) mod root;
pub(crate) mod routes;
pub(crate) mod routing;
pub(crate) mod scale;
pub(crate) mod secrets;
pub(crate) mod service;
pub(crate) mod sidecar;
pub(crate) mod source;
pub(crate) mod static_site;
