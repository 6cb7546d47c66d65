//! Access logs. There is no S3 in the region: what would be an object of a bucket is a file below
//! the data directory, under the key that AWS gives it (reference §4.12).

use crate::clock;
use crate::heart::{Chain, Published};
use flate2::Compression;
use flate2::write::GzEncoder;
use gateway::AccessLine;
use model::{Pace, Span, Timestamp};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use world::{LoadBalancer, World};

/// AWS's wait from one file of a load balancer to its next.
const EVERY: Span = Span::minutes(5);
/// What waits at most for a load balancer's next file. Beyond it entries are dropped, as AWS's are
/// when there are too many: logs are kept on a best-effort basis.
const MOST: usize = 64 * 1024 * 1024;

/// The entries that wait to be written.
#[derive(Debug)]
pub(crate) struct AccessLogs {
    folder: PathBuf,
    /// By the load balancer's name in them.
    waiting: Mutex<BTreeMap<Arc<str>, Vec<u8>>>,
}

/// The name that a load balancer has in its logs: `app/web/24364a47d0917a0a`.
pub(crate) fn name(balancer: &LoadBalancer) -> Arc<str> {
    let arn = balancer.arn.as_str();
    arn.split_once("loadbalancer/").map_or(arn, |(_, name)| name).into()
}

// === impl AccessLogs ===

impl AccessLogs {
    /// The logs of a data directory.
    pub(crate) fn of(data: &Path) -> Self {
        Self { folder: data.join("s3"), waiting: Mutex::default() }
    }

    /// Takes an entry.
    pub(crate) fn take(&self, line: AccessLine) {
        let mut waiting = crate::hands::lock(&self.waiting);
        let bytes = waiting.entry(line.balancer).or_default();
        if bytes.len() < MOST {
            bytes.extend_from_slice(line.text.as_bytes());
            bytes.push(b'\n');
        }
    }

    /// Writes what waits, a file for each load balancer.
    pub(crate) fn write(&self, world: &World) {
        let waiting = std::mem::take(&mut *crate::hands::lock(&self.waiting));
        for (balancer, lines) in waiting {
            let mut balancers = world.load_balancers.iter();
            let Some(held) = balancers.find(|held| name(held) == balancer) else { continue };
            if let Err(why) = self.write_one(world, held, &lines) {
                tracing::error!(%balancer, error = %Chain(&why), "an access log can't be written");
            }
        }
    }

    fn write_one(&self, world: &World, held: &LoadBalancer, lines: &[u8]) -> io::Result<()> {
        let chance = getrandom::u64().map_err(io::Error::other)?;
        let Some(key) = key(world, held, clock::now(), chance) else { return Ok(()) };
        let path = self.folder.join(key);
        fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
        // A reader sees whole files only.
        let draft = path.with_extension("new");
        let mut file = GzEncoder::new(fs::File::create(&draft)?, Compression::default());
        file.write_all(lines)?;
        file.finish()?.sync_all()?;
        fs::rename(draft, path)
    }
}

/// Writes the entries that wait, time and again.
pub(crate) fn keep(logs: Arc<AccessLogs>, published: Published, pace: Pace) {
    tokio::spawn(async move {
        let mut times = tokio::time::interval(pace.wait(EVERY).into());
        loop {
            times.tick().await;
            let (logs, world) = (Arc::clone(&logs), published.load_full());
            let written = tokio::task::spawn_blocking(move || logs.write(&world)).await;
            if written.is_err() {
                tracing::error!("the writer of access logs panicked");
            }
        }
    });
}

/// Where a load balancer's next file goes; nowhere when it keeps no log any more. The handlers let
/// only buckets and prefixes in that lead nowhere else.
fn key(world: &World, held: &LoadBalancer, at: Timestamp, chance: u64) -> Option<PathBuf> {
    let set = |key: &str| held.attributes.get(&format!("access_logs.s3.{key}")).map(String::as_str);
    if set("enabled") != Some("true") {
        return None;
    }
    let (account, region) = (world.place.account.as_str(), world.place.region.as_str());
    let (year, month, day) = at.date();
    let minute = at.of_day() / 60_000;
    let (hour, minute) = (minute / 60, minute % 60);
    let balancer = name(held).replace('/', ".");
    let file = format!(
        "{account}_elasticloadbalancing_{region}_{balancer}_\
         {year:04}{month:02}{day:02}T{hour:02}{minute:02}Z_127.0.0.1_{}.log.gz",
        letters(chance)
    );
    let mut key = PathBuf::from(set("bucket")?);
    key.extend(set("prefix").filter(|prefix| !prefix.is_empty()));
    key.extend(["AWSLogs", account, "elasticloadbalancing", region]);
    key.extend([format!("{year:04}"), format!("{month:02}"), format!("{day:02}"), file]);
    Some(key)
}

/// Eight letters and digits, so that two files of a minute differ.
fn letters(mut chance: u64) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut next = || {
        let letter = LETTERS[usize::from(chance.to_le_bytes()[0] % 32)];
        chance >>= 8;
        char::from(letter)
    };
    (0..8).map(|_| next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Place;
    use std::io::Read as _;
    use world::{Draft, Tags, Vpc};

    fn balancer(attributes: &[(&str, &str)]) -> LoadBalancer {
        let now = Timestamp::from_seconds(0);
        let arn = "arn:aws:elasticloadbalancing:eu-west-1:000000000000:loadbalancer/app/web/24364a";
        LoadBalancer {
            arn: arn.into(),
            name: "web".to_owned(),
            dns_name: "web.elb.localhost".to_owned(),
            scheme: "internal".to_owned(),
            subnets: Vec::new(),
            security_groups: Vec::new(),
            ip_address_type: "ipv4".to_owned(),
            active_at: now,
            attributes: attributes
                .iter()
                .map(|(key, value)| (format!("access_logs.s3.{key}"), (*value).to_owned()))
                .collect(),
            created_at: now,
            tags: Tags::new(),
        }
    }

    fn world(held: LoadBalancer) -> World {
        let place = Place { region: "eu-west-1".into(), account: "000000000000".into() };
        let vpc = Vpc::default_of(&place, [127, 31]);
        let mut draft = Draft::of(&World::empty(place, vpc));
        draft.put(held);
        draft.commit().world
    }

    #[test]
    fn a_file_has_the_key_that_aws_gives_it() {
        let at = Timestamp::from_seconds(1_795_162_738);
        let check = |attributes: &[(&str, &str)], expected: Option<&str>| {
            let held = balancer(attributes);
            let found = key(&world(held.clone()), &held, at, 0);
            assert_eq!(found.as_deref(), expected.map(Path::new), "{attributes:?}");
        };
        let file = "AWSLogs/000000000000/elasticloadbalancing/eu-west-1/2026/11/20/\
                    000000000000_elasticloadbalancing_eu-west-1_app.web.24364a_20261120T0818Z_\
                    127.0.0.1_aaaaaaaa.log.gz";
        let (on, bucket) = (("enabled", "true"), ("bucket", "logs"));
        check(&[on, bucket], Some(&format!("logs/{file}")));
        check(&[on, bucket, ("prefix", "a/b")], Some(&format!("logs/a/b/{file}")));
        check(&[("enabled", "false"), bucket], None);
    }

    #[test]
    fn what_waits_is_written_once_and_packed() {
        let folder = std::env::temp_dir().join(format!("access-{}", std::process::id()));
        let held = balancer(&[("enabled", "true"), ("bucket", "logs")]);
        let logs = AccessLogs::of(&folder);
        for text in ["one", "two"] {
            logs.take(AccessLine { balancer: name(&held), text: text.to_owned() });
        }
        let world = world(held);
        logs.write(&world);
        logs.write(&world);
        let mut found = Vec::new();
        let mut folders = vec![folder.join("s3")];
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { found.push(path) }
            }
        }
        let [file] = found.as_slice() else { panic!("{found:?}") };
        let mut text = String::new();
        let packed = fs::File::open(file).unwrap();
        flate2::read::GzDecoder::new(packed).read_to_string(&mut text).unwrap();
        assert_eq!(text, "one\ntwo\n");
        fs::remove_dir_all(folder).unwrap();
    }
}
