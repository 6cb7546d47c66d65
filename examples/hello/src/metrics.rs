//! Counters in Prometheus's text format.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Upper bounds of the duration buckets, in milliseconds.
const BOUNDS: [u64; 5] = [5, 25, 100, 500, 2500];

#[derive(Default)]
pub struct Metrics {
    by_class: [AtomicU64; 6],
    buckets: [AtomicU64; BOUNDS.len()],
    micros: AtomicU64,
}

impl Metrics {
    /// Counts an answered request.
    pub fn count(&self, status: u16, took: Duration) {
        self.by_class[usize::from(status / 100).min(5)].fetch_add(1, Relaxed);
        self.micros.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Relaxed);
        for (bucket, bound) in self.buckets.iter().zip(BOUNDS) {
            if took <= Duration::from_millis(bound) {
                bucket.fetch_add(1, Relaxed);
            }
        }
    }

    /// All counters as text.
    pub fn show(&self) -> String {
        let mut text = String::from("# TYPE http_requests_total counter\n");
        let mut total = 0;
        for (class, count) in self.by_class.iter().enumerate().skip(1) {
            let count = count.load(Relaxed);
            total += count;
            let _ = writeln!(text, "http_requests_total{{status=\"{class}xx\"}} {count}");
        }
        text.push_str("# TYPE http_request_duration_seconds histogram\n");
        for (bucket, bound) in self.buckets.iter().zip(BOUNDS) {
            let (seconds, count) = (Duration::from_millis(bound).as_secs_f64(), bucket.load(Relaxed));
            let _ = writeln!(text, "http_request_duration_seconds_bucket{{le=\"{seconds}\"}} {count}");
        }
        let seconds = Duration::from_micros(self.micros.load(Relaxed)).as_secs_f64();
        let _ = writeln!(text, "http_request_duration_seconds_bucket{{le=\"+Inf\"}} {total}");
        let _ = writeln!(text, "http_request_duration_seconds_sum {seconds}");
        let _ = writeln!(text, "http_request_duration_seconds_count {total}");
        text
    }
}
