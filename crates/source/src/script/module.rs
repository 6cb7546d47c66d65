//! What a script asks of others and gives to them.

use std::collections::BTreeMap;

/// One import, in whatever form.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Import {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// As written: `express`, `./app.js`, `@/lib/db`.
    pub(crate) from: Box<str>,
    pub(crate) form: Form,
    /// Local names, and which export each of them is.
    pub(crate) names: Vec<(Box<str>, Wanted)>,
}

/// How a module is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `import` or `export … from` at the top: without the module the script does not start.
    Static,
    /// `import type`: gone at run time.
    Type,
    /// `require` outside every function: as needed as a static import.
    Require,
    /// `import()`, or `require` inside a function: needed when it is reached.
    Late,
    /// In a `try`, or before a `.catch`: the script goes on without the module.
    Tried,
}

/// Which export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A named one; `default` for the default.
    Name(Box<str>),
    /// All of them, as an object.
    All,
}

/// What a script gives to others.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Exports {
    /// Exported names, and what stands behind each.
    pub(crate) names: BTreeMap<Box<str>, Export>,
    /// `export * from`.
    pub(crate) all_of: Vec<Box<str>>,
}

/// What stands behind an exported name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Export {
    /// A name of this script.
    Local(Box<str>),
    /// An export of another one.
    From(Box<str>, Wanted),
}

/// The local name that a default export without a name of its own gets; no identifier can be it.
pub(crate) const DEFAULT: &str = "export default";
