//! Whatever is done to it, a stream is what a plain list would be.

use crate::Store;
use crate::testing::*;
use model::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use world::{LogAsk, LogEvent, LogMark, LogPlace};

/// Something that can be done to a store.
#[derive(Debug, Clone)]
enum Step {
    /// Append events with these times and message lengths.
    Append(Vec<(i64, usize)>),
    Page(Question),
    Tidy,
    Reopen,
    Forget(i64),
    Drop,
    /// Use other streams, for which the one under test is closed.
    Elsewhere,
}

/// A page that is asked for.
#[derive(Debug, Clone)]
struct Question {
    from: Option<i64>,
    to: Option<i64>,
    place: Place,
    limit: usize,
    bytes: usize,
}

/// A place in terms of what is there: an event is named by its number in the stream's order.
#[derive(Debug, Clone, Copy)]
enum Place {
    Head,
    Tail,
    From(prop::sample::Index),
    Before(prop::sample::Index),
}

/// The plain list.
#[derive(Debug, Default)]
struct List {
    /// In the order of arrival; the messages are all different.
    events: Vec<LogEvent>,
    floor: Option<i64>,
    appended: usize,
}

// === impl List ===

impl List {
    /// New events, each with a message that has a number of its own.
    fn append(&mut self, batch: &[(i64, usize)]) -> Vec<LogEvent> {
        let event = |list: &mut Self, (time, length): &(i64, usize)| {
            list.appended += 1;
            LogEvent { at: at(*time), message: format!("{:0length$}", list.appended) }
        };
        let events: Vec<LogEvent> = batch.iter().map(|new| event(self, new)).collect();
        self.events.extend_from_slice(&events);
        events
    }

    /// What is shown, in order.
    fn shown(&self) -> Vec<LogEvent> {
        let floor = self.floor.map_or(i64::MIN, |floor| floor);
        let mut shown: Vec<LogEvent> =
            self.events.iter().filter(|event| event.at.millis() >= floor).cloned().collect();
        shown.sort_by_key(|event| event.at);
        shown
    }

    fn page(&self, question: &Question) -> Vec<LogEvent> {
        let shown = self.shown();
        let number = |index: prop::sample::Index| match shown.len() {
            0 => 0,
            length => index.index(length),
        };
        let (from, to) = match question.place {
            Place::Head | Place::Tail => (0, shown.len()),
            Place::From(index) => (number(index), shown.len()),
            Place::Before(index) => (0, number(index)),
        };
        let within = |event: &&LogEvent| {
            question.from.is_none_or(|from| event.at.millis() >= from)
                && question.to.is_none_or(|to| event.at.millis() < to)
        };
        let mut found: Vec<LogEvent> = shown[from..to].iter().filter(within).cloned().collect();
        let down = matches!(question.place, Place::Tail | Place::Before(_));
        if down {
            found.reverse();
        }
        let mut room = question.bytes;
        let mut page = Vec::new();
        for event in found.into_iter().take(question.limit) {
            if event.message.len() > room && !page.is_empty() {
                break;
            }
            room = room.saturating_sub(event.message.len());
            page.push(event);
        }
        if down {
            page.reverse();
        }
        page
    }
}

/// The question in the store's terms: places are the marks of events that it shows.
fn ask(store: &Store, question: &Question) -> LogAsk {
    let marks: Vec<LogMark> = {
        let page = store.page(&stream("s"), &all(LogPlace::Head)).unwrap();
        page.events.iter().map(world::StoredEvent::mark).collect()
    };
    let mark = |index: prop::sample::Index| match marks.len() {
        0 => LogMark::default(),
        length => marks[index.index(length)],
    };
    LogAsk {
        from: question.from.map(Timestamp::from_millis),
        to: question.to.map(Timestamp::from_millis),
        at: match question.place {
            Place::Head => LogPlace::Head,
            Place::Tail => LogPlace::Tail,
            Place::From(index) => LogPlace::From(mark(index)),
            Place::Before(index) => LogPlace::Before(mark(index)),
        },
        limit: question.limit,
        bytes: question.bytes,
    }
}

fn question() -> impl Strategy<Value = Question> {
    let place = prop_oneof![
        Just(Place::Head),
        Just(Place::Tail),
        any::<prop::sample::Index>().prop_map(Place::From),
        any::<prop::sample::Index>().prop_map(Place::Before),
    ];
    let time = || proptest::option::of(0..120_i64);
    (time(), time(), place, 1..40_usize, 0..400_usize)
        .prop_map(|(from, to, place, limit, bytes)| Question { from, to, place, limit, bytes })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => vec((0..100_i64, 0..60_usize), 0..12).prop_map(Step::Append),
        6 => question().prop_map(Step::Page),
        2 => Just(Step::Tidy),
        2 => Just(Step::Reopen),
        1 => (0..100_i64).prop_map(Step::Forget),
        1 => Just(Step::Drop),
        2 => Just(Step::Elsewhere),
    ]
}

fn take(step: &Step, folder: &Folder, store: &mut Store, list: &mut List) {
    match step {
        Step::Append(batch) => {
            let events = list.append(batch);
            store.append(&stream("s"), &events, at(0)).unwrap();
        }
        Step::Page(question) => {
            let page = store.page(&stream("s"), &ask(store, question)).unwrap();
            let found: Vec<LogEvent> = page.events.into_iter().map(|found| found.event).collect();
            assert_eq!(found, list.page(question), "{question:?}");
        }
        Step::Tidy => drop(store.tidy().unwrap()),
        Step::Reopen => *store = folder.store(),
        Step::Forget(before) => {
            store.forget(&"group".into(), at(*before)).unwrap();
            list.floor = list.floor.max(Some(*before));
        }
        Step::Elsewhere => {
            for name in ["a", "b"] {
                store.append(&stream(name), &events(&[1]), at(0)).unwrap();
            }
        }
        Step::Drop => {
            store.drop_stream(&stream("s")).unwrap();
            list.events.clear();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_stream_is_what_a_plain_list_would_be(steps in vec(step(), 1..60)) {
        let folder = Folder::new();
        let (mut store, mut list) = (folder.store(), List::default());
        for step in &steps {
            take(step, &folder, &mut store, &mut list);
        }
        let shown = list.shown();
        let summary = store.summary(&stream("s")).unwrap();
        prop_assert_eq!(summary.first_event, shown.first().map(|event| event.at));
        prop_assert_eq!(summary.last_event, shown.last().map(|event| event.at));
        for store in [store, folder.store()] {
            let page = store.page(&stream("s"), &all(LogPlace::Head)).unwrap();
            let found: Vec<LogEvent> = page.events.into_iter().map(|found| found.event).collect();
            prop_assert_eq!(&found, &shown);
        }
    }
}
