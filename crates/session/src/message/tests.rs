use super::*;
use proptest::prelude::*;

fn message(kind: Kind, payload: &[u8]) -> Message {
    Message {
        kind,
        created: Timestamp::from_millis(1_795_159_860_123),
        sequence: 7,
        flags: 3,
        id: MessageId::new(&mut Ids::seeded(1)),
        payload_type: 1,
        payload: payload.to_vec(),
    }
}

/// What AWS's plugin writes for this message, field by field.
#[test]
fn a_message_has_the_bytes_of_aws() {
    let mut message = message(Kind::Input, b"ls\r");
    message.id = MessageId(std::array::from_fn(|at| u8::try_from(at).unwrap()));
    let bytes = message.encode();
    assert_eq!(bytes.len(), 120 + 3);
    let parts: [(std::ops::Range<usize>, &[u8]); 9] = [
        (0..4, &[0, 0, 0, 116]),
        (4..36, b"input_stream_data               "),
        (36..40, &[0, 0, 0, 1]),
        (40..48, &1_795_159_860_123_u64.to_be_bytes()),
        (48..56, &[0, 0, 0, 0, 0, 0, 0, 7]),
        (56..64, &[0, 0, 0, 0, 0, 0, 0, 3]),
        (64..80, &[8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]),
        (112..120, &[0, 0, 0, 1, 0, 0, 0, 3]),
        (120..123, b"ls\r"),
    ];
    for (range, expected) in parts {
        assert_eq!(&bytes[range.clone()], expected, "{range:?}");
    }
    assert_eq!(message.id.to_string(), "00010203-0405-0607-0809-0a0b0c0d0e0f");
}

#[test]
fn every_kind_comes_back_as_it_was() {
    for kind in [
        Kind::Input,
        Kind::Output,
        Kind::Acknowledge,
        Kind::ChannelClosed,
        Kind::StartPublication,
        Kind::PausePublication,
        Kind::Unknown("agent_session_state".to_owned()),
    ] {
        for payload in [&b""[..], b"x", &[0xff; 2000]] {
            let sent = message(kind.clone(), payload);
            assert_eq!(Message::decode(&sent.encode()).as_ref(), Ok(&sent));
        }
    }
}

/// AWS's service fills kinds up with zeros, its plugin with blanks.
#[test]
fn a_kind_may_be_filled_up_with_zeros() {
    let mut bytes = message(Kind::Acknowledge, b"{}").encode();
    bytes[4 + "acknowledge".len()..36].fill(0);
    assert_eq!(Message::decode(&bytes).unwrap().kind, Kind::Acknowledge);
}

#[test]
fn bytes_that_are_no_message_are_refused() {
    let whole = message(Kind::Output, b"hello").encode();
    let changed = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        Message::decode(&bytes)
    };
    assert_eq!(changed(3), Err(Garbled::Header(117)));
    assert_eq!(changed(90), Err(Garbled::Digest));
    assert_eq!(changed(119), Err(Garbled::Short(125)));
    assert_eq!(changed(122), Err(Garbled::Digest));
    for length in 0..whole.len() {
        assert!(Message::decode(&whole[..length]).is_err(), "{length}");
    }
    let long = message(Kind::Output, &vec![0; LONGEST + 1]).encode();
    assert_eq!(Message::decode(&long), Err(Garbled::Long(LONGEST + 1)));
}

proptest! {
    #[test]
    fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _read = Message::decode(&bytes);
        let mut framed = message(Kind::Output, &[]).encode();
        framed.truncate(116);
        framed.extend(number(bytes.len()).to_be_bytes());
        framed.extend(&bytes);
        let _read = Message::decode(&framed);
        framed[80..112].copy_from_slice(digest(&SHA256, &bytes).as_ref());
        prop_assert_eq!(Message::decode(&framed).unwrap().payload, bytes);
    }
}
