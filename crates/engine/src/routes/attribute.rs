//! Attributes of load balancers, listeners and target groups as the gateway has them; AWS's
//! defaults where nothing was set (reference §4.6, §4.8).

use gateway::{
    Algorithm, Attributes, Desync, ForwardedFor, HostHeader, InvalidHeaders, Retouch, ServerHeader,
    Stickiness, Threshold, TlsHeaders,
};
use model::{Pace, Span};
use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::Duration;

/// What clients have set. The handlers let only values in that AWS takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings<'a>(pub(super) &'a BTreeMap<String, String>);

// === impl Settings ===

impl Settings<'_> {
    /// A load balancer's.
    pub(super) fn attributes(self) -> Attributes {
        let aws = Attributes::default();
        let with_port = self.is("routing.http.xff_client_port.enabled", "true");
        Attributes {
            idle_timeout: self.seconds("idle_timeout.timeout_seconds").unwrap_or(aws.idle_timeout),
            client_keep_alive: self
                .seconds("client_keep_alive.seconds")
                .unwrap_or(aws.client_keep_alive),
            forwarded_for: match self.word("routing.http.xff_header_processing.mode") {
                Some("preserve") => ForwardedFor::Preserve,
                Some("remove") => ForwardedFor::Remove,
                _ if with_port => ForwardedFor::AppendWithPort,
                _ => ForwardedFor::Append,
            },
            host_header: if self.is("routing.http.preserve_host_header.enabled", "true") {
                HostHeader::Preserve
            } else {
                HostHeader::Rewrite
            },
            invalid_headers: if self.is("routing.http.drop_invalid_header_fields.enabled", "true") {
                InvalidHeaders::Drop
            } else {
                InvalidHeaders::Route
            },
            tls_headers: if self
                .is("routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "true")
            {
                TlsHeaders::Present
            } else {
                TlsHeaders::Absent
            },
            access_log: aws.access_log,
            desync: match self.word("routing.http.desync_mitigation_mode") {
                Some("monitor") => Desync::Monitor,
                Some("strictest") => Desync::Strictest,
                _ => Desync::Defensive,
            },
        }
    }

    /// A load balancer's: whether its HTTPS listeners offer HTTP/2.
    pub(super) fn http2(self) -> bool {
        !self.is("routing.http2.enabled", "false")
    }

    /// A load balancer's: whether it says what became of each request.
    pub(super) fn keeps_access_log(self) -> bool {
        self.is("access_logs.s3.enabled", "true")
    }

    /// A listener's.
    pub(super) fn retouch(self) -> Retouch {
        let values = self.0.iter().filter(|(_, value)| !value.is_empty());
        let headers = values.filter_map(|(key, value)| Some((header(key)?, value.clone())));
        let server = if self.is("routing.http.response.server.enabled", "false") {
            ServerHeader::Removed
        } else {
            ServerHeader::Kept
        };
        let name = |kind: &str, usual: String| {
            let key = format!("routing.http.request.x_amzn_tls_{kind}.header_name");
            self.word(&key).filter(|name| !name.is_empty()).map_or(usual, str::to_owned)
        };
        let usual = Retouch::default();
        Retouch {
            server,
            headers: headers.collect(),
            tls_version_name: name("version", usual.tls_version_name),
            tls_cipher_name: name("cipher_suite", usual.tls_cipher_name),
        }
    }

    /// A target group's.
    pub(super) fn algorithm(self) -> Algorithm {
        match self.word("load_balancing.algorithm.type") {
            Some("least_outstanding_requests") => Algorithm::LeastOutstandingRequests,
            Some("weighted_random") => Algorithm::WeightedRandom,
            _ => Algorithm::RoundRobin,
        }
    }

    /// A target group's. It is AWS's wait, and passes at the region's speed.
    pub(super) fn slow_start(self, pace: Pace) -> Duration {
        let seconds = self.number("slow_start.duration_seconds").unwrap_or(0);
        pace.wait(Span::seconds(seconds)).into()
    }

    /// A target group's. How long a client stays is the client's time, and not divided.
    pub(super) fn stickiness(self) -> Option<Stickiness> {
        const DAY: Duration = Duration::from_secs(86_400);
        if !self.is("stickiness.enabled", "true") {
            return None;
        }
        Some(match self.word("stickiness.type") {
            Some("app_cookie") => Stickiness::Application {
                cookie: self
                    .word("stickiness.app_cookie.cookie_name")
                    .unwrap_or_default()
                    .to_owned(),
                lasting: self.seconds("stickiness.app_cookie.duration_seconds").unwrap_or(DAY),
            },
            _ => Stickiness::Balancer {
                lasting: self.seconds("stickiness.lb_cookie.duration_seconds").unwrap_or(DAY),
            },
        })
    }

    /// A target group's. A percentage that is `off` is no number.
    pub(super) fn threshold(self) -> Threshold {
        let least = |unit| {
            let side = "target_group_health.unhealthy_state_routing.minimum_healthy_targets";
            self.number(&format!("{side}.{unit}"))
        };
        Threshold { count: least("count").unwrap_or(1), percentage: least("percentage") }
    }

    fn word(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    fn is(&self, key: &str, value: &str) -> bool {
        self.word(key) == Some(value)
    }

    fn number<T: FromStr>(&self, key: &str) -> Option<T> {
        self.word(key)?.parse().ok()
    }

    fn seconds(&self, key: &str) -> Option<Duration> {
        self.number(key).map(Duration::from_secs)
    }
}

/// The header that a listener's attribute sets: `X-Frame-Options` of
/// `routing.http.response.x_frame_options.header_value`.
fn header(key: &str) -> Option<String> {
    let key = key.strip_prefix("routing.http.response.")?;
    let words = key.strip_suffix(".header_value")?.split('_').map(|word| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        first.to_ascii_uppercase() + rest
    });
    Some(words.collect::<Vec<_>>().join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    /// A value that is not AWS's default, for each attribute that the routes follow (reference §4.6,
    /// §4.8). What others depend on stands before them.
    const FOLLOWED: &[(&str, &str)] = &[
        ("access_logs.s3.enabled", "true"),
        ("client_keep_alive.seconds", "60"),
        ("idle_timeout.timeout_seconds", "5"),
        ("routing.http.desync_mitigation_mode", "strictest"),
        ("routing.http.drop_invalid_header_fields.enabled", "true"),
        ("routing.http.preserve_host_header.enabled", "true"),
        ("routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "true"),
        ("routing.http.xff_client_port.enabled", "true"),
        ("routing.http.xff_header_processing.mode", "remove"),
        ("routing.http2.enabled", "false"),
        ("load_balancing.algorithm.type", "weighted_random"),
        ("slow_start.duration_seconds", "30"),
        ("stickiness.enabled", "true"),
        ("stickiness.lb_cookie.duration_seconds", "5"),
        ("stickiness.type", "app_cookie"),
        ("stickiness.app_cookie.cookie_name", "mine"),
        ("stickiness.app_cookie.duration_seconds", "5"),
        ("target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", "2"),
        ("target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage", "50"),
    ];

    /// Attributes that have their effect elsewhere: at the handlers, in `control`, in the file that
    /// access logs are written to; and one that is only taken with the value that changes nothing.
    const ELSEWHERE: &[&str] = &[
        "access_logs.s3.bucket",
        "access_logs.s3.prefix",
        "deletion_protection.enabled",
        "deregistration_delay.timeout_seconds",
        "load_balancing.algorithm.anomaly_mitigation",
    ];

    #[test]
    fn every_attribute_has_its_effect_or_is_said_to_have_none() {
        let is_said = |key: &str| {
            services::elbv2::STORED_ONLY.iter().any(|(said, _)| match said.strip_suffix('*') {
                Some(front) => key.starts_with(front),
                None => *said == key,
            })
        };
        for key in services::elbv2::attribute_keys().concat() {
            let known = [
                FOLLOWED.iter().any(|(followed, _)| *followed == key),
                ELSEWHERE.contains(&key),
                is_said(key),
            ];
            assert_eq!(known.into_iter().filter(|known| *known).count(), 1, "{key}");
        }
    }

    #[test]
    fn the_routes_follow_each_attribute() {
        let all = |set: &BTreeMap<String, String>| {
            let set = Settings(set);
            let pace = Pace::new(1.0).unwrap();
            format!(
                "{:?}",
                (
                    (set.attributes(), set.http2(), set.keeps_access_log()),
                    (set.algorithm(), set.slow_start(pace), set.stickiness(), set.threshold()),
                )
            )
        };
        let mut set = BTreeMap::new();
        for (key, value) in FOLLOWED {
            let before = all(&set);
            set.insert((*key).to_owned(), (*value).to_owned());
            assert_ne!(all(&set), before, "{key}");
        }
    }

    #[test]
    fn what_was_not_set_is_as_aws_has_it() {
        let none = BTreeMap::new();
        let none = Settings(&none);
        assert_eq!(none.attributes(), Attributes::default());
        assert!(none.http2());
        assert_eq!(none.retouch(), Retouch::default());
        assert_eq!(none.algorithm(), Algorithm::RoundRobin);
        assert_eq!(none.slow_start(Pace::new(1.0).unwrap()), Duration::ZERO);
        assert_eq!(none.stickiness(), None);
        assert_eq!(none.threshold(), Threshold::default());
    }

    #[test]
    fn a_listener_sets_the_headers_that_have_values() {
        let set = settings(&[
            ("routing.http.response.server.enabled", "false"),
            ("routing.http.response.x_frame_options.header_value", "DENY"),
            ("routing.http.response.access_control_max_age.header_value", ""),
        ]);
        let retouch = Settings(&set).retouch();
        assert_eq!(retouch.server, ServerHeader::Removed);
        assert_eq!(retouch.headers, [("X-Frame-Options".to_owned(), "DENY".to_owned())]);
    }

    #[test]
    fn a_group_keeps_clients_in_the_way_that_is_set() {
        let mut set = settings(&[
            ("stickiness.enabled", "true"),
            ("stickiness.lb_cookie.duration_seconds", "60"),
            ("stickiness.app_cookie.cookie_name", "session"),
        ]);
        let minute = Duration::from_secs(60);
        assert_eq!(Settings(&set).stickiness(), Some(Stickiness::Balancer { lasting: minute }));
        set.insert("stickiness.type".to_owned(), "app_cookie".to_owned());
        let day = Duration::from_secs(86_400);
        let way = Stickiness::Application { cookie: "session".to_owned(), lasting: day };
        assert_eq!(Settings(&set).stickiness(), Some(way));
        set.insert("stickiness.enabled".to_owned(), "false".to_owned());
        assert_eq!(Settings(&set).stickiness(), None);
    }

    #[test]
    fn a_percentage_that_is_off_is_none() {
        let side = "target_group_health.unhealthy_state_routing.minimum_healthy_targets";
        let (count, part) = (format!("{side}.count"), format!("{side}.percentage"));
        let check = |value: &str, expected| {
            let set = settings(&[(&count, "3"), (&part, value)]);
            let threshold = Threshold { count: 3, percentage: expected };
            assert_eq!(Settings(&set).threshold(), threshold, "{value}");
        };
        check("off", None);
        check("50", Some(50));
    }
}
