//! Whatever the files hold: a reading comes back, twice the same, and points into the files.

use proptest::prelude::*;
use source::{Place, Reading, Snapshot};

/// Names that every reader looks at.
const NAMES: [&str; 24] = [
    "package.json",
    "package-lock.json",
    "pnpm-lock.yaml",
    "yarn.lock",
    "bun.lock",
    "nx.json",
    "pnpm-workspace.yaml",
    "tsconfig.json",
    "project.json",
    "prisma/schema.prisma",
    ".env.example",
    ".nvmrc",
    "index.js",
    "src/app.ts",
    "app/page.tsx",
    "next.config.js",
    "vite.config.ts",
    "requirements.txt",
    "pyproject.toml",
    "main.py",
    "go.mod",
    "main.go",
    "Cargo.toml",
    "src/main.rs",
];

/// Pieces that mean something to somebody.
const PIECES: [&str; 40] = [
    "import express from 'express';",
    "const app = express();",
    "app.use('/api', app);",
    "app.get('/x', f);",
    "process.env.PORT",
    " ?? ",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "'",
    "`",
    "${",
    "=>",
    "\n",
    "\\",
    "é",
    "const { A = 1 } = process.env;",
    "export default ",
    "require('./app')",
    "require(x)",
    "new Pool(",
    "{\"dependencies\": {\"express\": \"1\"}}",
    "class A { @Get('x') y() {} }",
    "module.exports = ",
    "a.b = a;",
    "z.object({A: z.string().default(1)})",
    "import a, {b as c} from './app'; export * from './index';",
    "importers:\n\n  .:\n    dependencies:\n      a:\n        specifier: 1\n",
    "app.listen(",
    "env(\"X\")",
    "os.environ[\"A\"]",
    "func main() {",
    "#[derive(A)]",
    "= ",
    "\r\n",
    "\u{feff}",
];

fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(PIECES.to_vec());
    prop_oneof![
        3 => prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..200),
    ]
}

fn snapshot() -> impl Strategy<Value = Snapshot> {
    let file = (prop::sample::select(NAMES.to_vec()), text());
    prop::collection::vec(file, 0..10).prop_map(|files| {
        // Without a manifest nobody looks at the scripts.
        let manifest = ("package.json", br#"{"main": "index.js", "dependencies": {}}"#.to_vec());
        std::iter::once(manifest).chain(files).collect()
    })
}

fn places(reading: &Reading) -> Vec<&Place> {
    let mut places = Vec::new();
    for project in &reading.projects {
        places.extend(project.routes.iter().map(|it| &it.place));
        places.extend(project.variables.iter().flat_map(|it| &it.places));
        places.extend(project.listens.iter().map(|it| &it.place));
        places.extend(project.imports.iter().map(|it| &it.place));
        places.extend(project.frameworks.iter().map(|it| &it.place));
        places.extend(project.databases.iter().map(|it| &it.place));
    }
    places
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_tree_can_be_read_and_says_the_same_twice(snapshot in snapshot()) {
        let reading = source::read(&snapshot);
        prop_assert_eq!(&reading, &source::read(&snapshot));
        for place in places(&reading) {
            let text = snapshot.text(&place.file);
            prop_assert!(text.is_some_and(|text| place.end as usize <= text.len()), "{place:?}");
            prop_assert!(place.line > 0 && place.column > 0 && place.start <= place.end);
        }
    }
}

#[test]
fn what_nests_too_deep_is_named_and_not_read() {
    for piece in ["(", "[", "a=>", "!", "{a:", "`${", "<a>", "if(a)b;else "] {
        let deep = piece.repeat(20_000);
        let snapshot: Snapshot =
            [("package.json", "{}"), ("index.jsx", deep.as_str())].into_iter().collect();
        let reading = source::read(&snapshot);
        assert_eq!(reading.unread.len(), 1, "{piece}");
    }
}

#[test]
fn circles_of_files_and_names_end() {
    let files = [
        ("package.json", r#"{"main": "a.js", "dependencies": {"express": "5"}}"#),
        (
            "a.js",
            "import './c'; import './d'; import './e'; export { x } from './b'; export * from './b'; import { x } from './b'; x.get('/', x);",
        ),
        (
            "b.js",
            "import { x as y } from './a'; export const x = y; const p = q, q = p; x.listen(q);",
        ),
        (
            "c.js",
            "import e from 'express'; const r = e.Router(); r.use('/a', r); r.get('/b', f, g);",
        ),
        (
            "e.js",
            "const g = () => h(), h = () => g(); g().listen(1); listen(h().port); const { z } = g(); z.listen(z.z); let n; n = n.next; n(); n.use('/a', n); n.listen(n);",
        ),
        ("d.js", "function f(a) { return f(a); } const k = f(k); k.get('/x', f, k);"),
    ];
    let reading = source::read(&files.into_iter().collect());
    assert_eq!(reading.projects.len(), 1);
}

/// Ten ways at each of ten turns are ten thousand million: a search that goes them all never ends.
#[test]
fn many_ways_at_many_turns_end() {
    let package = r#"{"main": "m0.js", "dependencies": {"express": "5", "pg": "8"}}"#;
    let mut files = vec![("package.json".to_owned(), package.to_owned())];
    files.extend((0..12).map(|at| (format!("m{at}.js"), maze(at))));
    let snapshot = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert_eq!(source::read(&snapshot).projects.len(), 1);
}

/// A file that exports everything of all others, with functions that return one another.
fn maze(at: usize) -> String {
    let others: Vec<usize> = (0..12).filter(|other| *other != at).collect();
    let each = |line: &dyn Fn(usize) -> String| {
        others.iter().map(|other| line(*other)).collect::<Vec<_>>().join("\n")
    };
    let barrel = each(&|other| {
        format!("export * from './m{other}'; import {{ f{other}, r{other} }} from './m{other}';")
    });
    let ways = each(&|other| format!("if (a.w{other}) return f{other}(a.next, f{at});"));
    let mounts = each(&|other| format!("r{at}.use('/m{other}', r{other});"));
    format!(
        "import express from 'express'; import pg from 'pg'; import {{ missing }} from './m{next}';\n{barrel}\n\
         export const r{at} = express.Router();\n{mounts}\nr{at}.get('/x', f{at});\n\
         export function f{at}(a, b) {{\n{ways}\n}}\n\
         f{at}(f{at}).port.listen(f{at}(missing).port); new pg.Pool(f{at}(missing)); missing.use(f{at}(r{at}));",
        next = (at + 1) % 12,
    )
}
