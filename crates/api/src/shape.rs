//! AWS's shapes: what a value may look like, as the service model says.
//!
//! Shapes are statics that refer to each other, so a walk over them allocates nothing.

/// What a member, list element or map value may be.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A set of named members.
    Structure(&'static Structure),
    /// A sequence.
    List(&'static List),
    /// String keys to values.
    Map(&'static Map),
    /// UTF-8 text.
    String(&'static Text),
    /// Bytes; base64 in JSON and XML.
    Blob(&'static Blob),
    /// `true` or `false`.
    Boolean,
    /// 32 bits.
    Integer(&'static Range),
    /// 64 bits.
    Long(&'static Range),
    /// A floating-point number, single precision on the wire.
    Float,
    /// A floating-point number.
    Double,
    /// A point in time; the protocol decides how it is written.
    Timestamp,
    /// Free JSON.
    Document,
}

/// A named set of members. The order of `members` is the order of a
/// [`Value::Structure`](crate::Value::Structure)'s fields.
#[derive(Debug)]
pub struct Structure {
    /// The shape's name in AWS's model.
    pub name: &'static str,
    /// The members, in the model's order.
    pub members: &'static [Member],
}

/// One member of a structure.
#[derive(Debug)]
pub struct Member {
    /// Its name in AWS's model, which JSON and Query put on the wire.
    pub name: &'static str,
    /// Its name on the wire where that differs (`locationName`): in XML, and for REST-XML also of its
    /// header, query parameter or label.
    pub location: Option<&'static str>,
    /// Its name in EC2 requests where that is given (`queryName`).
    pub query: Option<&'static str>,
    /// What it holds.
    pub shape: Shape,
    /// Whether a request without it is refused.
    pub required: bool,
    /// Where REST-XML puts it; the other protocols have one place for all.
    pub place: Place,
    /// Whether REST-XML writes a list's elements with no element around them.
    pub flat: bool,
}

/// Where REST-XML puts a member of an input or an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Into the body's document, as an element.
    Body,
    /// Into the path.
    Label,
    /// Into the query string.
    Query,
    /// Into a header; times as HTTP writes them.
    Header,
    /// Into a header; times in ISO 8601.
    IsoHeader,
    /// Into headers that begin with the member's wire name, one an entry.
    Headers,
    /// It is the body: a structure is its document, bytes and text are the body as they are.
    Payload,
    /// It is the text of the body's outermost element.
    Root,
}

/// A sequence of one shape.
#[derive(Debug)]
pub struct List {
    /// The shape's name in AWS's model.
    pub name: &'static str,
    /// The element's shape.
    pub element: Shape,
    /// The element's XML name (`member` unless the model says otherwise).
    pub element_name: &'static str,
    /// Allowed counts of elements.
    pub range: Range,
}

/// String keys to values of one shape.
#[derive(Debug)]
pub struct Map {
    /// The shape's name in AWS's model.
    pub name: &'static str,
    /// The key's constraints.
    pub key: &'static Text,
    /// The value's shape.
    pub value: Shape,
    /// Allowed counts of entries.
    pub range: Range,
}

/// A text's constraints.
#[derive(Debug)]
pub struct Text {
    /// The shape's name in AWS's model.
    pub name: &'static str,
    /// Allowed lengths, in characters.
    pub range: Range,
    /// A regular expression that the whole text must match.
    pub pattern: Option<&'static str>,
    /// The words of an enumeration; empty when the text is free.
    pub words: &'static [&'static str],
    /// Whether the text must never be shown.
    pub sensitive: bool,
}

/// A blob's constraints.
#[derive(Debug)]
pub struct Blob {
    /// Allowed lengths, in bytes.
    pub range: Range,
    /// Whether the bytes must never be shown.
    pub sensitive: bool,
}

/// Bounds, both inclusive, each open when absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The least allowed.
    pub min: Option<i64>,
    /// The most allowed.
    pub max: Option<i64>,
}

// === impl Member ===

impl Member {
    /// A member that a request may leave out.
    #[must_use]
    pub const fn optional(name: &'static str, shape: Shape) -> Self {
        Self::of(name, shape)
    }

    /// A member that a request must have.
    #[must_use]
    pub const fn required(name: &'static str, shape: Shape) -> Self {
        let mut member = Self::of(name, shape);
        member.required = true;
        member
    }

    const fn of(name: &'static str, shape: Shape) -> Self {
        let (location, query) = (None, None);
        Self { name, location, query, shape, required: false, place: Place::Body, flat: false }
    }

    /// The member at another place of REST-XML's messages.
    #[must_use]
    pub const fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// The list with no element around its elements.
    #[must_use]
    pub const fn flat(mut self) -> Self {
        self.flat = true;
        self
    }

    /// The member with the names that it has on the wire.
    #[must_use]
    pub const fn named(
        mut self,
        location: Option<&'static str>,
        query: Option<&'static str>,
    ) -> Self {
        self.location = location;
        self.query = query;
        self
    }
}

// === impl Text ===

impl Text {
    /// A text without constraints.
    #[must_use]
    pub const fn free(name: &'static str) -> Self {
        Self { name, range: Range::ANY, pattern: None, words: &[], sensitive: false }
    }

    /// A text of one of the given words.
    #[must_use]
    pub const fn of(name: &'static str, words: &'static [&'static str]) -> Self {
        Self { name, range: Range::ANY, pattern: None, words, sensitive: false }
    }
}

// === impl Structure ===

impl Structure {
    /// The position of the member that the wire calls `name`, with the member.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<(usize, &'static Member)> {
        let members: &'static [Member] = self.members;
        members.iter().enumerate().find(|(_, member)| member.name == name)
    }
}

// === impl Range ===

impl Range {
    /// No bounds.
    pub const ANY: Self = Self { min: None, max: None };

    /// At least `min`.
    #[must_use]
    pub const fn from(min: i64) -> Self {
        Self { min: Some(min), max: None }
    }

    /// At most `max`.
    #[must_use]
    pub const fn to(max: i64) -> Self {
        Self { min: None, max: Some(max) }
    }

    /// From `min` to `max`.
    #[must_use]
    pub const fn between(min: i64, max: i64) -> Self {
        Self { min: Some(min), max: Some(max) }
    }

    /// Whether `number` lies in the range.
    #[must_use]
    pub fn contains(&self, number: i64) -> bool {
        self.min.is_none_or(|min| number >= min) && self.max.is_none_or(|max| number <= max)
    }
}
