use super::Pattern;

/// Which of the messages a pattern finds; a refusal is its message.
fn found<'a>(pattern: &str, messages: &[&'a str]) -> Vec<&'a str> {
    let parsed = Pattern::parse(pattern).unwrap_or_else(|invalid| panic!("{pattern}: {invalid:?}"));
    messages.iter().copied().filter(|message| parsed.matches(message)).collect()
}

fn check(messages: &[&str], cases: &[(&str, &[usize])]) {
    for (pattern, expected) in cases {
        let expected: Vec<&str> = expected.iter().map(|n| messages[n - 1]).collect();
        assert_eq!(found(pattern, messages), expected, "{pattern}");
    }
}

fn check_json(message: &str, holds: &[&str], fails: &[&str]) {
    for pattern in holds {
        assert_eq!(found(pattern, &[message]), [message], "{pattern}");
    }
    for pattern in fails {
        assert_eq!(found(pattern, &[message]), [""; 0], "{pattern}");
    }
}

#[test]
fn terms_are_found_as_the_user_guide_says() {
    let messages = [
        "[ERROR 400] BAD REQUEST",
        "[ERROR 401] UNAUTHORIZED REQUEST",
        "[ERROR 419] MISSING ARGUMENTS",
        "[WARN 420] too few arguments_given",
    ];
    check(
        &messages,
        &[
            ("", &[1, 2, 3, 4]),
            ("ERROR", &[1, 2, 3]),
            ("error", &[]),
            ("ERROR ARGUMENTS", &[3]),
            ("ERROR REQUEST UNAUTHORIZED", &[2]),
            ("?UNAUTHORIZED ?ARGUMENTS", &[2, 3]),
            ("\"BAD REQUEST\"", &[1]),
            ("ERROR -REQUEST", &[3]),
            ("\"ERROR\" - \"REQUEST\"", &[3]),
            ("-ERROR", &[4]),
            ("-\"ERROR 4\"", &[4]),
            // Beside other terms, `?` has no effect.
            ("?UNAUTHORIZED ?ARGUMENTS REQUEST", &[1, 2]),
            ("?\"BAD REQUEST\" ?WARN", &[1, 4]),
            ("arguments_given", &[4]),
            ("%40[01]%", &[1, 2]),
            ("%WARN|419%", &[3, 4]),
            ("%^.ERROR%", &[1, 2, 3]),
        ],
    );
}

#[test]
fn quotes_hold_what_is_between_them() {
    let messages = ["a \"quoted\" word", "back\\slash", "日本語 ok"];
    check(&messages, &[(r#""\"quoted\"""#, &[1]), (r#""k\\s""#, &[2]), ("日本語", &[3])]);
}

/// The object of the user guide's examples.
const TRAIL: &str = r#"{
    "eventType": "UpdateTrail", "sourceIPAddress": "111.111.111.111",
    "arrayKey": ["value", "another value"], "latency": 50, "errorCode": 400, "code": "200",
    "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}],
    "SomeObject": null, "ThisFlag": true, "cluster.name": "c", "small": 1.5e-3,
    "user": {"id": 1, "email": "John.Stiles@example.com"},
    "users": [{"id": 2, "email": "John.Doe@example.com"}],
    "actions": ["GET", "PUT", "DELETE"], "coordinates": [[0, 1, 2], [4, 5, 6]]
}"#;

#[test]
fn json_is_found_as_the_user_guide_says() {
    check_json(
        TRAIL,
        &[
            r#"{ $.eventType = "UpdateTrail" }"#,
            "{$.eventType=UpdateTrail}",
            r#"{ $.eventType = "Update*" }"#,
            "{ $.eventType = *Trail }",
            "{ $.eventType = *dateTr* }",
            "{ $.eventType = %Tra[ij]l% }",
            "{ $.sourceIPAddress != 123.123.* }",
            r#"{ $.arrayKey[0] = "value" }"#,
            "{ $.objectList[1].id = 2 }",
            "{ $.SomeObject IS NULL }",
            "{ $.SomeOtherObject NOT EXISTS }",
            "{ $.SomeObject EXISTS }",
            "{ $.ThisFlag IS TRUE }",
            "{ $.ThisFlag = true }",
            r#"{ $.latency = "*" }"#,
            "{ $.latency >= 50 && $.latency < 10e3 }",
            "{ $.latency > +49.5 }",
            "{ $.small <= 2e-3 }",
            "{ $.errorCode = 400 }",
            "{ $.errorCode = 4e2 }",
            "{ $.errorCode != 500 }",
            "{ $.code = 200 }",
            "{ $.['cluster.name'] = \"c\" }",
            r#"{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }"#,
            r#"{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch && $.actions[2] = nomatch }"#,
        ],
        &[
            "{ $.eventType = updateTrail }",
            "{ $.eventType = Up*Trail }",
            "{ $.arrayKey[2] = \"*\" }",
            "{ $.eventType[0] = \"U\" }",
            "{ $.SomeObject NOT EXISTS }",
            "{ $.SomeOtherObject IS NULL }",
            "{ $.ThisFlag IS FALSE }",
            "{ $.latency > 50 }",
            "{ $.eventType > 1 }",
            // What is a list, or not there, compares with nothing.
            "{ $.users = 1 }",
            "{ $.users != 1 }",
            "{ $.nothing != 1 }",
            r#"{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }"#,
            r#"{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch) && $.actions[2] = nomatch }"#,
        ],
    );
}

#[test]
fn text_that_is_no_json_object_meets_no_json_pattern() {
    for message in ["", "plain", "[1]", "{broken", "\"x\"", "{} and more"] {
        assert_eq!(found("{ $.x NOT EXISTS }", &[message]), [""; 0], "{message}");
    }
    assert_eq!(found("{ $.x NOT EXISTS }", &[" {}"]), [" {}"]);
}

#[test]
fn fields_are_found_as_the_user_guide_says() {
    let messages = [
        "127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] \"GET /apache_pb.gif HTTP/1.0\" 200 1534",
        "127.0.0.1 - frank [10/Oct/2000:13:35:22 -0700] \"GET /index.html HTTP/1.0\" 404 5324",
        "127.0.0.1 - frank [10/Oct/2000:13:50:35 -0700] \"GET /apache_pb.gif HTTP/1.0\" 500 4355",
    ];
    check(
        &messages,
        &[
            ("[ip, user, username, timestamp, request, status_code, bytes]", &[1, 2, 3]),
            ("[ip, user, username]", &[]),
            ("[..., status_code, bytes]", &[1, 2, 3]),
            ("[ip, user, ...]", &[1, 2, 3]),
            ("[ip, user, ..., status_code, bytes > 4500]", &[2]),
            ("[..., status_code = 200, bytes]", &[1]),
            ("[..., status_code = 4*, bytes]", &[2]),
            ("[..., request = *html*, status_code = 4*,]", &[2]),
            ("[..., request=%apache[_]pb%, status_code != 500, bytes]", &[1]),
            ("[..., status_code = 4* || status_code >= 500, bytes]", &[2, 3]),
            ("[..., status_code = 4* && status_code != 404, bytes]", &[]),
            ("[ip, user, username, timestamp = \"*13:35*\", ...]", &[2]),
        ],
    );
    let levels = ["ERROR WARN message", "ERROR message", "WARN message", "INFO message"];
    check(
        &levels,
        &[
            ("[w1=ERROR, w2]", &[2]),
            ("[w1=ERROR || w1=WARN, w2]", &[2, 3]),
            ("[w1=!ERROR&&w1=!WARN, w2]", &[4]),
            ("[w1, ...]", &[1, 2, 3, 4]),
        ],
    );
}

#[test]
fn what_is_no_pattern_is_refused_in_words_that_help() {
    let term =
        |term: &str| format!("Invalid filter pattern: Invalid character(s) in term '{term}'");
    let plain = || "Invalid filter pattern".to_owned();
    for (pattern, expected) in [
        ("not-found", term("not-found")),
        ("ERROR:", term("ERROR:")),
        ("\"\"", term("\"\"")),
        ("\"open", term("\"open")),
        ("-", term("")),
        ("%open", term("%open")),
        ("%some(thing)%", term("%some(thing)%")),
        ("%a{2%", plain()),
        ("{ $.a = 1", "If a filter pattern starts with '{' it must end with '}'".to_owned()),
        ("[a", "If a filter pattern starts with '[' it must end with ']'".to_owned()),
        ("{}", plain()),
        ("{ $.a }", plain()),
        ("{ $.a = }", plain()),
        ("{ $.a = 1 && }", plain()),
        ("{ ($.a = 1 }", plain()),
        ("{ $.a = 1) }", plain()),
        ("{ a = 1 }", term("a")),
        ("{ $ = 1 }", term("$")),
        ("{ $.a..b = 1 }", term("$.a..b")),
        ("{ $.a[*] = 1 }", term("$.a[*]")),
        ("{ $.a = @b }", term("@b")),
        ("{ $.a > b }", plain()),
        ("{ $.a IS b }", term("b")),
        ("{ $.a IS NOT NULL }", term("NOT")),
        ("{ $.a NOT NULL }", plain()),
        ("{ $.a = %1% && $.b = %2% && $.c = %3% }", plain()),
        ("[..., a, ...]", plain()),
        ("[a b]", plain()),
        ("[a = 1 && b = 2]", plain()),
        ("[a = 1 = 2]", plain()),
    ] {
        let refused = Pattern::parse(pattern).map(|parsed| format!("{parsed:?}"));
        assert_eq!(refused.map_err(|invalid| invalid.0), Err(expected), "{pattern}");
    }
}

#[test]
fn deep_nesting_is_refused_before_it_does_harm() {
    let nested = |depth: usize| format!("{{{}$.a = 1{}}}", "(".repeat(depth), ")".repeat(depth));
    assert!(Pattern::parse(&nested(32)).is_ok());
    assert!(Pattern::parse(&nested(33)).is_err());
}
