//! A group's floor: the time before which its events are forgotten, in a file of eight bytes.

use crate::StoreError;
use model::Timestamp;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The floor of a group that forgot nothing yet.
const NONE: Timestamp = Timestamp::from_millis(i64::MIN);

/// The floor of a group's folder.
pub(crate) fn read(group: &Path) -> Result<Timestamp, StoreError> {
    let path = file(group);
    match fs::read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(NONE),
        read => {
            let bytes = read.map_err(StoreError::io("read", &path))?;
            let bytes = <[u8; 8]>::try_from(bytes);
            let bytes = bytes.map_err(|_| StoreError::damaged(&path, "it is not eight bytes"))?;
            Ok(Timestamp::from_millis(i64::from_le_bytes(bytes)))
        }
    }
}

/// Raises the floor of a group's folder, which is made when it isn't there.
pub(crate) fn write(group: &Path, floor: Timestamp) -> Result<(), StoreError> {
    let path = file(group);
    let draft = path.with_extension("tmp");
    fs::create_dir_all(group).map_err(StoreError::io("make", group))?;
    fs::write(&draft, floor.millis().to_le_bytes()).map_err(StoreError::io("write", &draft))?;
    fs::rename(&draft, &path).map_err(StoreError::io("rename", &draft))
}

/// Streams are folders, so no stream has this name.
fn file(group: &Path) -> PathBuf {
    group.join("floor.time")
}
