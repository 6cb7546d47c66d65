//! Why a JSON body can't be read, and AWS's words for it.
//!
//! AWS's services read JSON with one of two serializers, each with its own words. ECS has the one
//! that DynamoDB has (`cannot be converted to`, seen in public reports of ECS callers); CloudWatch
//! Logs, Athena and Kinesis have the other (`can not be converted to a`). Systems Manager and
//! Secrets Manager are taken to belong to the latter (unverified).

use api::{Service, Shape};

/// Why a JSON body can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonTrouble {
    /// It is no JSON, or no object.
    NotAnObject,
    /// Something in it is of the wrong kind.
    Kind {
        /// What stands there.
        found: Found,
        /// What the shape wants there.
        wanted: Wanted,
        /// Where it stands.
        place: Place,
    },
}

/// What a JSON value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Text.
    String,
    /// A number without a fraction.
    Number,
    /// A number with a fraction.
    Decimal,
    /// `true`.
    True,
    /// `false`.
    False,
    /// An array.
    List,
    /// An object.
    Map,
}

/// What a shape wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The structure of that name.
    Structure(&'static str),
    /// A sequence.
    List,
    /// Keys and values.
    Map,
    /// Text.
    String,
    /// Base64.
    Blob,
    /// `true` or `false`.
    Boolean,
    /// 32 bits.
    Integer,
    /// 64 bits.
    Long,
    /// A floating-point number.
    Double,
    /// A point in time.
    Timestamp,
}

/// Where a value stands; one of the serializers words it differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The body itself.
    Body,
    /// A structure's member.
    Member,
    /// A list's element or a map's value.
    Element,
}

// === impl Wanted ===

impl From<Shape> for Wanted {
    fn from(shape: Shape) -> Self {
        match shape {
            Shape::Structure(structure) => Self::Structure(structure.name),
            Shape::List(_) => Self::List,
            // A document takes anything; what is said here is never needed.
            Shape::Map(_) | Shape::Document => Self::Map,
            Shape::String(_) => Self::String,
            Shape::Blob(_) => Self::Blob,
            Shape::Boolean => Self::Boolean,
            Shape::Integer(_) => Self::Integer,
            Shape::Long(_) => Self::Long,
            Shape::Float | Shape::Double => Self::Double,
            Shape::Timestamp => Self::Timestamp,
        }
    }
}

impl Wanted {
    /// Java's name of the scalar, as messages have it.
    pub(super) fn scalar(self) -> &'static str {
        match self {
            Self::Structure(_) => "Structure",
            Self::List => "List",
            Self::Map => "Map",
            Self::String => "String",
            Self::Blob => "Blob",
            Self::Boolean => "Boolean",
            Self::Integer => "Integer",
            Self::Long => "Long",
            Self::Double => "Double",
            Self::Timestamp => "Timestamp",
        }
    }
}

// === impl JsonTrouble ===

impl JsonTrouble {
    /// AWS's message; none where AWS gives none.
    pub(crate) fn text(self, service: Option<Service>) -> Option<String> {
        let Self::Kind { found, wanted, place } = self else { return None };
        match service {
            Some(Service::Ecs) => Some(ecs_text(found, wanted, place)),
            _ => Some(common_text(found, wanted)),
        }
    }
}

/// The words that Athena and Kinesis were seen to use, and Logs for `a Long`.
fn common_text(found: Found, wanted: Wanted) -> String {
    match (found, wanted) {
        (Found::List, _) => "Start of list found where not expected".to_owned(),
        (Found::Map, _) => "Start of structure or map found where not expected.".to_owned(),
        (_, Wanted::List) => "Expected list or null".to_owned(),
        (_, Wanted::Map) => "Expected map or null".to_owned(),
        (_, Wanted::Structure(_)) => "Expected null".to_owned(),
        (scalar, wanted) => {
            let article = if wanted == Wanted::Integer { "an" } else { "a" };
            let token = match scalar {
                Found::Decimal => "NUMBER_VALUE",
                other => token(other),
            };
            format!("{token} can not be converted to {article} {}", wanted.scalar())
        }
    }
}

/// The words of DynamoDB's serializer. Of ECS itself were seen: a string for an integer, and a
/// list for the request, which shows the package's name.
fn ecs_text(found: Found, wanted: Wanted, place: Place) -> String {
    match (found, wanted) {
        (Found::List, wanted) => format!("Unrecognized collection type {}", java_type(wanted)),
        (Found::Map, _) => "Start of structure or map found where not expected".to_owned(),
        (_, Wanted::List | Wanted::Map | Wanted::Structure(_)) => match place {
            Place::Element => "Unexpected value type in payload".to_owned(),
            Place::Body | Place::Member => "Unexpected field type".to_owned(),
        },
        (_, Wanted::Blob) => "only base-64-encoded strings are convertible to bytes".to_owned(),
        (Found::String, Wanted::Boolean) => "Unexpected token received from parser".to_owned(),
        (scalar, wanted) => {
            format!("{} cannot be converted to {}", token(scalar), wanted.scalar())
        }
    }
}

/// The serializer's name for a JSON value.
fn token(found: Found) -> &'static str {
    match found {
        Found::String => "STRING_VALUE",
        Found::Number => "NUMBER_VALUE",
        Found::Decimal => "DECIMAL_VALUE",
        Found::True => "TRUE_VALUE",
        Found::False => "FALSE_VALUE",
        Found::List => "START_ARRAY",
        Found::Map => "START_OBJECT",
    }
}

fn java_type(wanted: Wanted) -> String {
    match wanted {
        Wanted::Structure(name) => format!("class com.amazonaws.madison.frontend.{name}"),
        // Every map of ECS's is one of strings.
        Wanted::Map => "java.util.Map<java.lang.String, java.lang.String>".to_owned(),
        Wanted::List => "interface java.util.List".to_owned(),
        Wanted::Blob => "class java.nio.ByteBuffer".to_owned(),
        Wanted::Timestamp => "class java.util.Date".to_owned(),
        scalar => format!("class java.lang.{}", scalar.scalar()),
    }
}
