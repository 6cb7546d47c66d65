//! The registry of images: what a push and a pull take, beside Debian's `docker-registry`.

mod client;
mod image;

use super::process::{MEASURED, Running, await_listener, find, free_port, pinned};
use super::region::{Region, Start, fresh};
use super::table::{Bar, Beside, Figure};
use super::{Bed, Found, say};
use image::Image;
use serde_json::json;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Instant;

/// How many pushes and pulls make a figure.
const ROUNDS: usize = 5;
/// The peer's name in the table.
const PEER: &str = "docker-registry";
const REPOSITORY: &str = "bench";

/// What one way of an image took.
struct Cost {
    millis: f64,
    /// The server's processor time.
    cpu_millis: f64,
    /// The most memory that the server ever had resident, in MB.
    peak: f64,
}

/// A push and a pull.
struct Round {
    push: Cost,
    pull: Cost,
}

/// A registry under measurement.
enum Server {
    Region(Region),
    Peer(Running, u16),
}

/// Times an image's way in and out. Each way has a server of its own, so that its peak is this way's.
pub(crate) fn measure(bed: &Bed) -> Found {
    let folder = fresh(&bed.folder.join("registry"))?;
    let image = Image::make(&folder)?;
    let program = find(PEER);
    if program.is_none() {
        say(
            "MISSING: docker-registry. What is compared with it stays open (apt install docker-registry)",
        );
    }
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(round(&image, &fresh(&folder.join("region"))?, |data| region(bed, data))?);
        if let Some(program) = &program {
            theirs.push(round(&image, &fresh(&folder.join("peer"))?, |data| peer(program, data))?);
        }
    }
    fresh(&folder)?;
    let ways: [(&str, Way); 2] = [("push", |round| &round.push), ("pull", |round| &round.pull)];
    let rows = ways.into_iter().flat_map(|(name, way)| figures(name, way, (&ours, &theirs)));
    Ok(rows.collect())
}

/// One of a round's two ways.
type Way = fn(&Round) -> &Cost;

fn figures(name: &str, way: Way, (ours, theirs): (&[Round], &[Round])) -> [Figure; 3] {
    let figure = |what: &str, unit: &'static str, value: fn(&Cost) -> f64| {
        let values = |rounds: &[Round]| rounds.iter().map(|round| value(way(round))).collect();
        let beside = match theirs.is_empty() {
            true => Beside::Missing(PEER),
            false => Beside::Samples(PEER, values(theirs)),
        };
        let name = format!("{name} of a 200 MB image: {what}");
        Figure::compared(&name, unit, values(ours), beside, Bar::AtMost(1.0))
    };
    [
        figure("time", "ms", |cost| cost.millis),
        figure("the server's CPU", "ms", |cost| cost.cpu_millis),
        figure("the server's peak memory", "MB", |cost| cost.peak),
    ]
}

fn round(
    image: &Image,
    data: &Path,
    start: impl Fn(&Path) -> Result<Server, String>,
) -> Result<Round, String> {
    let push = start(data)?.cost(|port| image.push(port, REPOSITORY))?;
    let pull = start(data)?.cost(|port| image.pull(port, REPOSITORY))?;
    Ok(Round { push, pull })
}

fn region(bed: &Bed, data: &Path) -> Result<Server, String> {
    let start = Start { data, driver: "process", speed: 1, processor: Some(MEASURED) };
    let region = bed.binary.start(&start)?;
    let listed = region.endpoint.ecr("DescribeRepositories", &json!({}))?;
    if listed["repositories"].as_array().is_none_or(Vec::is_empty) {
        region.endpoint.ecr("CreateRepository", &json!({ "repositoryName": REPOSITORY }))?;
    }
    Ok(Server::Region(region))
}

fn peer(program: &Path, data: &Path) -> Result<Server, String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port(Ipv4Addr::LOCALHOST)?));
    let file = data.join("config.yml");
    let text = format!(
        "version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\n\
         storage: {{filesystem: {{rootdirectory: {}}}}}\nhttp: {{addr: \"{address}\"}}\n",
        data.join("images").display()
    );
    fs::write(&file, text).map_err(|why| format!("{}: {why}", file.display()))?;
    let mut command = pinned(MEASURED, program);
    let process = Running::start(command.arg("serve").arg(&file))?;
    await_listener(address)?;
    Ok(Server::Peer(process, address.port()))
}

// === impl Server ===

impl Server {
    /// Has something done to the server, ends it, and answers what that took.
    fn cost(self, work: impl FnOnce(u16) -> Result<(), String>) -> Result<Cost, String> {
        let before = self.cpu_micros()?;
        let begun = Instant::now();
        work(self.port())?;
        let millis = begun.elapsed().as_secs_f64() * 1e3;
        let cpu_millis = (self.cpu_micros()? - before) / 1e3;
        let cost = Cost { millis, cpu_millis, peak: self.peak()? };
        match self {
            Self::Region(region) => region.stop()?,
            Self::Peer(process, _) => drop(process),
        }
        Ok(cost)
    }

    fn port(&self) -> u16 {
        match self {
            Self::Region(region) => region.endpoint.port,
            Self::Peer(_, port) => *port,
        }
    }

    fn cpu_micros(&self) -> Result<f64, String> {
        match self {
            Self::Region(region) => region.cpu_micros(),
            Self::Peer(process, _) => process.cpu_micros(),
        }
    }

    fn peak(&self) -> Result<f64, String> {
        let kib = match self {
            Self::Region(region) => region.peak_memory(),
            Self::Peer(process, _) => process.peak_memory(),
        };
        Ok(kib? / 1000.0 * 1.024)
    }
}
