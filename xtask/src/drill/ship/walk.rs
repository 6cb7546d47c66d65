//! The way of one system: every phase has to end as it should.

use super::broken::Broken;
use super::counter::Counter;
use super::system::{System, Version};
use super::timed::Timed;
use crate::drill::call::{Caller, Service};
use crate::drill::house::House;
use crate::drill::say;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// A phase: what it took.
#[derive(Debug)]
pub(super) struct Phase {
    pub(super) name: &'static str,
    pub(super) seconds: f64,
    pub(super) calls: usize,
}

/// How long a deployment is watched on AWS until the next look, in seconds.
const FAR: f64 = 5.0;

/// What a change is set beside.
#[derive(Debug)]
struct Verdicts {
    /// Seconds from the update of a service to ECS's end of its deployment.
    ecs: f64,
    /// To our verdict.
    ours: f64,
    /// To that of `aws ecs wait services-stable`; absent without that CLI.
    theirs: Option<f64>,
    /// Calls of a look while it was watched.
    calls: f64,
}

/// How AWS's waiter ended.
#[derive(Debug)]
pub(super) struct Waited {
    /// When the update came.
    updated: Instant,
    /// The calls and looks of `neargate` until then.
    until: (usize, usize),
    /// Seconds that it waited from then on.
    seconds: f64,
    /// Its exit code; absent without that CLI.
    pub(super) code: Option<i32>,
}

/// What was measured of a system.
#[derive(Debug)]
pub(super) struct Walk {
    name: &'static str,
    phases: Vec<Phase>,
    /// Seconds that the stack took.
    stack: f64,
    verdicts: Verdicts,
    broken: Broken,
}

// === impl Walk ===

impl Walk {
    /// Walks a system.
    pub(super) fn of(
        root: &Path,
        house: &mut House,
        system: &'static System,
    ) -> Result<Self, String> {
        let way = Way::prepare(root, house, system)?;
        let outcome = way.walk();
        // Whatever happened, the next system begins in a clean region.
        way.neargate(&["down"], 0)?;
        fs::remove_dir_all(&way.folder).map_err(|why| why.to_string())?;
        forget_images(system.name)?;
        outcome
    }

    /// The heading of the lines.
    pub(super) fn head() -> String {
        let rule = "|---|---|---|---|---|";
        format!("| system | phase | s | calls | beside |\n{rule}")
    }

    /// The lines of the table.
    pub(super) fn lines(&self) -> Vec<String> {
        let Verdicts { ecs, ours, theirs, calls } = self.verdicts;
        let theirs = theirs.map_or("no aws CLI here".to_owned(), |it| format!("{it:.1} s"));
        let change = format!(
            "after the update: ECS is done {ecs:.1} s, verdict {ours:.1} s, `aws ecs wait` {theirs}; \
             {calls:.1} calls a look, {:.0} a minute on AWS",
            calls * 60.0 / FAR
        );
        let line = |phase: &Phase| {
            let beside = match phase.name {
                "deploy" => format!("of which the stack {:.1} s", self.stack),
                "change" => change.clone(),
                "broken" => self.broken.words(),
                _ => String::new(),
            };
            let Phase { name, seconds, calls } = phase;
            format!("| {} | {name} | {seconds:.1} | {calls} | {beside} |", self.name)
        };
        self.phases.iter().map(line).collect()
    }
}

/// A system with its copy, and the way to the region.
pub(super) struct Way<'a> {
    house: &'a House,
    system: &'static System,
    folder: PathBuf,
    base: String,
    counter: Counter,
}

impl<'a> Way<'a> {
    /// Copies the system and brings its database up, with the rest of `local`.
    fn prepare(root: &Path, house: &'a mut House, system: &'static System) -> Result<Self, String> {
        let folder = root.join("target/drill").join(format!("ship-{}", system.name));
        let _old = fs::remove_dir_all(&folder);
        copy(&root.join("examples").join(system.name), &folder)?;
        let base = fs::read_to_string(folder.join("neargate.yml")).map_err(|it| it.to_string())?;
        house.neargate(&["up"], &folder)?;
        let cluster = format!("{}-local", system.name);
        let tasks = house.caller.tasks(&cluster)?;
        house.learn(tasks.first().ok_or("the system has no task")?)?;
        values(house.caller, system)?;
        let counter = Counter::before(house.caller.port)?;
        Ok(Self { house, system, folder, base, counter })
    }

    fn walk(&self) -> Result<Walk, String> {
        let deploy = ["deploy", "--yes", "--env", "ship"];
        self.write(Version::First)?;
        let (first, told) = self.phase("deploy", &deploy, 0)?;
        let stack = seconds_of_stack(&told)?;
        if !self.system.site.is_empty() {
            let told = self.neargate(&["region", "endpoints", "--json"], 0)?;
            super::site::answers_at_one_address(&told.printed)?;
        }
        let (again, _) = self.phase("again", &deploy, 0)?;
        self.write(Version::Second)?;
        let (change, verdicts) = self.change(&deploy)?;
        self.write(Version::Broken)?;
        let mut phase = None;
        let broken = Broken::watch(self, || {
            let (ended, told) = self.phase("broken", &deploy, 1)?;
            phase = Some(ended);
            Ok(told)
        })?;
        let ends = self.verdicts_of_history()?;
        if ends != ["rolled-back", "done", "done", "done"] {
            return Err(format!("the records say {ends:?}"));
        }
        let destroy = ["destroy", "--yes", "--with-data", "--env", "ship"];
        let (gone, _) = self.phase("destroy", &destroy, 0)?;
        let phases = [first, again, change].into_iter().chain(phase).chain([gone]).collect();
        Ok(Walk { name: self.system.name, phases, stack, verdicts, broken })
    }

    fn write(&self, version: Version) -> Result<(), String> {
        let text = self.system.manifest(&self.base, version);
        fs::write(self.folder.join("neargate.yml"), text).map_err(|why| why.to_string())
    }

    /// One command, with its time and calls, and what it told.
    fn phase(
        &self,
        name: &'static str,
        words: &[&str],
        code: i32,
    ) -> Result<(Phase, Timed), String> {
        let (before, _) = self.counter.read();
        let begun = Instant::now();
        let told = self.neargate(words, code)?;
        let seconds = begun.elapsed().as_secs_f64();
        let phase = Phase { name, seconds, calls: self.counter.read().0 - before };
        say(&format!("{}: {}", self.system.name, super::told(&phase)));
        Ok((phase, told))
    }

    /// The change, beside AWS's own waiter.
    fn change(&self, words: &[&str]) -> Result<(Phase, Verdicts), String> {
        let before = self.primary()?;
        thread::scope(|scope| {
            let waiting = scope.spawn(|| self.wait_as_aws(&before));
            let (phase, _) = self.phase("change", words, 0)?;
            let (ended, (calls, looks)) = (Instant::now(), self.counter.read());
            let waited = waiting.join().map_err(|_| "the waiter panicked")??;
            let looks = looks - waited.until.1;
            let stable = waited.code == Some(0);
            let verdicts = Verdicts {
                ecs: self.rollout()?,
                ours: ended.duration_since(waited.updated).as_secs_f64(),
                theirs: stable.then_some(waited.seconds),
                calls: (calls - waited.until.0) as f64 / looks.max(1) as f64,
            };
            Ok((phase, verdicts))
        })
    }

    /// Waits for the update, then as `aws ecs wait services-stable` does.
    pub(super) fn wait_as_aws(&self, before: &Value) -> Result<Waited, String> {
        let begun = Instant::now();
        while self.primary()? == *before {
            if begun.elapsed() > crate::drill::PATIENCE {
                return Err("the service is not updated".to_owned());
            }
            thread::sleep(Duration::from_millis(50));
        }
        let (updated, until) = (Instant::now(), self.counter.read());
        let mut aws = Command::new("aws");
        aws.args(["ecs", "wait", "services-stable", "--region", "us-east-1", "--cluster"]);
        aws.arg(self.cluster()).args(["--services", self.system.service]);
        let aws = self.as_aws(&mut aws, self.house.caller.port).output();
        let code = aws.ok().and_then(|it| it.status.code());
        Ok(Waited { updated, until, seconds: updated.elapsed().as_secs_f64(), code })
    }

    /// A call of ECS.
    pub(super) fn ecs(&self, operation: &str, input: &Value) -> Result<Value, String> {
        Ok(self.house.caller.ecs(operation, input)?)
    }

    /// The service that is changed and broken.
    pub(super) fn service(&self) -> &'static str {
        self.system.service
    }

    /// The service's task definition.
    pub(super) fn definition(&self) -> Result<Value, String> {
        let asked = json!({ "cluster": self.cluster(), "services": [self.system.service] });
        let mut found = self.ecs("DescribeServices", &asked)?;
        Ok(found["services"][0]["taskDefinition"].take())
    }

    /// The id of the service's newest deployment.
    pub(super) fn primary(&self) -> Result<Value, String> {
        let asked = json!({ "cluster": self.cluster(), "services": [self.system.service] });
        let mut found = self.house.caller.ecs("DescribeServices", &asked)?;
        Ok(found["services"][0]["deployments"][0]["id"].take())
    }

    /// How long ECS took for the newest deployment.
    fn rollout(&self) -> Result<f64, String> {
        let asked = json!({ "cluster": self.cluster(), "service": self.system.service });
        let found = self.house.caller.ecs("ListServiceDeployments", &asked)?;
        let newest = &found["serviceDeployments"][0];
        let at = |key: &str| newest[key].as_f64().ok_or_else(|| format!("no {key}: {newest}"));
        Ok(at("finishedAt")? - at("createdAt")?)
    }

    /// How the deployments ended, newest first.
    fn verdicts_of_history(&self) -> Result<Vec<String>, String> {
        let said = self.neargate(&["history", "--json", "--env", "ship"], 0)?;
        let said: Value = serde_json::from_str(&said.printed).map_err(|why| why.to_string())?;
        let records = said["deployments"].as_array().cloned().unwrap_or_default();
        Ok(records.iter().map(|it| it["verdict"].as_str().unwrap_or("?").to_owned()).collect())
    }

    pub(super) fn cluster(&self) -> String {
        format!("{}-ship", self.system.name)
    }

    /// Runs the binary, which has to end with this code.
    fn neargate(&self, words: &[&str], code: i32) -> Result<Timed, String> {
        let mut command = self.house.command();
        command.args(words).current_dir(&self.folder);
        let ran = Timed::run(self.as_aws(&mut command, self.counter.port))?;
        if ran.code == Some(code) {
            return Ok(ran);
        }
        Err(format!("`neargate {}`: {:?}\n{}", words.join(" "), ran.code, ran.side()))
    }

    /// The variables by which AWS's tools find the region in place of AWS.
    fn as_aws<'c>(&self, command: &'c mut Command, port: u16) -> &'c mut Command {
        command
            .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}"))
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_EC2_METADATA_DISABLED", "true")
    }
}

/// Puts the values that the environment needs beside those of `local`.
fn values(caller: Caller, system: &System) -> Result<(), String> {
    const VALUE: &str = "for-a-drill-on-this-machine-alone";
    for name in system.parameters {
        let input = json!({ "Name": name, "Value": VALUE, "Type": "SecureString" });
        caller.call(Service::Ssm, "PutParameter", &input)?;
    }
    for name in system.secrets {
        // The clients that AWS makes give a token by themselves; this is none of them.
        let token = "00000000-0000-0000-0000-000000000001";
        let input = json!({ "Name": name, "SecretString": VALUE, "ClientRequestToken": token });
        caller.call(Service::Secrets, "CreateSecret", &input)?;
    }
    Ok(())
}

/// From the first event of a stack to its end.
fn seconds_of_stack(told: &Timed) -> Result<f64, String> {
    let (begun, ended) = (told.when("CREATE_IN_PROGRESS"), told.when(" is CREATE_COMPLETE"));
    let seconds = begun.zip(ended).map(|(begun, ended)| ended - begun);
    seconds.ok_or_else(|| format!("no stack was made:\n{}", told.side()))
}

/// Removes the images of the environment from the engine; those of `local` are its cache.
fn forget_images(name: &str) -> Result<(), String> {
    for reference in [format!("localhost:*/{name}/ship/*"), format!("neargate/{name}-ship-*")] {
        let mut list = Command::new("docker");
        list.args(["images", "--format", "{{.Repository}}:{{.Tag}}", "--filter"]);
        list.arg(format!("reference={reference}"));
        let listed = list.output().map_err(|why| format!("docker: {why}"))?;
        // By their names: the same image may have one of `local` too.
        let names = String::from_utf8_lossy(&listed.stdout).into_owned();
        let names: Vec<&str> = names.split_whitespace().collect();
        if !names.is_empty() {
            let removed = Command::new("docker").arg("rmi").args(&names).output();
            removed.map_err(|why| format!("docker: {why}"))?;
        }
    }
    Ok(())
}

/// Copies what an image is built from, not what was installed or built for this machine.
fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let failed = |why: std::io::Error| format!("{}: {why}", from.display());
    fs::create_dir_all(to).map_err(failed)?;
    for entry in fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (name, target) = (entry.file_name(), to.join(entry.file_name()));
        if ["node_modules", "dist", ".next"].iter().any(|made| name == *made) {
            continue;
        }
        if entry.file_type().map_err(failed)?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target).map_err(failed)?;
        }
    }
    Ok(())
}
