//! Draws findings of a check: rule, file, line, caret, evidence, fix.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use check::{Finding, Severity};
use source::Place;

/// Draws a finding; `text` gives the text of a file, and `shown` the name that the user knows it by.
pub(crate) fn draw<'t>(
    finding: &Finding,
    text: impl Fn(&str) -> Option<&'t str>,
    shown: impl Fn(&str) -> String,
) -> String {
    let renderer = if console::colors_enabled() { Renderer::styled() } else { Renderer::plain() };
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(finding.message.as_str()).id(finding.rule);
    let (own, others): (Vec<_>, Vec<_>) =
        finding.related.iter().partition(|it| it.place.file == finding.place.file);
    let mut group = match text(&finding.place.file).filter(|text| is_within(text, &finding.place)) {
        Some(text) if !finding.conceal => {
            let primary = AnnotationKind::Primary.span(span(text, &finding.place));
            let primary = match finding.label.as_str() {
                "" => primary,
                label => primary.label(label),
            };
            let related = own.iter().filter(|it| is_within(text, &it.place));
            let related = related.map(|it| {
                AnnotationKind::Context.span(span(text, &it.place)).label(it.label.as_str())
            });
            let path = shown(&finding.place.file);
            title.element(Snippet::source(text).path(path).annotation(primary).annotations(related))
        }
        _ => title.element(Level::NOTE.message(format!("at {}", at(&finding.place, &shown)))),
    };
    for other in others {
        group = match text(&other.place.file).filter(|text| is_within(text, &other.place)) {
            Some(text) => {
                let there = AnnotationKind::Context.span(span(text, &other.place));
                let path = shown(&other.place.file);
                let there = there.label(other.label.as_str());
                group.element(Snippet::source(text).path(path).annotation(there))
            }
            None => {
                let note = format!("{}: {}", at(&other.place, &shown), other.label);
                group.element(Level::NOTE.message(note))
            }
        };
    }
    for fact in &finding.evidence {
        group = group.element(Level::NOTE.message(fact.as_str()));
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// A finding in one line.
pub(crate) fn line(finding: &Finding, shown: impl Fn(&str) -> String) -> String {
    format!("{}: {} [{}]", at(&finding.place, &shown), finding.message, finding.rule)
}

fn at(place: &Place, shown: &impl Fn(&str) -> String) -> String {
    format!("{}:{}:{}", shown(&place.file), place.line, place.column)
}

/// What is underlined: of several lines the first.
fn span(text: &str, place: &Place) -> std::ops::Range<usize> {
    let (start, end) = (place.start as usize, place.end as usize);
    let line = text[start..end].lines().next().unwrap_or_default();
    start..start + line.len()
}

fn is_within(text: &str, place: &Place) -> bool {
    let (start, end) = (place.start as usize, place.end as usize);
    start <= end && text.is_char_boundary(start) && text.is_char_boundary(end)
}
