//! One deployment: what is looked at, agreed to and done, in this order.

use super::environment::{Environment, Survey};
use super::foundation::{self, Foundation};
use super::image::{self, Chosen};
use super::journal::Journal;
use super::planned::Planned;
use super::site::{Making, Sites};
use super::{Alarms, Asked, Losses, notify, roll, smoke};
use crate::failure::{Failure, Kind};
use crate::place::{Place, Shipping};
use crate::project::Project;
use crate::ui::say;
use apply::lock::Lock;
use manifest::Moment;
use plan::Wish;
use plan::observed::Observed;
use std::collections::{BTreeMap, BTreeSet};

/// A deployment.
#[derive(Debug)]
pub(super) struct Deployment<'a> {
    project: &'a Project,
    asked: &'a Asked<'a>,
    pub(super) environment: Environment,
    pub(super) wish: Wish,
    ground: Foundation,
    images: Images,
    sites: Sites,
}

/// When images are made.
#[derive(Debug)]
enum Images {
    /// They are there: before anything is changed is the best time to find that one can't be built.
    Made,
    /// After the stack, which has the registry that they are pushed to.
    Later(Chosen),
}

// === impl Deployment ===

impl<'a> Deployment<'a> {
    /// Reaches the environment, and looks what there is to do about its stack.
    pub(super) async fn open(project: &'a Project, asked: &'a Asked<'a>) -> Result<Self, Failure> {
        let mut environment = Environment::open(project, asked.environment).await?;
        let wish = Wish { manifest: environment.resolved.clone(), artifacts: BTreeMap::new() };
        plan::remarks(&wish.manifest).iter().for_each(|what| say::warn(what));
        crate::preflight::refuse(project, &wish.manifest, environment.untrue_rules())?;
        foundation::settle(&mut environment, &wish).await?;
        let ground = foundation::look(&environment, &wish).await?;
        let (images, sites) = (Images::Made, Sites::default());
        Ok(Self { project, asked, environment, wish, ground, images, sites })
    }

    /// Shows the plan and has it agreed to; answers what was observed before anything is done.
    pub(super) async fn agree(&mut self) -> Result<Observed, Failure> {
        // What is missing is told before anything is built.
        let survey = self.environment.survey(&self.wish, &self.ground).await?;
        let kept = self.asked.plan.map(Planned::read).transpose()?;
        let survey = match &kept {
            Some(kept) => {
                self.wish.artifacts = kept.artifacts(&self.wish)?;
                survey
            }
            None => self.images(survey).await?,
        };
        self.sites = self.files(kept.as_ref()).await?;
        let planned = Planned::of(&self.wish, &survey, &self.ground, &self.sites);
        if let Some(kept) = &kept {
            kept.check(&planned)?;
        }
        mind_alarms(&self.wish, &survey.observed, self.asked.alarms)?;
        if planned.is_nothing() {
            say::note("there is nothing to change");
            return Ok(survey.observed);
        }
        if kept.is_none() {
            planned.tell();
        }
        self.mind_losses()?;
        let name = &self.wish.manifest.name;
        let question = format!("Deploy this to {name}?");
        super::agree(self.asked.consent, &question, "nothing was deployed")?;
        Ok(survey.observed)
    }

    /// Makes the images where that can be done yet, and looks again: building takes minutes.
    async fn images(&mut self, survey: Survey) -> Result<Survey, Failure> {
        let Self { project, environment, wish, ground, .. } = self;
        let chosen = Chosen::read(self.asked.images, wish)?;
        if survey.unfounded.is_empty() {
            wish.artifacts = image::make(project, environment, wish, &chosen).await?;
            return environment.survey(wish, ground).await;
        }
        let (assumed, _) = image::assume(environment, wish, &survey.observed, &chosen).await?;
        wish.artifacts = assumed;
        self.images = Images::Later(chosen);
        Ok(survey)
    }

    /// The files of static sites. Those that a plan was made of are taken as they are.
    async fn files(&self, kept: Option<&Planned>) -> Result<Sites, Failure> {
        if let Some(from) = self.asked.promoted {
            return Sites::promoted(from, &self.environment).await;
        }
        let making = if kept.is_some() { Making::Done } else { Making::Now };
        Sites::prepare(self.project, &self.environment, making).await
    }

    /// Refuses to lose what can't be made again, unless that was said.
    fn mind_losses(&self) -> Result<(), Failure> {
        let losses = self.ground.losses();
        if losses.is_empty() || self.asked.losses == Losses::Allowed {
            return Ok(());
        }
        let lines: String = losses.iter().map(|line| format!("\n  {line}")).collect();
        let what = format!("nothing was deployed: this would be lost{lines}");
        Err(Failure::new(Kind::Deployment, what).hint("if it is meant so, say --allow-replacement"))
    }

    /// What is done while nobody else deploys; answers where the application is reached.
    pub(super) async fn locked(
        &mut self,
        before: &Observed,
        lock: &Lock,
    ) -> Result<Vec<String>, Failure> {
        let mut journal = Journal::begin(&self.environment, &self.wish).await?;
        notify::tell(&self.environment, Moment::Start, journal.record()).await;
        let done = self.work(before, &mut journal).await;
        let tried = match done {
            Ok(()) if self.asked.patience.is_some() => {
                smoke::try_all(&self.environment, &self.wish, &self.sites).await
            }
            done => done.map(|()| Vec::new()),
        };
        let tried = match tried {
            Ok(_) if lock.is_lost() => Err(Failure::new(
                Kind::Deployment,
                "somebody took the lock away meanwhile: what runs may be another deployment's",
            )),
            tried => tried,
        };
        let record = journal.end(&self.environment, tried.as_ref().err()).await;
        if let Some(moment) = plan::notice::ended(&record) {
            notify::tell(&self.environment, moment, &record).await;
        }
        tried
    }

    /// The stack, then the images that waited for it, then the services, then files.
    async fn work(&mut self, before: &Observed, journal: &mut Journal) -> Result<(), Failure> {
        if !self.ground.rests() {
            foundation::bring(&mut self.environment, &self.wish, &self.ground).await?;
        }
        if let Images::Later(chosen) = &self.images {
            let Self { project, environment, wish, .. } = self;
            wish.artifacts = image::make(project, environment, wish, chosen).await?;
            journal.images(wish);
        }
        let unminded = firing(&self.wish, before);
        let environment = self.wish.manifest.name.clone();
        let shipping = Shipping { environment, unminded };
        let place = Place::shipping(self.environment.region.as_ref(), shipping);
        let scene = roll::Scene { environment: &self.environment, wish: &self.wish, place: &place };
        roll::roll(scene, before, self.asked.patience, journal).await?;
        self.sites.deliver(&self.environment).await
    }
}

/// The alarms that fire already.
fn firing(wish: &Wish, observed: &Observed) -> BTreeSet<String> {
    plan::ship::firing(wish, observed).into_iter().map(|(_, alarm)| alarm).collect()
}

/// What fires before anything was done is not watched by ECS: somebody has to say that it is meant so.
fn mind_alarms(wish: &Wish, observed: &Observed, alarms: Alarms) -> Result<(), Failure> {
    let firing = plan::ship::firing(wish, observed);
    let ([(service, alarm), ..], Alarms::Minded) = (firing.as_slice(), alarms) else {
        return Ok(());
    };
    let what = format!(
        "service {service}: alarm {alarm} is in ALARM before anything was done, and ECS does not \
         watch an alarm that fires already"
    );
    Err(Failure::new(Kind::Deployment, what)
        .hint("when this deployment is the cure, say --despite-alarms"))
}
