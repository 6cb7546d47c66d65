use super::*;
use std::io::Read as _;

/// `sha256` of `hello`.
const HELLO: &str = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

/// A folder that is gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = format!("neargate-registry-{name}-{}", std::process::id());
        Self(std::env::temp_dir().join(folder))
    }

    fn store(&self) -> Arc<Store> {
        Arc::new(Store::at(self.0.clone()))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}

fn hello() -> Digest {
    HELLO.parse().unwrap()
}

fn text(store: &Store) -> Option<String> {
    let (mut file, length) = store.read(&hello()).unwrap()?;
    let mut text = String::new();
    file.read_to_string(&mut text).unwrap();
    assert_eq!(text.len() as u64, length);
    Some(text)
}

fn push(store: &Arc<Store>, id: &str) {
    store.begin(id).unwrap();
    let mut upload = store.resume(id).unwrap();
    upload.write(b"hello").unwrap();
    assert_eq!(upload.finish(&hello()).unwrap(), 5);
}

#[test]
fn a_blob_appears_when_all_of_it_has_come() {
    let folder = Folder::new("appears");
    let store = folder.store();
    store.begin("a1").unwrap();
    let mut upload = store.resume("a1").unwrap();
    upload.write(b"hel").unwrap();
    drop(upload);
    assert_eq!(store.length("a1").unwrap(), 3);
    assert_eq!(text(&store), None);
    let mut upload = store.resume("a1").unwrap();
    assert_eq!(upload.length(), 3);
    upload.write(b"lo").unwrap();
    assert_eq!(upload.finish(&hello()).unwrap(), 5);
    assert_eq!(text(&store).as_deref(), Some("hello"));
    assert!(matches!(store.length("a1"), Err(StoreError::NoUpload)));
    assert!(matches!(store.resume("a1"), Err(StoreError::NoUpload)));
}

#[test]
fn an_upload_goes_on_after_the_process_has_ended() {
    let folder = Folder::new("goes-on");
    let store = folder.store();
    store.begin("a1").unwrap();
    store.resume("a1").unwrap().write(b"hel").unwrap();
    let store = folder.store();
    let mut upload = store.resume("a1").unwrap();
    upload.write(b"lo").unwrap();
    assert_eq!(upload.finish(&hello()).unwrap(), 5);
    assert_eq!(text(&store).as_deref(), Some("hello"));
}

#[test]
fn bytes_of_another_digest_are_removed() {
    let folder = Folder::new("other");
    let store = folder.store();
    store.begin("a1").unwrap();
    let mut upload = store.resume("a1").unwrap();
    upload.write(b"hellO").unwrap();
    let refused = upload.finish(&hello());
    assert!(matches!(refused, Err(StoreError::OtherDigest { .. })), "{refused:?}");
    assert_eq!(text(&store), None);
    assert!(matches!(store.length("a1"), Err(StoreError::NoUpload)));
}

#[test]
fn two_requests_can_not_write_to_one_upload() {
    let folder = Folder::new("two");
    let store = folder.store();
    store.begin("a1").unwrap();
    let first = store.resume("a1").unwrap();
    assert!(matches!(store.resume("a1"), Err(StoreError::Busy)));
    drop(first);
    store.resume("a1").unwrap().cancel().unwrap();
    assert!(matches!(store.resume("a1"), Err(StoreError::NoUpload)));
}

/// Two clients push the same layer at once: each has an upload of its own, and both end well.
#[test]
fn one_blob_can_come_twice_at_once() {
    let folder = Folder::new("twice");
    let store = folder.store();
    let uploads = ["a1", "a2"].map(|id| {
        store.begin(id).unwrap();
        let mut upload = store.resume(id).unwrap();
        upload.write(b"hello").unwrap();
        upload
    });
    for upload in uploads {
        assert_eq!(upload.finish(&hello()).unwrap(), 5);
        assert_eq!(text(&store).as_deref(), Some("hello"));
    }
}

#[test]
fn an_id_is_no_path() {
    let folder = Folder::new("path");
    let store = folder.store();
    for id in ["", "../x", "a/b", ".", "a.b"] {
        assert!(matches!(store.length(id), Err(StoreError::NoUpload)), "{id}");
        assert!(matches!(store.resume(id), Err(StoreError::NoUpload)), "{id}");
    }
}

#[test]
fn a_sweep_leaves_what_is_kept_or_new() {
    let folder = Folder::new("sweep");
    let store = folder.store();
    push(&store, "a1");
    let (keep, nothing) = (BTreeSet::from([HELLO.to_owned()]), BTreeSet::new());
    let hour = Duration::from_secs(3600);
    assert_eq!(store.sweep(&keep, Duration::ZERO).unwrap().blobs, 0);
    assert_eq!(store.sweep(&nothing, hour).unwrap().blobs, 0);
    assert!(store.touch(&hello()).unwrap());
    assert_eq!(store.sweep(&nothing, Duration::ZERO).unwrap().blobs, 1);
    assert_eq!(text(&store), None);
    assert!(!store.touch(&hello()).unwrap());
    push(&store, "a2");
    assert_eq!(text(&store).as_deref(), Some("hello"));
}
