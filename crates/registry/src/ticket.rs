//! Names of uploads. Who knows one may go on with the upload, so nobody can guess it; and it says
//! which repository it is for, so that it is known in no other, also after a crash.

use crate::digest::Running;
use std::fmt::Write as _;

/// How much of a name is chance, in bytes.
pub const CHANCE: usize = 12;

/// A name made of chance, for an upload to a repository: a UUID in form, as ECR's are.
#[must_use]
pub fn ticket(chance: [u8; CHANCE], repository: &str) -> String {
    let mut name = String::with_capacity(36);
    for (place, byte) in chance.iter().enumerate() {
        if [4, 6, 8, 10].contains(&place) {
            name.push('-');
        }
        // Writing to a text can't fail.
        let _written = write!(name, "{byte:02x}");
    }
    name + &end(repository)
}

/// Whether a name is one of an upload to this repository.
#[must_use]
pub fn is_for(name: &str, repository: &str) -> bool {
    name.ends_with(&end(repository))
}

/// What the names of a repository's uploads end with.
fn end(repository: &str) -> String {
    let mut digest = Running::new();
    digest.update(repository.as_bytes());
    digest.finish().hex()[..8].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_for_one_repository() {
        let name = ticket([0xab; CHANCE], "team/shop");
        assert!(name.starts_with("abababab-abab-abab-abab-abab"), "{name}");
        assert_eq!(name.len(), 36);
        assert!(is_for(&name, "team/shop"));
        assert!(!is_for(&name, "team/shop2"));
        assert!(!is_for("", "team/shop"));
    }
}
