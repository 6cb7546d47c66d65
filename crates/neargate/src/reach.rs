//! The environment that a command is about: what reaches it, and what the manifest says of it.

use crate::admin::{self, Endpoints, Status};
use crate::args::{DataArgs, FileArgs};
use crate::failure::{Failure, Kind};
use crate::front::Front;
use crate::local;
use crate::place::{Place, Shipping};
use crate::project::Project;
use crate::ship::environment::Environment;
use api::ecs::{DescribeServices, DescribeServicesRequest, Service};
use apply::Client;
use manifest::LOCAL;
use plan::Wish;
use std::collections::{BTreeMap, BTreeSet};

/// Which environment of which manifest.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ReachArgs {
    #[command(flatten)]
    pub(crate) file: FileArgs,
    /// The environment; `local` is the local region
    #[arg(short, long, default_value = LOCAL)]
    pub(crate) env: String,
    #[command(flatten)]
    data: DataArgs,
}

/// An environment that was reached.
#[derive(Debug)]
pub(crate) struct Reached {
    pub(crate) client: Client,
    pub(crate) wish: Wish,
    pub(crate) place: Place,
    /// The local region, where it is one or stands for AWS.
    pub(crate) region: Option<Status>,
}

impl ReachArgs {
    /// Reaches it.
    pub(crate) async fn reach(&self) -> Result<Reached, Failure> {
        let project = Project::read(&self.file.file)?;
        if self.env != LOCAL {
            let environment = Environment::open(&project, &self.env).await?;
            let Environment { resolved, client, region, .. } = environment;
            let shipping =
                Shipping { environment: resolved.name.clone(), unminded: BTreeSet::new() };
            let place = Place::shipping(region.as_ref(), shipping);
            let wish = Wish { manifest: resolved, artifacts: BTreeMap::new() };
            return Ok(Reached { client, wish, place, region });
        }
        let manifest = project.resolve_local()?;
        let region = local::expect(&local::data(&self.data)?).await?;
        let client = local::client(&region)?;
        let wish = Wish { manifest, artifacts: BTreeMap::new() };
        Ok(Reached { client, wish, place: Place::local(&region), region: Some(region) })
    }
}

impl Reached {
    /// The cluster's name.
    pub(crate) fn cluster(&self) -> String {
        self.wish.cluster()
    }

    /// Where its load balancers are reached from here.
    pub(crate) async fn urls(&self) -> Result<Vec<String>, Failure> {
        if let (Some(region), None) = (&self.region, &self.place.shipping) {
            let endpoints: Endpoints = admin::get(region.port, "endpoints").await?;
            let name = self.wish.names().balancer();
            let own = endpoints.listeners.into_iter().filter(|it| it.load_balancer == name);
            return Ok(own.filter_map(|listener| listener.url).collect());
        }
        let front = Front {
            client: &self.client,
            region: self.region.as_ref(),
            domain: self.wish.manifest.environment.domain.as_deref(),
        };
        let mut urls = Vec::new();
        for (name, _) in self.wish.services().filter(|(_, it)| !it.routes().is_empty()) {
            let Ok(service) = self.deployed(name).await else { continue };
            let groups = service.load_balancers.into_iter().flatten();
            for arn in groups.filter_map(|it| it.target_group_arn) {
                let url = front.of_group(&arn).await?;
                urls.extend(url.filter(|url| !urls.contains(url)));
            }
        }
        Ok(urls)
    }

    /// A service of the manifest by name; the only one if none is named.
    pub(crate) fn service(&self, named: Option<&str>) -> Result<String, Failure> {
        let all: Vec<&str> = self.wish.services().map(|(name, _)| name.as_str()).collect();
        let wrong = |what: String| {
            Err(Failure::new(Kind::Usage, what).hint(format!("there are: {}", all.join(", "))))
        };
        match (named, all.as_slice()) {
            (Some(named), all) if all.contains(&named) => Ok(named.to_owned()),
            (Some(named), _) => {
                wrong(format!("the manifest has no service `{named}` that runs tasks"))
            }
            (None, [one]) => Ok((*one).to_owned()),
            (None, _) => wrong("it is not said which service is meant".to_owned()),
        }
    }

    /// A service as it is deployed.
    pub(crate) async fn deployed(&self, name: &str) -> Result<Service, Failure> {
        let request = DescribeServicesRequest {
            cluster: Some(self.cluster()),
            services: vec![name.to_owned()],
            include: None,
        };
        let found = self.client.call::<DescribeServices>(request).await;
        let service = match found {
            Err(error) if error.code() == Some("ClusterNotFoundException") => None,
            found => found?.services.into_iter().flatten().next(),
        };
        service.filter(|it| it.status.as_deref() == Some("ACTIVE")).ok_or_else(|| {
            let what = format!("service {name} is not deployed to `{}`", self.wish.manifest.name);
            Failure::new(Kind::Deployment, what)
                .hint(format!("`neargate deploy --env {}` deploys it", self.wish.manifest.name))
        })
    }
}
