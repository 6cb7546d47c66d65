//! Folder names for log groups and streams.
//!
//! A name may be 512 characters of nearly anything, and file systems differ in what they allow,
//! in length and in whether `A` and `a` are two names. So a folder is called after a readable part
//! of the name, for people, and a hash of the whole, for the store.

use crate::StoreError;
use std::fs;
use std::io;
use std::path::Path;

/// How much of a name is readable. With the hash, a folder's name stays far below the 255 bytes
/// that file systems allow.
const READABLE: usize = 80;

/// The folder's name for a group or a stream.
pub(crate) fn folder(name: &str) -> String {
    let readable: String = name.chars().take(READABLE).map(plain).collect();
    format!("{readable}-{:032x}", hash(name))
}

/// The names of the folders in a folder; none when it isn't there.
pub(crate) fn subfolders(path: &Path) -> Result<Vec<String>, StoreError> {
    match read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        names => names.map_err(StoreError::io("list", path)),
    }
}

fn read(path: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            names.extend(entry.file_name().into_string().ok());
        }
    }
    Ok(names)
}

/// A character that every file system has, in one case.
fn plain(c: char) -> char {
    match c.to_ascii_lowercase() {
        c @ ('a'..='z' | '0'..='9' | '-' | '_') => c,
        // Not even a dot: no folder may be hidden or lead upwards.
        _ => '_',
    }
}

/// FNV-1a of 128 bits. Names are not chosen by an enemy, and by chance two of a billion names
/// collide once in 10^20 stores.
fn hash(name: &str) -> u128 {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    name.bytes().fold(BASIS, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_that_look_alike_get_folders_of_their_own() {
        let long = "x".repeat(512);
        let names = ["a", "A", "a/b", "a_b", "..", ".", "", "é", "e\u{301}", &long, &long[1..]];
        let folders: BTreeSet<String> = names.iter().map(|name| folder(name)).collect();
        assert_eq!(folders.len(), names.len());
    }

    #[test]
    fn a_folder_can_be_read_by_people_and_made_anywhere() {
        assert_eq!(folder("ecs/API")[..8], *"ecs_api-");
        for name in ["../..", "a:b*c?", &"日本".repeat(256)] {
            let folder = folder(name);
            assert!(folder.len() < 128 && !folder.starts_with('.'), "{folder}");
            assert!(
                folder.bytes().all(|b| b.is_ascii_lowercase()
                    || b.is_ascii_digit()
                    || b == b'-'
                    || b == b'_')
            );
        }
    }

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(hash(""), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        assert_eq!(hash("a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }
}
