//! What is asked for on the command line.

use super::machine::Driver;
use std::time::{SystemTime, UNIX_EPOCH};

/// How the drills are asked for.
pub(super) const USAGE: &str = "how to drill:
  cargo xtask drill rollouts [--times 100] [--driver process|docker] [--example notes|hello]
                             [--connections 8] [--kill] [--speed 100] [--seed N]
  cargo xtask drill crashes  [--times 200] [--driver process|docker] [--speed 100] [--seed N]
  cargo xtask drill ship     [--example rms|scalemap|slugger|health-advisor|portfolio] [--speed 50]

  --times        how many rollouts, or how many crashes
  --connections  how many clients of each kind: kept connections, new ones, slow requests
  --kill         kill tasks by chance, where at least two healthy ones remain
  --speed        how many times faster than AWS its waits pass
  --seed         where chance begins; each run says its own";

/// Which drill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drill {
    Rollouts,
    Crashes,
    Ship,
}

/// Whether tasks are killed during rollouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Killing {
    Yes,
    No,
}

/// A drill with its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) drill: Drill,
    /// How many rollouts or crashes.
    pub(super) times: usize,
    pub(super) driver: Driver,
    /// The example's folder below `examples`.
    pub(super) example: String,
    /// How many clients of each kind.
    pub(super) connections: usize,
    pub(super) killing: Killing,
    /// How many times faster than AWS its waits pass.
    pub(super) speed: u32,
    /// Where chance begins.
    pub(super) seed: u64,
}

// === impl Options ===

impl Options {
    /// Reads the words behind `drill`.
    pub(super) fn parse(words: &[String]) -> Result<Self, String> {
        let mut words = words.iter().map(String::as_str);
        let mut options = match words.next() {
            Some("rollouts") => Self::new(Drill::Rollouts, 100),
            Some("crashes") => Self::new(Drill::Crashes, 200),
            Some("ship") => {
                Self { example: "all".to_owned(), speed: 50, ..Self::new(Drill::Ship, 1) }
            }
            Some(other) => return Err(format!("there is no drill `{other}`\n{USAGE}")),
            None => return Err(format!("which drill?\n{USAGE}")),
        };
        while let Some(word) = words.next() {
            let only_rollouts = ["--example", "--connections", "--kill"].contains(&word);
            if only_rollouts && options.drill == Drill::Crashes {
                return Err(format!("`{word}` is for rollouts\n{USAGE}"));
            }
            let of_shipping = ["--example", "--speed"].contains(&word);
            if options.drill == Drill::Ship && !of_shipping {
                return Err(format!("`{word}` is not for shipping\n{USAGE}"));
            }
            if word == "--kill" {
                options.killing = Killing::Yes;
                continue;
            }
            let value = words.next().ok_or_else(|| format!("`{word}` needs a value\n{USAGE}"))?;
            options.set(word, value)?;
        }
        Ok(options)
    }

    fn new(drill: Drill, times: usize) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            drill,
            times,
            driver: Driver::Process,
            example: "notes".to_owned(),
            connections: 8,
            killing: Killing::No,
            speed: 100,
            seed: now.as_secs(),
        }
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "--times" => self.times = number(name, value)?,
            "--driver" => self.driver = Driver::named(value)?,
            "--example" => self.example = value.to_owned(),
            "--connections" => self.connections = number(name, value)?,
            "--speed" => self.speed = number(name, value)?,
            "--seed" => self.seed = number(name, value)?,
            _ => return Err(format!("there is no `{name}`\n{USAGE}")),
        }
        Ok(())
    }
}

/// A number that is not zero.
fn number<N: std::str::FromStr + PartialEq + Default>(
    name: &str,
    value: &str,
) -> Result<N, String> {
    let number = value.parse().ok().filter(|number| *number != N::default());
    number.ok_or_else(|| format!("`{name} {value}`: a whole number above 0 is expected"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, String> {
        Options::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_not_said_is_the_usual() {
        let options = parse("rollouts --seed 7").unwrap();
        assert_eq!((options.times, options.connections, options.speed), (100, 8, 100));
        assert_eq!((options.driver, options.killing), (Driver::Process, Killing::No));
        assert_eq!(parse("crashes").unwrap().times, 200);
        let ship = parse("ship").unwrap();
        assert_eq!((ship.example.as_str(), ship.speed), ("all", 50));
    }

    #[test]
    fn what_is_said_counts() {
        let options = parse("rollouts --kill --times 3 --driver docker --example hello").unwrap();
        assert_eq!((options.times, options.killing), (3, Killing::Yes));
        assert_eq!((options.driver, options.example.as_str()), (Driver::Docker, "hello"));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for line in [
            "",
            "fire",
            "rollouts --times",
            "rollouts --times 0",
            "rollouts --times many",
            "rollouts --driver podman",
            "rollouts --loud",
            "crashes --kill",
            "crashes --example hello",
            "ship --times 3",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
