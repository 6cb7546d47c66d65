//! The examples of RFC 8949, appendix A, as far as shapes have their kinds.

use super::*;

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn check(hex: &str, expected: Item<'_>) {
    let bytes = bytes(hex);
    let mut reader = Reader::new(&bytes);
    assert_eq!(reader.item(), Ok(expected), "{hex}");
}

#[test]
fn the_examples_of_the_standard_are_read() {
    for (hex, number) in [
        ("00", 0),
        ("17", 23),
        ("1818", 24),
        ("1903e8", 1000),
        ("1a000f4240", 1_000_000),
        ("1bffffffffffffffff", 18_446_744_073_709_551_615),
        ("20", -1),
        ("3903e7", -1000),
        ("3bffffffffffffffff", -18_446_744_073_709_551_616),
        ("c11a514b67b0", 1_363_896_240),
    ] {
        check(hex, Item::Integer(number));
    }
    for (hex, number) in [
        ("f90000", 0.0),
        ("f93c00", 1.0),
        ("f93e00", 1.5),
        ("f97bff", 65_504.0),
        ("f90001", 5.960_464_477_539_063e-8),
        ("f90400", 0.000_061_035_156_25),
        ("f9c400", -4.0),
        ("f97c00", f64::INFINITY),
        ("f9fc00", f64::NEG_INFINITY),
        ("fa47c35000", 100_000.0),
        ("fb3ff199999999999a", 1.1),
        ("fbc010666666666666", -4.1),
        ("c1fb41d452d9ec200000", 1_363_896_240.5),
    ] {
        check(hex, Item::Float(number));
    }
    check("f4", Item::Boolean(false));
    check("f5", Item::Boolean(true));
    check("f6", Item::Null);
    check("f7", Item::Null);
    check("4401020304", Item::Bytes(vec![1, 2, 3, 4].into()));
    check("5f42010243030405ff", Item::Bytes(vec![1, 2, 3, 4, 5].into()));
    check("62c3bc", Item::Text("ü".into()));
    check("7f657374726561646d696e67ff", Item::Text("streaming".into()));
    check("83010203", Item::List(Count::Known(3)));
    check("9fff", Item::List(Count::Open));
    check("a201020304", Item::Map(Count::Known(2)));
    check("bfff", Item::Map(Count::Open));
}

#[test]
fn a_number_that_is_none_is_read_as_such() {
    let bytes = bytes("f97e00");
    let Ok(Item::Float(number)) = Reader::new(&bytes).item() else { panic!("it is a float") };
    assert!(number.is_nan());
}

#[test]
fn what_is_no_item_is_refused() {
    for hex in ["", "18", "1c", "ff", "62c3", "62c328", "f8ff", "7f4161ff", "5f5fffff", "1f", "c1"]
    {
        let bytes = bytes(hex);
        assert_eq!(Reader::new(&bytes).item(), Err(Malformed), "{hex}");
    }
}

#[test]
fn an_item_is_passed_over_with_all_that_lies_in_it() {
    for hex in
        ["01", "83018202039f0405ff", "bf6161016162820203ff", "a26161f5616280", "80", "d9d9f701"]
    {
        let mut bytes = bytes(hex);
        bytes.push(0x05);
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.skip(), Ok(()), "{hex}");
        assert_eq!(reader.item(), Ok(Item::Integer(5)), "{hex}");
        assert!(reader.is_at_end());
    }
}

#[test]
fn what_lies_too_deep_is_refused() {
    let deep = |depth| Reader::new(&vec![0x9f; depth]).skip();
    assert_eq!(deep(1_000_000), Err(Malformed));
    let mut closed = vec![0x81; MAX_DEPTH];
    closed.push(0x01);
    assert_eq!(Reader::new(&closed).skip(), Ok(()));
}
