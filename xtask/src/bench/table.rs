//! The table of figures.

use super::median;

/// One line of the table.
pub(crate) struct Figure {
    name: String,
    unit: &'static str,
    ours: Vec<f64>,
    beside: Beside,
    bar: Bar,
}

/// What stands beside ours.
pub(crate) enum Beside {
    /// Nothing: the bar is a number.
    Nothing,
    /// The same of a peer, or a bound, round by round.
    Samples(&'static str, Vec<f64>),
    /// A peer that is not on this machine.
    Missing(&'static str),
}

/// What is asked for.
#[derive(Clone, Copy)]
pub(crate) enum Bar {
    /// Nothing: the figure is for information.
    None,
    /// Less than this.
    Below(f64),
    /// At least so many times as much as beside it.
    AtLeast(f64),
    /// At most so many times as much as beside it.
    AtMost(f64),
}

// === impl Figure ===

impl Figure {
    /// A figure with nothing beside it.
    pub(crate) fn alone(name: &str, unit: &'static str, ours: Vec<f64>, bar: Bar) -> Self {
        Self { name: name.to_owned(), unit, ours, beside: Beside::Nothing, bar }
    }

    /// A figure with something beside it.
    pub(crate) fn compared(
        name: &str,
        unit: &'static str,
        ours: Vec<f64>,
        beside: Beside,
        bar: Bar,
    ) -> Self {
        Self { name: name.to_owned(), unit, ours, beside, bar }
    }

    /// Ours divided by what stands beside it: the median of the rounds' ratios, for what disturbs
    /// one program of a round disturbs its neighbour too.
    fn ratio(&self) -> Option<f64> {
        let Beside::Samples(_, theirs) = &self.beside else { return None };
        let rounds = self.ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs);
        Some(median(&rounds.collect::<Vec<_>>()))
    }

    fn verdict(&self) -> &'static str {
        let met = match (self.bar, self.ratio()) {
            (Bar::None, _) => return "",
            (Bar::Below(most), _) => median(&self.ours) < most,
            (Bar::AtLeast(least), Some(ratio)) => ratio >= least,
            (Bar::AtMost(most), Some(ratio)) => ratio <= most,
            (Bar::AtLeast(_) | Bar::AtMost(_), None) => return "PEER MISSING",
        };
        if met { "met" } else { "MISSED" }
    }

    fn cells(&self) -> [String; 6] {
        let beside = match &self.beside {
            Beside::Nothing => String::new(),
            Beside::Samples(name, theirs) => format!("{} ({name})", amount(median(theirs))),
            Beside::Missing(name) => format!("{name} is missing"),
        };
        let bar = match self.bar {
            Bar::None => String::new(),
            Bar::Below(most) => format!("< {most} {}", self.unit),
            Bar::AtLeast(least) => format!("≥ {least} ×"),
            Bar::AtMost(most) => format!("≤ {most} ×"),
        };
        let ratio = self.ratio().map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
        let ours = format!("{} {}", amount(median(&self.ours)), self.unit);
        [self.name.clone(), ours, beside, ratio, bar, self.verdict().to_owned()]
    }
}

/// The table as Markdown, its columns aligned.
pub(crate) fn draw(figures: &[Figure]) -> String {
    let heads = ["figure", "ours", "peer or bound", "ratio", "bar", "verdict"].map(str::to_owned);
    let rows: Vec<[String; 6]> =
        [heads].into_iter().chain(figures.iter().map(Figure::cells)).collect();
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..6).map(width).collect();
    let line = |cells: &[String; 6]| {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| format!(" {cell:<width$} "));
        format!("|{}|\n", padded.collect::<Vec<_>>().join("|"))
    };
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(width + 2)).collect();
    let mut drawn = rows.iter().map(line).collect::<Vec<_>>();
    drawn.insert(1, format!("|{}|\n", rule.join("|")));
    drawn.concat()
}

/// A number with as many digits as its size deserves.
fn amount(value: f64) -> String {
    match value.abs() {
        large if large >= 1000.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(ours: &[f64], theirs: &[f64], bar: Bar) -> &'static str {
        let beside = Beside::Samples("peer", theirs.to_vec());
        Figure::compared("figure", "ms", ours.to_vec(), beside, bar).verdict()
    }

    #[test]
    fn a_verdict_follows_from_the_median_of_the_rounds() {
        assert_eq!(compared(&[1.0, 2.0, 30.0], &[1.0, 2.0, 3.0], Bar::AtMost(1.05)), "met");
        assert_eq!(compared(&[1.0, 2.2, 3.3], &[1.0, 2.0, 3.0], Bar::AtMost(1.05)), "MISSED");
        assert_eq!(compared(&[100.0], &[2.0], Bar::AtLeast(50.0)), "met");
        assert_eq!(compared(&[99.0], &[2.0], Bar::AtLeast(50.0)), "MISSED");
    }

    #[test]
    fn a_missing_peer_is_no_success() {
        let beside = Beside::Missing("peer");
        let figure = Figure::compared("figure", "ms", vec![1.0], beside, Bar::AtMost(2.0));
        assert_eq!(figure.verdict(), "PEER MISSING");
    }

    #[test]
    fn columns_are_aligned() {
        let figures = [
            Figure::alone("a", "ms", vec![1.0], Bar::Below(25.0)),
            Figure::alone("longer", "requests/s", vec![12_345.0], Bar::None),
        ];
        let drawn = draw(&figures);
        let lengths: Vec<usize> = drawn.lines().map(|line| line.chars().count()).collect();
        assert!(lengths.iter().all(|length| *length == lengths[0]), "{drawn}");
    }
}
