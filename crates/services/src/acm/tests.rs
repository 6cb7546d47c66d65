use super::table;
use crate::testing::{Region, assert_complete};
use api::Service;
use api::acm::*;
use model::Span;
use world::{Listener, Tags};

fn region() -> Region {
    Region::of(table())
}

fn wanted(name: &str) -> RequestCertificateRequest {
    RequestCertificateRequest {
        domain_name: name.to_owned(),
        validation_method: Some("DNS".to_owned()),
        ..Default::default()
    }
}

fn request(region: &mut Region, input: RequestCertificateRequest) -> String {
    region.ok::<RequestCertificate>(input).certificate_arn.unwrap()
}

fn import(region: &mut Region, name: &str) -> String {
    region.ok::<ImportCertificate>(brought(name)).certificate_arn.unwrap()
}

fn brought(name: &str) -> ImportCertificateRequest {
    ImportCertificateRequest {
        certificate: format!("CERTIFICATE {name}").into_bytes(),
        private_key: format!("KEY {name}").into_bytes().into(),
        ..Default::default()
    }
}

fn describe(region: &mut Region, arn: &str) -> CertificateDetail {
    let input = DescribeCertificateRequest { certificate_arn: arn.to_owned() };
    region.ok::<DescribeCertificate>(input).certificate.unwrap()
}

fn get(arn: &str) -> GetCertificateRequest {
    GetCertificateRequest { certificate_arn: arn.to_owned() }
}

/// A listener that uses a certificate.
fn listener(arn: &str) -> Listener {
    Listener {
        arn: "listener".into(),
        load_balancer: "balancer".into(),
        protocol: "HTTPS".to_owned(),
        port: 443,
        default_actions: Vec::new(),
        order: None,
        default_rule: "default".into(),
        ssl_policy: None,
        certificates: vec![arn.to_owned()],
        attributes: std::collections::BTreeMap::new(),
        local_port: None,
        tags: Tags::new(),
    }
}

#[test]
fn every_operation_has_a_handler() {
    assert_complete(Service::Acm, &table());
}

#[test]
fn a_requested_certificate_is_issued_after_a_while() {
    let mut region = region();
    let names = vec!["*.example.com".to_owned(), "EXAMPLE.com".to_owned()];
    let input = RequestCertificateRequest {
        subject_alternative_names: Some(names),
        ..wanted("example.com")
    };
    let arn = request(&mut region, input);
    assert!(arn.starts_with("arn:aws:acm:eu-west-1:000000000000:certificate/"), "{arn}");
    let pending = describe(&mut region, &arn);
    assert_eq!(pending.status.as_deref(), Some("PENDING_VALIDATION"));
    assert_eq!((pending.not_after, pending.issued_at, pending.serial), (None, None, None));
    assert_eq!(pending.r#type.as_deref(), Some("AMAZON_ISSUED"));
    let names = pending.subject_alternative_names.unwrap();
    assert_eq!(names, ["example.com", "*.example.com"], "each name once, the domain first");
    let steps = pending.domain_validation_options.unwrap();
    let record = steps[1].resource_record.clone().unwrap();
    assert_eq!(steps[1].validation_domain.as_deref(), Some("example.com"));
    assert_eq!(record.r#type, "CNAME");
    assert!(record.name.starts_with('_') && record.name.ends_with(".example.com."), "{record:?}");
    assert!(record.value.ends_with(".acm-validations.aws."), "{record:?}");
    let fault = region.fault::<GetCertificate>(get(&arn));
    assert!(fault.starts_with("RequestInProgressException: "), "{fault}");

    region.pass(Span::seconds(30));
    let issued = describe(&mut region, &arn);
    assert_eq!(issued.status.as_deref(), Some("ISSUED"));
    assert!(issued.not_after > issued.not_before && issued.issued_at.is_some());
    assert_eq!(issued.key_algorithm.as_deref(), Some("RSA_2048"));
    let papers = region.ok::<GetCertificate>(get(&arn));
    assert_eq!(papers.certificate.as_deref(), Some("a certificate"));
    assert_eq!(papers.certificate_chain.as_deref(), Some("an authority"));
    region.pass(Span::minutes(400 * 24 * 60));
    assert_eq!(describe(&mut region, &arn).status.as_deref(), Some("EXPIRED"));
}

#[test]
fn validation_by_mail_is_shown() {
    let mut region = region();
    let input = RequestCertificateRequest { validation_method: None, ..wanted("www.example.com") };
    let option = DomainValidationOption {
        domain_name: "www.example.com".to_owned(),
        validation_domain: "example.com".to_owned(),
    };
    let input =
        RequestCertificateRequest { domain_validation_options: Some(vec![option]), ..input };
    let arn = request(&mut region, input);
    let step = describe(&mut region, &arn).domain_validation_options.unwrap().remove(0);
    assert_eq!(step.validation_method.as_deref(), Some("EMAIL"));
    assert!(step.validation_emails.unwrap().contains(&"admin@example.com".to_owned()));
}

#[test]
fn the_same_request_with_the_same_token_is_answered_alike_for_an_hour() {
    let mut region = region();
    let with_token = |name: &str| RequestCertificateRequest {
        idempotency_token: Some("once".to_owned()),
        ..wanted(name)
    };
    let first = request(&mut region, with_token("example.com"));
    assert_eq!(request(&mut region, with_token("example.com")), first);
    assert_ne!(request(&mut region, with_token("example.org")), first);
    assert_ne!(request(&mut region, wanted("example.com")), first);
    region.pass(Span::minutes(60));
    assert_ne!(request(&mut region, with_token("example.com")), first);
}

#[test]
fn what_the_region_does_not_issue_is_refused() {
    let mut region = region();
    let names = (0..10).map(|number| format!("{number}.example.com")).collect();
    let text = |text: &str| Some(text.to_owned());
    for (input, expected) in [
        (
            RequestCertificateRequest { key_algorithm: text("RSA_4096"), ..wanted("a.example") },
            "InvalidParameterException: a certificate with a key of type RSA_4096 can't be \
             requested: it must be RSA_2048, EC_prime256v1 or EC_secp384r1",
        ),
        (
            RequestCertificateRequest { validation_method: text("HTTP"), ..wanted("a.example") },
            "InvalidParameterException: the local region does not implement validation by HTTP",
        ),
        (
            RequestCertificateRequest {
                certificate_authority_arn: text("arn:aws:acm-pca:a:b:certificate-authority/c"),
                ..wanted("a.example")
            },
            "InvalidParameterException: the local region does not implement private certificate \
             authorities",
        ),
        (
            RequestCertificateRequest {
                subject_alternative_names: Some(names),
                ..wanted("example.com")
            },
            "LimitExceededException: a certificate has at most 10 names",
        ),
    ] {
        assert_eq!(region.fault::<RequestCertificate>(input), expected);
    }
    let option = DomainValidationOption {
        domain_name: "a.example".to_owned(),
        validation_domain: "b.example".to_owned(),
    };
    let input = RequestCertificateRequest {
        domain_validation_options: Some(vec![option]),
        ..wanted("a.example")
    };
    let fault = region.fault::<RequestCertificate>(input);
    assert!(fault.starts_with("InvalidDomainValidationOptionsException: "), "{fault}");
    assert_eq!(region.world.certificates.len(), 0);
}

#[test]
fn an_imported_certificate_is_usable_at_once_and_can_be_replaced() {
    let mut region = region();
    let arn = import(&mut region, "a.example");
    let shown = describe(&mut region, &arn);
    assert_eq!(shown.status.as_deref(), Some("ISSUED"));
    assert_eq!((shown.r#type.as_deref(), shown.created_at), (Some("IMPORTED"), None));
    assert!(shown.imported_at.is_some() && shown.domain_validation_options.is_none());
    region.pass(Span::minutes(5));
    let again =
        ImportCertificateRequest { certificate_arn: Some(arn.clone()), ..brought("b.example") };
    assert_eq!(region.ok::<ImportCertificate>(again).certificate_arn, Some(arn.clone()));
    assert_eq!(describe(&mut region, &arn).domain_name.as_deref(), Some("b.example"));
    let requested = request(&mut region, wanted("a.example"));
    let again =
        ImportCertificateRequest { certificate_arn: Some(requested), ..brought("a.example") };
    assert_eq!(
        region.fault::<ImportCertificate>(again),
        "ValidationException: only a certificate that was imported can be replaced"
    );
}

#[test]
fn papers_that_don_t_belong_together_are_refused() {
    let mut region = region();
    let other = ImportCertificateRequest {
        private_key: b"KEY b.example".to_vec().into(),
        ..brought("a.example")
    };
    let none = ImportCertificateRequest { certificate: b"x".to_vec(), ..brought("a.example") };
    let old = ImportCertificateRequest {
        certificate: b"CERTIFICATE a.example 5".to_vec(),
        ..brought("a.example")
    };
    for (input, expected) in [
        (other, "the private key is not the certificate's"),
        (none, "The certificate is not in valid PEM format."),
        (old, "the certificate has expired"),
    ] {
        let fault = region.fault::<ImportCertificate>(input);
        assert_eq!(fault, format!("ValidationException: {expected}"));
    }
}

#[test]
fn a_certificate_in_use_stays() {
    let mut region = region();
    let arn = import(&mut region, "a.example");
    region.put(listener(&arn));
    assert_eq!(describe(&mut region, &arn).in_use_by, Some(vec!["balancer".to_owned()]));
    let input = || DeleteCertificateRequest { certificate_arn: arn.clone() };
    assert_eq!(
        region.fault::<DeleteCertificate>(input()),
        format!("ResourceInUseException: Certificate {arn} in account 000000000000 is in use.")
    );
    region.put(Listener { certificates: Vec::new(), ..listener(&arn) });
    region.ok::<DeleteCertificate>(input());
    assert_eq!(
        region.fault::<DeleteCertificate>(input()),
        format!("ResourceNotFoundException: Could not find certificate {arn}.")
    );
    let other = DeleteCertificateRequest { certificate_arn: "arn:aws:ecs:a:b:c".to_owned() };
    assert!(region.fault::<DeleteCertificate>(other).starts_with("InvalidArnException: "));
}

#[test]
fn a_listing_has_the_usual_keys_unless_others_are_asked_for() {
    let mut region = region();
    let requested = request(&mut region, wanted("a.example"));
    region.pass(Span::minutes(1));
    let imported = import(&mut region, "b.example");
    let mut listed = |input: ListCertificatesRequest| -> Vec<String> {
        let answer = region.ok::<ListCertificates>(input);
        let rows = answer.certificate_summary_list.unwrap().into_iter();
        rows.map(|row| row.certificate_arn.unwrap()).collect()
    };
    let texts = |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect());
    assert_eq!(listed(ListCertificatesRequest::default()), [requested.as_str()]);
    let both =
        || Filters { key_types: texts(&["RSA_2048", "EC_prime256v1"]), ..Default::default() };
    let sorted = |order: &str| ListCertificatesRequest {
        includes: Some(both()),
        sort_by: Some("CREATED_AT".to_owned()),
        sort_order: Some(order.to_owned()),
        ..Default::default()
    };
    assert_eq!(listed(sorted("ASCENDING")), [requested.as_str(), &imported]);
    assert_eq!(listed(sorted("DESCENDING")), [imported.as_str(), &requested]);
    let issued = ListCertificatesRequest {
        includes: Some(both()),
        certificate_statuses: texts(&["ISSUED"]),
        ..Default::default()
    };
    // The minute was enough for the requested one.
    assert_eq!(listed(issued).len(), 2);
    let pages = |token| ListCertificatesRequest {
        includes: Some(both()),
        max_items: Some(1),
        next_token: token,
        ..Default::default()
    };
    let first = region.ok::<ListCertificates>(pages(None));
    let second = region.ok::<ListCertificates>(pages(first.next_token.clone()));
    assert!(first.next_token.is_some() && second.next_token.is_none());
    assert_ne!(first.certificate_summary_list, second.certificate_summary_list);
}

#[test]
fn tags_come_and_go() {
    let mut region = region();
    let arn = import(&mut region, "a.example");
    let tag = |key: &str, value: Option<&str>| Tag {
        key: key.to_owned(),
        value: value.map(str::to_owned),
    };
    let add = |tags| AddTagsToCertificateRequest { certificate_arn: arn.clone(), tags };
    region.ok::<AddTagsToCertificate>(add(vec![tag("a", Some("1")), tag("b", Some("2"))]));
    let remove = |tags| RemoveTagsFromCertificateRequest { certificate_arn: arn.clone(), tags };
    region.ok::<RemoveTagsFromCertificate>(remove(vec![tag("a", Some("9")), tag("b", None)]));
    let list = ListTagsForCertificateRequest { certificate_arn: arn.clone() };
    let left = region.ok::<ListTagsForCertificate>(list).tags.unwrap();
    assert_eq!(left, [tag("a", Some("1"))], "a tag with another value stays");
    let reserved = add(vec![tag("aws:a", None)]);
    assert!(region.fault::<AddTagsToCertificate>(reserved).starts_with("InvalidTagException: "));
}

#[test]
fn nobody_is_told_a_private_key() {
    let mut region = region();
    let arn = import(&mut region, "a.example");
    let shown =
        format!("{:?} {:?}", describe(&mut region, &arn), region.ok::<GetCertificate>(get(&arn)));
    assert!(!shown.contains("private"), "{shown}");
}
