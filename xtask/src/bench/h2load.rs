//! Load in HTTP/2, made by h2load on its own processor.

use super::load::Outcome;
use super::process::{LOADING, find, pinned};

/// A load: connections with so many requests at once on each.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Streams<'a> {
    /// What is asked.
    pub(crate) url: &'a str,
    /// By how many connections.
    pub(crate) connections: u32,
    /// How many requests each has at once.
    pub(crate) at_once: u32,
    /// For how long.
    pub(crate) seconds: u32,
}

impl Streams<'_> {
    /// Makes the load. Anything but success is an error. It does not say within which time 99 of
    /// 100 were answered.
    pub(crate) fn run(&self) -> Result<Outcome, String> {
        let h2load = find("h2load").ok_or("h2load makes the load (apt install nghttp2-client)")?;
        let mut command = pinned(LOADING, &h2load);
        command.arg("-t1").arg(format!("-c{}", self.connections));
        command.arg(format!("-m{}", self.at_once)).arg(format!("-D{}", self.seconds));
        let output = command.arg(self.url).output().map_err(|why| format!("h2load: {why}"))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        parse(&text).ok_or(format!("{}: h2load said {text}", self.url))
    }
}

fn parse(text: &str) -> Option<Outcome> {
    let line = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
    let number = |line: &str, word: &str| -> Option<f64> {
        let part = line.split(", ").find(|part| part.contains(word))?;
        part.split_whitespace().next()?.parse().ok()
    };
    let requests = line("requests: ")?;
    let codes = line("status codes: ")?;
    let failed =
        ["3xx", "4xx", "5xx"].iter().map(|class| number(codes, class)).sum::<Option<f64>>()?;
    if failed > 0.0 || number(requests, "failed")? > 0.0 {
        return None;
    }
    Some(Outcome {
        requests: number(requests, "succeeded")?,
        rate: number(line("finished in ")?, "req/s")?,
        p99: f64::NAN,
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    const SAID: &str = "starting benchmark...
finished in 4.00s, 24137.25 req/s, 25.01MB/s
requests: 96549 total, 96677 started, 96549 done, 96549 succeeded, 0 failed, 0 errored, 0 timeout
status codes: 96549 2xx, 0 3xx, 0 4xx, 0 5xx
";

    #[test]
    fn what_h2load_says_is_read() {
        let outcome = parse(SAID).unwrap();
        assert_eq!((outcome.requests, outcome.rate), (96_549.0, 24_137.25));
        assert!(parse(&SAID.replace("0 5xx", "9 5xx")).is_none());
        assert!(parse(&SAID.replace("0 failed", "9 failed")).is_none());
    }
}
