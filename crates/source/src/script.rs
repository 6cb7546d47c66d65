//! Scripts: JavaScript, TypeScript, and JSON, which is a part of them.
//!
//! The only place that knows the parser. A text becomes terms (`term`), terms get scopes (`scene`),
//! and a tree of scripts is a program in which names are followed from file to file (`program`).

mod depth;
mod lower;
pub(crate) mod module;
mod parse;
pub(crate) mod program;
pub(crate) mod scene;
pub(crate) mod term;
pub(crate) mod trail;
pub(crate) mod value;

pub(crate) use lower::asked;
pub(crate) use parse::{Script, is_script, json, script};
