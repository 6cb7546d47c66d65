use super::*;

fn check(
    manifest: &str,
    lockfile: &str,
    lock: &str,
    expected: &[(&str, Option<&str>, Option<&str>)],
) {
    let snapshot: Snapshot =
        [("package.json", manifest.to_owned()), (lockfile, lock.to_owned())].into_iter().collect();
    let package = Package::read(&snapshot, "package.json").unwrap();
    let found = disagreements(&snapshot, &package, lockfile);
    let found: Vec<_> = found
        .iter()
        .map(|it| {
            (it.value.package.as_str(), it.value.wanted.as_deref(), it.value.locked.as_deref())
        })
        .collect();
    assert_eq!(found, expected, "{lockfile}");
}

const MANIFEST: &str = r#"{
    "dependencies": {"express": "^5.1.0", "pg": "8.16.0"},
    "devDependencies": {"typescript": "~5.9.0"},
    "peerDependencies": {"react": "*"}
}"#;

#[test]
fn a_lockfile_that_fits_says_nothing() {
    let npm = r#"{"lockfileVersion": 3, "packages": {
        "": {"dependencies": {"express": "^5.1.0", "pg": "8.16.0"}, "devDependencies": {"typescript": "~5.9.0"}},
        "node_modules/express": {"version": "5.1.0", "dependencies": {"x": "1"}}}}"#;
    let bun = r#"{"lockfileVersion": 1, "workspaces": {"": {"name": "a",
        "dependencies": {"express": "^5.1.0", "pg": "8.16.0",}, "devDependencies": {"typescript": "~5.9.0",},},},}"#;
    let pnpm = "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      express:\n        \
        specifier: ^5.1.0\n        version: 5.1.0\n      pg:\n        specifier: 8.16.0\n        version: 8.16.0\n    \
        devDependencies:\n      typescript:\n        specifier: ~5.9.0\n        version: 5.9.2\n\npackages:\n  a@1:\n    x: y\n";
    let yarn = "# yarn lockfile v1\n\nexpress@^5.1.0:\n  version \"5.1.0\"\n\n\"pg@8.16.0\", pg@^8.0.0:\n  version \"8.16.0\"\n\n\
        typescript@~5.9.0:\n  version \"5.9.2\"\n";
    let berry = "\"express@npm:^5.1.0\":\n  version: 5.1.0\n\"pg@npm:8.16.0, pg@npm:^8.0.0\":\n  version: 8\n\
        \"typescript@npm:~5.9.0\":\n  version: 5\n";
    check(MANIFEST, "package-lock.json", npm, &[]);
    check(MANIFEST, "bun.lock", bun, &[]);
    check(MANIFEST, "pnpm-lock.yaml", pnpm, &[]);
    check(MANIFEST, "yarn.lock", yarn, &[]);
    check(MANIFEST, "yarn.lock", berry, &[]);
}

#[test]
fn drift_is_named_in_both_directions() {
    let npm = r#"{"packages": {"": {"dependencies": {"express": "^4.0.0", "cors": "2.8.5"}}}}"#;
    check(
        MANIFEST,
        "package-lock.json",
        npm,
        &[
            ("express", Some("^5.1.0"), Some("^4.0.0")),
            ("pg", Some("8.16.0"), None),
            ("typescript", Some("~5.9.0"), None),
            ("cors", None, Some("2.8.5")),
        ],
    );
    let yarn = "express@^4.0.0:\n  version \"4.21.0\"\n\npg@8.16.0:\n  version \"8.16.0\"\n";
    check(
        MANIFEST,
        "yarn.lock",
        yarn,
        &[("express", Some("^5.1.0"), Some("^4.0.0")), ("typescript", Some("~5.9.0"), None)],
    );
}

#[test]
fn a_member_is_held_against_its_own_part_of_the_lockfile() {
    let manifest = r#"{"dependencies": {"fastify": "^5.0.0", "@shop/db": "workspace:*"}}"#;
    let lock = "importers:\n\n  .: {}\n\n  apps/api:\n    dependencies:\n      '@shop/db':\n        specifier: workspace:*\n        \
        version: link:../../libs/db\n      fastify:\n        specifier: ^4.0.0\n        version: 4.1.0\n";
    let snapshot: Snapshot =
        [("apps/api/package.json", manifest), ("pnpm-lock.yaml", lock)].into_iter().collect();
    let package = Package::read(&snapshot, "apps/api/package.json").unwrap();
    let found = disagreements(&snapshot, &package, "pnpm-lock.yaml");
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].value.package.as_str(), found[0].place.line), ("fastify", 1));
}
