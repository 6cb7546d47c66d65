//! Values along shapes, within their constraints, from a stream of numbers.
//!
//! The tests, the measurement and the comparison with botocore share this.

use api::shape::{Blob, List, Map, Range, Text};
use api::{Document, Member, Place, Protocol, Shape, Structure, Value};
use model::{Ids, Timestamp};
use regex_lite::Regex;

/// How deep structures go before their optional members are left out.
const DEPTH: usize = 6;

/// How often another key is looked for before a map goes without one more.
const TRIES: usize = 64;

/// Texts of which one fits whatever pattern a shape has.
const FITTING: [&str; 31] = [
    "shop-1",
    "/shop/",
    "/",
    "arn:aws:iam::000000000000:role/shop",
    "arn:aws:elasticloadbalancing:eu-west-1:000000000000:x",
    "200",
    "HTTPS",
    "eu-west-1",
    "000000000000",
    "000000",
    "0000000000000000000000000000000000000000",
    "24h",
    "ipam-pool-1",
    "ipv4pool-coip-1",
    "Name",
    "tag:team",
    "a1a1a1a1-a1a1-a1a1-a1a1-a1a1a1a1a1a1",
    "{\"Version\":\"2012-10-17\"}",
    "1",
    "v1",
    "shop.example",
    "arn:aws:acm-pca:eu-west-1:000000000000:certificate-authority/1",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "arn:aws:acm:eu-west-1:000000000000:certificate/1",
    "arn:aws:application-autoscaling:eu-west-1:000000000000:scalable-target/1",
    "sha256:00000000000000000000000000000000000000000000000000000000000000ff",
    "arn:aws:s3:::shop",
    "arn:aws:billing::000000000000:billingview/shop",
    "Sum",
    "arn:aws:cloudfront::000000000000:function/shop",
    "arn:aws:cloudfront::000000000000:key-value-store/a1a1a1a1-a1a1-a1a1-a1a1-a1a1a1a1a1a1",
];

/// What regex-lite does not know of the patterns, and something like it.
const UNKNOWN: [(&str, &str); 6] = [
    (r"\p{L}\p{Z}\p{N}", "a-zA-Z0-9 "),
    (r"(?!-)", ""),
    (r"(?![^:\\]*/action/|(?i).*<script>.*</script>.*)", ""),
    (r"(?!((^[ ]+.*)|(.*([\u0000-\u001f]|[\u007f-\u009f]|[:/|])+.*)|(.*[ ]+$)))", ""),
    (r"\uD800\uDC00-\uDBFF\uDFFF", ""),
    (r"\p{Print}", "[ -~]"),
];

/// What every protocol carries: letters of several scripts and what formats have to escape.
const PLAIN: &[char] =
    &['a', 'Z', '7', '-', ' ', '&', '<', '>', '"', '\'', '+', '%', '=', '/', '.', 'é', 'チ', '😀'];
/// What JSON carries besides.
const CONTROL: &[char] = &['\n', '\r', '\t', '\u{0}', '\u{1b}', '\\'];

/// A source of values.
#[derive(Debug)]
pub(crate) struct Generator {
    numbers: Ids,
    protocol: Protocol,
    depth: usize,
}

impl Generator {
    /// The same seed gives the same values.
    pub(crate) fn new(seed: u64, protocol: Protocol) -> Self {
        Self { numbers: Ids::seeded(seed), protocol, depth: 0 }
    }

    /// A structure with its required members and some of the others, at least one in all: a form
    /// can't say that a structure is there and has nothing in it.
    pub(crate) fn structure(&mut self, shape: &'static Structure) -> Value {
        let able = |at: &usize| self.can_be_said(shape.members[*at].shape);
        let able: Vec<usize> = (0..shape.members.len()).filter(able).collect();
        let chosen = able.get(self.numbers.below(able.len())).copied();
        let shallow = self.depth < DEPTH;
        self.depth += 1;
        let fields = shape.members.iter().enumerate().map(|(at, member)| {
            let chosen = Some(at) == chosen;
            let wanted = member.required || chosen || (shallow && self.numbers.below(2) == 0);
            if wanted && able.contains(&at) { self.member(member) } else { Value::Absent }
        });
        let fields = Value::Structure(fields.collect());
        self.depth -= 1;
        fields
    }

    /// A form can't say that a structure is there which has no members.
    fn can_be_said(&self, shape: Shape) -> bool {
        let in_form = matches!(self.protocol, Protocol::Query | Protocol::Ec2);
        !in_form || !matches!(shape, Shape::Structure(shape) if shape.members.is_empty())
    }

    /// What stands outside of REST-XML's documents can't be empty; headers and paths hold whole
    /// seconds, and the ends of headers' names are small letters.
    fn member(&mut self, member: &'static Member) -> Value {
        match (member.place, self.value(member.shape)) {
            (Place::Body, value) => value,
            (_, Value::String(text)) if text.is_empty() => Value::String("a".to_owned()),
            (_, Value::Blob(bytes)) if bytes.is_empty() => Value::Blob(vec![7]),
            (Place::Headers, Value::Map(_)) => {
                Value::Map(vec![("team".to_owned(), Value::String("a b".to_owned()))])
            }
            (Place::Payload | Place::Root, value) => value,
            (_, Value::Timestamp(at)) => {
                Value::Timestamp(Timestamp::from_seconds(at.millis().div_euclid(1000)))
            }
            (_, value) => value,
        }
    }

    fn value(&mut self, shape: Shape) -> Value {
        match shape {
            Shape::Structure(shape) => self.structure(shape),
            Shape::List(shape) => self.list(shape),
            Shape::Map(shape) => self.map(shape),
            Shape::String(shape) if shape.sensitive => Value::Secret(self.text(shape).into()),
            Shape::String(shape) => Value::String(self.text(shape)),
            Shape::Blob(shape) => self.blob(shape),
            Shape::Boolean => Value::Boolean(self.numbers.below(2) == 0),
            Shape::Integer(range) => Value::Integer(self.number(*range, i32::MAX.into())),
            Shape::Long(range) => Value::Integer(self.number(*range, i64::MAX)),
            Shape::Float | Shape::Double => Value::Double(self.below(4000) as f64 / 4.0 - 500.0),
            // From 1970 to 2065, so that botocore can read it.
            Shape::Timestamp => {
                Value::Timestamp(Timestamp::from_millis(self.below(3_000_000_000_000)))
            }
            Shape::Document => Value::Document(self.document()),
        }
    }

    fn list(&mut self, shape: &'static List) -> Value {
        // EC2's forms, and flat lists of REST-XML, can't say that a list is there and empty.
        let least = i64::from(matches!(self.protocol, Protocol::Ec2 | Protocol::RestXml));
        let count = self.count(shape.range, least);
        Value::List((0..count).map(|_| self.value(shape.element)).collect())
    }

    fn map(&mut self, shape: &'static Map) -> Value {
        // Nor can any form say it of a map.
        let least = i64::from(matches!(self.protocol, Protocol::Query | Protocol::Ec2));
        let count = self.count(shape.range, least);
        let mut entries: Vec<(String, Value)> = Vec::new();
        for _ in 0..count {
            // A key that is there already does not count; where words are few there is no other.
            let fresh = (0..TRIES)
                .map(|_| self.text(shape.key))
                .find(|key| entries.iter().all(|(other, _)| other != key));
            if let Some(key) = fresh {
                let value = self.value(shape.value);
                entries.push((key, value));
            }
        }
        // In the order that JSON objects have, so that other tools keep it.
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        Value::Map(entries)
    }

    fn blob(&mut self, shape: &'static Blob) -> Value {
        let count = self.count(shape.range, 0);
        let bytes: Vec<u8> = (0..count).map(|_| self.numbers.number().to_le_bytes()[0]).collect();
        if shape.sensitive { Value::SecretBlob(bytes.into()) } else { Value::Blob(bytes) }
    }

    fn text(&mut self, shape: &'static Text) -> String {
        if !shape.words.is_empty() {
            return shape.words[self.numbers.below(shape.words.len())].to_owned();
        }
        match shape.pattern {
            Some(pattern) => fitting(pattern, shape.range),
            None => {
                let count = self.count(shape.range, 0);
                (0..count).map(|_| self.character()).collect()
            }
        }
    }

    fn character(&mut self) -> char {
        let json = self.protocol == Protocol::Json11;
        if json && self.numbers.below(8) == 0 {
            return CONTROL[self.numbers.below(CONTROL.len())];
        }
        PLAIN[self.numbers.below(PLAIN.len())]
    }

    fn document(&mut self) -> Document {
        match self.numbers.below(6) {
            0 => Document::Boolean(true),
            1 => Document::Number(self.below(1000) as f64 / 8.0),
            2 => Document::String("a\"b".to_owned()),
            3 => Document::List(vec![Document::Null, Document::Number(7.0)]),
            4 => Document::Map([("k".to_owned(), Document::Boolean(false))].into()),
            _ => Document::Map([].into()),
        }
    }

    /// A count of a few, within a range.
    fn count(&mut self, range: Range, least: i64) -> i64 {
        let least = range.min.unwrap_or(least).max(least);
        let most = range.max.unwrap_or(i64::MAX).min(least + 3);
        least + self.below(most - least + 1)
    }

    /// A number within a range: often one of its ends.
    fn number(&mut self, range: Range, most: i64) -> i64 {
        let (min, max) = (range.min.unwrap_or(-most), range.max.unwrap_or(most).min(most));
        match self.numbers.below(4) {
            0 => min,
            1 => max,
            _ => min + self.below(max.saturating_sub(min).min(1000)),
        }
    }

    fn below(&mut self, bound: i64) -> i64 {
        let bound = usize::try_from(bound).expect("a bound is not negative");
        i64::try_from(self.numbers.below(bound)).expect("the number is below the bound")
    }
}

/// A text that fits a pattern and a length.
fn fitting(pattern: &str, range: Range) -> String {
    // Without what regex-lite does not know.
    let known = UNKNOWN
        .iter()
        .fold(pattern.to_owned(), |known, (theirs, like)| known.replace(theirs, like));
    let regex = Regex::new(&format!("^(?:{known})$")).expect("the pattern is one of AWS's");
    let length = |text: &str| i64::try_from(text.len()).unwrap_or(i64::MAX);
    let mut texts = FITTING.iter();
    let found = texts.find(|text| regex.is_match(text) && range.contains(length(text)));
    let text = found.unwrap_or_else(|| panic!("no text fits {pattern}"));
    (*text).to_owned()
}
