//! How soon a region answers.

use super::aws::{CLUSTER, SERVICES};
use super::region::{Region, Start, fresh};
use super::table::{Bar, Figure};
use super::{Bed, Found};
use serde_json::json;
use std::path::Path;

/// How many starts make a figure.
const STARTS: usize = 20;
const BAR: Bar = Bar::Below(25.0);

/// How the region before the measured one ended.
#[derive(Clone, Copy)]
enum End {
    Stop,
    Crash,
}

/// Times a first start, one on the data of many services, and one on them after a crash.
pub(crate) fn measure(bed: &Bed) -> Found {
    let folder = bed.folder.join("start");
    let mut first = Vec::new();
    for _ in 0..STARTS {
        let (region, millis) = start(bed, &fresh(&folder)?)?;
        region.stop()?;
        first.push(millis);
    }
    let region = bed.binary.start(&how(&fresh(&folder)?))?;
    region.endpoint.furnish(SERVICES)?;
    region.stop()?;
    let again = starts(bed, &folder, End::Stop)?;
    let crashed = starts(bed, &folder, End::Crash)?;
    fresh(&folder)?;
    let many = |how: &str| format!("region ready, {SERVICES} services{how}");
    Ok(vec![
        Figure::alone("region ready, first start", "ms", first, BAR),
        Figure::alone(&many(""), "ms", again, BAR),
        Figure::alone(&many(", after a crash"), "ms", crashed, BAR),
    ])
}

fn starts(bed: &Bed, data: &Path, end: End) -> Result<Vec<f64>, String> {
    let mut found = Vec::new();
    for _ in 0..=STARTS {
        let (region, millis) = start(bed, data)?;
        found.push(millis);
        match end {
            End::Stop => region.stop()?,
            End::Crash => {
                // Something to save, so that the crash hits a store that was written to.
                region.endpoint.ecs("CreateCluster", &json!({ "clusterName": CLUSTER }))?;
                region.kill();
            }
        }
    }
    // The first start followed the other way to end.
    Ok(found.split_off(1))
}

/// A start, and how long it took from the program's start to the answer of a call, in milliseconds.
fn start(bed: &Bed, data: &Path) -> Result<(Region, f64), String> {
    let region = bed.binary.start(&how(data))?;
    region.endpoint.ecs("DescribeClusters", &json!({}))?;
    let millis = region.age().as_secs_f64() * 1e3;
    Ok((region, millis))
}

fn how(data: &Path) -> Start<'_> {
    Start { data, driver: "process", speed: 1, processor: None }
}
