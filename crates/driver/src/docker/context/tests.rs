use super::*;

/// A folder that goes away with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let scratch =
            Self(std::env::temp_dir().join(format!("context-{}-{name}", std::process::id())));
        for (path, text) in files {
            let path = scratch.0.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        scratch
    }

    fn names(&self, context: &str, dockerfile: &str) -> Vec<String> {
        let context = read(&self.0.join(context), Path::new(dockerfile)).unwrap();
        context.entries.into_iter().map(|entry| entry.path).collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

#[test]
fn dockerfile_and_dockerignore_are_sent_whatever_the_patterns_say() {
    let scratch = Scratch::new(
        "all",
        &[("Dockerfile", ""), (".dockerignore", "*\n!src"), ("src/a", ""), ("node_modules/b", "")],
    );
    assert_eq!(scratch.names("", "Dockerfile"), [".dockerignore", "Dockerfile", "src", "src/a"]);
}

#[test]
fn a_dockerfiles_own_patterns_win() {
    let scratch = Scratch::new(
        "own",
        &[("a.df", ""), ("a.df.dockerignore", "x"), (".dockerignore", "y"), ("x", ""), ("y", "")],
    );
    let names = scratch.names("", "a.df");
    assert_eq!(names, [".dockerignore", "a.df", "a.df.dockerignore", "y"]);
}

#[test]
fn a_dockerfile_may_be_outside_of_its_context() {
    let scratch = Scratch::new("outside", &[("Dockerfile", ""), ("app/a", "")]);
    assert_eq!(scratch.names("app", "../Dockerfile"), ["a", OUTSIDE]);
    let absolute = scratch.0.join("Dockerfile");
    assert_eq!(scratch.names("app", absolute.to_str().unwrap()), ["a", OUTSIDE]);
    assert_eq!(scratch.names("", "./app/../Dockerfile"), ["Dockerfile", "app", "app/a", OUTSIDE]);
    let error = read(&scratch.0, Path::new("none")).unwrap_err().to_string();
    assert!(error.contains("/none: "), "{error}");
}

#[test]
fn the_archive_holds_the_files() {
    let long = format!("{}/file", "folder".repeat(30));
    let scratch = Scratch::new("archive", &[("Dockerfile", "FROM scratch"), (&long, "text")]);
    let context = read(&scratch.0, Path::new("Dockerfile")).unwrap();
    let (chunks, mut sent) = mpsc::channel(8);
    context.send(chunks).unwrap();
    let mut bytes = Vec::new();
    while let Ok(chunk) = sent.try_recv() {
        bytes.extend(chunk.unwrap());
    }
    let mut archive = tar::Archive::new(bytes.as_slice());
    let read = |entry: io::Result<tar::Entry<'_, &[u8]>>| {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().display().to_string();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        (path, text)
    };
    let entries: Vec<_> = archive.entries().unwrap().map(read).collect();
    assert!(entries.contains(&("Dockerfile".to_owned(), "FROM scratch".to_owned())));
    assert!(entries.contains(&(long, "text".to_owned())), "{entries:?}");
}

#[test]
fn a_file_that_became_shorter_ends_the_archive_with_an_error() {
    let scratch = Scratch::new("shorter", &[("a", "text")]);
    let file = File::open(scratch.0.join("a")).unwrap();
    let error = Exactly { file, left: 5 }.read_to_end(&mut Vec::new()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    let entry = entry(&scratch.0.join("a"), "a".into()).unwrap().unwrap();
    assert!(matches!(broken(&entry, error), ContextError::Changed(_)));
}

#[test]
fn an_engine_that_does_not_want_the_rest_is_no_error() {
    let scratch = Scratch::new("rest", &[("a", &"x".repeat(CHUNK * 2))]);
    let context = read(&scratch.0, Path::new("a")).unwrap();
    let (chunks, sent) = mpsc::channel(1);
    drop(sent);
    context.send(chunks).unwrap();
}
