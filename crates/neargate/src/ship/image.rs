//! Which image each service of a deployment runs.

use super::environment::Environment;
use super::push;
use crate::failure::{Failure, Kind};
use crate::project::Project;
use model::ImageRef;
use plan::observed::Observed;
use plan::wish::ArtifactKind;
use plan::{Artifact, Wish};
use std::collections::BTreeMap;

/// Images that were named for services.
#[derive(Debug, Default)]
pub(crate) struct Chosen(BTreeMap<String, String>);

// === impl Chosen ===

impl Chosen {
    /// Reads `api=registry/shop@sha256:…`; the name may be left out where one service is built.
    pub(crate) fn read(given: &[String], wish: &Wish) -> Result<Self, Failure> {
        let built: Vec<&String> = wish
            .services()
            .filter(|(_, service)| service.image.is_none())
            .map(|(name, _)| name)
            .collect();
        let mut chosen = BTreeMap::new();
        for text in given {
            let (name, image) = match (text.split_once('='), built.as_slice()) {
                (Some((name, image)), _) => (name.to_owned(), image),
                (None, [one]) => ((*one).clone(), text.as_str()),
                (None, _) => {
                    let what = format!("--image {text} does not say of which service it is");
                    return Err(Failure::new(Kind::Usage, what).hint("say it: --image api=…"));
                }
            };
            if !wish.services().any(|(known, _)| *known == name) {
                let what = format!("the manifest has no service `{name}` that runs tasks");
                return Err(Failure::new(Kind::Usage, what));
            }
            if !image.starts_with("sha256:") && image.parse::<ImageRef>().is_err() {
                let what = format!("`{image}` is no image and no digest");
                return Err(Failure::new(Kind::Usage, what));
            }
            chosen.insert(name, image.to_owned());
        }
        Ok(Self(chosen))
    }

    fn of(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// The images of a deployment: those that were named, and others built and pushed.
pub(crate) async fn make(
    project: &Project,
    environment: &Environment,
    wish: &Wish,
    chosen: &Chosen,
) -> Result<BTreeMap<String, Artifact>, Failure> {
    let mut made = BTreeMap::new();
    for (name, service) in wish.services() {
        let image = match (chosen.of(name), &service.image) {
            (Some(digest), _) if digest.starts_with("sha256:") => {
                let repository = push::repository(environment, wish, name).await?;
                named(format!("{repository}@{digest}"))
            }
            (Some(image), _) => named(image.to_owned()),
            (None, Some(image)) => named(image.to_string()),
            (None, None) => {
                let repository = push::repository(environment, wish, name).await?;
                push::build(project, environment, (name, service), &repository).await?
            }
        };
        made.insert(name.clone(), image);
    }
    Ok(made)
}

/// The images that a plan is made with: nothing is built for it, so what would be built is taken to
/// be what runs. Answers the services of which that is so.
pub(crate) async fn assume(
    environment: &Environment,
    wish: &Wish,
    observed: &Observed,
    chosen: &Chosen,
) -> Result<(BTreeMap<String, Artifact>, Vec<String>), Failure> {
    let (mut assumed, mut open) = (BTreeMap::new(), Vec::new());
    for (name, service) in wish.services() {
        let given = chosen.of(name).map(str::to_owned);
        let image = match given.or_else(|| service.image.as_ref().map(ToString::to_string)) {
            Some(digest) if digest.starts_with("sha256:") => {
                let repository = push::repository(environment, wish, name).await?;
                format!("{repository}@{digest}")
            }
            Some(image) => image,
            None => {
                open.push(name.clone());
                running(wish, observed, name).unwrap_or_else(|| TO_BE_BUILT.to_owned())
            }
        };
        assumed.insert(name.clone(), named(image));
    }
    Ok((assumed, open))
}

/// The image of a plan before there is one.
const TO_BE_BUILT: &str = "to-be-built";

/// The image that a service runs now.
fn running(wish: &Wish, observed: &Observed, name: &str) -> Option<String> {
    let held = observed.definitions.get(&wish.names().family(name))?;
    let mut containers = held.definition.container_definitions.iter().flatten();
    containers.find(|held| held.name.as_deref() == Some(name))?.image.clone()
}

/// An image by its name. Only a name with a digest says what tasks must show.
pub(super) fn named(image: String) -> Artifact {
    let digest = image.split_once('@').map(|(_, digest)| digest.to_owned());
    Artifact { image, digest, kind: ArtifactKind::Container }
}
