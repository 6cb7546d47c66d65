//! What the YAML parser refuses, in the words of somebody who writes a manifest.

use crate::{Code, Diagnostic, TextSpan};
use granit_parser::{ErrorKind, ScanError};

/// The parser's error as a diagnostic with the fix, where there is a usual one.
pub(super) fn explain(error: &ScanError, source: &str) -> Diagnostic {
    let offset = error.marker().byte_offset().unwrap_or_default();
    let (code, message, hint) = words(error.kind(), source, offset);
    let span = point(source, place(error.kind(), source, offset));
    Diagnostic::new(code, span, message).maybe_hint(hint.map(str::to_owned))
}

/// Code, message and hint by the kind of error. Kinds that nobody meets by accident keep the
/// parser's words.
fn words(kind: &ErrorKind, source: &str, offset: usize) -> (Code, String, Option<&'static str>) {
    let yaml = |message: &str, hint| (Code::BadYaml, message.to_owned(), Some(hint));
    match kind {
        _ if is_tab(kind) => yaml("a tab can't indent YAML", "indent with spaces"),
        ErrorKind::RecursionLimitExceeded => {
            let message = "lists and mappings stand too deep inside each other";
            (Code::TooLarge, message.to_owned(), None)
        }
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator
            if source.get(..offset).is_some_and(|before| before.ends_with('$')) =>
        {
            yaml("`${...}` inside `{ }` or `[ ]` needs quotes", "quote the text: `\"${name}\"`")
        }
        ErrorKind::ExpectedFlowMappingSeparator => {
            yaml("`,` or `}` is missing", "quote a text that has `,`, `{`, `}`, `[` or `]`")
        }
        ErrorKind::ExpectedFlowSequenceSeparator => {
            yaml("`,` or `]` is missing", "quote a text that has `,`, `{`, `}`, `[` or `]`")
        }
        ErrorKind::MappingValueNotAllowed => yaml(
            "a `:` where none can stand",
            "quote a text that has `: `, and put a space after the `:` of a key",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            yaml("a key without its `:`", "write `key: value`")
        }
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation => yaml(
            "the indentation fits no line above",
            "keys of one mapping begin in the same column",
        ),
        ErrorKind::BlockSequenceEntryNotAllowed => {
            yaml("a list begins in the middle of a line", "begin the list on a line of its own")
        }
        ErrorKind::UnexpectedCharacter { character } => (
            Code::BadYaml,
            format!(
                "a text can't begin with or hold `{}` without quotes",
                character.escape_default()
            ),
            Some("quote the text"),
        ),
        ErrorKind::UnclosedFlowCollection { open } => {
            (Code::BadYaml, format!("`{open}` is never closed"), None)
        }
        ErrorKind::InvalidColonPlacement => {
            yaml("a `:` where none can stand", "is a `}` or `]` missing before it?")
        }
        ErrorKind::UnclosedQuotedScalar | ErrorKind::InvalidQuotedScalarIndent => {
            yaml("a quoted text does not end", "a quote is missing at its end")
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            yaml("something follows a quoted text", "put the whole text between the quotes")
        }
        ErrorKind::UnknownQuotedScalarEscape => yaml(
            "an escape that YAML does not know",
            "between double quotes a `\\` is written `\\\\`; single quotes have no escapes",
        ),
        other => (Code::BadYaml, other.to_string(), None),
    }
}

fn is_tab(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabInIndentation
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabNotAllowed
            | ErrorKind::TabInPlainScalar
            | ErrorKind::TabAtBlockScalarStart
    )
}

/// Where to point. The parser marks the beginning of the text that a tab interrupts, and the place
/// where it gives up on a quote rather than the quote.
fn place(kind: &ErrorKind, source: &str, offset: usize) -> usize {
    if matches!(kind, ErrorKind::InvalidQuotedScalarIndent) {
        return source.get(..offset).and_then(|before| before.rfind(['"', '\''])).unwrap_or(offset);
    }
    let rest = source.get(offset..).unwrap_or_default();
    let tab = || rest.find('\t').map(|tab| offset + tab);
    is_tab(kind).then(tab).flatten().unwrap_or(offset)
}

/// The character at an offset; a point at the end of a line or of the text.
fn point(source: &str, offset: usize) -> TextSpan {
    let whole = TextSpan { start: 0, end: source.len(), line: 1, column: 1 };
    let length = match source.get(offset..).unwrap_or_default().chars().next() {
        Some(character) if !character.is_control() || character == '\t' => character.len_utf8(),
        _ => 0,
    };
    whole.part(source, offset, offset + length)
}
