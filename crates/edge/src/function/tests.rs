use super::run;
use crate::sites::Function;
use serde_json::{Value as Json, json};

fn ran(code: &str) -> Result<Json, String> {
    let function = Function { name: "test".to_owned(), code: code.to_owned() };
    let event = json!({ "request": { "uri": "/", "headers": {} } });
    run(&function, &event).map_err(|why| why.0)
}

#[test]
fn a_handler_changes_the_request() {
    let code = "function handler(event) {\n  var request = event.request;\n  if (request.uri === '/') request.uri += \"index.html\";\n  return request;\n}\n";
    assert_eq!(ran(code).unwrap()["uri"], "/index.html");
}

#[test]
fn a_handler_may_be_asynchronous() {
    let code = "async function handler(event) { return { statusCode: await 302 }; }";
    assert_eq!(ran(code).unwrap()["statusCode"], 302);
}

#[test]
fn nothing_is_left_of_a_run() {
    let code = "var n = (globalThis.seen || 0) + 1; globalThis.seen = n; function handler() { return { n: n }; }";
    assert_eq!(ran(code).unwrap()["n"], 1);
    assert_eq!(ran(code).unwrap()["n"], 1);
}

#[test]
fn a_function_that_fails_says_why() {
    for (code, expected) in [
        ("function handler(event) { return event.missing.uri; }", "undefined"),
        ("function handler(", ""),
        ("var x = 1;", "handler"),
    ] {
        let why = ran(code).unwrap_err();
        assert!(why.contains(expected), "{why}");
    }
}

#[test]
fn a_function_is_bounded_in_time_and_memory() {
    assert!(ran("function handler() { while (true) {} }").is_err());
    let greedy = "function handler() { var a = []; while (true) a.push(new Array(10000).join('x') + a.length); }";
    assert!(ran(greedy).is_err());
    assert!(ran("function handler() { return handler(); }").is_err());
}

#[test]
fn there_is_no_way_out() {
    for name in ["require", "process", "fetch", "setTimeout", "os", "std"] {
        let found = ran(&format!("function handler() {{ return {{ kind: typeof {name} }}; }}"));
        assert_eq!(found.unwrap()["kind"], "undefined", "{name}");
    }
}
