//! GitHub's workflows: what starts them, and their steps.

use crate::subject::place;
use crate::text::{Line, lines};
use manifest::yaml::{self, Node};
use source::{Place, Snapshot};

/// One workflow.
#[derive(Debug, Clone)]
pub(crate) struct Workflow {
    pub(crate) file: String,
    pub(crate) root: Node,
    /// Every step of every job, in order.
    pub(crate) steps: Vec<Step>,
}

/// One step.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// The job that it belongs to.
    pub(crate) job: String,
    /// The action: `actions/checkout@v4`.
    pub(crate) uses: Option<(String, Place)>,
    /// What the action is given.
    pub(crate) with: Vec<(String, String, Place)>,
    /// Where its lines stand in the text.
    run: Option<(usize, usize)>,
    folder: String,
}

/// Every workflow of a tree.
pub(crate) fn read(snapshot: &Snapshot) -> Vec<Workflow> {
    let files = snapshot.texts().filter(|(path, _)| {
        let is_yaml = path.ends_with(".yml") || path.ends_with(".yaml");
        is_yaml && path.starts_with(".github/workflows/")
    });
    let read = files.filter_map(|(path, text)| {
        let root = yaml::read(text)?;
        Some(Workflow { file: path.to_owned(), steps: steps(path, text, &root), root })
    });
    read.collect()
}

fn steps(file: &str, text: &str, root: &Node) -> Vec<Step> {
    let jobs = root.get("jobs").map(Node::entries).unwrap_or_default();
    let mut found = Vec::new();
    for job in jobs {
        let folder = |node: &Node| {
            let defaults = node.get("defaults").and_then(|it| it.get("run"));
            defaults.and_then(|it| it.get("working-directory")?.text()).map(str::to_owned)
        };
        let usual = folder(&job.value).or_else(|| folder(root)).unwrap_or_default();
        for step in job.value.get("steps").map(Node::items).unwrap_or_default() {
            found.push(self::step(file, text, step, (&job.key, &usual)));
        }
    }
    found
}

fn step(file: &str, text: &str, node: &Node, (job, usual): (&str, &str)) -> Step {
    let at = |node: &Node| place(file, text, node.span.start, node.span.end);
    let with = node.get("with").map(Node::entries).unwrap_or_default();
    let with = with.iter().filter_map(|entry| {
        Some((entry.key.clone(), entry.value.text()?.to_owned(), at(&entry.value)))
    });
    let folder = node.get("working-directory").and_then(Node::text).unwrap_or(usual);
    Step {
        job: job.to_owned(),
        uses: node.get("uses").and_then(|uses| Some((uses.text()?.to_owned(), at(uses)))),
        with: with.collect(),
        run: node.get("run").map(|run| (run.span.start, run.span.end)),
        folder: folder.to_owned(),
    }
}

// === impl Workflow ===

impl Workflow {
    /// Whether an event starts it.
    pub(crate) fn starts_on(&self, event: &str) -> bool {
        let Some(on) = self.root.get("on") else { return false };
        on.text() == Some(event)
            || on.get(event).is_some()
            || on.items().iter().any(|item| item.text() == Some(event))
    }

    /// The platform of the machine that a job runs on, where its name says it.
    pub(crate) fn platform(&self, job: &str) -> Option<&'static str> {
        let runner = self.root.get("jobs")?.get(job)?.get("runs-on")?.text()?;
        let is_arm = runner.starts_with("ubuntu-") && runner.ends_with("-arm");
        is_arm.then_some("linux/arm64")
    }

    /// The lines that its steps run.
    pub(crate) fn lines(&self, snapshot: &Snapshot) -> Vec<Line> {
        let text = snapshot.text(&self.file).unwrap_or_default();
        self.steps.iter().flat_map(|step| step.lines(&self.file, text)).collect()
    }
}

// === impl Step ===

impl Step {
    /// Whether it uses an action, of any version.
    pub(crate) fn uses(&self, action: &str) -> bool {
        self.uses.as_ref().is_some_and(|(uses, _)| uses.split('@').next() == Some(action))
    }

    /// The major version of its action: 3 of `@v3.1`.
    pub(crate) fn version(&self) -> Option<u32> {
        let version = self.uses.as_ref()?.0.split_once("@v")?.1;
        version.split('.').next()?.parse().ok()
    }

    /// What the action is given under a key.
    pub(crate) fn given(&self, key: &str) -> Option<(&str, &Place)> {
        let found = self.with.iter().find(|(name, ..)| name == key)?;
        Some((&found.1, &found.2))
    }

    /// The lines that it runs.
    pub(crate) fn lines(&self, file: &str, text: &str) -> Vec<Line> {
        let Some((start, end)) = self.run else { return Vec::new() };
        let all = lines(file, text, (start, end), &self.folder);
        // The mark of a block of lines.
        all.into_iter().filter(|line| !line.text.starts_with(['|', '>'])).collect()
    }
}
