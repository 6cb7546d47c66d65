use super::*;

fn check(text: &str, expected: Result<Filled, (usize, Code)>) {
    let variables =
        BTreeMap::from([("TAG".to_owned(), "v1".to_owned()), ("EMPTY".to_owned(), String::new())]);
    let scope = Scope {
        app: Some("shop"),
        environment: Some("prod"),
        variables: Some(&variables),
        ..Scope::default()
    };
    let mut mistakes = Vec::new();
    let filled = fill(text, scope, Some("api"), &mut mistakes);
    match expected {
        Ok(expected) => assert_eq!((filled, mistakes), (expected, vec![]), "{text}"),
        Err(expected) => {
            let first = mistakes.first().map(|mistake| (mistake.which, mistake.code));
            assert_eq!((filled, first), (Filled::Wrong, Some(expected)), "{text}");
        }
    }
}

fn text(text: &str) -> Result<Filled, (usize, Code)> {
    Ok(Filled::Text(text.to_owned()))
}

#[test]
fn every_word_gets_its_value() {
    check("no braces, $HOME", Ok(Filled::AsWritten));
    check("/${app}/${env}/${service}", text("/shop/prod/api"));
    check("image:${TAG}", text("image:v1"));
    check("${OTHER:-a b:c}", text("a b:c"));
    check("${EMPTY:-x}", text("x"));
    check("${OTHER:-}", text(""));
}

#[test]
fn a_doubled_dollar_stands_for_the_braces() {
    check("$${HOME}", text("${HOME}"));
    check("a$$${TAG}", text("a$${TAG}"));
    check("$5 ${TAG}", text("$5 v1"));
}

#[test]
fn what_gets_no_value_says_which_and_why() {
    check("${TAG} ${GONE}", Err((1, Code::UnresolvedVariable)));
    check("$${x} ${EMPTY}", Err((1, Code::UnresolvedVariable)));
    check("${enviroment}", Err((0, Code::UnresolvedVariable)));
    check("${TAG", Err((0, Code::BadInterpolation)));
    check("${}", Err((0, Code::BadInterpolation)));
    check("${TAG:?why}", Err((0, Code::BadInterpolation)));
    check("${1X}", Err((0, Code::BadInterpolation)));
    check("${A:-${TAG}}", Err((0, Code::BadInterpolation)));
}

#[test]
fn what_is_not_known_yet_comes_later() {
    let mut mistakes = Vec::new();
    let nothing = Scope::default();
    assert_eq!(fill("${env}", nothing, None, &mut mistakes), Filled::Later);
    assert_eq!(fill("${TAG}", nothing, None, &mut mistakes), Filled::Later);
    assert_eq!(fill("${TAG:-1}", nothing, None, &mut mistakes), Filled::Text("1".to_owned()));
    assert_eq!(mistakes, []);
}
