//! The text that comes first: who the client is, and the token of its session.

use model::Secret;
use serde::{Deserialize, Serialize};

/// `OpenDataChannelInput`: the first message of a client, the only one that is text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Opening {
    /// `1.0`.
    pub message_schema_version: String,
    /// A UUID.
    pub request_id: String,
    /// The session's token.
    pub token_value: Secret,
    /// A UUID of the client's.
    #[serde(default)]
    pub client_id: String,
    /// The client's version.
    #[serde(default)]
    pub client_version: String,
}

impl Opening {
    /// Reads it; absent when the text is another one.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The text of it.
    #[must_use]
    pub fn encode(&self) -> String {
        String::from_utf8(crate::content::json(self)).expect("JSON is UTF-8")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As AWS's plugin 1.3.0.0 writes it.
    #[test]
    fn the_plugins_text_is_read_and_its_token_is_not_shown() {
        let text = r#"{"MessageSchemaVersion":"1.0","RequestId":"3c9a","TokenValue":"AAEA","ClientId":"77c1","ClientVersion":"1.3.0.0"}"#;
        let opening = Opening::decode(text).unwrap();
        assert_eq!(opening.token_value.reveal(), "AAEA");
        assert_eq!(opening.encode(), text);
        assert!(!format!("{opening:?}").contains("AAEA"));
        assert_eq!(Opening::decode("hello"), None);
        assert_eq!(Opening::decode(r#"{"TokenValue":1}"#), None);
    }
}
