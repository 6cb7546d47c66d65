//! The binary under test, built once.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The workspace's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the workspace")
}

/// The binary, as it is in the tree.
pub(crate) fn neargate() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(build)
}

/// Cargo says where the binary is; it is built already unless only these tests were asked for.
fn build() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--package=neargate", "--message-format=json"]);
    let output = command.current_dir(root()).stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "neargate can't be built");
    let text = String::from_utf8(output.stdout).unwrap();
    let artifacts = text.lines().filter_map(|line| serde_json::from_str(line).ok());
    let path = artifacts.into_iter().find_map(|artifact: serde_json::Value| {
        let is_it = artifact["target"]["name"] == "neargate";
        is_it.then(|| artifact["executable"].as_str().map(PathBuf::from)).flatten()
    });
    path.expect("cargo names the binary that it built")
}
