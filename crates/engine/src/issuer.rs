//! Temporary credentials, made from the region's key and known again by it: nothing is stored.

use crate::seal::Key;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use model::{Arn, Secret, Span, Timestamp};
use services::{Caller, Credentials, Issuer};
use std::sync::Arc;
use world::World;

/// Makes and knows temporary credentials.
#[derive(Debug, Clone)]
pub(crate) struct KeyIssuer {
    key: Arc<Key>,
}

/// A session that presented credentials of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    /// The role's ARN.
    role: String,
    /// The session's name.
    name: String,
    /// The secret key that its requests must be signed with.
    pub(crate) secret_key: Secret,
    /// Until when it is good.
    pub(crate) expires: Timestamp,
}

impl KeyIssuer {
    pub(crate) fn new(key: Arc<Key>) -> Self {
        Self { key }
    }

    /// The session of a token, if it is one of ours and belongs to the access key.
    pub(crate) fn session(&self, access_key: &str, token: &str) -> Option<Session> {
        let (body, mac) = token.split_once('.')?;
        if URL_SAFE_NO_PAD.encode(self.key.mac(&["token", body])) != mac {
            return None;
        }
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(body).ok()?).ok()?;
        let (role, rest) = text.split_once('\n')?;
        let (name, expires) = rest.split_once('\n')?;
        let expires = Timestamp::from_millis(expires.parse().ok()?);
        let known = self.access_key(body);
        (known == access_key).then(|| Session {
            role: role.to_owned(),
            name: name.to_owned(),
            secret_key: self.secret_key(body),
            expires,
        })
    }

    /// `ASIA` and 16 characters of AWS's alphabet for ids.
    fn access_key(&self, body: &str) -> String {
        const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let mac = self.key.mac(&["access", body]);
        let letters = mac.iter().take(16).map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
        std::iter::once("ASIA".to_owned()).chain(letters.map(String::from)).collect()
    }

    /// 40 characters, as AWS's secret keys have.
    fn secret_key(&self, body: &str) -> Secret {
        let mut text = STANDARD.encode(self.key.mac(&["secret", body]));
        text.truncate(40);
        text.into()
    }
}

impl Issuer for KeyIssuer {
    fn issue(&self, role_arn: &str, session: &str, now: Timestamp, lasting: Span) -> Credentials {
        let expires = now + lasting;
        let body = URL_SAFE_NO_PAD.encode(format!("{role_arn}\n{session}\n{}", expires.millis()));
        let mac = URL_SAFE_NO_PAD.encode(self.key.mac(&["token", &body]));
        Credentials {
            access_key: self.access_key(&body),
            secret_key: self.secret_key(&body),
            token: format!("{body}.{mac}").into(),
            expires,
        }
    }
}

// === impl Session ===

impl Session {
    /// Its principal: `arn:aws:sts::<account>:assumed-role/<role>/<session>`, and the id that STS
    /// answers, `<the role's id>:<session>`. A role that was deleted meanwhile has no id any more.
    pub(crate) fn caller(&self, world: &World) -> Caller {
        let arn: Option<Arn> = self.role.parse().ok();
        let account = arn.as_ref().map_or("", |arn| arn.account.as_str());
        // A role's path is no part of its sessions' ARN.
        let role = self.role.rsplit('/').next().unwrap_or_default();
        let id = world.roles.get(role).map_or("", |role| role.id.as_str());
        Caller {
            arn: format!("arn:aws:sts::{account}:assumed-role/{role}/{}", self.name),
            id: format!("{id}:{}", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Place;
    use world::Vpc;

    fn issuer(folder: &tempdir::Folder) -> KeyIssuer {
        KeyIssuer::new(Arc::new(Key::at(&folder.0.join("key")).unwrap()))
    }

    mod tempdir {
        pub(super) struct Folder(pub(super) std::path::PathBuf);

        impl Folder {
            pub(super) fn new(name: &str) -> Self {
                let path = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
                std::fs::create_dir_all(&path).unwrap();
                Self(path)
            }
        }

        impl Drop for Folder {
            fn drop(&mut self) {
                let _removed = std::fs::remove_dir_all(&self.0);
            }
        }
    }

    #[test]
    fn issued_credentials_are_known_again_and_others_are_not() {
        let folder = tempdir::Folder::new("issuer");
        let issuer = issuer(&folder);
        let now = Timestamp::from_seconds(1000);
        let role = "arn:aws:iam::000000000000:role/path/web";
        let issued = issuer.issue(role, "s1", now, Span::minutes(60));
        let session = issuer.session(&issued.access_key, issued.token.reveal()).unwrap();
        let place = Place { region: "eu-west-1".into(), account: "000000000000".into() };
        let vpc = Vpc::default_of(&place, [127, 31]);
        let caller = session.caller(&World::empty(place, vpc));
        assert_eq!(caller.arn, "arn:aws:sts::000000000000:assumed-role/web/s1");
        assert_eq!(session.secret_key, issued.secret_key);
        assert_eq!(session.expires, now + Span::minutes(60));
        assert_eq!(issuer.session("ASIAOTHER", issued.token.reveal()), None);
        let forged = issued.token.reveal().replace('.', "x.");
        assert_eq!(issuer.session(&issued.access_key, &forged), None);
    }
}
