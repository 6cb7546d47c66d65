use super::*;
use std::collections::BTreeMap;

type Settings = BTreeMap<String, String>;
/// Keys and values of a request.
type Given<'a> = &'a [(&'a str, &'a str)];

/// What a test needs of one kind of attributes.
struct Kind {
    describe: fn(&mut Region, &str) -> Settings,
    modify: fn(&mut Region, &str, Given<'_>) -> Result<Settings, String>,
}

/// A [`Kind`] from the names that AWS has for it.
macro_rules! kind {
    ($describe:ident($describing:ident), $modify:ident($modifying:ident), $arn:ident, $attribute:ident) => {
        Kind {
            describe: |region, arn| {
                let input = $describing { $arn: arn.to_owned() };
                let shown = region.ok::<$describe>(input).attributes.unwrap();
                shown.into_iter().map(|a| (a.key.unwrap(), a.value.unwrap())).collect()
            },
            modify: |region, arn, given| {
                let attribute = |(key, value): &(&str, &str)| $attribute {
                    key: Some((*key).to_owned()),
                    value: Some((*value).to_owned()),
                };
                let attributes = given.iter().map(attribute).collect();
                let input = $modifying { $arn: arn.to_owned(), attributes };
                let answer = region.call::<$modify>(input).map_err(|fault| fault.to_string())?;
                let shown = answer.attributes.unwrap();
                Ok(shown.into_iter().map(|a| (a.key.unwrap(), a.value.unwrap())).collect())
            },
        }
    };
}

const BALANCER: Kind = kind!(
    DescribeLoadBalancerAttributes(DescribeLoadBalancerAttributesInput),
    ModifyLoadBalancerAttributes(ModifyLoadBalancerAttributesInput),
    load_balancer_arn,
    LoadBalancerAttribute
);
const GROUP: Kind = kind!(
    DescribeTargetGroupAttributes(DescribeTargetGroupAttributesInput),
    ModifyTargetGroupAttributes(ModifyTargetGroupAttributesInput),
    target_group_arn,
    TargetGroupAttribute
);
const LISTENER: Kind = kind!(
    DescribeListenerAttributes(DescribeListenerAttributesInput),
    ModifyListenerAttributes(ModifyListenerAttributesInput),
    listener_arn,
    ListenerAttribute
);

/// Each of them is refused with its text, and nothing changes.
fn check_refusals(kind: &Kind, region: &mut Region, arn: &str, refusals: &[(Given<'_>, &str)]) {
    let before = (kind.describe)(region, arn);
    for (given, expected) in refusals {
        let refused = (kind.modify)(region, arn, given).expect_err("the change is refused");
        assert_eq!(refused, *expected);
    }
    assert_eq!((kind.describe)(region, arn), before);
}

#[test]
fn attributes_have_awss_defaults_until_they_are_set() {
    let mut region = region();
    let shop = balancer(&mut region, "shop");
    let (web, front) = (group(&mut region, "web"), listener(&mut region, &shop));
    for (kind, arn, key, default, value, count) in [
        (BALANCER, &shop, "idle_timeout.timeout_seconds", "60", "4000", 23),
        (BALANCER, &shop, "routing.http.desync_mitigation_mode", "defensive", "monitor", 23),
        (GROUP, &web, "deregistration_delay.timeout_seconds", "300", "0", 14),
        (GROUP, &web, "slow_start.duration_seconds", "0", "30", 14),
        (
            GROUP,
            &web,
            "load_balancing.cross_zone.enabled",
            "use_load_balancer_configuration",
            "false",
            14,
        ),
        (LISTENER, &front, "routing.http.response.server.enabled", "true", "false", 11),
        (LISTENER, &front, "routing.http.response.x_frame_options.header_value", "", "DENY", 11),
    ] {
        let mut shown = (kind.describe)(&mut region, arn);
        assert_eq!((shown[key].as_str(), shown.len()), (default, count));
        let changed = (kind.modify)(&mut region, arn, &[(key, value)]).unwrap();
        shown.insert(key.to_owned(), value.to_owned());
        assert_eq!(changed, shown);
        assert_eq!(changed, (kind.describe)(&mut region, arn));
        (kind.modify)(&mut region, arn, &[(key, default)]).unwrap();
    }
}

#[test]
fn an_internal_load_balancer_denies_the_gateway_unless_told() {
    let mut region = region();
    let scheme = Some("internal".to_owned());
    let made =
        region.ok::<CreateLoadBalancer>(CreateLoadBalancerInput { scheme, ..new_balancer("api") });
    let arn = only(made.load_balancers).load_balancer_arn.unwrap();
    let key = "ipv6.deny_all_igw_traffic";
    assert_eq!((BALANCER.describe)(&mut region, &arn)[key], "true");
    assert_eq!((BALANCER.modify)(&mut region, &arn, &[(key, "false")]).unwrap()[key], "false");
    assert_eq!((BALANCER.describe)(&mut region, &arn)[key], "false");
}

#[test]
fn a_load_balancers_attributes_have_the_values_that_aws_takes() {
    let mut region = region();
    let arn = balancer(&mut region, "shop");
    check_refusals(
        &BALANCER,
        &mut region,
        &arn,
        &[
            (
                &[("a.b", "c")],
                "ValidationError: Load balancer attribute key 'a.b' is not recognized",
            ),
            (
                &[("routing.http2.enabled", "true"), ("routing.http2.enabled", "false")],
                "ValidationError: Attribute key 'routing.http2.enabled' has been specified more \
                 than once",
            ),
            (
                &[("routing.http2.enabled", "yes")],
                "ValidationError: The value of 'routing.http2.enabled' must be 'true' or 'false', \
                 but was 'yes'",
            ),
            (
                &[("idle_timeout.timeout_seconds", "4001")],
                "ValidationError: The value of 'idle_timeout.timeout_seconds' cannot be greater \
                 than 4000 characters",
            ),
            (
                &[("idle_timeout.timeout_seconds", "0")],
                "ValidationError: The value of 'idle_timeout.timeout_seconds' cannot be less than 1 \
                 characters",
            ),
            (
                &[("client_keep_alive.seconds", "59")],
                "ValidationError: The value of 'client_keep_alive.seconds' must be an integer \
                 between 60 and 604800",
            ),
            (
                &[("load_balancing.cross_zone.enabled", "false")],
                "ValidationError: The value for 'load_balancing.cross_zone.enabled' must always be \
                 'true' for an Application Load Balancer",
            ),
            (
                &[("routing.http.xff_header_processing.mode", "drop")],
                "ValidationError: 'routing.http.xff_header_processing.mode' must be set as \
                 'preserve', 'append', or 'remove'",
            ),
            (
                &[("routing.http.desync_mitigation_mode", "lax")],
                "ValidationError: 'lax' must be one of [defensive, monitor, strictest]",
            ),
        ],
    );
}

#[test]
fn logs_need_a_bucket_and_a_way_that_stays_in_it() {
    let mut region = region();
    let arn = balancer(&mut region, "shop");
    check_refusals(
        &BALANCER,
        &mut region,
        &arn,
        &[
            (
                &[("access_logs.s3.enabled", "true")],
                "InvalidConfigurationRequest: The key 'access_logs.s3.bucket' must set in order to \
                 enable access logs",
            ),
            (
                &[("access_logs.s3.bucket", "../logs")],
                "InvalidConfigurationRequest: Access Denied for bucket: ../logs. Please check \
                 S3bucket permission",
            ),
            (
                &[("access_logs.s3.prefix", "a/../../b")],
                "InvalidConfigurationRequest: the local region writes access logs to files: the \
                 prefix 'a/../../b' is no way to one",
            ),
            (
                &[("access_logs.s3.prefix", "/etc")],
                "InvalidConfigurationRequest: the local region writes access logs to files: the \
                 prefix '/etc' is no way to one",
            ),
        ],
    );
    let logs = [("access_logs.s3.enabled", "true"), ("access_logs.s3.bucket", "logs")];
    (BALANCER.modify)(&mut region, &arn, &logs).unwrap();
}

#[test]
fn a_target_groups_attributes_have_the_values_that_aws_takes() {
    let mut region = region();
    let arn = group(&mut region, "web");
    check_refusals(
        &GROUP,
        &mut region,
        &arn,
        &[
            (
                &[("a.b", "c")],
                "ValidationError: Target group attribute key 'a.b' is not recognized",
            ),
            (
                &[("stickiness.enabled", "true"), ("stickiness.enabled", "true")],
                "ValidationError: Target group attribute keys must be unique: '[stickiness.enabled]'",
            ),
            (
                &[("deregistration_delay.timeout_seconds", "3601")],
                "ValidationError: 'deregistration_delay.timeout_seconds' value '3601' must be \
                 between '0-3600' inclusive",
            ),
            (
                &[("deregistration_delay.timeout_seconds", "-1")],
                "ValidationError: 'deregistration_delay.timeout_seconds' value '-1' must be between \
                 '0-3600' inclusive",
            ),
            (
                &[("stickiness.lb_cookie.duration_seconds", "0")],
                "ValidationError: 'stickiness.lb_cookie.duration_seconds' value '0' must be between \
                 '1-604800' inclusive",
            ),
            (
                &[("slow_start.duration_seconds", "29")],
                "ValidationError: 'slow_start.duration_seconds' value '29' must be between '30-900' \
                 inclusive",
            ),
            (
                &[("load_balancing.algorithm.type", "random")],
                "ValidationError: 'Load balancer algorithm' must be one of [round_robin, \
                 weighted_random, least_outstanding_requests]",
            ),
            (
                &[("target_group_health.dns_failover.minimum_healthy_targets.count", "0")],
                "ValidationError: The value of \
                 'target_group_health.dns_failover.minimum_healthy_targets.count' must be 'off' or \
                 a positive integer",
            ),
            (
                &[("target_group_health.dns_failover.minimum_healthy_targets.percentage", "101")],
                "ValidationError: \
                 'target_group_health.dns_failover.minimum_healthy_targets.percentage' must be \
                 'off' or an integer from 1 to 100 inclusive",
            ),
            (
                &[("proxy_protocol_v2.enabled", "true")],
                "InvalidConfigurationRequest: A target group with HTTP protocol does not support \
                 the attribute proxy_protocol_v2.enabled",
            ),
        ],
    );
}

#[test]
fn a_target_groups_attributes_fit_together() {
    let mut region = region();
    let arn = group(&mut region, "web");
    check_refusals(
        &GROUP,
        &mut region,
        &arn,
        &[
            (
                &[("stickiness.type", "source_ip")],
                "InvalidConfigurationRequest: Stickiness type 'source_ip' is not supported for \
                 target groups with the HTTP protocol",
            ),
            (
                &[("stickiness.type", "cookie")],
                "ValidationError: 'Stickiness type' must be one of [app_cookie, lb_cookie, \
                 source_ip]",
            ),
            (
                &[("stickiness.enabled", "true"), ("stickiness.type", "app_cookie")],
                "InvalidConfigurationRequest: You must set an application cookie name to enable \
                 stickiness of type 'app_cookie'",
            ),
            (
                &[("stickiness.app_cookie.cookie_name", "AWSALBTG")],
                "InvalidConfigurationRequest: The application cookie name 'AWSALBTG' is reserved",
            ),
            (
                &[("load_balancing.algorithm.anomaly_mitigation", "on")],
                "InvalidConfigurationRequest: You cannot enable both anomaly mitigation and round \
                 robin algorithm on a target group",
            ),
            (
                &[
                    ("slow_start.duration_seconds", "30"),
                    ("load_balancing.algorithm.type", "least_outstanding_requests"),
                ],
                "InvalidConfigurationRequest: You cannot enable both slow start and least \
                 outstanding requests algorithm on a target group",
            ),
            (
                &[(
                    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count",
                    "2",
                )],
                "InvalidConfigurationRequest: DNS failover threshold must be greater than or equal \
                 to unhealthy state routing threshold",
            ),
        ],
    );
    let cookie = [
        ("stickiness.enabled", "true"),
        ("stickiness.type", "app_cookie"),
        ("stickiness.app_cookie.cookie_name", "session"),
    ];
    (GROUP.modify)(&mut region, &arn, &cookie).unwrap();
}

#[test]
fn anomalies_are_not_mitigated() {
    let mut region = region();
    let arn = group(&mut region, "web");
    check_refusals(
        &GROUP,
        &mut region,
        &arn,
        &[(
            &[
                ("load_balancing.algorithm.type", "weighted_random"),
                ("load_balancing.algorithm.anomaly_mitigation", "on"),
            ],
            "InvalidConfigurationRequest: the local region does not implement anomaly mitigation: \
             it compares no error rates of targets",
        )],
    );
}

#[test]
fn a_listeners_attributes_have_the_values_that_aws_takes() {
    let mut region = region();
    let shop = balancer(&mut region, "shop");
    let arn = listener(&mut region, &shop);
    check_refusals(
        &LISTENER,
        &mut region,
        &arn,
        &[
            (&[("a.b", "c")], "ValidationError: Listener attribute key 'a.b' is not recognized"),
            (
                &[("routing.http.response.x_frame_options.header_value", "ALLOW")],
                "ValidationError: The value of \
                 'routing.http.response.x_frame_options.header_value' must be from the following: \
                 [DENY, SAMEORIGIN], but was 'ALLOW'",
            ),
            (
                &[("tcp.idle_timeout.seconds", "60")],
                "InvalidConfigurationRequest: The provided listener attribute is not supported",
            ),
        ],
    );
}

#[test]
fn attributes_of_what_is_not_there_are_not_found() {
    let mut region = region();
    for (kind, expected) in [
        (BALANCER, "LoadBalancerNotFound: Load balancer 'arn:gone' not found"),
        (GROUP, "TargetGroupNotFound: Target groups 'arn:gone' not found"),
        (LISTENER, "ListenerNotFound: Listener 'arn:gone' not found"),
    ] {
        let refused = (kind.modify)(&mut region, "arn:gone", &[]);
        assert_eq!(refused.err().as_deref(), Some(expected));
    }
}
