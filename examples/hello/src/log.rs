//! JSON lines on standard output, where the container's log driver picks them up.

use serde_json::{Map, Value};
use std::time::{SystemTime, UNIX_EPOCH};

/// Writes one line: level, message, and the fields given.
pub fn line(level: &str, message: &str, fields: &[(&str, Value)]) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let mut entry = Map::new();
    entry.insert("timestamp".to_owned(), now.as_secs_f64().into());
    entry.insert("level".to_owned(), level.into());
    entry.insert("message".to_owned(), message.into());
    entry.insert("service".to_owned(), "hello".into());
    for (name, value) in fields {
        entry.insert((*name).to_owned(), value.clone());
    }
    println!("{}", Value::Object(entry));
}
