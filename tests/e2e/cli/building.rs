//! `neargate build`: images of services with a Dockerfile and without.

use crate::stage::cluster::text;
use crate::stage::scratch::number;
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

const SECRETIVE: &str = "FROM node:22-alpine AS build
RUN --mount=type=secret,id=BUILD_TOKEN wc -c < /run/secrets/BUILD_TOKEN > /length && cat /run/secrets/BUILD_TOKEN
RUN --mount=type=secret,id=neargate-ca cat /run/secrets/neargate-ca > /authority
RUN ls -A /run/secrets > /left 2>/dev/null || true
FROM node:22-alpine
COPY --from=build /length /authority /left /
CMD [\"node\", \"-e\", \"0\"]
";

/// What a step mounts is there for it, and then nowhere.
#[tokio::test]
async fn secrets_are_mounted_for_a_step_and_left_nowhere() {
    if !engine::answers("secrets of builds") {
        return;
    }
    let (region, folder) = (Region::shared(Driver::Process).await, Scratch::new());
    let app = format!("app{}", number());
    let manifest = format!(
        "app: {app}\nservices:\n  web: {{build: {{context: ., secrets: [BUILD_TOKEN]}}}}\n"
    );
    folder.write("neargate.yml", &manifest);
    folder.write("Dockerfile", SECRETIVE);
    let build = || region.neargate("build --json").within(folder.path()).patience(BUILD);
    let lacking = build().run().await.expect(2);
    lacking.says("the build of service web needs the variable BUILD_TOKEN");

    folder.write("authority.pem", "an authority");
    let token = "a-token-that-nobody-sees";
    let given = build().env("BUILD_TOKEN", token);
    let built = given.env("NEARGATE_BUILD_CA", folder.path().join("authority.pem")).run().await;
    let built = built.expect(0);
    built.says("service web is built by BuildKit");
    assert!(!built.err.contains(token), "{}", built.err);
    let image = text(&built.json()["web"]["image"]);
    let read = engine::docker("run --rm --network none").arg(&image);
    let read = read.args("cat /length /authority /left").output().await;
    let length = token.len().to_string();
    assert_eq!(read.split_whitespace().collect::<Vec<_>>(), [&length, "an", "authority"]);
    let history = engine::docker("history --no-trunc").arg(&image).output().await;
    assert!(!history.contains(token), "{history}");
    let repository = image.split(':').next().unwrap();
    for tag in [&image, &format!("{repository}:build")] {
        engine::docker("rmi").arg(tag).run().await;
    }
}

/// A written Dockerfile has them where packages are installed.
#[tokio::test]
async fn a_written_dockerfile_mounts_what_its_steps_need() {
    let (region, folder) = (Region::shared(Driver::Process).await, notes());
    let manifest = std::fs::read_to_string(folder.path().join("neargate.yml")).unwrap();
    let manifest = manifest.replace("build: .", "build: {context: ., secrets: [NPM_TOKEN]}");
    folder.write("neargate.yml", &manifest);
    let print = region.neargate("build --print").within(folder.path());
    let printed = print.env("NEARGATE_BUILD_CA", "/some.pem").run().await.expect(0);
    printed.says("RUN --mount=type=secret,id=NPM_TOKEN --mount=type=secret,id=neargate-ca export");
    let last = printed.out.rsplit("FROM").next().unwrap();
    assert!(!last.contains("--mount"), "what runs has none of them: {last}");
}
