use super::*;
use crate::ignore::Ignore;
use std::os::unix::fs::{PermissionsExt, symlink};

/// A folder that goes away with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("driver-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn store(&self) -> Store {
        Store::new(self.0.join("store"))
    }

    fn source(&self, ignore: &str) -> Source {
        Source { from: self.0.join("app"), to: "/srv".into(), ignore: Ignore::parse(ignore) }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

fn config() -> ImageConfig {
    ImageConfig { command: vec!["node".into()], ..ImageConfig::default() }
}

#[test]
fn files_links_and_modes_come_into_the_image() {
    let scratch = Scratch::new("import");
    let script = scratch.write("app/bin/run", "#!/bin/sh");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o751)).unwrap();
    symlink("bin/run", scratch.0.join("app/start")).unwrap();
    scratch.write("app/.git/HEAD", "ref");
    scratch.write("app/skip.log", "");
    let digest = scratch.store().import(&config(), &[scratch.source("*.log")]).unwrap();

    let image = scratch.store().find(&format!("shop@{digest}")).unwrap().unwrap();
    assert_eq!(image.config, config());
    let run = image.files.join("srv/bin/run");
    assert_eq!(fs::read_to_string(&run).unwrap(), "#!/bin/sh");
    assert_eq!(fs::metadata(&run).unwrap().permissions().mode() & 0o777, 0o751);
    assert_eq!(fs::read_link(image.files.join("srv/start")).unwrap(), Path::new("bin/run"));
    assert!(!image.files.join("srv/.git").exists());
    assert!(!image.files.join("srv/skip.log").exists());
}

#[test]
fn the_digest_changes_with_contents_modes_paths_and_configuration_and_with_nothing_else() {
    let scratch = Scratch::new("digest");
    let file = scratch.write("app/a", "1");
    let import =
        |config: &ImageConfig| scratch.store().import(config, &[scratch.source("")]).unwrap();
    let first = import(&config());
    assert_eq!(import(&config()), first, "nothing changed");
    scratch.write("app/a", "1");
    assert_eq!(import(&config()), first, "written again with the same contents");

    let mut seen = BTreeSet::from([first]);
    let mut check = |digest: String, what: &str| assert!(seen.insert(digest), "{what}");
    check(import(&ImageConfig::default()), "configuration");
    scratch.write("app/a", "2");
    check(import(&config()), "contents");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o700)).unwrap();
    check(import(&config()), "mode");
    fs::rename(&file, scratch.0.join("app/b")).unwrap();
    check(import(&config()), "path");
}

#[test]
fn a_sweep_keeps_what_is_named_and_removes_the_rest() {
    let scratch = Scratch::new("sweep");
    scratch.write("app/a", "1");
    let kept = scratch.store().import(&config(), &[scratch.source("")]).unwrap();
    let other = scratch.store().import(&ImageConfig::default(), &[scratch.source("")]).unwrap();
    fs::create_dir(scratch.0.join("store/.staged-1-0")).unwrap();
    scratch.store().sweep(&BTreeSet::from([kept.clone()])).unwrap();
    assert!(scratch.store().find(&kept).unwrap().is_some());
    assert_eq!(scratch.store().find(&other).unwrap(), None);
    assert_eq!(fs::read_dir(scratch.0.join("store")).unwrap().count(), 1);
}

#[test]
fn only_digests_name_images() {
    let scratch = Scratch::new("find");
    let digest = format!("sha256:{}", "a".repeat(64));
    for reference in ["node", "node:22", "sha256:12", digest.as_str()] {
        assert_eq!(scratch.store().find(reference).unwrap(), None, "{reference}");
    }
    scratch.store().sweep(&BTreeSet::new()).unwrap();
}

#[test]
fn nothing_leaves_the_image() {
    for (path, expected) in [
        ("/srv/app", Some("srv/app")),
        ("a/./b/../c", Some("a/c")),
        ("/", Some("")),
        ("..", None),
        ("/a/../../b", None),
    ] {
        assert_eq!(inside(path), expected.map(PathBuf::from), "{path}");
    }
}

#[test]
fn a_missing_source_is_named() {
    let scratch = Scratch::new("missing");
    let error = scratch.store().import(&config(), &[scratch.source("")]).unwrap_err().to_string();
    assert!(error.contains("/app: "), "{error}");
}
