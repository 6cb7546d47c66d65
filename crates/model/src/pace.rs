//! How fast AWS's own waits pass.

use crate::time::Span;
use std::fmt;

/// The `--speed` of a region: AWS-side waits are divided by it, the containers' own time is not.
///
/// What counts as AWS-side is decided where the wait is decided, and said there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    speed: f64,
}

/// A speed must be a finite number of at least 1: slower than AWS serves nobody.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InvalidSpeed(pub f64);

impl Pace {
    /// AWS's own pace.
    pub const REAL: Self = Self { speed: 1.0 };

    /// A pace of `speed` times AWS's.
    ///
    /// # Errors
    /// When the speed is below 1 or not a number.
    pub fn new(speed: f64) -> Result<Self, InvalidSpeed> {
        if speed.is_finite() && speed >= 1.0 {
            Ok(Self { speed })
        } else {
            Err(InvalidSpeed(speed))
        }
    }

    /// How many times faster than AWS.
    #[must_use]
    pub fn speed(self) -> f64 {
        self.speed
    }

    /// How long an AWS-side wait takes here. 30 s at speed 20 are 1.5 s.
    #[must_use]
    pub fn wait(self, on_aws: Span) -> Span {
        on_aws.divided_by(self.speed)
    }
}

impl fmt::Display for InvalidSpeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a speed must be a number of at least 1, not {}", self.0)
    }
}

impl std::error::Error for InvalidSpeed {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_divided_by_the_speed() {
        let pace = Pace::new(20.0).unwrap();
        assert_eq!(pace.wait(Span::seconds(30)), Span::millis(1500));
        assert_eq!(Pace::REAL.wait(Span::seconds(30)), Span::seconds(30));
    }

    #[test]
    fn slower_than_aws_is_refused() {
        assert_eq!(Pace::new(0.5), Err(InvalidSpeed(0.5)));
        assert!(Pace::new(f64::NAN).is_err());
        assert!(Pace::new(f64::INFINITY).is_err());
    }
}
