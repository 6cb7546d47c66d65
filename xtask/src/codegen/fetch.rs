//! AWS's models, fetched once into `crates/api/models` (not committed).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// botocore's release whose models are used. To move: change both, run codegen, read the diff.
const VERSION: &str = "1.44.5";
/// The wheel's SHA-256, which pip checks.
const SHA256: &str = "8f16a56d1dff125dd65322ae021efa7ba5195a6db5102b96862566055b748921";

/// The folder of the unpacked models, fetching them if they are not there.
pub(crate) fn models(root: &Path) -> Result<PathBuf, String> {
    let folder = root.join("crates/api/models").join(VERSION);
    let data = folder.join("botocore/data");
    if data.exists() {
        return Ok(data);
    }
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let requirement = folder.join("requirement.txt");
    let line = format!("botocore=={VERSION} --hash=sha256:{SHA256}\n");
    fs::write(&requirement, line).map_err(|e| format!("{}: {e}", requirement.display()))?;
    let pip = ["-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"];
    python(Command::new("python3").args(pip).arg("-d").arg(&folder).arg("-r").arg(&requirement))?;
    let wheel = folder.join(format!("botocore-{VERSION}-py3-none-any.whl"));
    python(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(&wheel).arg(&folder))?;
    Ok(data)
}

/// The JSON text of a service's newest model.
pub(crate) fn service_file(data: &Path, service: &str) -> Result<String, String> {
    let folder = data.join(service);
    let entries = fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut versions: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    versions.sort();
    let newest = versions.pop().ok_or(format!("{} is empty", folder.display()))?;
    let file = newest.join("service-2.json.gz");
    // Python reads the gzip that it has just unpacked; one tool less to depend on.
    let script = "import gzip,sys; sys.stdout.buffer.write(gzip.open(sys.argv[1]).read())";
    python(Command::new("python3").arg("-c").arg(script).arg(file))
}

/// Runs Python to its end and answers its output.
fn python(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|e| format!("python3: {e}"))?;
    if !output.status.success() {
        return Err(format!("python3: {}", String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|e| format!("python3: {e}"))
}
