//! What can't be done: the exit code that `docs/exit-codes.md` gives it, and a message that says what
//! to do. Codes 0 and 1 are where deployments are.

use super::project::Project;
use crate::stage::{Driver, Line, Region, Scratch, binary};
use std::net::TcpListener;

/// A command line of the binary in an empty folder, with nothing running.
fn alone(folder: &Scratch, words: &str) -> Line {
    let line = Line::new(binary::neargate()).args(words).within(folder.path());
    line.env("HOME", folder.path())
}

#[tokio::test]
async fn what_makes_no_sense_is_2() {
    let folder = Scratch::new();
    folder.write("neargate.yml", "app: shop\nservices:\n  web:\n    image: busybox\n");
    for (words, said) in [
        ("", "Usage: neargate <COMMAND>"),
        ("fly", "unrecognized subcommand 'fly'"),
        ("up --fast", "unexpected argument '--fast'"),
        ("up elsewhere", "can't read elsewhere"),
        ("completions tcsh", "invalid value 'tcsh'"),
        ("logs --since tomorrow", "a span is a number and s, m, h or d: 10m"),
        (
            "deploy --env local --image busybox",
            "--image, --plan and --tag are for environments on AWS",
        ),
        ("plan --env local", "the environment `local` is the local region, not one on AWS"),
        ("region reset", "hint: say --yes if that is what you want"),
        ("region start --port 70000", "70000 is not in 0..=65535"),
        ("region start --speed 0.5", "a speed must be a number of at least 1"),
        ("region start --driver vm", "invalid value 'vm'"),
    ] {
        alone(&folder, words).run().await.expect(2).says(said);
    }
    let project = Project::new(&Region::shared(Driver::Process).await);
    for words in ["logs nope", "events nope"] {
        let refused = project.neargate(words).run().await.expect(2);
        refused.says("the manifest has no service `nope` that runs tasks");
        refused.says("hint: it has: web");
    }
}

/// README's own example, drawn as README shows it.
#[tokio::test]
async fn a_manifest_with_mistakes_is_3_with_file_line_and_caret() {
    let folder = Scratch::new();
    let manifest = "app: hello\nservices:\n  api:\n    image: hello\n    port: 3000\n    cpu: 256\n    \
        memory: 513\n    helth: /x\n";
    folder.write("neargate.yml", manifest);
    let readme = std::fs::read_to_string(binary::root().join("README.md")).unwrap();
    let begin = readme.find("error[M040]").expect("README shows mistakes");
    let end = begin + readme[begin..].find("```").unwrap();
    for command in ["up", "down", "status", "logs", "events", "deploy --env local"] {
        let refused = alone(&folder, command).run().await.expect(3);
        assert_eq!(refused.err, readme[begin..end], "`{command}`");
        assert_eq!(refused.out, "");
    }
}

#[tokio::test]
async fn a_manifest_that_names_what_is_not_there_is_3() {
    let project = Project::new(&Region::shared(Driver::Process).await);
    project.folder.edit("neargate.yml", "one", "${E2E_VERSION}");
    let refused = project.neargate("up").run().await.expect(3);
    refused.says("neargate.yml:12:");
    refused.says("E2E_VERSION");
    project.neargate("up").env("E2E_VERSION", "one").run().await.expect(0);
    project.neargate("down").env("E2E_VERSION", "one").run().await.expect(0);

    project.folder.edit(
        "neargate.yml",
        "    env:\n      VERSION: ${E2E_VERSION}",
        "    secrets:\n      TOKEN: ssm:/e2e/nowhere",
    );
    let refused = project.neargate("up").run().await.expect(3);
    refused.says("nothing was deployed:");
    refused.says("/e2e/nowhere");
    assert_eq!(project.status().await["status"], "ABSENT");
}

#[tokio::test]
async fn a_region_that_does_not_run_is_4() {
    let folder = Scratch::new();
    folder.write("neargate.yml", "app: shop\nservices:\n  web:\n    image: busybox\n");
    for words in [
        "down",
        "status",
        "logs",
        "events",
        "region status",
        "region env",
        "region endpoints",
        "region operations",
    ] {
        let refused = alone(&folder, words).run().await.expect(4);
        assert_eq!(refused.out, "", "`{words}`");
        refused.says("error: the local region is not running");
        refused.says("hint: `neargate region start --detach` starts it, and so does `neargate up`");
    }
}

/// AWS's own code and text reach the user.
#[tokio::test]
async fn a_call_that_the_region_refuses_is_5() {
    let project = Project::new(&Region::shared(Driver::Process).await);
    let long = "x".repeat(70_000);
    project.folder.edit("neargate.yml", "one", &long);
    let refused = project.neargate("up").run().await.expect(5);
    refused.says("error: can't register task definition");
    refused.says("ClientException");
    refused.says("Max allowed length is '65536' bytes");
    project.neargate("down").run().await.expect(0);
}

#[tokio::test]
async fn what_is_in_the_way_on_this_machine_is_6_and_named() {
    let folder = Scratch::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    for detach in ["", "--detach"] {
        let words = format!("region start --driver process {detach} --port {port}");
        let refused = alone(&folder, &words).run().await.expect(6);
        refused.says(&format!("127.0.0.1:{port}"));
        refused.says("choose another with --port");
    }
    folder.write("file", "");
    let words = "region start --detach --driver process --port 0 --data file/data";
    alone(&folder, words).run().await.expect(6).says("file/data");
    let line = alone(&folder, "region start --detach --driver docker --port 0");
    let refused = line.env("DOCKER_HOST", "unix:///nowhere/docker.sock").run().await.expect(6);
    refused.says("/nowhere/docker.sock");
    refused.says("--driver process runs tasks without a container engine");
}
