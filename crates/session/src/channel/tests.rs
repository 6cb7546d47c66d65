use super::*;
use crate::content::Size;
use model::Span;
use proptest::prelude::*;
use std::collections::VecDeque;

/// Two ends and the way between them.
struct Pair {
    client: Channel,
    agent: Channel,
    now: Timestamp,
    ids: Ids,
}

impl Pair {
    fn new() -> Self {
        let (client, agent) = (Channel::new(Side::Client), Channel::new(Side::Agent));
        Self { client, agent, now: Timestamp::from_seconds(1_795_159_860), ids: Ids::seeded(7) }
    }

    fn say(&mut self, text: &str) -> Vec<u8> {
        let content = Content::Output(text.as_bytes().to_vec());
        self.agent.send(&content, self.now, &mut self.ids)
    }

    /// What the client makes of a message; its answers reach the agent.
    fn hear(&mut self, bytes: &[u8]) -> Vec<String> {
        let received = self.client.receive(bytes, self.now, &mut self.ids).unwrap();
        for answer in received.answers {
            self.agent.receive(&answer, self.now, &mut self.ids).unwrap();
        }
        let text = |content| match content {
            Content::Output(bytes) => String::from_utf8(bytes).unwrap(),
            other => format!("{other:?}"),
        };
        received.contents.into_iter().map(text).collect()
    }
}

#[test]
fn what_arrives_is_acknowledged_and_not_sent_again() {
    let mut pair = Pair::new();
    let message = pair.say("hello");
    assert!(!pair.agent.is_settled());
    assert_eq!(pair.hear(&message), ["hello"]);
    assert!(pair.agent.is_settled());
    assert_eq!(pair.agent.due(), None);
}

#[test]
fn what_is_lost_comes_again_and_all_is_in_order() {
    let mut pair = Pair::new();
    let _lost = pair.say("one");
    let second = pair.say("two");
    assert_eq!(pair.hear(&second), Vec::<String>::new());
    pair.now += Span::millis(200);
    let again = pair.agent.overdue(pair.now);
    assert_eq!(again.len(), 1, "the second has arrived");
    assert_eq!(pair.hear(&again[0]), ["one", "two"]);
    assert_eq!(pair.hear(&again[0]), Vec::<String>::new());
    assert!(pair.agent.is_settled());
}

#[test]
fn each_end_hears_only_what_is_for_it() {
    let mut pair = Pair::new();
    let size = Content::Size(Size { cols: 80, rows: 24 });
    let typed = pair.client.send(&size, pair.now, &mut pair.ids);
    let echoed = pair.client.receive(&typed, pair.now, &mut pair.ids).unwrap();
    assert_eq!(echoed, Received::default());
    let taken = pair.agent.receive(&typed, pair.now, &mut pair.ids).unwrap();
    assert_eq!(taken.contents, [size]);
    let end = closing("s-1", "the task has stopped", pair.now, &mut pair.ids);
    let closed = pair.client.receive(&end, pair.now, &mut pair.ids).unwrap().closed.unwrap();
    assert_eq!((closed.session_id.as_str(), closed.schema_version), ("s-1", 1));
    assert_eq!(closed.output, "the task has stopped");
    let ignored = pair.agent.receive(&end, pair.now, &mut pair.ids).unwrap();
    assert_eq!(ignored, Received::default());
}

proptest! {
    /// Whatever is lost, doubled or overtaken on the way.
    #[test]
    fn a_bad_way_loses_nothing(fates in proptest::collection::vec(0u8..4, 1..200)) {
        let mut pair = Pair::new();
        let (mut heard, mut way) = (Vec::new(), VecDeque::new());
        let mut expected = Vec::new();
        for (at, fate) in fates.iter().enumerate() {
            expected.push(at.to_string());
            let message = pair.say(&at.to_string());
            match fate {
                0 => {}
                1 => way.push_front(message),
                2 => way.extend([message.clone(), message]),
                _ => way.push_back(message),
            }
        }
        for message in way {
            heard.extend(pair.hear(&message));
        }
        while let Some(due) = pair.agent.due() {
            pair.now = due;
            for message in pair.agent.overdue(due) {
                heard.extend(pair.hear(&message));
            }
        }
        prop_assert_eq!(heard, expected);
    }

    #[test]
    fn no_bytes_break_an_end(payload_type in 0u32..14, payload: Vec<u8>, kind in 0usize..4) {
        let kind = [Kind::Input, Kind::Output, Kind::Acknowledge, Kind::ChannelClosed][kind].clone();
        let mut pair = Pair::new();
        let id = MessageId::new(&mut pair.ids);
        let message = Message { payload_type, ..unnumbered(kind, id, payload, pair.now) }.encode();
        for end in [&mut pair.client, &mut pair.agent] {
            let _taken = end.receive(&message, pair.now, &mut pair.ids);
        }
    }
}
