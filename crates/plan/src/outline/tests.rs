use super::*;
use source::Snapshot;

/// The manifest of a tree, which neargate itself has to take without an error.
fn check(app: &str, files: &[(&str, &str)], expected: &str) {
    let snapshot: Snapshot = files.iter().copied().collect();
    let outlined = outline(&source::read(&snapshot), app).expect("something runs");
    assert_eq!(outlined.text, expected);
    let (manifest, found) = manifest::parse(&outlined.text);
    assert!(manifest.is_some(), "{found:?}");
}

#[test]
fn an_api_that_says_everything_gets_no_remarks() {
    let files = [
        (
            "package.json",
            r#"{"scripts": {"start": "node src/server.js"}, "dependencies": {"express": "5"}}"#,
        ),
        ("package-lock.json", "{}"),
        ("Dockerfile", "FROM node:22-alpine\nCOPY package.json ./\nCOPY src src\nENV PORT=3000\n"),
        (
            "src/server.js",
            "import express from 'express'; const app = express();\n\
            app.get('/api/health', (q, s) => s.end()); app.listen(Number(process.env.PORT ?? 3000), '0.0.0.0');",
        ),
    ];
    check(
        "notes",
        &files,
        "\
# Written from the source. What follows a `#` is a guess or a question.
app: notes
services:
  api:
    # Express, begins at src/server.js.
    build: .
    process:
      build: npm ci --omit=dev --no-audit --no-fund
      command: node src/server.js
      files: [src, node_modules, package.json]
    port: 3000
    health: /api/health
    env:
      NODE_ENV: production
",
    );
}

#[test]
fn variables_are_public_parameters_or_secrets() {
    let files = [
        (
            "package.json",
            r#"{"scripts": {"start": "node a.js", "migrate": "node dist/migrate.js"},
            "dependencies": {"fastify": "5", "pg": "8"}}"#,
        ),
        (".env.example", "CORS_ORIGIN=http://localhost:5173\nJWT_SECRET=abc\n"),
        (
            "a.js",
            "import fastify from 'fastify'; import pg from 'pg'; const app = fastify();\n\
            new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 4 });\n\
            app.get('/up', { cors: process.env.CORS_ORIGIN, model: process.env.LLM_MODEL }, f);\n\
            const secret = process.env.JWT_SECRET || 'change me'; const id = process.env.AWS_ACCESS_KEY_ID;\n\
            app.listen({ port: 8080 });",
        ),
    ];
    check("My App", &files, "\
# Written from the source. What follows a `#` is a guess or a question.
app: my-app
services:
  api:
    # Fastify, begins at a.js.
    # There is no Dockerfile in this folder; `neargate build` writes one where it can.
    build: .
    # a.js:5 listens on localhost only: nothing outside the container reaches it.
    port: 8080
    health: /up
    env:
      NODE_ENV: production
      CORS_ORIGIN: http://localhost:5173  # from the example file
      # LLM_MODEL:   # a.js:3 reads it, and nothing says its value
    secrets:
      DATABASE_URL: ssm:/my-app/${env}/database-url
      JWT_SECRET: ssm:/my-app/${env}/jwt-secret  # the source has a default, which everybody can read
    # AWS_ACCESS_KEY_ID: not set. On AWS the task's role stands in for keys.
    before: node dist/migrate.js
    # database: {max_connections: …, pool: 4}   # how many does the database admit?
");
}

#[test]
fn several_applications_share_the_requests() {
    let files = [
        ("package.json", r#"{"workspaces": ["frontend", "backend"]}"#),
        ("package-lock.json", "{}"),
        (
            "frontend/package.json",
            r#"{"scripts": {"build": "next build", "start": "next start"},
            "dependencies": {"next": "15"}}"#,
        ),
        ("frontend/app/page.tsx", "export default () => process.env.NEXT_PUBLIC_API;"),
        (
            "backend/package.json",
            r#"{"scripts": {"start": "node index.js"}, "dependencies": {"express": "5"}}"#,
        ),
        (
            "backend/index.js",
            "const app = require('express')(); app.get('/api/health', f, g);\n\
            app.get('/api/x', f, g); app.listen(3001);",
        ),
    ];
    check(
        "slugger",
        &files,
        "\
# Written from the source. What follows a `#` is a guess or a question.
app: slugger
services:
  backend:
    # Express, begins at backend/index.js.
    # There is no Dockerfile in backend; `neargate build` writes one where it can.
    build: backend
    port: 3001
    health: /api/health
    routes: [/api/*]
    env:
      NODE_ENV: production
  frontend:
    # Next.js.
    # There is no Dockerfile in frontend; `neargate build` writes one where it can.
    build:
      context: frontend
      # args:
      #   NEXT_PUBLIC_API:   # frontend/app/page.tsx:1 takes it into the bundle
    port: 3000
    health: /  # no route looks like a health check
    routes: [/*]
    env:
      NODE_ENV: production
",
    );
}

#[test]
fn a_tree_in_which_nothing_runs_has_no_manifest() {
    let library: Snapshot =
        [("package.json", r#"{"main": "index.js"}"#), ("index.js", "export const a = 1;")]
            .into_iter()
            .collect();
    assert_eq!(outline(&source::read(&library), "x"), None);
    assert_eq!(outline(&source::read(&Snapshot::default()), "x"), None);
}
