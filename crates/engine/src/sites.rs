//! The World's distributions, in the terms of the edge.
//!
//! They are few, and a change to one of them, or to what they lead to, is rare: all of them are
//! looked at again then. What changes nothing of theirs costs nothing.

mod behaviour;
mod origin;

use crate::hands::lock;
use crate::heart::Event;
use crate::report::Report;
use edge::{Edge, ErrorPage, Files, Site};
use model::DistributionId;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::runtime::Handle;
use world::{Distribution, RowKey, World};

/// The edge of a region, and what it follows.
pub(crate) struct Sites {
    edge: Edge,
}

// === impl Sites ===

impl Sites {
    /// An edge that serves nothing yet; where it listens it tells the heart.
    pub(crate) fn new(files: Arc<dyn Files>, heart: Sender<Event>) -> Self {
        let heart = Mutex::new(heart);
        let bound = move |id: &str, port: u16| {
            let report = Report::EdgeBound { distribution: DistributionId::from(id), port };
            let _gone = lock(&heart).send(Event::Report(report));
        };
        let runtime = Handle::current();
        Self { edge: Edge::new(edge::Config { runtime, files, bound: Box::new(bound) }) }
    }

    /// Serves what there is when a region starts.
    pub(crate) fn begin(&self, world: &World) {
        if !world.distributions.is_empty() {
            self.edge.apply(&of(world));
        }
    }

    /// Follows a commit.
    pub(crate) fn follow<'a>(
        &self,
        (before, after): (&World, &World),
        touched: impl IntoIterator<Item = &'a RowKey>,
    ) {
        if before.distributions.is_empty() && after.distributions.is_empty() {
            return;
        }
        let touched: Vec<&RowKey> = touched.into_iter().collect();
        if touched.iter().any(|key| concerns(key)) {
            self.edge.apply(&of(after));
        }
        for key in touched {
            let RowKey::Invalidation(key) = key else { continue };
            let fresh =
                after.invalidations.get(key).filter(|_| !before.invalidations.contains(key));
            let paths = fresh.and_then(|held| held.batch.paths.items.as_deref());
            self.edge.forget(key.distribution.as_str(), paths.unwrap_or_default());
        }
    }
}

/// Whether a row is part of what distributions serve.
fn concerns(key: &RowKey) -> bool {
    matches!(
        key,
        RowKey::Distribution(_)
            | RowKey::EdgeFunction(_)
            | RowKey::CachePolicy(_)
            | RowKey::OriginRequestPolicy(_)
            | RowKey::ResponseHeadersPolicy(_)
            | RowKey::LoadBalancer(_)
            | RowKey::Listener(_)
            | RowKey::Certificate(_)
    )
}

/// What is served: distributions that are enabled.
fn of(world: &World) -> edge::Sites {
    let enabled = world.distributions.iter().filter(|held| held.config.enabled);
    enabled.map(|held| (held.id.to_string(), Arc::new(site(world, held)))).collect()
}

fn site(world: &World, held: &Distribution) -> Site {
    let config = &held.config;
    let behaviours = services::cloudfront::behaviours(config);
    let origins = config.origins.items.iter();
    Site {
        id: held.id.to_string(),
        domain: held.domain.clone(),
        port: held.local_port,
        root: config.default_root_object.clone().unwrap_or_default(),
        behaviours: behaviours.iter().map(|held| behaviour::behaviour(world, held)).collect(),
        origins: origins.map(|held| (held.id.clone(), origin::origin(world, held))).collect(),
        pages: pages(held),
    }
}

fn pages(held: &Distribution) -> Vec<ErrorPage> {
    let pages = held.config.custom_error_responses.iter().flat_map(|held| held.items.iter());
    let page = |held: &api::cloudfront::CustomErrorResponse| {
        let path = held.response_page_path.clone().filter(|path| !path.is_empty());
        let status = held.response_code.as_deref().and_then(|code| code.parse().ok());
        let kept = held.error_caching_min_ttl.unwrap_or(10);
        Some(ErrorPage {
            status: u16::try_from(held.error_code).ok()?,
            page: path.zip(status),
            kept: Duration::from_secs(u64::try_from(kept).unwrap_or_default()),
        })
    };
    pages.flatten().filter_map(page).collect()
}
