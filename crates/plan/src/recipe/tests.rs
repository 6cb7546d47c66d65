use super::*;

/// A small project of npm with a build, and more files.
const PACKAGE: &str = r#"{"name": "shop", "scripts": {"build": "tsc", "start": "node dist/server.js"},
    "engines": {"node": ">=20 <23"}, "dependencies": {"express": "5.1.0"}}"#;
const SERVER: &str = "import express from 'express'; const app = express();
    app.get('/api/health', (_, answer) => answer.send('ok')); app.listen(process.env.PORT ?? 8080);";

fn read(files: &[(&str, &str)], wanted: &Wanted<'_>) -> Result<Recipe, NoRecipe> {
    let snapshot: Snapshot = files.iter().copied().collect();
    recipe(&snapshot, &source::read(&snapshot), wanted)
}

fn shop<'f>(more: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let mut files = vec![("package.json", PACKAGE), ("src/server.ts", SERVER)];
    files.extend(more);
    files
}

#[test]
fn an_npm_project_is_built_pruned_and_started_by_node_itself() {
    let lock = [("package-lock.json", "{}")];
    let found = read(&shop(&lock), &Wanted { folder: ".", ..Wanted::default() }).unwrap();
    let expected = r#"# Written by neargate from the source.
FROM node:22-alpine AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build
RUN npm prune --omit=dev --no-audit --no-fund && mkdir -p node_modules && mv node_modules /node_modules

FROM node:22-alpine
ENV NODE_ENV=production PORT=8080
WORKDIR /app
COPY --from=build /node_modules node_modules
COPY --from=build /app ./
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/api/health').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/server.js"]
"#;
    assert_eq!(found.dockerfile, expected);
    assert_eq!((found.context.as_str(), found.remarks.as_slice()), ("", &[][..]));
    assert!(found.ignore.lines().any(|line| line == "dist"), "{}", found.ignore);
}

#[test]
fn what_the_manifest_says_counts_more_than_the_source() {
    let wanted = Wanted {
        service: "api",
        folder: "",
        is_started: true,
        port: Some(3000),
        health: Some("/live"),
        arguments: vec!["VITE_A", "VITE_B"],
        ..Wanted::default()
    };
    let found = read(&shop(&[("package-lock.json", "{}")]), &wanted).unwrap().dockerfile;
    for line in ["EXPOSE 3000", "ENV NODE_ENV=production PORT=3000", "ARG VITE_A", "ARG VITE_B"] {
        assert!(found.lines().any(|it| it == line), "{line} in\n{found}");
    }
    assert!(found.contains("http://127.0.0.1:3000/live"), "{found}");
    assert!(!found.contains("\nCMD"), "{found}");
}

#[test]
fn a_member_of_a_workspace_is_built_from_the_folder_of_the_lockfile() {
    let root = r#"{"name": "shop", "private": true, "workspaces": ["apps/*", "libs/*"]}"#;
    let library = r#"{"name": "@shop/lib", "main": "index.js"}"#;
    let files = [
        ("package.json", root),
        ("package-lock.json", "{}"),
        ("apps/api/package.json", PACKAGE),
        ("apps/api/src/server.ts", SERVER),
        ("libs/lib/package.json", library),
        ("libs/lib/index.js", ""),
    ];
    let found = read(&files, &Wanted { folder: "apps/api", ..Wanted::default() }).unwrap();
    assert_eq!(found.context, "");
    for line in [
        "COPY package.json package-lock.json ./",
        "COPY apps/api/package.json apps/api/",
        "COPY libs/lib/package.json libs/lib/",
        "RUN cd apps/api && npm run build",
        "WORKDIR /app/apps/api",
    ] {
        assert!(found.dockerfile.lines().any(|it| it == line), "{line} in\n{}", found.dockerfile);
    }
}

#[test]
fn each_package_manager_installs_what_its_lockfile_says() {
    for (lockfile, lines) in [
        (
            "pnpm-lock.yaml",
            vec![
                "RUN npm install --global pnpm@10",
                "ENV CI=true",
                "RUN pnpm install --frozen-lockfile",
            ],
        ),
        ("yarn.lock", vec!["RUN yarn install --frozen-lockfile"]),
        ("none", vec!["RUN npm install --no-audit --no-fund"]),
    ] {
        let found = read(&shop(&[(lockfile, "")]), &Wanted::default()).unwrap();
        for line in lines {
            assert!(
                found.dockerfile.lines().any(|it| it == line),
                "{line} in\n{}",
                found.dockerfile
            );
        }
    }
}

#[test]
fn what_is_not_understood_is_refused_with_the_reason() {
    let unclear = PACKAGE.replace("node dist/server.js", "sh start.sh | tee log");
    let old = PACKAGE.replace(">=20 <23", "14");
    let lock = ("package-lock.json", "{}");
    for (files, why) in [
        (
            vec![("package.json", unclear.as_str()), ("src/server.ts", SERVER), lock],
            "needs a shell",
        ),
        (
            vec![("package.json", old.as_str()), ("src/server.ts", SERVER), lock],
            "no supported version of Node",
        ),
        (shop(&[("bun.lock", "")]), "with bun"),
        (
            vec![
                ("go.mod", "module a\n"),
                ("main.go", "package main\nfunc main() { http.ListenAndServe(\":80\", nil) }"),
            ],
            "is a project in Go",
        ),
        (vec![("README.md", "")], "nothing in this folder was understood"),
    ] {
        let refused = read(&files, &Wanted::default()).unwrap_err();
        assert!(refused.why.contains(why), "{refused:?}");
    }
}

#[test]
fn several_applications_in_one_folder_have_to_be_told_apart() {
    let files = [
        ("a/package.json", PACKAGE),
        ("a/package-lock.json", "{}"),
        ("a/src/server.ts", SERVER),
        ("b/package.json", PACKAGE),
        ("b/package-lock.json", "{}"),
        ("b/src/server.ts", SERVER),
    ];
    let refused = read(&files, &Wanted::default()).unwrap_err();
    assert!(refused.why.contains("a, b") && refused.hint.contains("build: a"), "{refused:?}");
    for wanted in [
        Wanted { folder: "b", ..Wanted::default() },
        Wanted { folder: ".", service: "b", ..Wanted::default() },
    ] {
        assert_eq!(read(&files, &wanted).unwrap().context, "b");
    }
}
