use crate::StoreError;
use crate::testing::*;
use world::{LogAsk, LogEvent, LogMark, LogPlace, LogSummary};

fn page(times: &[i64], ask: &LogAsk) -> Vec<String> {
    let folder = Folder::new();
    let store = folder.store();
    for time in times {
        store.append(&stream("s"), &events(&[*time]), at(0)).unwrap();
    }
    store.page(&stream("s"), ask).unwrap().events.into_iter().map(text).collect()
}

#[test]
fn events_stand_in_the_order_of_their_times_however_late_they_arrive() {
    let times: Vec<i64> = (0..100).map(|n| n * 37 % 100).collect();
    let sorted: Vec<String> = (0..100).map(|n| n.to_string()).collect();
    assert_eq!(page(&times, &all(LogPlace::Head)), sorted);
    assert_eq!(page(&times, &all(LogPlace::Tail)), sorted);
}

#[test]
fn a_page_keeps_to_its_bounds_and_its_end_of_the_stream() {
    let times: Vec<i64> = (0..50).collect();
    let ask = |at, limit| LogAsk { from: None, to: None, at, limit, bytes: usize::MAX };
    let mark = |millis| LogMark { at: at(millis), position: 0 };
    for (ask, expected) in [
        (ask(LogPlace::Head, 2), vec!["0", "1"]),
        (ask(LogPlace::Tail, 2), vec!["48", "49"]),
        (ask(LogPlace::From(mark(7)), 2), vec!["7", "8"]),
        (ask(LogPlace::Before(mark(7)), 2), vec!["5", "6"]),
        (LogAsk { from: Some(at(48)), ..ask(LogPlace::Head, 9) }, vec!["48", "49"]),
        (LogAsk { to: Some(at(2)), ..ask(LogPlace::Tail, 9) }, vec!["0", "1"]),
        (LogAsk { to: Some(at(2)), ..ask(LogPlace::From(mark(1)), 9) }, vec!["1"]),
        (LogAsk { from: Some(at(5)), ..ask(LogPlace::Before(mark(7)), 9) }, vec!["5", "6"]),
        (LogAsk { from: Some(at(60)), ..ask(LogPlace::Head, 9) }, vec![]),
        (LogAsk { bytes: 5, ..ask(LogPlace::From(mark(10)), 9) }, vec!["10", "11"]),
        // One event is answered however long it is.
        (LogAsk { bytes: 0, ..ask(LogPlace::Head, 9) }, vec!["0"]),
    ] {
        assert_eq!(page(&times, &ask), expected, "{ask:?}");
    }
}

#[test]
fn a_stream_that_is_read_forwards_is_read_whole_while_it_grows() {
    let folder = Folder::new();
    let store = folder.store();
    let mut place = LogPlace::Head;
    let mut seen = Vec::new();
    for round in 0..40 {
        store.append(&stream("s"), &events(&[round, round]), at(0)).unwrap();
        let page = store.page(&stream("s"), &LogAsk { limit: 1, ..all(place) }).unwrap();
        place = LogPlace::From(page.next);
        seen.extend(page.events.into_iter().map(text));
    }
    let rest = store.page(&stream("s"), &all(place)).unwrap();
    seen.extend(rest.events.into_iter().map(text));
    let expected: Vec<String> = (0..40).flat_map(|n| [n.to_string(), n.to_string()]).collect();
    assert_eq!(seen, expected);
    let end = store.page(&stream("s"), &all(LogPlace::From(rest.next))).unwrap();
    assert_eq!((end.events.len(), end.first, end.next), (0, rest.next, rest.next));
}

#[test]
fn an_empty_page_stands_where_what_comes_next_will_be_found() {
    let folder = Folder::new();
    let store = folder.store();
    for place in [LogPlace::Head, LogPlace::Tail] {
        let name = format!("{place:?}");
        let ask = LogAsk { from: Some(at(5)), ..all(place) };
        let nothing = store.page(&stream(&name), &ask).unwrap();
        store.append(&stream(&name), &events(&[3, 5]), at(0)).unwrap();
        let later = store.page(&stream(&name), &all(LogPlace::From(nothing.next))).unwrap();
        assert_eq!(later.events.into_iter().map(text).collect::<Vec<_>>(), ["5"], "{place:?}");
    }
}

#[test]
fn a_summary_counts_as_cloudwatch_does() {
    let folder = Folder::new();
    let store = folder.store();
    assert_eq!(store.summary(&stream("s")).unwrap(), LogSummary::default());
    store.append(&stream("s"), &events(&[10, 20]), at(7)).unwrap();
    store.append(&stream("s"), &events(&[15]), at(9)).unwrap();
    let expected = LogSummary {
        first_event: Some(at(10)),
        last_event: Some(at(20)),
        last_ingestion: Some(at(9)),
        bytes: 3 * (2 + 26),
    };
    assert_eq!(store.summary(&stream("s")).unwrap(), expected);
    store.append(&stream("t"), &events(&[1]), at(9)).unwrap();
    assert_eq!(store.stored_bytes(&"group".into()).unwrap(), 3 * 28 + 27);
    assert_eq!(folder.store().stored_bytes(&"group".into()).unwrap(), 3 * 28 + 27);
    assert_eq!(store.stored_bytes(&"other".into()).unwrap(), 0);
}

#[test]
fn sealing_changes_nothing_but_the_space_that_is_used() {
    let folder = Folder::new();
    let store = folder.store();
    let times: Vec<i64> = (1000..1400).collect();
    store.append(&stream("s"), &events(&times), at(5)).unwrap();
    store.append(&stream("s"), &events(&[2000]), at(6)).unwrap();
    let before = (messages(&store, "s"), store.summary(&stream("s")).unwrap());
    let size = |folder: &Folder| -> u64 {
        folder.files().iter().map(|file| file.metadata().unwrap().len()).sum()
    };
    let raw = size(&folder);
    assert_eq!(store.tidy().unwrap(), 1);
    assert_eq!(store.tidy().unwrap(), 0);
    assert!(size(&folder) < raw / 2, "{} of {raw} bytes", size(&folder));
    for store in [store, folder.store()] {
        assert_eq!((messages(&store, "s"), store.summary(&stream("s")).unwrap()), before);
        store.append(&stream("t"), &events(&[1]), at(0)).unwrap();
    }
}

#[test]
fn a_page_reads_no_block_that_it_does_not_need() {
    let folder = Folder::new();
    let store = folder.store();
    for time in 0..50 {
        store.append(&stream("s"), &events(&[time]), at(0)).unwrap();
    }
    let first = LogAsk { limit: 1, ..all(LogPlace::Head) };
    assert_eq!(store.page(&stream("s"), &first).unwrap().events.len(), 1);
    // Every file but the oldest is taken away behind the store's back.
    for file in &folder.files()[1..] {
        std::fs::remove_file(file).unwrap();
    }
    assert_eq!(store.page(&stream("s"), &first).unwrap().events.len(), 1);
    assert!(store.page(&stream("s"), &all(LogPlace::Tail)).is_err());
}

#[test]
fn forgetting_hides_to_the_millisecond_and_frees_what_it_can() {
    let folder = Folder::new();
    let store = folder.store();
    let times: Vec<i64> = (100..300).collect();
    for time in &times {
        store.append(&stream("s"), &events(&[*time]), at(0)).unwrap();
    }
    store.append(&stream("old"), &events(&[1, 2, 3]), at(0)).unwrap();
    store.tidy().unwrap();
    let files = folder.files().len();
    store.forget(&"group".into(), at(250)).unwrap();
    assert!(folder.files().len() < files / 2, "{:?}", folder.files());
    store.forget(&"group".into(), at(200)).unwrap();
    let expected: Vec<String> = (250..300).map(|n| n.to_string()).collect();
    for store in [store, folder.store()] {
        assert_eq!(messages(&store, "s"), expected);
        assert_eq!(messages(&store, "old"), [""; 0]);
        assert_eq!(store.summary(&stream("s")).unwrap().first_event, Some(at(250)));
        assert_eq!(store.summary(&stream("old")).unwrap(), LogSummary::default());
    }
    folder.store().append(&stream("old"), &events(&[249, 250]), at(0)).unwrap();
    assert_eq!(messages(&folder.store(), "old"), ["250"]);
}

#[test]
fn a_group_forgets_before_it_has_a_stream() {
    let folder = Folder::new();
    folder.store().forget(&"group".into(), at(10)).unwrap();
    let store = folder.store();
    store.append(&stream("s"), &events(&[9, 10]), at(0)).unwrap();
    assert_eq!(messages(&store, "s"), ["10"]);
}

#[test]
fn what_is_dropped_is_gone_and_its_name_begins_anew() {
    let folder = Folder::new();
    let store = folder.store();
    for name in ["a", "b"] {
        store.append(&stream(name), &events(&[1, 2]), at(0)).unwrap();
    }
    store.drop_stream(&stream("a")).unwrap();
    store.drop_stream(&stream("never")).unwrap();
    assert_eq!((messages(&store, "a").len(), messages(&store, "b").len()), (0, 2));
    store.append(&stream("a"), &events(&[3]), at(0)).unwrap();
    assert_eq!(messages(&folder.store(), "a"), ["3"]);

    store.forget(&"group".into(), at(3)).unwrap();
    store.drop_group(&"group".into()).unwrap();
    store.drop_group(&"never".into()).unwrap();
    assert_eq!(folder.files(), Vec::<std::path::PathBuf>::new());
    store.append(&stream("b"), &events(&[1]), at(0)).unwrap();
    for store in [store, folder.store()] {
        assert_eq!(messages(&store, "b"), ["1"], "a dropped group's floor goes with it");
    }
}

#[test]
fn streams_with_any_name_are_kept_apart() {
    let folder = Folder::new();
    let store = folder.store();
    let long = "n".repeat(512);
    let names = ["ecs/api/1", "ecs/api_1", "ECS/API/1", "..", "日本/語", "a b", &long, &long[1..]];
    for (number, name) in names.iter().enumerate() {
        let number = i64::try_from(number).unwrap();
        store.append(&stream(name), &events(&[number]), at(0)).unwrap();
    }
    for (number, name) in names.iter().enumerate() {
        assert_eq!(messages(&folder.store(), name), [number.to_string()], "{name}");
    }
}

#[test]
fn a_message_is_kept_as_it_is_up_to_the_longest() {
    let folder = Folder::new();
    let store = folder.store();
    let exact = |message: &str| LogEvent { at: at(1), message: message.to_owned() };
    let messages_in = ["", "\u{1b}[31mred\u{1b}[0m", "two\nlines", "🙀"];
    let long = "x".repeat(8 << 20);
    let batch: Vec<LogEvent> =
        messages_in.iter().chain([&long.as_str()]).map(|m| exact(m)).collect();
    store.append(&stream("s"), &batch, at(0)).unwrap();
    let read = messages(&folder.store(), "s");
    assert_eq!(read[..4], messages_in);
    assert_eq!(read[4].len(), long.len());
    let longer = exact(&format!("{long}x"));
    let refused = store.append(&stream("s"), &[longer], at(0));
    assert!(matches!(refused, Err(StoreError::TooLong { .. })), "{refused:?}");
    assert_eq!(messages(&store, "s").len(), 5);
}
