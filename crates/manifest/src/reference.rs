//! The reference page's tables: every key, what has no effect locally yet, and every code.

use crate::Code;
use crate::kind::{Field, Part as _, Presence, Record, Shape};
use crate::not_yet::NOT_YET;
use crate::parts::root::Root;
use std::fmt::Write as _;

/// Every record with its keys, the keys without effect in the local region yet, and every code of a
/// mistake, in Markdown. The page that has them says what can't be read off a table.
#[must_use]
pub fn reference() -> String {
    let mut page = String::new();
    let mut records = Vec::new();
    collect(Root::record(), &mut records);
    for record in records {
        let heading = if record.name == Root::record().name { "Top level" } else { record.name };
        section(heading, record, &mut page);
    }
    not_yet(&mut page);
    codes(&mut page);
    page
}

/// The records in the order in which a reader meets them.
fn collect(record: &'static Record, records: &mut Vec<&'static Record>) {
    if records.iter().any(|known| known.name == record.name) {
        return;
    }
    records.push(record);
    for field in &record.fields {
        if let Some(inner) = inner(&field.shape) {
            collect(inner, records);
        }
    }
}

/// The record inside a shape.
fn inner(shape: &Shape) -> Option<&'static Record> {
    match shape {
        Shape::Value(_) => None,
        Shape::List { item: shape, .. } | Shape::Map { value: shape, .. } => inner(shape),
        Shape::Record(record) => Some(record()),
    }
}

fn section(heading: &str, record: &Record, page: &mut String) {
    // Writing to a String can't fail; neither can it below.
    let _ = writeln!(page, "## {heading}\n\n{}\n", record.doc);
    if let Some(short) = record.short {
        let _ = writeln!(page, "A value alone stands for `{short}`.\n");
    }
    page.push_str("| key | meaning | value | if absent |\n|---|---|---|---|\n");
    for field in &record.fields {
        row(field, page);
    }
    page.push('\n');
}

fn row(field: &Field, page: &mut String) {
    let absent = match &field.presence {
        Presence::Required => "an error".to_owned(),
        Presence::Default { because: "see there", .. } => "its own defaults".to_owned(),
        Presence::Default { text, because, .. } => format!("`{text}`: {because}"),
        Presence::Optional { absent } => (*absent).to_owned(),
    };
    let cells = [format!("`{}`", field.name), field.doc.clone(), field.shape.words(), absent];
    let cells = cells.map(|cell| cell.replace('|', "\\|"));
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

fn not_yet(page: &mut String) {
    page.push_str("## Without effect in the local region yet\n\n| key | instead |\n|---|---|\n");
    for field in &NOT_YET {
        let _ = writeln!(page, "| `{}` | {} |", field.path, field.instead);
    }
    page.push('\n');
}

fn codes(page: &mut String) {
    page.push_str("## Codes\n\n| code | mistake |\n|---|---|\n");
    for code in Code::ALL {
        let _ = writeln!(page, "| {} | {} |", code.id(), code.title());
    }
}

#[cfg(test)]
mod tests;
