//! The lock of an environment: one deployment at a time, whoever starts it and wherever.
//!
//! It is a parameter. To put one that must not be there yet is the one step that AWS does at once, so
//! of two who want the lock one gets it. A lease that is over is taken over by putting the next
//! version: AWS counts versions, so of two who do that only one gets the number that follows.

use crate::client::{Absent as _, CallError, Client};
use api::ssm::{
    DeleteParameter, DeleteParameterRequest, GetParameter, GetParameterHistory,
    GetParameterHistoryRequest, GetParameterRequest, PutParameter, PutParameterRequest,
};
use model::Timestamp;
use plan::Lease;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::JoinHandle;

/// From one renewal to the next: three of them fit into a term.
const RENEWAL: Duration = Duration::from_secs(30);

/// A lock that is held. It is renewed until it is released; dropped, its lease ends by itself.
#[derive(Debug)]
pub struct Lock {
    client: Client,
    name: String,
    lease: Lease,
    lost: Arc<AtomicBool>,
    renewal: JoinHandle<()>,
}

/// How the taking of a lock ended.
#[derive(Debug)]
pub enum Taking {
    /// It is ours.
    Taken(Box<Lock>),
    /// Somebody holds it.
    Held(Lease),
}

/// Takes a lock, if nobody holds it or `is_dead` says of its holder that it is no more.
///
/// # Errors
/// When a call fails.
pub async fn take(
    client: &Client,
    name: &str,
    lease: Lease,
    is_dead: impl Fn(&Lease) -> bool,
) -> Result<Taking, CallError> {
    let taken = || Taking::Taken(Box::new(Lock::hold(client, name, lease.clone())));
    if put(client, name, &lease, Over::Nothing).await?.is_some() {
        return Ok(taken());
    }
    let Some((held, version)) = read(client, name).await? else {
        // It went meanwhile. Whoever asks again may get it.
        return Ok(Taking::Held(lease));
    };
    // A call whose answer was lost was made twice.
    if held.id == lease.id {
        return Ok(taken());
    }
    if !held.is_over(crate::now()) && !is_dead(&held) {
        return Ok(Taking::Held(held));
    }
    let ours = put(client, name, &lease, Over::Any).await?;
    if ours == Some(version + 1) {
        return Ok(taken());
    }
    // Somebody else was there between the look and the taking: the lock is theirs, as it was.
    match before(client, name, ours.unwrap_or_default()).await? {
        Some(theirs) if theirs.id != lease.id => {
            put(client, name, &theirs, Over::Any).await?;
            Ok(Taking::Held(theirs))
        }
        Some(_) => Ok(taken()),
        None => Ok(Taking::Held(held)),
    }
}

/// Who holds a lock.
///
/// # Errors
/// When a call fails.
pub async fn holder(client: &Client, name: &str) -> Result<Option<Lease>, CallError> {
    Ok(read(client, name).await?.map(|(lease, _)| lease))
}

/// Takes a lock away from whoever holds it.
///
/// # Errors
/// When a call fails.
pub async fn remove(client: &Client, name: &str) -> Result<(), CallError> {
    let request = DeleteParameterRequest { name: name.to_owned() };
    client.call::<DeleteParameter>(request).await.absent(&["ParameterNotFound"])?;
    Ok(())
}

// === impl Lock ===

impl Lock {
    fn hold(client: &Client, name: &str, lease: Lease) -> Self {
        let lost = Arc::new(AtomicBool::new(false));
        let renewal =
            tokio::spawn(keep(client.clone(), name.to_owned(), lease.clone(), Arc::clone(&lost)));
        let (client, name) = (client.clone(), name.to_owned());
        Self { client, name, lease, lost, renewal }
    }

    /// Whether somebody took it away.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// Gives it back, unless somebody else has it now.
    ///
    /// # Errors
    /// When a call fails.
    pub async fn release(self) -> Result<(), CallError> {
        self.renewal.abort();
        let held = holder(&self.client, &self.name).await?;
        if held.is_some_and(|held| held.id == self.lease.id) {
            remove(&self.client, &self.name).await?;
        }
        Ok(())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.renewal.abort();
    }
}

/// Renews a lease again and again, until it is somebody else's.
async fn keep(client: Client, name: String, lease: Lease, lost: Arc<AtomicBool>) {
    loop {
        tokio::time::sleep(RENEWAL).await;
        // A call that fails is made again at the next renewal; the term has room for two more.
        let Ok(held) = holder(&client, &name).await else { continue };
        if held.is_none_or(|held| held.id != lease.id) {
            lost.store(true, Ordering::Relaxed);
            return;
        }
        let _renewed = put(&client, &name, &lease, Over::Any).await;
    }
}

/// What a lease may be put over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    Nothing,
    Any,
}

/// Puts a lease for its whole term; answers its version, or `None` when there is one already and
/// that was not to be.
async fn put(
    client: &Client,
    name: &str,
    lease: &Lease,
    over: Over,
) -> Result<Option<i64>, CallError> {
    let request = PutParameterRequest {
        name: name.to_owned(),
        description: Some("who deploys here; `neargate unlock` takes it away".to_owned()),
        value: lease.clone().renewed(crate::now()).text().into(),
        r#type: Some("String".to_owned()),
        overwrite: Some(over == Over::Any),
        ..Default::default()
    };
    let done = client.call::<PutParameter>(request).await.absent(&["ParameterAlreadyExists"])?;
    Ok(done.map(|done| done.version.unwrap_or_default()))
}

/// A lease and its version. What is no lease was put there by hand, and holds until it is taken away.
async fn read(client: &Client, name: &str) -> Result<Option<(Lease, i64)>, CallError> {
    let request = GetParameterRequest { name: name.to_owned(), ..Default::default() };
    let found = client.call::<GetParameter>(request).await.absent(&["ParameterNotFound"])?;
    let Some(parameter) = found.and_then(|found| found.parameter) else { return Ok(None) };
    let version = parameter.version.unwrap_or_default();
    let text = parameter.value.unwrap_or_default();
    let since = parameter.last_modified_date.unwrap_or_default();
    let by_hand = || Lease {
        id: "?".to_owned(),
        owner: "somebody who put the parameter there by hand".to_owned(),
        place: String::new(),
        process: 0,
        since,
        until: Timestamp::from_millis(i64::MAX),
    };
    Ok(Some((Lease::read(text.reveal()).unwrap_or_else(by_hand), version)))
}

/// The lease of the version before one.
async fn before(client: &Client, name: &str, version: i64) -> Result<Option<Lease>, CallError> {
    let mut next_token = None;
    loop {
        let name = name.to_owned();
        let request = GetParameterHistoryRequest { name, next_token, ..Default::default() };
        let page = client.call::<GetParameterHistory>(request).await?;
        let mut parameters = page.parameters.into_iter().flatten();
        if let Some(found) = parameters.find(|held| held.version == Some(version - 1)) {
            return Ok(Lease::read(found.value.unwrap_or_default().reveal()));
        }
        next_token = page.next_token;
        if next_token.is_none() {
            return Ok(None);
        }
    }
}
