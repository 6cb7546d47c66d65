//! What a script is there for, by its path.

/// Folders whose scripts do not run in production.
const FOLDERS: [&str; 20] = [
    "test",
    "tests",
    "__tests__",
    "__mocks__",
    "__fixtures__",
    "fixtures",
    "e2e",
    "cypress",
    "playwright",
    "spec",
    "mocks",
    "stories",
    "storybook",
    ".storybook",
    "examples",
    "benchmark",
    "benchmarks",
    "coverage",
    "docs",
    ".github",
];

/// Folders that tools write.
const WRITTEN: [&str; 12] = [
    "node_modules",
    "dist",
    "build",
    "out",
    ".next",
    ".nuxt",
    ".output",
    ".turbo",
    ".nx",
    ".cache",
    "vendor",
    "bower_components",
];

/// Ends of names before the ending: `app.test.ts`.
const ENDS: [&str; 8] =
    [".test", ".spec", ".e2e", ".e2e-spec", ".stories", ".bench", ".config", ".setup"];

/// Whether a path lies in a folder that tools write; such files are copies of others.
pub(crate) fn is_written(path: &str) -> bool {
    let mut folders: Vec<&str> = path.split('/').collect();
    folders.pop();
    folders.iter().any(|folder| WRITTEN.contains(folder)) || path.ends_with(".min.js")
}

/// Whether a script can be part of what runs in production; `path` counts from the project's folder.
pub(crate) fn is_production(path: &str) -> bool {
    let mut folders: Vec<&str> = path.split('/').collect();
    let file = folders.pop().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let is_tool = ENDS.iter().any(|end| stem.ends_with(end)) || stem.starts_with('.');
    let is_test =
        matches!(stem, "jest" | "vitest" | "gulpfile" | "Gruntfile" | "seed" | "setupTests");
    !is_tool && !is_test && !folders.iter().any(|folder| FOLDERS.contains(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_and_tools_are_no_production_code() {
        for path in [
            "src/app.test.ts",
            "test/app.ts",
            "vite.config.ts",
            ".eslintrc.cjs",
            "src/__tests__/a.js",
        ] {
            assert!(!is_production(path), "{path}");
        }
        for path in ["src/app.ts", "server.js", "src/config.ts", "src/latest/contest.ts"] {
            assert!(is_production(path), "{path}");
        }
        assert!(is_written("apps/api/dist/main.js") && !is_written("src/dist.js"));
    }
}
