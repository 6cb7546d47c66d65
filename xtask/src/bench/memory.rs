//! How much memory an idle region takes.

use super::aws::{CLUSTER, SERVICES, service_name};
use super::process::Memory;
use super::region::{Region, Start, fresh};
use super::table::{Bar, Figure};
use super::{Bed, Found};
use serde_json::json;
use std::thread;
use std::time::Duration;

/// How long a region is left alone before it is looked at.
const REST: Duration = Duration::from_secs(2);
/// How many services one call describes: AWS's limit.
const AT_ONCE: usize = 10;
const BAR: Bar = Bar::Below(15.0);

/// Looks at a region after its start, and with many services after all were described.
pub(crate) fn measure(bed: &Bed) -> Found {
    let data = fresh(&bed.folder.join("memory"))?;
    let start = Start { data: &data, driver: "process", speed: 1, processor: None };
    let region = bed.binary.start(&start)?;
    region.endpoint.ecs("DescribeClusters", &json!({}))?;
    let idle = rested(&region)?;
    region.endpoint.furnish(SERVICES)?;
    describe_all(&region)?;
    let used = rested(&region)?;
    region.stop()?;
    let region = bed.binary.start(&start)?;
    describe_all(&region)?;
    let again = rested(&region)?;
    region.stop()?;
    fresh(&data)?;
    let figure =
        |name: String, kib: f64, bar| Figure::alone(&name, "MB", vec![kib / 1000.0 * 1.024], bar);
    let both = |when: &str, memory: Memory, bar| {
        [
            figure(format!("resident memory, {when}"), memory.resident, bar),
            figure(format!("proportional memory, {when}"), memory.proportional, Bar::None),
        ]
    };
    let figures = [
        both("idle", idle, BAR),
        both(&format!("{SERVICES} services made and described"), used, Bar::None),
        both(&format!("{SERVICES} services described after a start"), again, Bar::None),
    ];
    Ok(figures.into_iter().flatten().collect())
}

fn describe_all(region: &Region) -> Result<(), String> {
    for first in (0..SERVICES).step_by(AT_ONCE) {
        let names: Vec<String> = (first..first + AT_ONCE).map(service_name).collect();
        let input = json!({ "cluster": CLUSTER, "services": names });
        let described = region.endpoint.ecs("DescribeServices", &input)?;
        if described["services"].as_array().map_or(0, Vec::len) != AT_ONCE {
            return Err(format!("not all services are there: {described}"));
        }
    }
    Ok(())
}

fn rested(region: &Region) -> Result<Memory, String> {
    thread::sleep(REST);
    region.memory()
}
