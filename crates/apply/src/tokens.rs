//! Client tokens: what makes a call that is made twice happen once.
//!
//! AWS's own clients make one up for each call; so does this one, once for all attempts. A token that
//! is there stays.

use api::{Operation, Value};

/// The members that are such tokens, in AWS's various spellings.
const MEMBERS: [&str; 2] = ["clientToken", "ClientToken"];

/// The input with a token, if the operation takes one and has none yet.
pub(crate) fn filled(
    operation: &Operation,
    input: &Value,
    token: impl FnOnce() -> String,
) -> Value {
    let Value::Structure(fields) = input else { return input.clone() };
    let Some(at) = MEMBERS.iter().find_map(|name| Some(operation.input.member(name)?.0)) else {
        return input.clone();
    };
    let mut fields = fields.clone();
    if let Some(field) = fields.get_mut(at).filter(|field| **field == Value::Absent) {
        *field = Value::String(token());
    }
    Value::Structure(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::ecs::{CreateService, CreateServiceRequest, StopTask, StopTaskRequest};
    use api::{Call, Field as _};

    fn token_of(client_token: Option<&str>) -> Option<String> {
        let client_token = client_token.map(str::to_owned);
        let request = CreateServiceRequest { client_token, ..Default::default() };
        let value = filled(CreateService::OPERATION, &request.into_value(), || "new".to_owned());
        CreateServiceRequest::from_value(value).expect("it is one").client_token
    }

    #[test]
    fn a_token_is_made_where_there_is_none() {
        assert_eq!(token_of(None).as_deref(), Some("new"));
        assert_eq!(token_of(Some("own")).as_deref(), Some("own"));
        let other = StopTaskRequest::default().into_value();
        assert_eq!(filled(StopTask::OPERATION, &other, || "new".to_owned()), other);
    }
}
