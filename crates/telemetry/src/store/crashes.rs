//! What a crash may leave behind, and what must not be seen of it.

use crate::StoreError;
use crate::testing::*;
use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use world::LogPlace;

/// A store with two acknowledged batches and a third one, whose frame begins at the length that is
/// answered; with the file they are in.
fn three_batches() -> (Folder, PathBuf, u64) {
    let folder = Folder::new();
    let store = folder.store();
    store.append(&stream("s"), &events(&[1, 2]), at(0)).unwrap();
    store.append(&stream("s"), &events(&[3]), at(0)).unwrap();
    let file = folder.files().remove(0);
    let acknowledged = file.metadata().unwrap().len();
    store.append(&stream("s"), &events(&[4, 5, 6]), at(0)).unwrap();
    (folder, file, acknowledged)
}

/// Only the acknowledged batches are there, and the stream goes on after them.
fn check_recovery(folder: &Folder, when: &str) {
    let store = folder.store();
    assert_eq!(messages(&store, "s"), ["1", "2", "3"], "{when}");
    store.append(&stream("s"), &events(&[7]), at(0)).unwrap();
    for store in [store, folder.store()] {
        assert_eq!(messages(&store, "s"), ["1", "2", "3", "7"], "{when}");
        let page = store.page(&stream("s"), &all(LogPlace::Tail)).unwrap();
        assert_eq!(page.events[3].position, 3, "{when}");
    }
}

#[test]
fn a_batch_that_was_torn_at_any_byte_was_never_there() {
    let (_, file, acknowledged) = three_batches();
    for cut in acknowledged..file.metadata().map_or(0, |file| file.len()) {
        let (folder, file, _) = three_batches();
        OpenOptions::new().write(true).open(&file).unwrap().set_len(cut).unwrap();
        check_recovery(&folder, &format!("cut at byte {cut}"));
    }
    let (folder, file, acknowledged) = three_batches();
    OpenOptions::new().write(true).open(&file).unwrap().set_len(acknowledged).unwrap();
    check_recovery(&folder, "cut at the frame's border");
}

#[test]
fn a_batch_of_which_any_byte_is_wrong_was_never_there() {
    let (_folder, file, acknowledged) = three_batches();
    let length = fs::read(&file).unwrap().len();
    for wrong in usize::try_from(acknowledged).unwrap()..length {
        let (folder, file, _) = three_batches();
        let mut bytes = fs::read(&file).unwrap();
        bytes[wrong] ^= 0x10;
        fs::write(&file, bytes).unwrap();
        check_recovery(&folder, &format!("byte {wrong}"));
    }
}

/// A store with one full segment, with the segment's bytes before and after it was sealed.
fn sealed() -> (Folder, PathBuf, Vec<u8>, Vec<u8>) {
    let folder = Folder::new();
    let store = folder.store();
    store.append(&stream("s"), &events(&[1; 40]), at(0)).unwrap();
    let raw = folder.files().remove(0);
    let frames = fs::read(&raw).unwrap();
    assert_eq!(store.tidy().unwrap(), 1);
    let packed = fs::read(raw.with_extension("zst")).unwrap();
    (folder, raw, frames, packed)
}

#[test]
fn a_crash_between_any_two_steps_of_sealing_loses_nothing() {
    let leave = |raw: bool, packed: bool, draft: Option<usize>| {
        let (folder, file, frames, sealed) = sealed();
        let put = |path: &Path, there: bool, bytes: &[u8]| {
            if there { fs::write(path, bytes).unwrap() } else { drop(fs::remove_file(path)) }
        };
        put(&file, raw, &frames);
        put(&file.with_extension("zst"), packed, &sealed);
        put(&file.with_extension("tmp"), draft.is_some(), &sealed[..draft.unwrap_or(0)]);
        let store = folder.store();
        assert_eq!(messages(&store, "s").len(), 40, "raw {raw}, sealed {packed}, {draft:?}");
        store.append(&stream("s"), &events(&[2]), at(0)).unwrap();
        assert_eq!(messages(&folder.store(), "s").len(), 41);
        assert_eq!(folder.files().len(), 2, "{:?}", folder.files());
    };
    leave(true, false, None);
    leave(true, false, Some(0));
    leave(true, false, Some(50));
    leave(true, true, None);
    leave(false, true, None);
}

#[test]
fn a_sealed_file_that_is_not_what_was_written_is_said_to_be_damaged() {
    let check = |change: fn(&mut Vec<u8>)| {
        let (folder, raw, _, mut packed) = sealed();
        change(&mut packed);
        fs::write(raw.with_extension("zst"), packed).unwrap();
        let page = folder.store().page(&stream("s"), &all(LogPlace::Head));
        let error = page.map(|page| page.events.len()).unwrap_err();
        let told = match &error {
            StoreError::Damaged { .. } => true,
            StoreError::Io { doing, .. } => *doing == "decompress",
            StoreError::TooLong { .. } => false,
        };
        assert!(told, "{error}");
    };
    check(|bytes| bytes.truncate(bytes.len() - 1));
    check(Vec::clear);
    check(|bytes| *bytes.last_mut().unwrap() ^= 1);
    check(|bytes| {
        let index = bytes.len() - 20;
        bytes[index] ^= 1;
    });
    check(|bytes| bytes[10] ^= 1);
}

#[test]
fn what_was_dropped_before_a_crash_is_cleared_away() {
    let folder = Folder::new();
    let grave = folder.path().join(".dropped/0");
    fs::create_dir_all(&grave).unwrap();
    fs::write(grave.join("left"), "over").unwrap();
    let store = folder.store();
    store.append(&stream("s"), &events(&[1]), at(0)).unwrap();
    store.drop_stream(&stream("s")).unwrap();
    store.tidy().unwrap();
    assert!(!grave.exists());
}
