//! Signals by the names that images give them.

use rustix::process::Signal;

/// The signal that stops a container whose image names none.
pub(super) const DEFAULT: i32 = 15;

/// The number of a signal: `SIGTERM`, `TERM` and `15` are the same. Absent for a name or number
/// that this system does not have.
pub(super) fn number(name: &str) -> Option<i32> {
    let upper = name.trim().to_ascii_uppercase();
    let short = upper.strip_prefix("SIG").unwrap_or(&upper);
    let named = SIGNALS.iter().find(|(word, _)| *word == short).map(|(_, signal)| *signal);
    named.or_else(|| Signal::from_named_raw(short.parse().ok()?)).map(Signal::as_raw)
}

/// What POSIX names; real-time signals are left out, no image we know of stops by one.
const SIGNALS: [(&str, Signal); 22] = [
    ("HUP", Signal::HUP),
    ("INT", Signal::INT),
    ("QUIT", Signal::QUIT),
    ("ILL", Signal::ILL),
    ("TRAP", Signal::TRAP),
    ("ABRT", Signal::ABORT),
    ("BUS", Signal::BUS),
    ("FPE", Signal::FPE),
    ("KILL", Signal::KILL),
    ("USR1", Signal::USR1),
    ("SEGV", Signal::SEGV),
    ("USR2", Signal::USR2),
    ("PIPE", Signal::PIPE),
    ("ALRM", Signal::ALARM),
    ("TERM", Signal::TERM),
    ("CONT", Signal::CONT),
    ("STOP", Signal::STOP),
    ("TSTP", Signal::TSTP),
    ("TTIN", Signal::TTIN),
    ("TTOU", Signal::TTOU),
    ("XCPU", Signal::XCPU),
    ("WINCH", Signal::WINCH),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_may_be_written_in_three_ways() {
        for name in ["SIGTERM", "TERM", "sigterm", "15"] {
            assert_eq!(number(name), Some(DEFAULT), "{name}");
        }
        assert_eq!(number("SIGHORSE"), None);
        assert_eq!(number("0"), None);
        assert_eq!(number("99"), None);
        assert_eq!(number("SIGWINCH"), Some(Signal::WINCH.as_raw()));
    }
}
