//! A screen as SVG. Plain text in it, so it can be read, searched and copied.

use super::screen::{Cell, Look};
use std::fmt::Write as _;

/// Half a character's size in a monospaced font of 14 pixels, and a line's height.
const WIDTH: f64 = 8.43;
const HEIGHT: usize = 19;
const MARGIN: usize = 18;

/// Colours that read well on the dark ground, for ANSI's 0 to 7.
const COLOURS: [&str; 8] =
    ["#6b7280", "#f87171", "#4ade80", "#facc15", "#60a5fa", "#e879f9", "#22d3ee", "#e5e7eb"];

/// Draws lines of at most `columns` characters.
pub(crate) fn draw(lines: &[Vec<Cell>], columns: usize) -> String {
    let height = lines.len() * HEIGHT + 2 * MARGIN;
    let width = WIDTH.mul_add(f64::from(u16::try_from(columns).unwrap_or(u16::MAX)), 36.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height}\" \
         viewBox=\"0 0 {width:.0} {height}\" role=\"img\" aria-label=\"neargate up examples/hello\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#111827\"/>\n\
         <g font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, monospace\" font-size=\"14\" \
         fill=\"#e5e7eb\" xml:space=\"preserve\">\n"
    );
    for (row, line) in lines.iter().enumerate() {
        let y = MARGIN + row * HEIGHT + 13;
        let _ = write!(svg, "<text x=\"{MARGIN}\" y=\"{y}\">");
        for run in line.chunk_by(|one, next| one.look == next.look) {
            let text: String = run.iter().map(|cell| cell.character).collect();
            let _ = write!(svg, "<tspan{}>{}</tspan>", style(run[0].look), escape(&text));
        }
        svg.push_str("</text>\n");
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

fn style(look: Look) -> String {
    let mut style = String::new();
    if let Some(colour) = look.colour {
        let _ = write!(style, " fill=\"{}\"", COLOURS[usize::from(colour % 8)]);
    } else if look.dim {
        style.push_str(" fill=\"#9ca3af\"");
    }
    if look.bold {
        style.push_str(" font-weight=\"bold\"");
    }
    style
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
