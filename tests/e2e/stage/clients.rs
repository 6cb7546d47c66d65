//! Clients of AWS's API that are not ours: the aws CLI and Python's boto3.

use super::binary::root;
use super::command::Line;
use super::region::{NAME, Region};
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::OnceCell;

/// Making a virtual environment and filling it takes long on a slow network.
const PIP: Duration = Duration::from_secs(300);

/// The aws CLI, version 2; none where this machine has only version 1 or nothing, which is said.
pub(crate) async fn aws(what: &str) -> Option<PathBuf> {
    static FOUND: OnceCell<Option<PathBuf>> = OnceCell::const_new();
    let found = FOUND.get_or_init(find_aws).await.clone();
    if found.is_none() {
        skip(what, "this needs the aws CLI, version 2");
    }
    found
}

async fn find_aws() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let candidates = std::env::split_paths(&path).map(|folder| folder.join("aws"));
    for candidate in candidates.filter(|candidate| candidate.is_file()) {
        let said = Line::new(&candidate).arg("--version").run().await;
        if said.out.starts_with("aws-cli/2") {
            return Some(candidate);
        }
    }
    None
}

/// A command line of the aws CLI about a region. The endpoint is an option, for older releases do
/// not know the variable.
pub(crate) fn aws_line(aws: &PathBuf, region: &Region, words: &str) -> Line {
    // Its output comes line by line, though nobody sits at a terminal.
    let line = with_keys(Line::new(aws), region).env("AWS_PAGER", "").env("PYTHONUNBUFFERED", "1");
    line.args("--endpoint-url").arg(region.endpoint()).args(words)
}

/// A Python with boto3; none where there is no way to get one, which is said.
pub(crate) async fn python(what: &str) -> Option<PathBuf> {
    static FOUND: OnceCell<Option<PathBuf>> = OnceCell::const_new();
    let found = FOUND.get_or_init(find_python).await.clone();
    if found.is_none() {
        skip(what, "this needs Python with boto3, and neither pip nor this machine has it");
    }
    found
}

/// What judges CloudFormation templates, in the folder with the programs; none where pip can't
/// install it, which is said.
pub(crate) async fn linters(what: &str) -> Option<PathBuf> {
    static FOUND: OnceCell<Option<PathBuf>> = OnceCell::const_new();
    let found = FOUND.get_or_init(|| environment("linters", "linters.txt")).await.clone();
    if found.is_none() {
        skip(what, "this needs cfn-lint and checkov, and pip can not install them");
    }
    found?.parent().map(PathBuf::from)
}

/// Another server of AWS's API, in the folder with the programs; none where pip can't install it,
/// which is said.
pub(crate) async fn moto(what: &str) -> Option<PathBuf> {
    static FOUND: OnceCell<Option<PathBuf>> = OnceCell::const_new();
    let found = FOUND.get_or_init(|| environment("moto", "moto.txt")).await.clone();
    if found.is_none() {
        skip(what, "this needs moto, and pip can not install it");
    }
    found?.parent().map(PathBuf::from)
}

/// AWS's session-manager-plugin, built from its source and kept in `target`; none where Go can't build
/// it, which is said.
pub(crate) async fn session_manager_plugin(what: &str) -> Option<PathBuf> {
    static FOUND: OnceCell<Option<PathBuf>> = OnceCell::const_new();
    let found = FOUND.get_or_init(build_plugin).await.clone();
    if found.is_none() {
        skip(what, "this needs AWS's session-manager-plugin, and Go can not build it");
    }
    found
}

async fn build_plugin() -> Option<PathBuf> {
    let source = root().join("tests/clients/plugin");
    let folder = root().join("target/clients/plugin");
    let (plugin, made) = (folder.join("session-manager-plugin"), folder.join("made-of"));
    let wanted = std::fs::read(source.join("go.mod")).unwrap();
    if std::fs::read(&made).is_ok_and(|held| held == wanted) {
        return Some(plugin);
    }
    let main = "github.com/aws/session-manager-plugin/src/sessionmanagerplugin-main";
    let line = Line::new("go").within(&source).args("build -trimpath -o").arg(&plugin).arg(main);
    let variables = std::env::vars_os().filter(|(name, _)| {
        let name = name.to_string_lossy().to_ascii_uppercase();
        name == "HOME"
            || name.starts_with("GO")
            || name.ends_with("_PROXY")
            || name.starts_with("SSL_")
    });
    let line = variables.fold(line, |line, (name, value)| line.env(name.to_str().unwrap(), value));
    let there = Line::new("sh").args("-c").arg("command -v go").run().await.code == Some(0);
    if !there || line.patience(PIP).run().await.code != Some(0) {
        return None;
    }
    std::fs::write(made, wanted).unwrap();
    Some(plugin)
}

/// An environment with the release of boto3 that the shapes are generated from. Where that can't
/// be, this machine's own boto3.
async fn find_python() -> Option<PathBuf> {
    if let Some(own) = environment("venv", "requirements.txt").await {
        return Some(own);
    }
    let here = PathBuf::from("python3");
    let imports = Line::new(&here).arg("-c").arg("import boto3").run().await;
    (imports.code == Some(0)).then_some(here)
}

/// A Python with what a file of `tests/clients` asks for, made once and kept in `target`.
async fn environment(name: &str, requirements: &str) -> Option<PathBuf> {
    let requirements = root().join("tests/clients").join(requirements);
    let venv = root().join("target/clients").join(name);
    let own = venv.join("bin/python");
    let made = venv.join("made-of");
    let wanted = std::fs::read(&requirements).unwrap();
    if std::fs::read(&made).is_ok_and(|held| held == wanted) {
        return Some(own);
    }
    let venv_made = Line::new("python3").args("-m venv --clear").arg(&venv).patience(PIP).run();
    if venv_made.await.code != Some(0) {
        return None;
    }
    let line = Line::new(&own).args("-m pip install --quiet --requirement").arg(&requirements);
    let variables = std::env::vars_os().filter(|(name, _)| {
        let name = name.to_string_lossy().to_ascii_uppercase();
        name.starts_with("PIP_") || name.ends_with("_PROXY") || name.starts_with("SSL_")
    });
    let line = variables.fold(line, |line, (name, value)| line.env(name.to_str().unwrap(), value));
    if line.patience(PIP).run().await.code != Some(0) {
        return None;
    }
    std::fs::write(made, wanted).unwrap();
    Some(own)
}

/// A command line of one of the scripts in `tests/clients`, about a region.
pub(crate) fn script(python: &PathBuf, name: &str, region: &Region) -> Line {
    let line = with_keys(Line::new(python), region);
    line.arg(root().join("tests/clients").join(name)).env("AWS_ENDPOINT_URL", region.endpoint())
}

fn with_keys(line: Line, region: &Region) -> Line {
    let line = line.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
    let line = line.env("AWS_REGION", NAME).env("AWS_DEFAULT_REGION", NAME);
    // The user's own settings are none of these tests'.
    line.env("HOME", region.data()).env("AWS_EC2_METADATA_DISABLED", "true")
}

#[expect(clippy::print_stderr, reason = "who reads the tests' output has to know")]
pub(crate) fn skip(what: &str, why: &str) {
    eprintln!("SKIPPED ({what}): {why}");
}
