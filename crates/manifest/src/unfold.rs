//! Backing services as services: what ECS runs of an environment, its own and what stands behind them.

use crate::cx::{Cx, Pass};
use crate::interpolate::Scope;
use crate::kind::{HealthCommand, Kind as _, record};
use crate::parts::backing::{Backing, backing_name};
use crate::parts::health_check::HealthCheck;
use crate::parts::process::Process;
use crate::parts::service::Service;
use crate::resolve::Resolved;
use crate::yaml;
use model::Span;
use std::collections::BTreeMap;

/// What a backing service's task has. Nobody pays for it here, and databases do without more.
const SIZE: (u32, u32) = (1024, 2048);

// === impl Resolved ===

impl Resolved {
    /// The same with its backing services among the services, each under its
    /// [`backing_name`].
    #[must_use]
    pub fn with_backing(mut self) -> Self {
        let backing = self.environment.backing.clone();
        for (name, held) in &backing {
            let name = backing_name(name);
            let service = as_service(&self, &name, held);
            self.environment.services.insert(name, service);
        }
        self
    }

    /// The backing service that a service of [`Resolved::with_backing`] stands for.
    #[must_use]
    pub fn backing_of(&self, service: &str) -> Option<(&str, &Backing)> {
        let mut backing = self.environment.backing.iter();
        let found = backing.find(|(name, _)| backing_name(name) == service);
        found.map(|(name, held)| (name.as_str(), held))
    }
}

/// One task that gives way to the next one before that starts: two would not share their data.
fn as_service(resolved: &Resolved, name: &str, backing: &Backing) -> Service {
    let mut service = plain(resolved, name);
    let (cpu, memory) = SIZE;
    (service.cpu, service.memory) = (Some(cpu), Some(memory));
    service.image.clone_from(&backing.image);
    service.process = backing.run.clone().map(|command| Process {
        command,
        build: None,
        files: Vec::new(),
        directory: ".".to_owned(),
    });
    service.port = Some(backing.port);
    service.routes = Some(Vec::new());
    service.env.clone_from(&backing.env);
    service.command.clone_from(&backing.command);
    service.count = Some(1);
    (service.deploy.min, service.deploy.max) = (0, 100);
    let check = backing.healthcheck.clone();
    service.healthcheck = Some(check.unwrap_or_else(|| listening(backing.port)));
    service
}

/// A service with all its defaults.
fn plain(resolved: &Resolved, name: &str) -> Service {
    let variables = BTreeMap::new();
    let scope = Scope {
        app: Some(&resolved.app),
        environment: Some(&resolved.name),
        variables: Some(&variables),
        ..Scope::default()
    };
    let mut cx = Cx::new("", scope, Pass::Written);
    let (node, _) = yaml::build("{}");
    let node = node.expect("an empty mapping is YAML");
    let read = cx.enter("services", &node, |cx| {
        cx.enter(name, &node, |cx| record::<Service>().read(&node, cx))
    });
    read.expect("a test reads the default of every field")
}

/// Ready means: it listens on its port, and not on loopback alone, where some databases listen while
/// they make themselves. Linux says in `/proc/net/tcp` who listens (state 0A), without any program
/// but a shell's; elsewhere a process is asked by a connection. A process has another port than a
/// container, which the region tells it in `PORT_<port>`.
fn listening(port: u16) -> HealthCheck {
    let line = format!(
        "if [ -r /proc/net/tcp ]; then cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep ' 0A ' | \
         grep -v -e ' 0100007F:' -e '01000000:' | \
         grep -q \":$(printf %04X \"${{PORT_{port}:-{port}}}\") \"; \
         else nc -z 127.0.0.1 \"${{PORT_{port}:-{port}}}\"; fi"
    );
    HealthCheck {
        command: HealthCommand::Shell(line),
        // The shortest that ECS has: somebody waits for it.
        interval: Span::seconds(5),
        timeout: Span::seconds(4),
        retries: 3,
        start_period: Span::seconds(120),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Resolved, TaskWord, parse, resolve};

    const MANIFEST: &str = "
app: shop
services:
  api: {build: ., port: 3000, secrets: {URL: 'ssm:/shop/${env}/url'}}
environments:
  local:
    backing:
      database:
        image: postgres:17
        run: ./database.sh serve
        port: 5432
        env: {POSTGRES_PASSWORD: '${env}'}
        gives: {'ssm:/shop/local/url': 'postgres://${address}/${app}'}
  prod: {}
";

    fn resolved(environment: &str) -> Resolved {
        let (manifest, found) = parse(MANIFEST);
        let manifest = manifest.unwrap_or_else(|| panic!("{found:?}"));
        resolve(&manifest, environment, &BTreeMap::new()).0.unwrap().with_backing()
    }

    #[test]
    fn a_backing_service_is_a_service_that_no_request_reaches() {
        let local = resolved("local");
        let names: Vec<&String> = local.environment.services.keys().collect();
        assert_eq!(names, ["api", "backing_database"]);
        let service = &local.environment.services["backing_database"];
        assert_eq!(service.routes(), []);
        assert_eq!((service.desired_count(), service.port), (1, Some(5432)));
        assert_eq!((service.deploy.min, service.deploy.max), (0, 100), "never two at once");
        assert_eq!(service.logs.group, "/shop/local/backing_database");
        assert_eq!(service.env["POSTGRES_PASSWORD"], "local");
        assert_eq!((service.size().cpu(), service.size().memory()), SIZE);
        assert_eq!(local.backing_of("backing_database").unwrap().0, "database");
        assert!(local.backing_of("api").is_none());
        let HealthCommand::Shell(line) = &service.healthcheck.as_ref().unwrap().command else {
            panic!("the default is a line for the shell")
        };
        assert!(line.contains("\"${PORT_5432:-5432}\""), "{line}");
    }

    #[test]
    fn what_is_given_keeps_the_words_of_the_task() {
        let local = resolved("local");
        let (reference, value) = local.environment.backing["database"].given().next().unwrap();
        let read = &local.environment.services["api"].secrets["URL"];
        assert_eq!(reference.source(), read.source());
        assert_eq!(value.words().collect::<Vec<_>>(), [TaskWord::Address]);
        let filled = value.fill(|_| Some("127.31.0.5:4000".to_owned()));
        assert_eq!(filled.as_deref(), Some("postgres://127.31.0.5:4000/shop"));
    }

    #[test]
    fn elsewhere_nothing_is_added() {
        assert_eq!(resolved("prod").environment.services.len(), 1);
    }
}
