//! The loop: the only writer.
//!
//! A beat takes what has come in (calls, reports), applies it to one draft, lets everyone whom the
//! changes concern decide, saves the touched rows in one transaction, publishes the next World, and
//! only then answers and acts. Calls that wait together are committed together, so they wait for
//! the disk once.

use crate::desk::Desk;
use crate::hands::Hands;
use crate::report::{Report, apply};
use crate::sites::Sites;
use crate::store::{Store, StoreError};
use crate::wakes::Wakes;
use crate::{clock, routes, stacks};
use api::{Fault, Operation, Value};
use arc_swap::ArcSwap;
use control::{Action, Moment, Note, Subject};
use gateway::Gateway;
use model::{Ids, Timestamp};
use services::{Caller, Cx, Handler, Received};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;
use tokio::sync::oneshot;
use world::{Draft, Effect, ImageKey, LayerKey, RowKey, World};

/// The most events one beat takes. More would hold back the first of them for the last.
const BATCH: usize = 512;

/// The most rounds of decisions in one beat. A change wakes others, whose changes wake others; what
/// is left over goes on in the next beat, after what came in meanwhile.
const ROUNDS: usize = 16;

/// How long the heart waits before it tries again to save what the disk refused.
const RETRY: Duration = Duration::from_secs(1);

/// What comes in.
#[derive(Debug)]
pub(crate) enum Event {
    /// A call of a writing operation.
    Call(Call),
    /// Something happened outside.
    Report(Report),
    /// A layer of an image has been stored.
    Layer(Arrival),
    /// An image's manifest was given out.
    Pulled(ImageKey),
    /// Someone wants to know what is waited for.
    Notes(oneshot::Sender<Vec<Note>>),
    /// Everything is to be forgotten.
    Reset(oneshot::Sender<Result<(), String>>),
    /// The region stops.
    Stop(oneshot::Sender<()>),
}

/// A call of a writing operation.
#[derive(Debug)]
pub(crate) struct Call {
    /// The operation.
    pub(crate) operation: &'static Operation,
    /// Its input, already validated.
    pub(crate) input: Value,
    /// Who calls.
    pub(crate) caller: Caller,
    /// What came beside it.
    pub(crate) beside: Box<Beside>,
    /// Where the answer goes.
    pub(crate) reply: oneshot::Sender<Result<Value, Fault>>,
}

/// What comes with a call and is not its input.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    /// Bytes, which are stored already.
    pub(crate) received: Option<Received>,
    /// The template that its URL leads to.
    pub(crate) template: Option<String>,
}

/// A layer of an image that has been stored, or that another repository has.
#[derive(Debug)]
pub(crate) struct Arrival {
    /// Which one, where.
    pub(crate) layer: LayerKey,
    /// Its length in bytes.
    pub(crate) size: u64,
    /// Told once it is there, or why it can't be.
    pub(crate) reply: oneshot::Sender<Result<Value, Fault>>,
}

/// The World that readers see.
pub(crate) type Published = Arc<ArcSwap<World>>;

/// What the heart is made of.
pub(crate) struct Heart {
    pub(crate) desk: Arc<Desk>,
    pub(crate) store: Store,
    pub(crate) logs: Arc<telemetry::Store>,
    pub(crate) hands: Hands,
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) edge: Sites,
    pub(crate) ids: Ids,
    pub(crate) inbox: Receiver<Event>,
    /// Its own end, for reports that come back to it.
    pub(crate) outbox: Sender<Event>,
    pub(crate) memory: Memory,
}

/// What the heart remembers between two beats.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    dirty: BTreeSet<Subject>,
    wakes: Wakes,
    notes: BTreeMap<Subject, Vec<Note>>,
    last: Timestamp,
}

/// A draft with what follows from it once it is saved.
struct Beat {
    draft: Draft,
    answers: Vec<Answer>,
    reports: Vec<Report>,
    actions: Vec<Action>,
}

/// A call's outcome, held back until it is saved.
struct Answer {
    reply: oneshot::Sender<Result<Value, Fault>>,
    outcome: Result<Value, Fault>,
    /// Where the call's effects are in the draft's.
    effects: std::ops::Range<usize>,
}

/// How a beat ends.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    GoOn,
    End,
}

impl Heart {
    /// Beats until the region stops. What was decided before it started, and perhaps not carried
    /// out, is carried out first.
    pub(crate) fn run(mut self) {
        let world = self.desk.published.load_full();
        self.gateway.apply(routes::of(&world, self.desk.pace));
        self.edge.begin(&world);
        control::resume(&world).into_iter().for_each(|action| self.hands.act(action));
        self.memory.dirty.extend(control::everyone(&world));
        while self.beat() == Next::GoOn {}
    }

    fn beat(&mut self) -> Next {
        let events = self.wait();
        let now = self.now();
        let mut beat = Beat {
            draft: Draft::of(&self.desk.published.load()),
            answers: Vec::new(),
            reports: Vec::new(),
            actions: Vec::new(),
        };
        let mut stop = None;
        for event in events {
            match event {
                Event::Call(call) => self.call(&mut beat, call, now),
                Event::Report(report) => {
                    apply(&mut beat.draft, &report);
                    beat.reports.push(report);
                }
                Event::Layer(arrival) => arrive(&mut beat, arrival, now),
                Event::Pulled(image) => services::ecr::pulled(&mut beat.draft, &image, now),
                Event::Notes(reply) => {
                    let notes = self.memory.notes.values().flatten().cloned().collect();
                    let _gone = reply.send(notes);
                }
                Event::Reset(reply) => {
                    let _gone = reply.send(self.reset(&mut beat));
                }
                Event::Stop(reply) => stop = Some(reply),
            }
        }
        self.decide(&mut beat, now);
        self.finish(beat);
        match stop {
            Some(reply) => {
                let _gone = reply.send(());
                Next::End
            }
            None => Next::GoOn,
        }
    }

    /// What has come in, once anything has or someone is due.
    fn wait(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        let now = self.now();
        let first = if self.memory.dirty.is_empty() {
            match self.memory.wakes.next() {
                Some(due) => self.inbox.recv_timeout(due.since(now).into()),
                None => self.inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
            }
        } else {
            self.inbox.recv_timeout(Duration::ZERO)
        };
        events.extend(first);
        events.extend(self.inbox.try_iter().take(BATCH.saturating_sub(events.len())));
        events
    }

    /// Runs a call's handler on the draft. What it changed is undone when it refuses or breaks.
    fn call(&mut self, beat: &mut Beat, call: Call, now: Timestamp) {
        let Call { operation, input, caller, beside, reply } = call;
        let (received, template) = (beside.received.as_ref(), beside.template.as_deref());
        let cx = Cx { received, template, ..self.desk.cx(now, &caller) };
        let (mark, first) = (beat.draft.mark(), beat.draft.pending_effects());
        let (draft, ids) = (&mut beat.draft, &mut self.ids);
        let outcome = match self.desk.table.find(operation) {
            Some(Handler::Write(write)) => {
                catch_unwind(AssertUnwindSafe(|| write(draft, &cx, ids, input)))
            }
            Some(Handler::Read(read) | Handler::Disk(read)) => {
                catch_unwind(AssertUnwindSafe(|| read(draft, &cx, input)))
            }
            None => Ok(Err(Fault::internal())),
        };
        let outcome = outcome.unwrap_or_else(|_| {
            tracing::error!(operation = operation.name, "a handler panicked");
            Err(Fault::internal())
        });
        if outcome.is_err() {
            beat.draft.back_to(mark);
        }
        let effects = first..beat.draft.pending_effects();
        beat.answers.push(Answer { reply, outcome, effects });
    }

    /// Lets everyone decide whom a change or a wake-up concerns, until nothing follows any more.
    fn decide(&mut self, beat: &mut Beat, now: Timestamp) {
        let moment = Moment { now, pace: self.desk.pace };
        self.memory.dirty.extend(self.memory.wakes.due(now));
        let mut seen = 0;
        for _ in 0..ROUNDS {
            seen = self.mark_dirty(&beat.draft, seen);
            let dirty = std::mem::take(&mut self.memory.dirty);
            if dirty.is_empty() {
                break;
            }
            for subject in dirty {
                let decision = control::decide(&beat.draft, &subject, moment, &mut self.ids);
                for row in decision.rows {
                    beat.draft.put(row);
                }
                for key in decision.gone {
                    beat.draft.remove(key);
                }
                for step in &decision.steps {
                    stacks::carry_out(&self.desk, (&mut beat.draft, &mut self.ids), step, now);
                }
                beat.actions.extend(decision.actions);
                self.memory.wakes.set(&subject, decision.wake_at);
                self.note(subject, decision.notes);
            }
        }
        self.mark_dirty(&beat.draft, seen);
    }

    /// Marks whom the rows touched since `seen` concern; answers how many were touched.
    fn mark_dirty(&mut self, draft: &Draft, seen: usize) -> usize {
        let touched = draft.touched();
        for key in &touched[seen.min(touched.len())..] {
            self.memory.dirty.extend(control::subjects(key, draft));
        }
        touched.len()
    }

    fn note(&mut self, subject: Subject, notes: Vec<Note>) {
        if notes.is_empty() {
            self.memory.notes.remove(&subject);
        } else {
            self.memory.notes.insert(subject, notes);
        }
    }

    /// Saves, publishes, answers, acts: in this order. The load balancer follows before anyone is
    /// answered, so whoever was told that a listener is there can use it.
    fn finish(&mut self, beat: Beat) {
        let committed = beat.draft.commit();
        if committed.touched.is_empty() && committed.effects.is_empty() {
            self.answer(beat.answers, &[]);
            beat.actions.into_iter().for_each(|action| self.hands.act(action));
            return;
        }
        if let Err(why) = self.store.save(&committed.world, &committed.touched) {
            return self.refuse(beat.answers, beat.reports, &why);
        }
        let world = Arc::new(committed.world);
        let before = self.desk.published.swap(Arc::clone(&world));
        let change = routes::change((&before, &world), &committed.touched, self.desk.pace);
        if !change.is_empty() {
            self.gateway.change(change);
        }
        self.edge.follow((&before, &world), &committed.touched);
        let failed = self.carry_out(&committed.effects);
        self.answer(beat.answers, &failed);
        for action in beat.actions {
            self.hands.act(action);
        }
    }

    /// Answers the calls; those whose effects failed are told so.
    #[expect(clippy::unused_self, reason = "it is a step of a beat, like its neighbours")]
    fn answer(&self, answers: Vec<Answer>, failed: &[usize]) {
        for Answer { reply, outcome, effects } in answers {
            let failed = failed.iter().any(|at| effects.contains(at));
            let outcome = if failed { Err(Fault::internal()) } else { outcome };
            // A caller that has hung up needs no answer.
            let _gone = reply.send(outcome);
        }
    }

    /// Gives up a beat that can't be saved: nothing of it happened. Facts from outside are kept and
    /// come again.
    fn refuse(&mut self, answers: Vec<Answer>, reports: Vec<Report>, why: &StoreError) {
        tracing::error!(error = %Chain(why), "the region's state can't be saved");
        for Answer { reply, .. } in answers {
            let _gone = reply.send(Err(Fault::internal()));
        }
        self.memory.dirty.extend(control::everyone(&self.desk.published.load()));
        std::thread::park_timeout(RETRY);
        for report in reports {
            let _gone = self.outbox.send(Event::Report(report));
        }
    }

    /// Does what changes ask for outside the World; answers which of it failed.
    fn carry_out(&self, effects: &[Effect]) -> Vec<usize> {
        let now = clock::now();
        let mut failed = Vec::new();
        for (at, effect) in effects.iter().enumerate() {
            let done = match effect {
                Effect::AppendLog { stream, events } => self.logs.append(stream, events, now),
                Effect::DropLogStream(stream) => self.logs.drop_stream(stream),
                Effect::DropLogGroup(group) => self.logs.drop_group(group),
            };
            if let Err(why) = done {
                tracing::error!(error = %Chain(&why), "log events can't be written");
                failed.push(at);
            }
        }
        failed
    }

    /// Takes every row out, and the authority's papers. The tasks' containers are closed by their
    /// keys, and the log events go with their groups.
    fn reset(&mut self, beat: &mut Beat) -> Result<(), String> {
        let tasks: Vec<_> = beat.draft.tasks.iter().map(|task| task.key.clone()).collect();
        beat.actions.extend(tasks.into_iter().map(|task| Action::Close { task }));
        let groups: Vec<_> = beat.draft.log_groups.iter().map(|group| group.name.clone()).collect();
        for group in groups {
            beat.draft.effect(Effect::DropLogGroup(group));
        }
        let rows: Vec<RowKey> = beat.draft.rows().map(|row| row.key()).collect();
        for key in rows {
            beat.draft.remove(key);
        }
        self.desk.authority.forget().map_err(|why| Chain(&why).to_string())
    }

    /// Now; never before what was now.
    fn now(&mut self) -> Timestamp {
        self.memory.last = self.memory.last.max(clock::now());
        self.memory.last
    }
}

/// Puts a layer in; who brought it is told when that is saved.
fn arrive(beat: &mut Beat, arrival: Arrival, now: Timestamp) {
    let Arrival { layer, size, reply } = arrival;
    let outcome = services::ecr::arrive(&mut beat.draft, layer, size, now);
    let at = beat.draft.pending_effects();
    beat.answers.push(Answer { reply, outcome: outcome.map(|()| Value::Absent), effects: at..at });
}

/// An error with its sources, in one line.
pub(crate) struct Chain<'a>(pub(crate) &'a dyn std::error::Error);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}
