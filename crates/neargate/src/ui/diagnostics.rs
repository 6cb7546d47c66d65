//! Draws a manifest's mistakes: file, line, caret, reason, hint.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use manifest::{Diagnostic, Severity};

/// Draws diagnostics, each with its place in `source`, under the name that the user knows the file
/// by.
pub(crate) fn draw(diagnostics: &[Diagnostic], source: &str, path: &str) -> Vec<String> {
    let colours = console::colors_enabled_stderr();
    let renderer = if colours { Renderer::styled() } else { Renderer::plain() };
    diagnostics.iter().map(|held| renderer.render(&[report(held, source, path)])).collect()
}

fn report<'a>(held: &'a Diagnostic, source: &'a str, path: &'a str) -> Group<'a> {
    let level = match held.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(held.message.as_str()).id(held.code.id());
    let group = if held.conceal {
        // The line may hold a secret: its place is named, the line is not shown.
        let at = format!("{path}:{}:{}", held.span.line, held.span.column);
        title.element(Level::NOTE.message(format!("at {at} (not shown: it may be a secret)")))
    } else {
        title.element(snippet(held, source, path))
    };
    match &held.hint {
        Some(hint) => group.element(Level::HELP.message(hint.as_str())),
        None => group,
    }
}

fn snippet<'a>(
    held: &'a Diagnostic,
    source: &'a str,
    path: &'a str,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let primary = AnnotationKind::Primary.span(held.span.start..held.span.end);
    let primary = if held.label.is_empty() { primary } else { primary.label(held.label.as_str()) };
    let related = held.related.iter().map(|related| {
        let span = related.span.start..related.span.end;
        AnnotationKind::Context.span(span).label(related.label.as_str())
    });
    Snippet::source(source).path(path).annotation(primary).annotations(related)
}

#[cfg(test)]
mod tests {
    use super::draw;

    #[test]
    fn a_mistake_is_drawn_with_line_and_caret() {
        let source = "app: shop\nservices:\n  api:\n    build: .\n    prot: 3000\n";
        let (_, diagnostics) = manifest::parse(source);
        let drawn = draw(&diagnostics, source, "neargate.yml").join("\n");
        let plain = console::strip_ansi_codes(&drawn).into_owned();
        assert!(plain.contains("neargate.yml:5:5"), "{plain}");
        assert!(plain.contains("prot: 3000") && plain.contains("^^^^"), "{plain}");
        assert!(plain.contains("port"), "{plain}");
    }
}
