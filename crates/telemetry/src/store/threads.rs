//! Readers, writers and tidying at the same time.

use crate::Store;
use crate::testing::*;
use std::thread;
use world::{LogAsk, LogPlace};

/// Reads a stream forwards until its last event, which has the message `last`.
fn follow(store: &Store, last: &str) -> Vec<String> {
    let mut place = LogPlace::Head;
    let mut seen: Vec<String> = Vec::new();
    while seen.last().is_none_or(|newest| newest != last) {
        let page = store.page(&stream("s"), &LogAsk { limit: 7, ..all(place) }).unwrap();
        place = LogPlace::From(page.next);
        seen.extend(page.events.into_iter().map(text));
    }
    seen
}

#[test]
fn readers_miss_nothing_while_a_stream_grows_and_is_sealed() {
    let folder = Folder::new();
    let store = folder.store();
    let expected: Vec<String> = (0..3000).map(|n| n.to_string()).collect();
    thread::scope(|scope| {
        let readers = [(); 2].map(|()| scope.spawn(|| follow(&store, "2999")));
        let sealer = scope.spawn(|| {
            while store.summary(&stream("s")).unwrap().last_event != Some(at(2999)) {
                store.tidy().unwrap();
                // Others come and go, for which idle streams are closed.
                for name in ["a", "b", "c"] {
                    store.append(&stream(name), &events(&[1]), at(0)).unwrap();
                }
            }
        });
        for first in (0..3000).step_by(3) {
            store.append(&stream("s"), &events(&[first, first + 1, first + 2]), at(0)).unwrap();
        }
        for reader in readers {
            assert_eq!(reader.join().unwrap(), expected);
        }
        sealer.join().unwrap();
    });
    assert_eq!(messages(&folder.store(), "s"), expected);
}

#[test]
fn writers_of_a_stream_that_is_dropped_again_and_again_lose_only_what_was_dropped() {
    let folder = Folder::new();
    let store = folder.store();
    thread::scope(|scope| {
        let writers = [(); 2].map(|()| {
            scope.spawn(|| {
                for time in 0..300 {
                    store.append(&stream("s"), &events(&[time]), at(0)).unwrap();
                }
            })
        });
        let dropper = scope.spawn(|| {
            for round in 0..60 {
                match round % 3 {
                    0 => store.drop_group(&"group".into()).unwrap(),
                    1 => store.drop_stream(&stream("s")).unwrap(),
                    _ => drop(store.tidy().unwrap()),
                }
                drop(messages(&store, "s"));
            }
        });
        for writer in writers {
            writer.join().unwrap();
        }
        dropper.join().unwrap();
    });
    let left = messages(&store, "s");
    assert_eq!(messages(&folder.store(), "s"), left, "memory and disk agree");
    store.drop_stream(&stream("s")).unwrap();
    store.append(&stream("s"), &events(&[1]), at(0)).unwrap();
    assert_eq!(messages(&folder.store(), "s"), ["1"]);
}
