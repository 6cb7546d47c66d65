//! `neargate check`: what it finds, in which form it says so, and what it changes.

use crate::stage::{Line, Scratch, binary};
use serde_json::Value;

/// A small API: it answers `/api/health`, listens on localhost, and its image has no curl.
fn broken() -> Scratch {
    let scratch = Scratch::new();
    scratch.write(
        "neargate.yml",
        "app: shop\nservices:\n  api:\n    build: .\n    port: 3000\n    health: /health\n    \
         healthcheck: curl -f http://localhost:3000/api/health\n",
    );
    scratch.write(
        "package.json",
        r#"{"name": "api", "scripts": {"start": "node src/server.js"}, "dependencies": {"fastify": "5.0.0"}}"#,
    );
    scratch.write(
        "Dockerfile",
        "FROM node:22-alpine\nCOPY src src\nUSER node\nCMD [\"npm\", \"start\"]\n",
    );
    scratch.write(
        "src/server.js",
        "import fastify from 'fastify';\nconst app = fastify();\n\
         app.get('/api/health', async () => 'ok');\napp.listen({ port: 3000 });\n\
         process.once('SIGTERM', () => app.close());\n",
    );
    scratch
}

fn check(scratch: &Scratch) -> Line {
    Line::new(binary::neargate()).arg("check").arg(scratch.path())
}

fn rules(told: &Value) -> Vec<&str> {
    told["findings"].as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_is_wrong_is_shown_with_line_and_caret_and_fails() {
    let scratch = broken();
    let told = check(&scratch).run().await.expect(7);
    for text in [
        "error[health-path]",
        "neargate.yml:6:13",
        "^^^^^^^",
        "src/server.js:3:1",
        "error[listens-on-localhost]",
        "error[health-program]",
        "warning[signal-lost]",
    ] {
        assert!(told.out.contains(text), "no `{text}` in\n{}", told.out);
    }
    told.says("3 errors, 1 warning");
}

#[tokio::test]
async fn json_and_sarif_say_the_same() {
    let scratch = broken();
    let told = check(&scratch).args("--format json").run().await.expect(7).json();
    let named = rules(&told);
    assert_eq!(named.len(), 4, "{told:#}");
    assert_eq!((&told["errors"], &told["warnings"]), (&3.into(), &1.into()));
    let sarif = check(&scratch).args("--format sarif").run().await.expect(7).json();
    assert_eq!(sarif["version"], "2.1.0");
    let driver = &sarif["runs"][0]["tool"]["driver"];
    assert_eq!(driver["name"], "neargate");
    let known: Vec<&Value> =
        driver["rules"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), named.len());
    for (result, rule) in results.iter().zip(named) {
        assert_eq!(result["ruleId"], rule);
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(known[index], &result["ruleId"]);
        assert!(matches!(result["level"].as_str(), Some("error" | "warning" | "note")));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["artifactLocation"]["uri"].is_string(), "{place}");
        assert!(place["region"]["startLine"].as_u64().is_some_and(|line| line > 0), "{place}");
    }
}

#[tokio::test]
async fn what_is_certain_is_fixed_and_the_rest_is_left_to_its_owner() {
    let scratch = broken();
    check(&scratch).arg("--fix").run().await.expect(7).says("changed ");
    let read = |name: &str| std::fs::read_to_string(scratch.path().join(name)).unwrap();
    assert!(read("neargate.yml").contains("health: /api/health\n"), "{}", read("neargate.yml"));
    assert!(
        read("Dockerfile").contains("CMD [\"node\", \"src/server.js\"]"),
        "{}",
        read("Dockerfile")
    );
    let left = check(&scratch).args("--format json").run().await.expect(7).json();
    assert_eq!(rules(&left).len(), 2, "{left:#}");
}

#[tokio::test]
async fn warnings_fail_only_when_they_are_denied() {
    let scratch = Scratch::new();
    scratch.write("Dockerfile", "FROM node:18-alpine\nCOPY src src\n");
    scratch.write("src/a.js", "1");
    check(&scratch).run().await.expect(0).says("end-of-life");
    check(&scratch).args("--deny warnings").run().await.expect(7);
}

#[tokio::test]
async fn a_reason_in_the_manifest_leaves_a_finding_alone() {
    let scratch = broken();
    let manifest = std::fs::read_to_string(scratch.path().join("neargate.yml")).unwrap();
    let ignore = "checks:\n  ignore:\n    - {rule: health-path, service: api, reason: a proxy answers it}\n    \
                  - {rule: plain-secret, reason: there was one}\n";
    scratch.write("neargate.yml", &format!("{manifest}{ignore}"));
    let told = check(&scratch).args("--format json").run().await.expect(7).json();
    let named = rules(&told);
    assert!(!named.contains(&"health-path"), "{named:?}");
    assert!(named.contains(&"idle-suppression"), "{named:?}");
    let unreasoned = "checks:\n  ignore:\n    - {rule: health-path}\n";
    scratch.write("neargate.yml", &format!("{manifest}{unreasoned}"));
    check(&scratch).run().await.expect(3).says("reason");
}

#[tokio::test]
async fn the_examples_are_as_they_should_be() {
    for entry in std::fs::read_dir(binary::root().join("examples")).unwrap() {
        let folder = entry.unwrap().path();
        if folder.join("neargate.yml").exists() {
            let told = Line::new(binary::neargate()).args("check --format json").arg(&folder);
            let told = told.run().await.expect(0).json();
            assert_eq!(rules(&told), Vec::<&str>::new(), "{}", folder.display());
        }
    }
}

#[tokio::test]
async fn a_rule_is_explained_and_a_slip_is_named() {
    let line = || Line::new(binary::neargate());
    let told = line().args("check --explain health-path").output().await;
    assert!(told.contains("The fix:"), "{told}");
    let listed = line().args("check --explain").output().await;
    assert!(listed.contains("missing-variable"), "{listed}");
    line().args("check --explain helth-path").run().await.expect(2).says("health-path");
}
