//! What messages carry.
//!
//! Terminals' bytes go as they are; everything else is JSON, in AWS's own members.

use crate::message::Garbled;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

const OUTPUT: u32 = 1;
const SIZE: u32 = 3;
const HANDSHAKE_REQUEST: u32 = 5;
const HANDSHAKE_RESPONSE: u32 = 6;
const HANDSHAKE_COMPLETE: u32 = 7;
const FLAG: u32 = 10;
const STANDARD_ERROR: u32 = 11;
const EXIT_CODE: u32 = 12;

/// The content of a numbered message.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// What the terminal shows, or what was typed.
    Output(Vec<u8>),
    /// What the command wrote to standard error, where that is apart.
    StandardError(Vec<u8>),
    /// How the command ended, where an agent tells.
    ExitCode(i32),
    /// The terminal's size.
    Size(Size),
    /// The agent begins.
    HandshakeRequest(Greeting),
    /// The client answers.
    HandshakeResponse(Reply),
    /// Both may send now.
    HandshakeComplete {
        /// Something to be shown to the person.
        customer_message: String,
    },
    /// A sign, by AWS's number; 2 asks for the session's end.
    Flag(u32),
    /// Another type, which is passed over.
    Other {
        /// AWS's number.
        payload_type: u32,
        /// As it came.
        payload: Vec<u8>,
    },
}

/// A terminal's size in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// How many fit into a line.
    pub cols: u32,
    /// How many lines there are.
    pub rows: u32,
}

/// The agent's first words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Greeting {
    /// The version of the agent.
    pub agent_version: String,
    /// What it wants of the client.
    pub requested_client_actions: Vec<Wanted>,
}

/// Something that the agent wants of the client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Wanted {
    /// `SessionType` or `KMSEncryption`.
    pub action_type: Action,
    /// What it takes.
    #[serde(default)]
    pub action_parameters: Json,
}

/// What an agent can want.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// That the client knows the session's type.
    SessionType,
    /// That both encrypt with a key of KMS.
    #[serde(rename = "KMSEncryption")]
    KmsEncryption,
    /// Something newer.
    #[serde(untagged)]
    Other(String),
}

/// The client's answer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Reply {
    /// The version of the client.
    pub client_version: String,
    /// What became of each thing that was wanted.
    pub processed_client_actions: Vec<Done>,
    /// Why something could not be done.
    pub errors: Option<Vec<String>>,
}

/// What became of a thing that was wanted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Done {
    /// Which.
    pub action_type: Action,
    /// 1 done, 2 failed, 3 unknown.
    pub action_status: u8,
    /// What came of it.
    #[serde(default)]
    pub action_result: Json,
    /// Why not.
    #[serde(default)]
    pub error: String,
}

/// The payload of a session's end.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Closed {
    /// Its name.
    pub message_id: String,
    /// When, in RFC 3339.
    pub created_date: String,
    /// Which client.
    pub destination_id: String,
    /// Which session.
    pub session_id: String,
    /// `channel_closed`.
    pub message_type: String,
    /// 1.
    pub schema_version: u32,
    /// Why; empty when the command just ended.
    pub output: String,
}

/// The payload of an acknowledgement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Acknowledgement {
    #[serde(rename = "AcknowledgedMessageType")]
    pub(crate) message_type: String,
    #[serde(rename = "AcknowledgedMessageId")]
    pub(crate) message_id: String,
    #[serde(rename = "AcknowledgedMessageSequenceNumber")]
    pub(crate) sequence: i64,
    #[serde(rename = "IsSequentialMessage")]
    pub(crate) is_sequential: bool,
}

/// `HandshakeTimeToComplete` is in nanoseconds.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct Complete {
    handshake_time_to_complete: u64,
    customer_message: String,
}

// === impl Content ===

impl Content {
    /// AWS's number of its type, and the bytes.
    pub(crate) fn encode(&self) -> (u32, Vec<u8>) {
        match self {
            Self::Output(bytes) => (OUTPUT, bytes.clone()),
            Self::StandardError(bytes) => (STANDARD_ERROR, bytes.clone()),
            Self::ExitCode(code) => (EXIT_CODE, code.to_string().into_bytes()),
            Self::Size(size) => (SIZE, json(size)),
            Self::HandshakeRequest(greeting) => (HANDSHAKE_REQUEST, json(greeting)),
            Self::HandshakeResponse(reply) => (HANDSHAKE_RESPONSE, json(reply)),
            Self::HandshakeComplete { customer_message } => {
                let customer_message = customer_message.clone();
                let complete = Complete { handshake_time_to_complete: 0, customer_message };
                (HANDSHAKE_COMPLETE, json(&complete))
            }
            Self::Flag(flag) => (FLAG, flag.to_be_bytes().to_vec()),
            Self::Other { payload_type, payload } => (*payload_type, payload.clone()),
        }
    }

    /// Reads a payload of a type.
    pub(crate) fn decode(payload_type: u32, payload: &[u8]) -> Result<Self, Garbled> {
        let garbled = |why: String| Garbled::Content { payload_type, why };
        let bytes = payload.to_vec();
        Ok(match payload_type {
            OUTPUT => Self::Output(bytes),
            STANDARD_ERROR => Self::StandardError(bytes),
            EXIT_CODE => {
                let text = String::from_utf8_lossy(payload);
                let code = text.trim().parse();
                Self::ExitCode(code.map_err(|_| garbled("it is no number".to_owned()))?)
            }
            SIZE => Self::Size(read(payload).map_err(garbled)?),
            HANDSHAKE_REQUEST => Self::HandshakeRequest(read(payload).map_err(garbled)?),
            HANDSHAKE_RESPONSE => Self::HandshakeResponse(read(payload).map_err(garbled)?),
            HANDSHAKE_COMPLETE => {
                let complete: Complete = read(payload).map_err(garbled)?;
                Self::HandshakeComplete { customer_message: complete.customer_message }
            }
            FLAG => match payload.first_chunk() {
                Some(flag) => Self::Flag(u32::from_be_bytes(*flag)),
                None => return Err(garbled("it is too short".to_owned())),
            },
            _ => Self::Other { payload_type, payload: bytes },
        })
    }
}

// === impl Greeting ===

impl Greeting {
    /// What an agent says before an interactive command.
    #[must_use]
    pub fn of_command(agent_version: &str, command: &str) -> Self {
        let properties = serde_json::json!({
            "linux": { "commands": command, "runAsElevated": false },
        });
        let wanted = Wanted {
            action_type: Action::SessionType,
            action_parameters: serde_json::json!({
                "SessionType": "InteractiveCommands",
                "Properties": properties,
            }),
        };
        Self { agent_version: agent_version.to_owned(), requested_client_actions: vec![wanted] }
    }

    /// The answer of a client that knows sessions with a terminal and no encryption.
    #[must_use]
    pub fn answer(&self, client_version: &str) -> Reply {
        let done: Vec<Done> = self.requested_client_actions.iter().map(Wanted::process).collect();
        let errors: Vec<String> =
            done.iter().map(|done| done.error.clone()).filter(|error| !error.is_empty()).collect();
        Reply {
            client_version: client_version.to_owned(),
            processed_client_actions: done,
            errors: (!errors.is_empty()).then_some(errors),
        }
    }
}

impl Wanted {
    fn process(&self) -> Done {
        let kind = self.action_parameters["SessionType"].as_str().unwrap_or_default();
        let terminals = ["Standard_Stream", "InteractiveCommands", "NonInteractiveCommands"];
        let (action_status, error) = match &self.action_type {
            Action::SessionType if terminals.contains(&kind) => (1, String::new()),
            Action::SessionType => (2, format!("Unknown session type {kind}")),
            Action::KmsEncryption => (3, "Unsupported action KMSEncryption".to_owned()),
            Action::Other(name) => (3, format!("Unsupported action {name}")),
        };
        let action_type = self.action_type.clone();
        Done { action_type, action_status, action_result: Json::Null, error }
    }
}

/// JSON of a value whose members are texts, numbers and lists of such.
pub(crate) fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("members are texts, and keys are too")
}

fn read<'a, T: Deserialize<'a>>(payload: &'a [u8]) -> Result<T, String> {
    serde_json::from_slice(payload).map_err(|why| why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_content_comes_back_as_it_was() {
        let greeting = Greeting::of_command("3.1.0.0", "/bin/sh -c 'echo \"hi\"'");
        for content in [
            Content::Output(vec![0, 1, 255]),
            Content::StandardError(b"oh".to_vec()),
            Content::ExitCode(137),
            Content::Size(Size { cols: 80, rows: 24 }),
            Content::HandshakeRequest(greeting.clone()),
            Content::HandshakeResponse(greeting.answer("1.2.0.0")),
            Content::HandshakeComplete { customer_message: "be careful".to_owned() },
            Content::Flag(2),
            Content::Other { payload_type: 99, payload: vec![1] },
        ] {
            let (payload_type, payload) = content.encode();
            assert_eq!(Content::decode(payload_type, &payload), Ok(content));
        }
    }

    /// As AWS's plugin 1.3.0.0 writes it.
    #[test]
    fn the_plugins_answer_is_read() {
        let text = br#"{"ClientVersion":"1.3.0.0","ProcessedClientActions":[{"ActionType":"SessionType","ActionStatus":1,"ActionResult":null,"Error":""}],"Errors":null}"#;
        let Ok(Content::HandshakeResponse(reply)) = Content::decode(6, text) else {
            panic!("it is a response")
        };
        assert_eq!((reply.client_version.as_str(), reply.errors), ("1.3.0.0", None));
    }

    #[test]
    fn what_a_client_can_not_do_it_says() {
        let check = |kind: &str, parameters: Json, expected: Option<&str>| {
            let greeting = serde_json::json!({
                "AgentVersion": "3",
                "RequestedClientActions": [{ "ActionType": kind, "ActionParameters": parameters }],
            });
            let greeting: Greeting = serde_json::from_value(greeting).unwrap();
            let errors = greeting.answer("1").errors.unwrap_or_default();
            assert_eq!(errors.first().map(String::as_str), expected, "{kind}");
        };
        let session = |kind: &str| serde_json::json!({ "SessionType": kind });
        check("SessionType", session("InteractiveCommands"), None);
        check("SessionType", session("Standard_Stream"), None);
        check("SessionType", session("Port"), Some("Unknown session type Port"));
        let key = serde_json::json!({ "KMSKeyId": "k" });
        check("KMSEncryption", key, Some("Unsupported action KMSEncryption"));
        check("Dance", Json::Null, Some("Unsupported action Dance"));
    }

    #[test]
    fn what_is_no_payload_of_its_type_is_refused() {
        for (payload_type, payload) in
            [(SIZE, "80x24"), (EXIT_CODE, "x"), (FLAG, "ab"), (HANDSHAKE_REQUEST, "{}")]
        {
            let refused = Content::decode(payload_type, payload.as_bytes());
            assert!(matches!(refused, Err(Garbled::Content { .. })), "{payload_type}");
        }
    }
}
