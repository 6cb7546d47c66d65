use super::*;

/// An identity policy with one statement.
fn identity(statement: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#)
}

fn check(verdict: Result<(), String>, expected: Result<(), &str>, document: &str) {
    assert_eq!(verdict, expected.map_err(str::to_owned), "{document}");
}

#[test]
fn identity_policies_are_held_to_awss_grammar() {
    for (statement, expected) in [
        (r#"{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}"#, Ok(())),
        (r#"{"Effect":"Deny","NotAction":["*"],"NotResource":["arn:aws:s3:::b"]}"#, Ok(())),
        (r#"{"Action":"s3:*","Resource":"*"}"#, Err(SYNTAX)),
        (r#"{"Effect":"Allow","Action":"s3:*","NotAction":"a:b","Resource":"*"}"#, Err(SYNTAX)),
        (r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Sids":"x"}"#, Err(SYNTAX)),
        (r#"{"Effect":"Allow","Action":[1],"Resource":"*"}"#, Err(SYNTAX)),
        ("1", Err(SYNTAX)),
        ("", Err(SYNTAX)),
        (
            r#"{"Effect":"allow","Action":"s3:*","Resource":"*"}"#,
            Err("The policy failed legacy parsing"),
        ),
        (
            r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":"*"}"#,
            Err("Policy document should not specify a principal."),
        ),
        (
            r#"{"Effect":"Allow","Action":[],"Resource":"*"}"#,
            Err("Policy statement must contain actions."),
        ),
        (r#"{"Effect":"Allow","Action":"s3:*"}"#, Err("Policy statement must contain resources.")),
        (
            r#"{"Effect":"Allow","Action":"GetObject","Resource":"*"}"#,
            Err("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."),
        ),
        (
            r#"{"Effect":"Allow","Action":"s3:Get:Object","Resource":"*"}"#,
            Err("Actions/Condition can contain only one colon."),
        ),
        (
            r#"{"Effect":"Allow","Action":"s_3:GetObject","Resource":"*"}"#,
            Err("Vendor s_3 is not valid"),
        ),
        (
            r#"{"Effect":"Allow","Action":"s3:*","Resource":"my-bucket"}"#,
            Err("Resource my-bucket must be in ARN format or \"*\"."),
        ),
    ] {
        check(check_identity(&identity(statement)), expected, statement);
    }
}

#[test]
fn the_frame_of_a_document_is_checked() {
    let statement = r#"{"Sid":"A","Effect":"Allow","Action":"s3:*","Resource":"*"}"#;
    for (document, expected) in [
        (
            format!(r#"{{"Statement":{statement}}}"#),
            Err("Policy document must be version 2012-10-17 or greater."),
        ),
        (format!(r#"{{"Version":"2012-10-18","Statement":{statement}}}"#), Err(SYNTAX)),
        (
            format!(r#"{{"Version":"2012-10-17","Comment":"","Statement":{statement}}}"#),
            Err(SYNTAX),
        ),
        (format!(r#"{{"Version":"2012-10-17","Id":"a","Statement":{statement}}}"#), Ok(())),
        (r#"{"Version":"2012-10-17"}"#.to_owned(), Err(SYNTAX)),
        ("not json".to_owned(), Err(SYNTAX)),
        (
            identity(&format!("{statement},{statement}")),
            Err("Statement IDs (SID) in a single policy must be unique."),
        ),
    ] {
        check(check_identity(&document), expected, &document);
    }
}

#[test]
fn trust_policies_name_who_may_assume_a_role() {
    let service = r#""Principal":{"Service":"ecs-tasks.amazonaws.com"}"#;
    let statement = |rest: &str| format!(r#"{{"Statement":{{"Effect":"Allow",{rest}}}}}"#);
    let assume = r#""Action":"sts:AssumeRole""#;
    for (document, expected) in [
        (statement(&format!("{service},{assume}")), Ok(())),
        (statement(&format!(r#""Principal":{{"AWS":"*"}},{assume}"#)), Ok(())),
        (statement(&format!(r#""Principal":{{"AWS":["0000-0000-0000"]}},{assume}"#)), Ok(())),
        (
            statement(&format!(
                r#""Principal":{{"AWS":"arn:aws:iam::000000000000:root"}},{assume}"#
            )),
            Ok(()),
        ),
        ("{".to_owned(), Err("This policy contains invalid Json")),
        ("[]".to_owned(), Err(SYNTAX)),
        (
            statement(&format!(r#"{service},{assume},"Resource":"*""#)),
            Err("Has prohibited field Resource"),
        ),
        (statement(assume), Err("Missing required field Principal")),
        (statement(service), Err("Missing required field Action")),
        (
            statement(&format!(r#"{service},"Action":"sts:*""#)),
            Err("AssumeRole policy may only specify STS AssumeRole actions."),
        ),
        (
            statement(&format!(r#""Principal":"*",{assume}"#)),
            Err("AssumeRolepolicy contained an invalid principal: \"STAR\":\"*\"."),
        ),
        (
            statement(&format!(r#""Principal":{{"AWS":"12345"}},{assume}"#)),
            Err("Invalid principal in policy: \"AWS\":\"12345\""),
        ),
        (
            statement(&format!(
                r#""Principal":{{"AWS":"arn:aws:iam::000000000000:user/*"}},{assume}"#
            )),
            Err("Invalid principal in policy: \"AWS\":\"arn:aws:iam::000000000000:user/*\""),
        ),
        (
            statement(&format!(r#""Principal":{{"Service":"lambda"}},{assume}"#)),
            Err("Invalid principal in policy: \"Service\":\"lambda\""),
        ),
    ] {
        check(check_trust(&document), expected, &document);
    }
}

mod conditions {
    use super::super::{Context, Wish, opinion};

    fn context() -> Context {
        let entry = |key: &str, values: &[&str]| {
            (key.to_owned(), values.iter().map(|value| (*value).to_owned()).collect())
        };
        Context::from([
            entry("aws:username", &["eve"]),
            entry("aws:sourceip", &["10.1.2.3"]),
            entry("aws:currenttime", &["2026-11-20T07:31:00Z"]),
            entry("s3:max-keys", &["10"]),
            entry("aws:securetransport", &["true"]),
            entry("aws:tagkeys", &["team", "stage"]),
        ])
    }

    /// Whether a statement with this condition speaks of a call.
    fn holds(condition: &str) -> bool {
        let document = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{condition}}}}}"#
        );
        let (action, resource, context) = ("s3:ListBucket", "*", &context());
        opinion(&document, &Wish { action, resource, context }).unwrap().allows == 1
    }

    #[test]
    fn operators_hold_circumstances_against_values() {
        for (condition, expected) in [
            (r#"{"StringEquals":{"aws:username":["adam","eve"]}}"#, true),
            (r#"{"StringEquals":{"aws:username":"Eve"}}"#, false),
            (r#"{"StringEqualsIgnoreCase":{"aws:UserName":"Eve"}}"#, true),
            (r#"{"StringNotEquals":{"aws:username":["adam","eve"]}}"#, false),
            (r#"{"StringLike":{"aws:username":"e*"}}"#, true),
            (r#"{"StringEquals":{"aws:username":"e*"}}"#, false),
            (r#"{"StringEquals":{"aws:username":"${aws:username}"}}"#, true),
            (r#"{"StringNotLike":{"aws:username":"e*"}}"#, false),
            (r#"{"StringEquals":{"aws:absent":"x"}}"#, false),
            (r#"{"StringNotEquals":{"aws:absent":"x"}}"#, true),
            (r#"{"StringEqualsIfExists":{"aws:absent":"x"}}"#, true),
            (r#"{"Null":{"aws:absent":true}}"#, true),
            (r#"{"Null":{"aws:username":"true"}}"#, false),
            (r#"{"Bool":{"aws:SecureTransport":true}}"#, true),
            (r#"{"NumericLessThanEquals":{"s3:max-keys":10}}"#, true),
            (r#"{"NumericLessThan":{"s3:max-keys":"10"}}"#, false),
            (r#"{"DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}}"#, true),
            (r#"{"IpAddress":{"aws:SourceIp":["192.168.0.0/16","10.0.0.0/8"]}}"#, true),
            (r#"{"NotIpAddress":{"aws:SourceIp":"10.1.2.0/24"}}"#, false),
            (r#"{"IpAddress":{"aws:SourceIp":"10.1.2.4"}}"#, false),
            (r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["team","stage","x"]}}"#, true),
            (r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}}"#, false),
            (r#"{"ForAnyValue:StringEquals":{"aws:TagKeys":["team"]}}"#, true),
            (r#"{"ForAllValues:StringEquals":{"aws:absent":["team"]}}"#, true),
            (r#"{"Bool":{"aws:SecureTransport":"true"},"Null":{"aws:username":"true"}}"#, false),
        ] {
            assert_eq!(holds(condition), expected, "{condition}");
        }
    }

    #[test]
    fn a_wildcard_of_an_arn_stays_within_its_part() {
        for (resource, pattern, expected) in [
            ("arn:aws:ecs:eu-west-1:1:cluster/shop", "arn:aws:ecs:*:*:cluster/*", true),
            ("arn:aws:ecs:eu-west-1:1:cluster/shop", "arn:aws:ecs:*:cluster/*", false),
            ("arn:aws:s3:::shop/eve/a", "arn:aws:s3:::shop/${aws:username}/*", true),
            ("arn:aws:s3:::shop/adam/a", "arn:aws:s3:::shop/${aws:username}/*", false),
            ("arn:aws:logs:eu-west-1:1:log-group:/a:*", "arn:aws:logs:*:*:log-group:/a:*", true),
            ("arn:aws:s3:::a", "*", true),
            ("*", "arn:aws:s3:::*", false),
        ] {
            let document = format!(
                r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Deny","Action":"*","Resource":"{pattern}"}}}}"#
            );
            let wish = Wish { action: "a:B", resource, context: &context() };
            let denied = opinion(&document, &wish).unwrap().denies == 1;
            assert_eq!(denied, expected, "{resource} like {pattern}");
        }
    }
}
