use super::*;
use api::secretsmanager::{Filter, ListSecrets, ListSecretsRequest, SecretListEntry, Tag};
use model::Span;

/// Secrets that were made, changed and read in different orders.
fn region() -> Region {
    let mut region = super::region();
    let tagged = |name: &str, description: &str, key: &str, value: &str| CreateSecretRequest {
        description: Some(description.to_owned()),
        tags: Some(vec![Tag { key: Some(key.to_owned()), value: Some(value.to_owned()) }]),
        ..create(name, "x", "v1")
    };
    for secret in [
        tagged("shop/db-password", "for the Shop's database", "team", "Web"),
        tagged("shop/jwtKey", "signs tokens", "Team", "ops"),
        tagged("blog", "nothing much", "owner", "web"),
    ] {
        region.ok::<CreateSecret>(secret);
        region.pass(Span::minutes(24 * 60));
    }
    value(&mut region, "blog");
    region.pass(Span::minutes(24 * 60));
    value(&mut region, "shop/db-password");
    region.ok::<PutSecretValue>(PutSecretValueRequest {
        secret_id: "shop/db-password".to_owned(),
        ..put("v2", "y", None)
    });
    region
}

fn filter(key: &str, values: &[&str]) -> Filter {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    Filter { key: Some(key.to_owned()), values: Some(values) }
}

fn by(filters: &[Filter]) -> ListSecretsRequest {
    ListSecretsRequest { filters: Some(filters.to_vec()), ..Default::default() }
}

fn names(region: &mut Region, ask: ListSecretsRequest) -> Vec<String> {
    let secrets = region.ok::<ListSecrets>(ask).secret_list.unwrap();
    secrets.into_iter().flat_map(|secret| secret.name).collect()
}

const DB: &str = "shop/db-password";
const JWT: &str = "shop/jwtKey";
const BLOG: &str = "blog";

#[test]
fn filters_admit_what_they_say() {
    let mut region = region();
    for (filters, expected) in [
        (vec![], vec![DB, JWT, BLOG]),
        (vec![filter("name", &["shop/"])], vec![DB, JWT]),
        (vec![filter("name", &["Shop"])], vec![]),
        (vec![filter("name", &["blog", "shop/db"])], vec![DB, BLOG]),
        (vec![filter("name", &["!shop/"])], vec![BLOG]),
        (vec![filter("description", &["signs"])], vec![JWT]),
        (vec![filter("description", &["DATABASE"])], vec![DB]),
        (vec![filter("tag-key", &["team"])], vec![DB]),
        (vec![filter("tag-value", &["web"])], vec![BLOG]),
        (vec![filter("all", &["WEB"])], vec![DB, BLOG]),
        (vec![filter("all", &["key"])], vec![JWT]),
        (vec![filter("all", &["pass shop"])], vec![DB]),
        (vec![filter("name", &["shop"]), filter("tag-key", &["Team"])], vec![JWT]),
        (vec![filter("primary-region", &["eu"])], vec![]),
        (vec![filter("owning-service", &["rds"])], vec![]),
    ] {
        assert_eq!(names(&mut region, by(&filters)), expected, "{filters:?}");
    }
}

#[test]
fn secrets_are_listed_in_the_order_that_is_asked_for() {
    let mut region = region();
    for (sort_by, rising) in [
        (None, [DB, JWT, BLOG]),
        (Some("created-date"), [DB, JWT, BLOG]),
        (Some("name"), [BLOG, DB, JWT]),
        (Some("last-changed-date"), [JWT, BLOG, DB]),
        (Some("last-accessed-date"), [JWT, BLOG, DB]),
    ] {
        let ask = ListSecretsRequest { sort_by: sort_by.map(str::to_owned), ..Default::default() };
        assert_eq!(names(&mut region, ask.clone()), rising, "{sort_by:?}");
        let mut falling = Vec::new();
        let mut ask =
            ListSecretsRequest { sort_order: Some("desc".to_owned()), max_results: Some(1), ..ask };
        loop {
            let answer = region.ok::<ListSecrets>(ask.clone());
            falling.extend(answer.secret_list.unwrap().into_iter().flat_map(|secret| secret.name));
            ask.next_token = answer.next_token;
            if ask.next_token.is_none() {
                break;
            }
        }
        falling.reverse();
        assert_eq!(falling, rising, "{sort_by:?} falling, in pages of one");
    }
}

#[test]
fn what_is_on_its_way_out_is_listed_when_asked_for() {
    let mut region = with_secret();
    region.ok::<DeleteSecret>(delete("s"));
    assert_eq!(names(&mut region, Default::default()), [""; 0]);
    let ask = ListSecretsRequest { include_planned_deletion: Some(true), ..Default::default() };
    let secret = region.ok::<ListSecrets>(ask).secret_list.unwrap().remove(0);
    assert_eq!(secret.deleted_date, Some(region.now));
}

#[test]
fn a_secret_is_listed_as_aws_lists_it() {
    let mut region = with_secret();
    let secret = region.ok::<ListSecrets>(Default::default()).secret_list.unwrap().remove(0);
    let expected = SecretListEntry {
        arn: secret.arn.clone(),
        name: Some("s".to_owned()),
        created_date: Some(region.now),
        last_changed_date: Some(region.now),
        secret_versions_to_stages: Some([(token("v1"), vec!["AWSCURRENT".to_owned()])].into()),
        ..Default::default()
    };
    assert_eq!(secret, expected);
}

#[test]
fn what_aws_refuses_is_refused_in_its_words() {
    let mut region = with_secret();
    let keyless = Filter { key: None, values: None };
    let valueless = Filter { values: None, ..filter("name", &[]) };
    let token = ListSecretsRequest { next_token: Some("x".to_owned()), ..Default::default() };
    for (ask, expected) in [
        (by(&[keyless]), "InvalidParameterException: Invalid filter key"),
        (by(&[valueless]), "InvalidParameterException: Invalid filter values for key: name"),
        (token, "InvalidNextTokenException: The NextToken value is invalid."),
    ] {
        assert_eq!(region.fault::<ListSecrets>(ask), expected);
    }
}
