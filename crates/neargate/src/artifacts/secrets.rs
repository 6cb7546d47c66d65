//! What a build is given and leaves nowhere: variables of this machine, and the certificate of an
//! authority that its network needs.

use crate::failure::{Failure, Kind};
use manifest::Build;
use model::Secret;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The variable that names the certificates of a network's own authority, in PEM.
const AUTHORITY: &str = "NEARGATE_BUILD_CA";

/// The secrets of a build, by id: those that the manifest names, and the authority's certificate.
pub(super) fn of(name: &str, build: &Build) -> Result<BTreeMap<String, Secret>, Failure> {
    let mut secrets = BTreeMap::new();
    for variable in &build.secrets {
        let Some(value) = std::env::var(variable).ok().filter(|value| !value.is_empty()) else {
            let what = format!("the build of service {name} needs the variable {variable}");
            return Err(Failure::new(Kind::Usage, what)
                .hint(format!("`build.secrets` names it; set it: export {variable}=…")));
        };
        secrets.insert(variable.clone(), Secret::from(value));
    }
    if let Some(file) = authority() {
        let text = std::fs::read_to_string(&file).map_err(|error| {
            let what = format!("can't read {}, which {AUTHORITY} names", file.display());
            Failure::because(Kind::Usage, what, error)
        })?;
        secrets.insert(plan::AUTHORITY.to_owned(), Secret::from(text));
    }
    Ok(secrets)
}

/// The file of the authority's certificate, if this machine has one.
pub(crate) fn authority() -> Option<PathBuf> {
    std::env::var_os(AUTHORITY).filter(|file| !file.is_empty()).map(PathBuf::from)
}
