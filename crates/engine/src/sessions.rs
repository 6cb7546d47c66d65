//! Sessions that wait for their clients. They are nobody's rows: a region that ends ends them.

use crate::hands::lock;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::{Secret, Span, Timestamp};
use services::{Errand, NoSession, Opened};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;

/// How long a session waits. AWS says of its tokens only that they are good for long enough to
/// connect; its plugin may look for credentials for some seconds first.
const WAITS: Span = Span::minutes(1);

/// The random bytes of a token.
const TOKEN: usize = 48;
/// The hexadecimal digits of an id, as AWS's have.
const DIGITS: usize = 17;

/// Where sessions are led to.
pub(crate) const PATH: &str = "/v1/data-channel/";

/// The sessions that wait.
#[derive(Debug)]
pub(crate) struct Sessions {
    /// The port of the region's door.
    port: u16,
    waiting: Mutex<BTreeMap<String, Waiting>>,
}

#[derive(Debug)]
struct Waiting {
    token: Secret,
    errand: Errand,
    until: Timestamp,
}

impl Sessions {
    /// None yet, for a door at this port.
    pub(crate) fn new(port: u16) -> Self {
        Self { port, waiting: Mutex::default() }
    }

    /// What the session is for that a client comes for: once, in time, and with its own token.
    pub(crate) fn claim(&self, id: &str, token: &Secret, now: Timestamp) -> Option<Errand> {
        let mut waiting = lock(&self.waiting);
        let held = waiting.get(id).filter(|held| now < held.until)?;
        let (told, own) = (token.reveal().as_bytes(), held.token.reveal().as_bytes());
        verify_slices_are_equal(told, own).ok()?;
        waiting.remove(id).map(|held| held.errand)
    }
}

impl services::Sessions for Sessions {
    fn open(&self, errand: Errand, now: Timestamp) -> Result<Opened, NoSession> {
        let mut chance = [0; TOKEN + DIGITS];
        getrandom::fill(&mut chance).map_err(|why| {
            tracing::error!(error = %why, "no token can be made");
            NoSession
        })?;
        let (token, digits) = chance.split_at(TOKEN);
        let token = Secret::from(STANDARD.encode(token));
        let mut id = "ecs-execute-command-".to_owned();
        for digit in digits {
            write!(id, "{:x}", digit % 16).expect("a text takes everything");
        }
        let url = format!("ws://127.0.0.1:{}{PATH}{id}?role=publish_subscribe", self.port);
        let mut waiting = lock(&self.waiting);
        waiting.retain(|_, held| now < held.until);
        let (kept, until) = (token.clone(), now + WAITS);
        waiting.insert(id.clone(), Waiting { token: kept, errand, until });
        Ok(Opened { id, url, token })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use services::Sessions as _;

    fn errand(command: &str) -> Errand {
        let task = world::TaskKey { cluster: "shop".into(), id: "1".into() };
        Errand { task, container: "app".into(), command: command.into() }
    }

    #[test]
    fn a_session_is_for_who_has_its_token_and_once() {
        let (sessions, now) = (Sessions::new(4566), Timestamp::from_seconds(1000));
        let one = sessions.open(errand("one"), now).unwrap();
        let two = sessions.open(errand("two"), now).unwrap();
        assert_eq!(one.id.len(), "ecs-execute-command-".len() + DIGITS);
        let url = format!("ws://127.0.0.1:4566{PATH}{}?role=publish_subscribe", one.id);
        assert_eq!(one.url, url);
        assert!(one.token != two.token && one.token.len() == 64);
        for (id, token) in
            [(&one.id, &two.token), (&one.id, &"".into()), (&"none".to_owned(), &one.token)]
        {
            assert_eq!(sessions.claim(id, token, now), None);
        }
        assert_eq!(sessions.claim(&one.id, &one.token, now), Some(errand("one")));
        assert_eq!(sessions.claim(&one.id, &one.token, now), None, "it was used");
        let late = now + WAITS;
        assert_eq!(sessions.claim(&two.id, &two.token, late), None, "it is too late");
        sessions.open(errand("three"), late).unwrap();
        assert_eq!(lock(&sessions.waiting).len(), 1, "what is too late is forgotten");
    }
}
