//! The control API against moto server: a read and a write, with few and with many connections.

use super::aws::{CLUSTER, Endpoint, SERVICES, definition, ecs_fields, service_name};
use super::load::{Load, Outcome, write_script};
use super::peer::Moto;
use super::process::MEASURED;
use super::region::{Region, Start, fresh};
use super::table::{Bar, Beside, Figure};
use super::{Bed, Found};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const CONNECTIONS: [u32; 2] = [8, 32];
const ROUNDS: usize = 3;
const SECONDS: u32 = 3;
const FASTER: Bar = Bar::AtLeast(50.0);
const PROMPT: Bar = Bar::Below(5.0);

/// The rounds of one operation with one number of connections.
struct Series {
    name: String,
    ours: Vec<Outcome>,
    moto: Vec<Outcome>,
}

/// Measures both operations, all numbers of connections.
pub(crate) fn measure(bed: &Bed) -> Found {
    let folder = fresh(&bed.folder.join("control"))?;
    let read = json!({ "cluster": CLUSTER, "services": [service_name(SERVICES / 2)] });
    let mut figures = Vec::new();
    for (operation, input) in
        [("DescribeServices", read), ("RegisterTaskDefinition", definition("load"))]
    {
        for connections in CONNECTIONS {
            let script = script(&folder, operation, &input)?;
            let series = series(bed, operation, &script, connections)?;
            figures.extend(series.figures());
        }
    }
    fresh(&folder)?;
    Ok(figures)
}

/// Rounds of ours and of moto, in turn. Each round has a server of its own: what one round wrote
/// must not slow the next.
fn series(bed: &Bed, operation: &str, script: &Path, connections: u32) -> Result<Series, String> {
    let name = format!("{operation}, {connections} connections");
    let mut series = Series { name, ours: Vec::new(), moto: Vec::new() };
    for _ in 0..ROUNDS {
        let region = region(bed)?;
        series.ours.push(load(region.endpoint, script, connections)?);
        region.stop()?;
        if let Some(moto) = Moto::start(&bed.root, MEASURED)? {
            moto.endpoint.furnish(SERVICES)?;
            series.moto.push(load(moto.endpoint, script, connections)?);
        }
    }
    Ok(series)
}

fn load(endpoint: Endpoint, script: &Path, connections: u32) -> Result<Outcome, String> {
    let url = format!("http://127.0.0.1:{}/", endpoint.port);
    Load { url: &url, connections, seconds: SECONDS, script: Some(script), field: None }.run()
}

/// A region on one processor, with many services in a cluster.
fn region(bed: &Bed) -> Result<Region, String> {
    let data = fresh(&bed.folder.join("control/region"))?;
    let start = Start { data: &data, driver: "process", speed: 1, processor: Some(MEASURED) };
    let region = bed.binary.start(&start)?;
    region.endpoint.furnish(SERVICES)?;
    Ok(region)
}

fn script(folder: &Path, operation: &str, input: &Value) -> Result<PathBuf, String> {
    let path = folder.join(format!("{operation}.lua"));
    write_script(&path, &ecs_fields(operation), &input.to_string())?;
    Ok(path)
}

// === impl Series ===

impl Series {
    fn figures(self) -> [Figure; 2] {
        let Self { name, ours, moto } = self;
        let beside = |value: fn(&Outcome) -> f64| match moto.is_empty() {
            true => Beside::Missing("moto"),
            false => Beside::Samples("moto", moto.iter().map(value).collect()),
        };
        let figure = |what: &str, unit, value: fn(&Outcome) -> f64, bar| {
            let ours = ours.iter().map(value).collect();
            Figure::compared(&format!("{name}{what}"), unit, ours, beside(value), bar)
        };
        [
            figure("", "requests/s", |outcome| outcome.rate, FASTER),
            figure(", p99", "ms", |outcome| outcome.p99, PROMPT),
        ]
    }
}
