//! HTTPS listeners: certificates, security policies, and what goes with TLS only.

use super::*;
use model::{Span, Timestamp};
use world::Tags;
use world::certificate::{Certificate as Row, Facts, Origin, Paper};

/// A certificate that is issued so many seconds after the region's beginning.
fn certificate(region: &mut Region, name: &str, after: u64) -> String {
    let arn = format!("arn:aws:acm:eu-west-1:000000000000:certificate/{name}");
    let facts = Facts {
        names: vec![format!("{name}.example.com")],
        subject: format!("CN={name}.example.com"),
        issuer: "an authority".to_owned(),
        serial: "01".to_owned(),
        key_algorithm: "RSA_2048".to_owned(),
        signature_algorithm: "SHA256WITHRSA".to_owned(),
        not_before: Timestamp::from_seconds(0),
        not_after: Timestamp::from_seconds(i64::MAX / 1000),
    };
    let issued_at = region.now + Span::seconds(after);
    region.put(Row {
        arn: arn.as_str().into(),
        paper: Paper { certificate: String::new(), chain: None, key: "".into(), facts },
        origin: Origin::Imported,
        created_at: region.now,
        issued_at,
        tags: Tags::new(),
    });
    arn
}

fn with(arn: &str) -> Option<Vec<Certificate>> {
    Some(vec![Certificate { certificate_arn: Some(arn.to_owned()), is_default: None }])
}

fn new_secure(balancer: &str, certificate: &str) -> CreateListenerInput {
    CreateListenerInput {
        protocol: Some("HTTPS".to_owned()),
        certificates: with(certificate),
        ..new_listener(balancer, 443, fixed("404"))
    }
}

/// An HTTPS listener with the certificate `a`.
fn secure(region: &mut Region) -> (String, String) {
    let (shop, a) = (balancer(region, "shop"), certificate(region, "a", 0));
    let made = only(region.ok::<CreateListener>(new_secure(&shop, &a)).listeners);
    (made.listener_arn.unwrap(), a)
}

fn change(arn: &str) -> ModifyListenerInput {
    ModifyListenerInput { listener_arn: arn.to_owned(), ..Default::default() }
}

/// The certificates of a listener: which is the default one.
fn certificates(region: &mut Region, listener: &str) -> Vec<(String, bool)> {
    let input = DescribeListenerCertificatesInput {
        listener_arn: listener.to_owned(),
        ..Default::default()
    };
    let found = region.ok::<DescribeListenerCertificates>(input).certificates.unwrap();
    let short = |arn: String| arn.rsplit('/').next().unwrap_or_default().to_owned();
    let shown = found.into_iter();
    shown.map(|one| (short(one.certificate_arn.unwrap()), one.is_default.unwrap())).collect()
}

fn named(names: &[(&str, bool)]) -> Vec<(String, bool)> {
    names.iter().map(|(name, default)| ((*name).to_owned(), *default)).collect()
}

#[test]
fn groups_of_http_2_and_grpc_are_behind_https_listeners() {
    let mut region = region();
    let (listener, _) = secure(&mut region);
    for version in ["HTTP2", "GRPC"] {
        let input = CreateTargetGroupInput {
            protocol_version: Some(version.to_owned()),
            ..new_group(version)
        };
        let group = only(region.ok::<CreateTargetGroup>(input).target_groups);
        let actions = vec![forward(&group.target_group_arn.unwrap())];
        let input = ModifyListenerInput { default_actions: Some(actions), ..change(&listener) };
        let shown = only(region.ok::<ModifyListener>(input).listeners);
        assert_eq!(shown.protocol.as_deref(), Some("HTTPS"), "{version}");
    }
}

#[test]
fn an_https_listener_shows_its_default_certificate_and_its_policy() {
    let mut region = region();
    let (arn, a) = secure(&mut region);
    let input = DescribeListenersInput { listener_arns: Some(vec![arn]), ..Default::default() };
    let shown = only(region.ok::<DescribeListeners>(input).listeners);
    assert_eq!(shown.protocol.as_deref(), Some("HTTPS"));
    assert_eq!(shown.ssl_policy.as_deref(), Some("ELBSecurityPolicy-2016-08"));
    assert_eq!(shown.certificates, with(&a));
    assert_eq!(shown.mutual_authentication.unwrap().mode.as_deref(), Some("off"));
}

#[test]
fn what_an_https_listener_can_t_be_is_refused() {
    let mut region = region();
    let (shop, a) = (balancer(&mut region, "shop"), certificate(&mut region, "a", 0));
    let late = certificate(&mut region, "late", 60);
    let input = || new_secure(&shop, &a);
    let two = [with(&a).unwrap(), with(&late).unwrap()].concat();
    let default = Certificate { certificate_arn: Some(a.clone()), is_default: Some(true) };
    let verify =
        MutualAuthenticationAttributes { mode: Some("verify".to_owned()), ..Default::default() };
    for (input, expected) in [
        (
            CreateListenerInput { certificates: None, ..input() },
            "ValidationError: A certificate must be specified for HTTPS listeners".to_owned(),
        ),
        (
            CreateListenerInput { certificates: Some(two), ..input() },
            "TooManyCertificates: Up to '1' certificates can be specified, but '2' were specified"
                .to_owned(),
        ),
        (
            CreateListenerInput { certificates: Some(vec![default]), ..input() },
            "ValidationError: You cannot specify 'IsDefault' for a certificate".to_owned(),
        ),
        (
            CreateListenerInput { certificates: with("arn:gone"), ..input() },
            "CertificateNotFound: Certificate 'arn:gone' not found".to_owned(),
        ),
        (
            CreateListenerInput { certificates: with(&late), ..input() },
            format!(
                "UnsupportedCertificate: The certificate '{late}' must have a fully-qualified \
                 domain name, a supported signature, and a supported key size."
            ),
        ),
        (
            CreateListenerInput { ssl_policy: Some("mine".to_owned()), ..input() },
            "SSLPolicyNotFound: SSL policy 'mine' not found".to_owned(),
        ),
        (
            CreateListenerInput { mutual_authentication: Some(verify), ..input() },
            "InvalidConfigurationRequest: the local region does not implement \
             'MutualAuthentication': clients need no certificates of their own"
                .to_owned(),
        ),
    ] {
        assert_eq!(region.fault::<CreateListener>(input), expected);
    }
    region.pass(Span::seconds(60));
    region.ok::<CreateListener>(new_secure(&shop, &late));
}

#[test]
fn a_listener_has_more_certificates_than_its_default_one() {
    let mut region = region();
    let (listener, a) = secure(&mut region);
    let (b, c) = (certificate(&mut region, "b", 0), certificate(&mut region, "c", 0));
    let both = [with(&b).unwrap(), with(&c).unwrap()].concat();
    let add = |certificates| AddListenerCertificatesInput {
        listener_arn: listener.clone(),
        certificates,
    };
    region.ok::<AddListenerCertificates>(add(both.clone()));
    region.ok::<AddListenerCertificates>(add(both));
    let all = named(&[("a", true), ("b", false), ("c", false)]);
    assert_eq!(certificates(&mut region, &listener), all);
    // Another default: the old one is gone, the new one is no longer among the others.
    let input = ModifyListenerInput { certificates: with(&c), ..change(&listener) };
    region.ok::<ModifyListener>(input);
    let rest = named(&[("b", false), ("c", true)]);
    assert_eq!(certificates(&mut region, &listener), rest);
    let same = ModifyListenerInput { certificates: with(&c), ..change(&listener) };
    region.ok::<ModifyListener>(same);
    assert_eq!(certificates(&mut region, &listener), rest);
    let remove = |arn: &str| RemoveListenerCertificatesInput {
        listener_arn: listener.clone(),
        certificates: with(arn).unwrap(),
    };
    region.ok::<RemoveListenerCertificates>(remove(&b));
    region.ok::<RemoveListenerCertificates>(remove(&a));
    assert_eq!(certificates(&mut region, &listener), named(&[("c", true)]));
    assert_eq!(
        region.fault::<RemoveListenerCertificates>(remove(&c)),
        "OperationNotPermitted: The default certificate cannot be removed"
    );
}

#[test]
fn a_load_balancer_has_so_many_certificates() {
    let mut region = region();
    let (listener, _) = secure(&mut region);
    let add = |arn: &str| AddListenerCertificatesInput {
        listener_arn: listener.clone(),
        certificates: with(arn).unwrap(),
    };
    for number in 0..25 {
        let arn = certificate(&mut region, &format!("n{number}"), 0);
        region.ok::<AddListenerCertificates>(add(&arn));
    }
    let last = certificate(&mut region, "last", 0);
    let fault = region.fault::<AddListenerCertificates>(add(&last));
    assert!(fault.starts_with("TooManyCertificates: "), "{fault}");
    assert_eq!(certificates(&mut region, &listener).len(), 26);
}

#[test]
fn a_listener_changes_between_its_protocols() {
    let mut region = region();
    let (arn, a) = secure(&mut region);
    let to = |protocol: &str| ModifyListenerInput {
        protocol: Some(protocol.to_owned()),
        ..change(&arn)
    };
    let shown = only(region.ok::<ModifyListener>(to("HTTP")).listeners);
    assert_eq!((shown.certificates, shown.ssl_policy), (None, None));
    assert_eq!(
        region.fault::<ModifyListener>(to("HTTPS")),
        "ValidationError: A certificate must be specified for HTTPS listeners"
    );
    let policy = "ELBSecurityPolicy-TLS13-1-2-2021-06".to_owned();
    let input = ModifyListenerInput {
        certificates: with(&a),
        ssl_policy: Some(policy.clone()),
        ..to("HTTPS")
    };
    let shown = only(region.ok::<ModifyListener>(input).listeners);
    assert_eq!((shown.certificates, shown.ssl_policy), (with(&a), Some(policy)));
}

#[test]
fn nobody_is_led_away_from_tls() {
    let mut region = region();
    let (arn, _) = secure(&mut region);
    let config = RedirectActionConfig {
        protocol: Some("HTTP".to_owned()),
        status_code: "HTTP_301".to_owned(),
        ..Default::default()
    };
    let down = Action {
        r#type: "redirect".to_owned(),
        redirect_config: Some(config),
        ..Default::default()
    };
    let expected = "InvalidLoadBalancerAction: HTTPS listeners do not support redirects to HTTP.";
    let input = ModifyListenerInput { default_actions: Some(vec![down.clone()]), ..change(&arn) };
    assert_eq!(region.fault::<ModifyListener>(input), expected);
    assert_eq!(region.fault::<CreateRule>(new_rule(&arn, 1, down)), expected);
    let authenticate = Action { r#type: "authenticate-oidc".to_owned(), ..Default::default() };
    assert_eq!(
        region.fault::<CreateRule>(new_rule(&arn, 1, authenticate)),
        "InvalidLoadBalancerAction: the local region does not implement actions of type \
         'authenticate-oidc'"
    );
}

#[test]
fn security_policies_are_described() {
    let mut region = region();
    let input =
        |names: Option<Vec<String>>| DescribeSSLPoliciesInput { names, ..Default::default() };
    let all = region.ok::<DescribeSSLPolicies>(input(None)).ssl_policies.unwrap();
    assert_eq!(all.len(), 18);
    let name = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06";
    let one = only(region.ok::<DescribeSSLPolicies>(input(Some(texts(&[name])))).ssl_policies);
    assert_eq!(one.ssl_protocols, Some(texts(&["TLSv1.2", "TLSv1.3"])));
    let first = one.ciphers.unwrap().remove(0);
    assert_eq!((first.name.as_deref(), first.priority), (Some("TLS_AES_128_GCM_SHA256"), Some(1)));
    assert_eq!(
        region.fault::<DescribeSSLPolicies>(input(Some(texts(&["mine"])))),
        "SSLPolicyNotFound: SSL policy 'mine' not found"
    );
}

#[test]
fn groups_and_their_checks_may_speak_tls() {
    let mut region = region();
    let input = CreateTargetGroupInput {
        protocol: Some("HTTPS".to_owned()),
        port: Some(443),
        health_check_protocol: Some("HTTPS".to_owned()),
        ..new_group("web")
    };
    let made = only(region.ok::<CreateTargetGroup>(input).target_groups);
    assert_eq!(made.protocol.as_deref(), Some("HTTPS"));
    assert_eq!(made.health_check_protocol.as_deref(), Some("HTTPS"));
}
