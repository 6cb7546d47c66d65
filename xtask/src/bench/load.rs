//! Load, made by wrk on its own processor.

use super::process::{LOADING, find, pinned};
use std::fs;
use std::path::Path;

/// A load: many connections, each asking again as soon as it is answered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load<'a> {
    /// What is asked.
    pub(crate) url: &'a str,
    /// By how many connections.
    pub(crate) connections: u32,
    /// For how long.
    pub(crate) seconds: u32,
    /// What to ask, where it is not a plain `GET`: a script for wrk.
    pub(crate) script: Option<&'a Path>,
    /// A header field more.
    pub(crate) field: Option<&'a str>,
}

/// What came of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outcome {
    /// How many requests were answered.
    pub(crate) requests: f64,
    /// How many a second.
    pub(crate) rate: f64,
    /// The time within which 99 of 100 were answered, in milliseconds.
    pub(crate) p99: f64,
}

impl Load<'_> {
    /// Makes the load. Anything but success is an error: it would be fast for the wrong reason.
    pub(crate) fn run(&self) -> Result<Outcome, String> {
        let wrk = find("wrk").ok_or("wrk makes the load, and is not on this machine")?;
        let mut command = pinned(LOADING, &wrk);
        command.args(["-t1", "--latency", "--timeout", "10s"]);
        command.arg(format!("-c{}", self.connections)).arg(format!("-d{}s", self.seconds));
        if let Some(script) = self.script {
            command.arg("-s").arg(script);
        }
        if let Some(field) = self.field {
            command.arg("-H").arg(field);
        }
        let output = command.arg(self.url).output().map_err(|why| format!("wrk: {why}"))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if text.contains("Non-2xx") || text.contains("Socket errors") {
            return Err(format!("{}: {text}", self.url));
        }
        parse(&text).ok_or(format!("{}: wrk said {text}", self.url))
    }
}

/// Writes the script of a `POST` with these header fields and this body.
pub(crate) fn write_script(
    path: &Path,
    fields: &[(String, String)],
    body: &str,
) -> Result<(), String> {
    let fields = fields.iter().map(|(name, value)| format!("wrk.headers[{name:?}] = {value:?}\n"));
    let fields: String = fields.collect();
    let script = format!("wrk.method = \"POST\"\nwrk.body = [==[{body}]==]\n{fields}");
    fs::write(path, script).map_err(|why| format!("{}: {why}", path.display()))
}

fn parse(text: &str) -> Option<Outcome> {
    let word = |name: &str, place: usize| {
        let line = text.lines().find(|line| line.contains(name))?;
        line.split_whitespace().nth(place)
    };
    Some(Outcome {
        requests: word("requests in", 0)?.parse().ok()?,
        rate: word("Requests/sec:", 1)?.parse().ok()?,
        p99: millis(word(" 99%", 1)?)?,
    })
}

/// `1.23ms`, `800.00us` or `1.20s`, as wrk prints it.
fn millis(text: &str) -> Option<f64> {
    [("us", 1e-3), ("ms", 1.0), ("s", 1e3)].into_iter().find_map(|(unit, factor)| {
        let number: f64 = text.strip_suffix(unit)?.parse().ok()?;
        Some(number * factor)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "Running 3s test @ http://127.0.0.1:1/
  1 threads and 8 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   302.51us   99.10us   3.31ms   99.10%
    Req/Sec    24.12k     1.20k   26.01k    80.00%
  Latency Distribution
     50%  290.00us
     99%    1.25ms
  72412 requests in 3.00s, 20.55MB read
Requests/sec:  24137.33
";

    #[test]
    fn what_wrk_says_is_read() {
        let outcome = parse(SAID).unwrap();
        assert_eq!((outcome.requests, outcome.rate, outcome.p99), (72_412.0, 24_137.33, 1.25));
        assert_eq!(millis("800.00us"), Some(0.8));
        assert_eq!(millis("1.50s"), Some(1500.0));
        assert_eq!(millis("1.50m"), None);
    }
}
