//! Static files: made and looked at before anything is changed, uploaded when the services run.
//!
//! New pages ask services for what only their new version has, so files come last. Old pages ask the
//! new version, as they do in any rollout.

mod folder;
mod origin;

use super::environment::Environment;
use super::lock::now;
use crate::artifacts::line;
use crate::failure::{Failure, Kind};
use crate::project::Project;
use crate::ui::live::Progress;
use crate::ui::say;
use apply::site::SiteError;
use folder::Folder;
use manifest::StaticSite;
use origin::{Bucket, Origin};
use plan::site::{Delivery, Files};
use std::collections::BTreeMap;

/// When the files that a line makes are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Making {
    /// Now: they are about to be deployed.
    Now,
    /// They were: just these are deployed.
    Done,
    /// Later: what is there gives an idea of them.
    Due,
}

/// The files of an environment's static sites, and what there is to do about them.
#[derive(Debug, Default)]
pub(crate) struct Sites(BTreeMap<String, Ready>);

/// A site that is ready to go.
#[derive(Debug)]
struct Ready {
    origin: Origin,
    /// The digest of the page that the site starts with.
    start: String,
    delivery: Delivery,
}

// === impl Sites ===

impl Sites {
    /// Makes the files where that is wanted, reads them, and compares them with what the buckets
    /// hold; a bucket that is yet to come holds nothing.
    pub(crate) async fn prepare(
        project: &Project,
        environment: &Environment,
        making: Making,
    ) -> Result<Self, Failure> {
        let mut ready = BTreeMap::new();
        for (name, site) in sites(environment) {
            let built = site.build.as_ref().filter(|_| making == Making::Now);
            if let Some(build) = built {
                line::run(name, build, &project.folder).await?;
            }
            let Some(folder) = read(project, name, site, making)? else { continue };
            let origin = Origin::Folder(folder);
            ready.insert(name.clone(), Ready::new(environment, (name, site), origin).await?);
        }
        Ok(Self(ready))
    }

    /// The files that another environment has.
    pub(crate) async fn promoted(
        from: &Environment,
        environment: &Environment,
    ) -> Result<Self, Failure> {
        let mut ready = BTreeMap::new();
        for (name, site) in sites(environment) {
            let Some(held) = from.stand.sites.get(name) else {
                let what = format!("{} has no files of {name}", from.resolved.name);
                return Err(Failure::new(Kind::Deployment, what));
            };
            let bucket = Bucket::read(&from.client, &held.bucket).await?;
            let origin = Origin::Bucket(Box::new(bucket));
            ready.insert(name.clone(), Ready::new(environment, (name, site), origin).await?);
        }
        Ok(Self(ready))
    }

    /// What there is to do: a line for each site that changes, with what becomes of its files.
    pub(crate) fn told(&self) -> impl Iterator<Item = (String, Vec<String>)> {
        self.0.iter().filter_map(|(name, ready)| {
            Some((ready.delivery.line(name)?, ready.delivery.details()))
        })
    }

    /// Uploads what the buckets do not have. They are looked at again: what an earlier run uploaded
    /// is not sent twice, and a bucket may only be there by now.
    pub(super) async fn deliver(&self, environment: &Environment) -> Result<(), Failure> {
        for (name, Ready { origin, .. }) in &self.0 {
            let Some(site) = environment.stand.sites.get(name) else {
                let what = format!("the stack does not say where the files of {name} are kept");
                return Err(Failure::new(Kind::Deployment, what));
            };
            let delivery = compare(environment, name, origin.files()).await?;
            if delivery.is_nothing() {
                say::done(&format!("the files of {name} are there already"));
                continue;
            }
            let client = &environment.client;
            let mut progress = Progress::begin(&format!("upload {name} to {}", site.bucket));
            let read = async |path: &str| origin.content(path).await;
            let tell = |upload: &plan::site::Upload| progress.line(&upload.path);
            let sent = apply::site::deliver(client, &site.bucket, &delivery, read, tell).await;
            progress.end(sent.is_ok());
            sent.map_err(|why| failed(name, why))?;
        }
        Ok(())
    }

    /// The digest of a site's start page, by service.
    pub(super) fn pages(&self) -> impl Iterator<Item = (&String, &str)> {
        self.0.iter().map(|(name, ready)| (name, ready.start.as_str()))
    }
}

// === impl Ready ===

impl Ready {
    /// A finished site, compared with what the bucket holds.
    async fn new(
        environment: &Environment,
        (name, site): (&str, &StaticSite),
        origin: Origin,
    ) -> Result<Self, Failure> {
        let files = origin.files();
        if let Some(flaw) = plan::site::flaw(site, files) {
            let what = format!("`{}` is no finished site of {name}: {flaw}", site.directory);
            return Err(Failure::new(Kind::Manifest, what)
                .hint("`static.directory` is the folder that the bundler writes")
                .hint("`static.build` is the line that makes it: npm run build"));
        }
        let start = files.get(&site.index).map(|file| file.digest.clone()).unwrap_or_default();
        let delivery = compare(environment, name, files).await?;
        Ok(Self { origin, start, delivery })
    }
}

fn sites(environment: &Environment) -> impl Iterator<Item = (&String, &StaticSite)> {
    let services = environment.resolved.environment.services.iter();
    services.filter_map(|(name, service)| Some((name, service.static_site.as_ref()?)))
}

/// The files of a site; `None` where a plan is made of files that are yet to be made.
fn read(
    project: &Project,
    name: &str,
    site: &StaticSite,
    making: Making,
) -> Result<Option<Folder>, Failure> {
    let to_be_made = making == Making::Due && site.build.is_some();
    if to_be_made {
        say::note(&format!(
            "the files of {name} are planned as they are; `deploy` makes them anew"
        ));
    }
    let folder = project.folder.join(&site.directory);
    if to_be_made && !folder.is_dir() {
        return Ok(None);
    }
    let read = Folder::read(&folder);
    let read = read.map_err(|why| {
        Failure::because(Kind::Manifest, format!("no files of {name} can be had"), why)
    });
    read.map(Some)
}

async fn compare(
    environment: &Environment,
    name: &str,
    files: &Files,
) -> Result<Delivery, Failure> {
    let held = match environment.stand.sites.get(name) {
        Some(site) => apply::site::held(&environment.client, &site.bucket).await?,
        None => BTreeMap::new(),
    };
    Ok(Delivery::of(files, &held, now()))
}

fn failed(name: &str, why: SiteError) -> Failure {
    match why {
        SiteError::Call(why) => why.into(),
        SiteError::File { .. } => {
            Failure::because(Kind::Machine, format!("the files of {name} changed meanwhile"), why)
        }
    }
}
