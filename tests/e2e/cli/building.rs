//! `neargate build`: images of services with a Dockerfile and without.

use crate::stage::cluster::text;
use crate::stage::web::Ask;
use crate::stage::{Driver, Line, Region, Scratch, binary, clients, engine};
use std::path::Path;
use std::time::Duration;

/// Packages are fetched from their registry.
const BUILD: Duration = Duration::from_secs(600);

/// The example notes without its Dockerfile. It asks for the version of Node whose image is here.
fn notes() -> Scratch {
    let (folder, from) = (Scratch::new(), binary::root().join("examples/notes"));
    for file in ["package.json", "package-lock.json", "neargate.yml"] {
        folder.write(file, &std::fs::read_to_string(from.join(file)).unwrap());
    }
    copy(&from.join("src"), &folder, "src");
    folder.write(".nvmrc", "22\n");
    folder
}

fn copy(from: &Path, folder: &Scratch, name: &str) {
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{name}/{}", path.file_name().unwrap().to_str().unwrap());
        match path.is_dir() {
            true => copy(&path, folder, &name),
            false => folder.write(&name, &std::fs::read_to_string(path).unwrap()),
        }
    }
}

#[tokio::test]
async fn a_service_without_a_dockerfile_gets_one() {
    let (region, folder) = (Region::shared(Driver::Process).await, notes());
    let print = region.neargate("build --print").within(folder.path());
    let printed = print.run().await.expect(0).out;
    assert!(
        printed.contains("FROM node:22-alpine") && printed.contains("USER 10001:10001"),
        "{printed}"
    );
    let all = region.neargate("build --print --json").within(folder.path()).json().await;
    assert_eq!(text(&all["api"]["dockerfile"]).trim(), printed.trim());
    assert!(!folder.path().join("Dockerfile").exists());

    region.neargate("build --write").within(folder.path()).run().await.expect(0);
    let written = std::fs::read_to_string(folder.path().join("Dockerfile")).unwrap();
    assert_eq!(written.trim(), printed.trim());
    let ignored = std::fs::read_to_string(folder.path().join("Dockerfile.dockerignore")).unwrap();
    assert!(ignored.lines().any(|line| line == "**/.env"), "{ignored}");

    // From now on it is the user's own.
    let again = region.neargate("build --write").within(folder.path()).run().await.expect(0);
    assert!(again.err.contains("has its own"), "{}", again.err);
}

#[tokio::test]
async fn what_is_written_satisfies_hadolint() {
    let Some(python) = clients::python("hadolint").await else { return };
    let (region, folder) = (Region::shared(Driver::Process).await, notes());
    region.neargate("build --write").within(folder.path()).run().await.expect(0);
    let file = folder.path().join("Dockerfile");
    let hadolint = python.with_file_name("hadolint");
    if !hadolint.exists() {
        return clients::skip("hadolint", "this needs hadolint, and pip can not install it");
    }
    let judged = Line::new(hadolint.to_str().unwrap()).arg(&file).run().await.expect(0);
    assert_eq!(judged.out, "");
    // It can say no.
    let text = std::fs::read_to_string(&file).unwrap().replace("WORKDIR /app", "WORKDIR app");
    std::fs::write(&file, text).unwrap();
    Line::new(hadolint.to_str().unwrap()).arg(&file).run().await.expect(1);
}

#[tokio::test]
async fn an_image_without_a_dockerfile_runs() {
    if !engine::answers("an image without a Dockerfile") {
        return;
    }
    let (region, folder) = (Region::start(Driver::Docker).await, notes());
    let up = region.neargate("up").within(folder.path()).patience(BUILD).run().await.expect(0);
    let url = up.out.trim();
    assert_eq!(Ask::get(&format!("{url}/api/health")).send().await.status, 200);
    let image = region.neargate("build api --json").within(folder.path()).patience(BUILD);
    let built = image.json().await;
    assert!(text(&built["api"]["digest"]).starts_with("sha256:"), "{built}");
    let size = built["api"]["size"]["bytes"].as_u64().unwrap();
    assert!(size > 50_000_000, "{built}");
    let manifest = std::fs::read_to_string(folder.path().join("neargate.yml")).unwrap();
    let manifest = manifest.replace("build: .", "build: {context: ., budget: 50MB}");
    folder.write("neargate.yml", &manifest);
    let told = region.neargate("build").within(folder.path()).patience(BUILD).run().await.expect(1);
    assert!(told.err.contains("more than its budget of 50.0 MB"), "{}", told.err);
    region.neargate("down").within(folder.path()).run().await.expect(0);
}

#[tokio::test]
async fn a_service_that_is_not_there_can_not_be_built() {
    let (region, folder) = (Region::shared(Driver::Process).await, notes());
    let told = region.neargate("build web").within(folder.path()).run().await.expect(2);
    assert!(
        told.err.contains("no service `web`") && told.err.contains("there are: api"),
        "{}",
        told.err
    );
}
