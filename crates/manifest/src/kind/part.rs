//! The declaration of a part of the manifest.

use super::{Fields, Record};
use crate::cx::Cx;

/// A type that is read from a mapping with known keys. The macro [`part!`] declares it.
pub(crate) trait Part: Sized {
    /// What could be read of it: each field in an `Option`.
    type Read;

    fn record() -> &'static Record;

    /// Reads what can be read, and checks what must fit together.
    fn read(fields: &Fields<'_>, cx: &mut Cx<'_>) -> Self::Read;

    /// The whole, if every field could be read.
    fn whole(read: Self::Read) -> Option<Self>;
}

/// Declares a type that is read from a mapping.
///
/// ```text
/// part! {
///     /// What it is.
///     pub struct Health as HealthRead, short "path", check check_health {
///         /// What the key does.
///         path: String = formatted(&PATH), [default "/", because "…"];
///         port: u16 = whole(1, 65_535), [required];
///         site as "static": Option<StaticSite> = record::<StaticSite>(),
///             [optional "what happens then"];
///     }
/// }
/// ```
///
/// `short` names the key that a value alone stands for. `check` is called once everything of an
/// environment's part has been read: it gets what could be read, each field in an `Option`, and
/// reports what does not fit together. `elsewhere [...]` after a key lists other tools' words for
/// it.
macro_rules! part {
    (
        $(#[doc = $doc:literal])*
        $vis:vis struct $name:ident as $read:ident
        $(, short $short:literal)? $(, check $check:path)? {
            $(
                $(#[doc = $field_doc:literal])*
                $field:ident $(as $key:literal)?: $type:ty = $kind:expr, [$($presence:tt)+]
                $(, elsewhere [$($elsewhere:literal),+])?;
            )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq)]
        $vis struct $name {
            $($(#[doc = $field_doc])* pub $field: $type,)*
        }

        #[doc = concat!("What could be read of a [`", stringify!($name), "`].")]
        #[derive(Debug)]
        pub(crate) struct $read {
            $(pub(crate) $field: Option<$type>,)*
        }

        impl $crate::kind::Part for $name {
            type Read = $read;

            fn record() -> &'static $crate::kind::Record {
                static RECORD: std::sync::OnceLock<$crate::kind::Record> =
                    std::sync::OnceLock::new();
                RECORD.get_or_init(|| $crate::kind::Record {
                    name: stringify!($name),
                    doc: $crate::kind::flow(concat!($($doc, "\n"),*)),
                    short: part!(@short $($short)?),
                    fields: vec![$(
                        $crate::kind::Field::new(
                            part!(@key $field $($key)?),
                            concat!($($field_doc, "\n"),*),
                            $crate::kind::Kind::shape(&$kind),
                            part!(@presence $($presence)+),
                        )$(.elsewhere(&[$($elsewhere),+]))?
                    ),*],
                })
            }

            fn read(
                fields: &$crate::kind::Fields<'_>,
                cx: &mut $crate::cx::Cx<'_>,
            ) -> $read {
                let read = $read {
                    $($field: part!(
                        @read fields, part!(@key $field $($key)?), &$kind, cx, $($presence)+
                    ),)*
                };
                $(if cx.is_merged() {
                    $check(&read, cx);
                })?
                read
            }

            fn whole(read: $read) -> Option<Self> {
                Some(Self { $($field: read.$field?,)* })
            }
        }
    };

    (@short) => { None };
    (@short $short:literal) => { Some($short) };

    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };

    (@presence required) => { $crate::kind::Presence::Required };
    (@presence default $text:literal, because $because:literal) => {
        $crate::kind::Presence::default($text, $because)
    };
    (@presence optional $absent:literal) => {
        $crate::kind::Presence::Optional { absent: $absent }
    };

    (@read $fields:ident, $key:expr, $kind:expr, $cx:ident, required) => {
        $fields.required($key, $kind, $cx)
    };
    (@read $fields:ident, $key:expr, $kind:expr, $cx:ident, default $($rest:tt)+) => {
        $fields.or_default($key, $kind, $cx)
    };
    (@read $fields:ident, $key:expr, $kind:expr, $cx:ident, optional $($rest:tt)+) => {
        $fields.optional($key, $kind, $cx)
    };
}

pub(crate) use part;
