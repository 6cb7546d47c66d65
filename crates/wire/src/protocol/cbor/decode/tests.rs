//! Bodies as other writers make them; what our own writes is read in `tests/roundtrip.rs`.

use super::*;
use api::{Call, Field, cloudwatch as cw};

/// A text of up to 23 bytes.
fn text(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).expect("the text is short");
    let mut bytes = vec![0x60 + length];
    bytes.extend(text.as_bytes());
    bytes
}

fn read(body: &[u8]) -> Result<cw::SetAlarmStateInput, CborTrouble> {
    let value = structure(cw::SetAlarmState::OPERATION.input, body)?;
    Ok(cw::SetAlarmStateInput::from_value(value).expect("the members that are required are given"))
}

/// The members of an alarm's state, then more of them.
fn body(head: u8, more: &[Vec<u8>]) -> Vec<u8> {
    let mut body = vec![head];
    for word in ["AlarmName", "errors", "StateValue", "OK", "StateReason", "why"] {
        body.extend(text(word));
    }
    more.iter().for_each(|bytes| body.extend(bytes));
    body
}

#[test]
fn maps_are_read_with_and_without_their_length() {
    let expected = cw::SetAlarmStateInput {
        alarm_name: "errors".to_owned(),
        state_value: "OK".to_owned(),
        state_reason: "why".to_owned(),
        state_reason_data: None,
    };
    assert_eq!(read(&body(0xa3, &[])), Ok(expected.clone()));
    assert_eq!(read(&body(0xbf, &[vec![0xff]])), Ok(expected));
}

#[test]
fn unknown_members_and_nulls_are_passed_over() {
    let unknown = vec![0x82, 0xa1, 0x61, b'a', 0xf6, 0x20];
    let more = [text("Invented"), unknown, text("StateReasonData"), vec![0xf6]];
    assert!(read(&body(0xa5, &more)).is_ok_and(|input| input.state_reason_data.is_none()));
}

#[test]
fn what_is_no_map_of_members_is_refused() {
    let number = [text("StateReasonData"), vec![0x01]];
    let kind = CborTrouble::Kind { wanted: Wanted::String };
    for (body, trouble) in [
        (vec![0x01], CborTrouble::Kind { wanted: Wanted::Structure("SetAlarmStateInput") }),
        (vec![0xf6], CborTrouble::Malformed),
        (vec![0xa1, 0x01, 0x01], CborTrouble::Malformed),
        (body(0xa3, &[vec![0x00]]), CborTrouble::Malformed),
        (body(0xa4, &number), kind),
        (body(0xa4, &[]), CborTrouble::Malformed),
    ] {
        assert_eq!(read(&body), Err(trouble), "{body:02x?}");
    }
}

#[test]
fn points_in_time_are_read_whole_and_with_fractions() {
    for (bytes, millis) in [
        (vec![0xc1, 0x1a, 0x51, 0x4b, 0x67, 0xb0], 1_363_896_240_000),
        (vec![0xc1, 0xfb, 0x41, 0xd4, 0x52, 0xd9, 0xec, 0x20, 0, 0], 1_363_896_240_500),
        (vec![0x20], -1000),
    ] {
        let read = value(&mut Reader::new(&bytes), Shape::Timestamp);
        assert_eq!(read, Ok(Value::Timestamp(Timestamp::from_millis(millis))), "{bytes:02x?}");
    }
}
