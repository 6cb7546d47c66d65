//! Where trials take place: a network that leads nowhere, and what is known by its process.
//!
//! Names are `neargate-trial-<process>-…`, and everything carries the label `neargate.trial` with
//! the number of the process. What belongs to a process that is gone is removed when a site opens.

use super::{Picture, Trial};
use crate::docker::engine::{Hints, find, text, unless};
use crate::docker::names::Names;
use crate::docker::{Reach, create, find as found, network, pull};
use crate::{Container, Error, PullError, Wanted};
use bollard::Docker as Engine;
use bollard::models::NetworkCreateRequest;
use bollard::query_parameters::{
    CreateContainerOptions, InspectNetworkOptions, ListNetworksOptions, RemoveContainerOptions,
    StartContainerOptions,
};
use rustix::process::{Pid, test_kill_process};
use std::collections::{BTreeSet, HashMap};
use std::net::Ipv4Addr;

/// The label of everything on trial; its value is the number of the process that tries.
const LABEL: &str = "neargate.trial";

/// Without it, packets that leave the network keep an address that nothing outside answers to.
const MASQUERADE: &str = "com.docker.network.bridge.enable_ip_masquerade";

/// The name of a host that is meant not to be there. A closed network has nobody who would say so:
/// programs would wait for an answer, even those that were told to stop.
pub const NOWHERE: &str = "placeholder.invalid";

/// Where it is: at the one address to which nobody can ever be connected, so that this is known at once.
pub(super) const UNROUTED: Ipv4Addr = Ipv4Addr::BROADCAST;

/// A place for trials. It has to be closed.
#[derive(Debug)]
pub struct Site {
    engine: Engine,
    owner: String,
    network: String,
    reach: Reach,
}

impl Site {
    /// Finds the engine, removes what others left behind, and makes the network.
    ///
    /// # Errors
    /// Says why no engine can be used, or why it makes no network.
    pub async fn open(hints: &Hints) -> Result<Self, Error> {
        let engine = find(hints).await?;
        let owner = std::process::id().to_string();
        // Another check may be at the same leftovers.
        sweep(&engine, |other| other != owner && !lives(other), &[404, IN_USE]).await?;
        let name = format!("neargate-trial-{owner}");
        let site = Self { engine, owner, network: name, reach: Reach::Addresses };
        site.make_network(Reach::Addresses).await?;
        if site.gateway().await?.is_none_or(network::is_on_this_machine) {
            return Ok(site);
        }
        // The engine is in a virtual machine. Only published ports lead there, and those need a
        // network that is not closed: this one has no way back.
        site.close().await?;
        site.make_network(Reach::PublishedPorts).await?;
        Ok(Self { reach: Reach::PublishedPorts, ..site })
    }

    /// Makes sure that an image is here.
    ///
    /// # Errors
    /// Says why it can't be had.
    pub async fn fetch(&self, image: &str) -> Result<(), PullError> {
        let wanted = Wanted { image: image.to_owned(), digest: None, words: Vec::new() };
        pull::pull(&self.engine, &wanted).await.map(|_| ())
    }

    /// What an image says of itself.
    ///
    /// # Errors
    /// When the engine does not have it.
    pub async fn picture(&self, image: &str) -> Result<Picture, Error> {
        let image = self.engine.inspect_image(image).await;
        image.map(Picture::of).map_err(|error| Error::refused("looking at the image", text(&error)))
    }

    /// Starts a container; its key's name tells it from the others of this process.
    ///
    /// # Errors
    /// [`Error::Start`] if it can't be run, with the engine's reason.
    pub async fn start(&self, spec: &Container) -> Result<Trial, Error> {
        let name = format!("{}-{}", self.network, spec.key.name);
        let info = self.engine.info().await.map_err(|error| Error::Start(text(&error)))?;
        let cpus = info.ncpu.and_then(|cpus| u32::try_from(cpus).ok()).unwrap_or(u32::MAX);
        let abilities = create::Abilities { cpus, open_files: create::OpenFiles::AsTheEngine };
        let names = Names::new(format!("trial-{}", self.owner));
        let mut body = create::container(&names, spec, spec.image.clone(), abilities);
        body.labels = Some(self.labels());
        let host = body.host_config.get_or_insert_default();
        host.network_mode = Some(self.network.clone());
        host.extra_hosts = Some(vec![format!("{NOWHERE}:{UNROUTED}")]);
        if self.reach == Reach::PublishedPorts {
            host.port_bindings = Some(spec.ports.iter().map(create::publish).collect());
            body.exposed_ports = Some(spec.ports.iter().map(ToString::to_string).collect());
        }
        let options = CreateContainerOptions { name: Some(name.clone()), ..Default::default() };
        let made = self.engine.create_container(Some(options), body).await;
        made.map_err(|error| Error::runtime(&text(&error)))?;
        let started = self.engine.start_container(&name, None::<StartContainerOptions>).await;
        started.map_err(|error| Error::runtime(&text(&error)))?;
        let (engine, network) = (self.engine.clone(), self.network.clone());
        Ok(Trial { engine, name, network, reach: self.reach })
    }

    /// Removes everything that this process has on trial.
    ///
    /// # Errors
    /// When the engine does not do it.
    pub async fn close(&self) -> Result<(), Error> {
        sweep(&self.engine, |owner| owner == self.owner, &[404]).await
    }

    async fn make_network(&self, reach: Reach) -> Result<(), Error> {
        let options = match reach {
            Reach::Addresses => HashMap::new(),
            Reach::PublishedPorts => HashMap::from([(MASQUERADE.to_owned(), "false".to_owned())]),
        };
        let request = NetworkCreateRequest {
            name: self.network.clone(),
            driver: Some("bridge".to_owned()),
            internal: Some(reach == Reach::Addresses),
            options: Some(options),
            labels: Some(self.labels()),
            ..NetworkCreateRequest::default()
        };
        let made = self.engine.create_network(request).await;
        made.map(|_| ()).map_err(|error| Error::Network(text(&error)))
    }

    /// The engine's own address in the network.
    async fn gateway(&self) -> Result<Option<Ipv4Addr>, Error> {
        let seen = self.engine.inspect_network(&self.network, None::<InspectNetworkOptions>).await;
        let seen = seen.map_err(|error| Error::Network(text(&error)))?;
        let configs = seen.ipam.and_then(|ipam| ipam.config).unwrap_or_default();
        Ok(configs.into_iter().find_map(|config| {
            let given = config.gateway.and_then(|it| it.split('/').next()?.parse().ok());
            // Of a closed network older engines name only the range; its first address is theirs.
            given.or_else(|| {
                let first: Ipv4Addr = config.subnet?.split('/').next()?.parse().ok()?;
                Some(Ipv4Addr::from_bits(first.to_bits() + 1))
            })
        }))
    }

    fn labels(&self) -> HashMap<String, String> {
        HashMap::from([(LABEL.to_owned(), self.owner.clone())])
    }
}

/// What the engine says of a network whose containers are not gone.
const IN_USE: u16 = 403;

/// Removes what is on trial for processes that are meant. Networks that are refused with one of these
/// statuses are left to others.
async fn sweep(
    engine: &Engine,
    is_meant: impl Fn(&str) -> bool,
    passed: &[u16],
) -> Result<(), Error> {
    let filter = || HashMap::from([("label".to_owned(), vec![LABEL.to_owned()])]);
    let of = |labels: Option<&HashMap<String, String>>| labels?.get(LABEL).cloned();
    let containers = found::list(engine, filter()).await?;
    for held in
        containers.iter().filter(|it| of(it.labels.as_ref()).is_some_and(|it| is_meant(&it)))
    {
        let options = RemoveContainerOptions { force: true, v: true, link: false };
        let name = held.id.as_deref().unwrap_or_default();
        unless(&[404, 409], engine.remove_container(name, Some(options)).await)
            .map_err(|error| Error::refused("removing a container", text(&error)))?;
    }
    let options = ListNetworksOptions { filters: Some(filter()) };
    let networks = engine.list_networks(Some(options)).await;
    let networks = networks.map_err(|error| Error::refused("listing networks", text(&error)))?;
    let meant = networks.iter().filter(|it| of(it.labels.as_ref()).is_some_and(|it| is_meant(&it)));
    let names: BTreeSet<&str> = meant.filter_map(|it| it.id.as_deref()).collect();
    for name in names {
        unless(passed, engine.remove_network(name).await)
            .map_err(|error| Error::refused("removing a network", text(&error)))?;
    }
    Ok(())
}

/// Whether a process is there. Another one with its number keeps what the first left behind until it
/// ends too.
fn lives(owner: &str) -> bool {
    let pid = owner.parse().ok().and_then(Pid::from_raw);
    // Refused is as good as there: it is somebody else's.
    pid.is_some_and(|pid| test_kill_process(pid) != Err(rustix::io::Errno::SRCH))
}
