//! An authority whose papers say what was asked for, so that tests see it.

use crate::cx::{Authority, ImportMistake, NoAuthority, Wish};
use model::Timestamp;
use model::secret::SecretBytes;
use world::certificate::{Facts, Paper};

/// Makes papers without any cryptography.
pub(crate) struct Notary;

impl Authority for Notary {
    fn issue(&self, wish: &Wish<'_>) -> Result<Paper, NoAuthority> {
        Ok(Paper {
            certificate: "a certificate".to_owned(),
            chain: Some("an authority".to_owned()),
            key: "private".into(),
            facts: facts(wish.names.to_vec(), wish.algorithm, (wish.from, wish.until)),
        })
    }

    /// A certificate is `CERTIFICATE <name> <good until, in seconds>`, its key `KEY <name>`.
    fn read(
        &self,
        certificate: &[u8],
        chain: Option<&[u8]>,
        key: &SecretBytes,
    ) -> Result<Paper, ImportMistake> {
        let text = String::from_utf8_lossy(certificate).into_owned();
        let mut words = text.split(' ').skip_while(|word| *word != "CERTIFICATE").skip(1);
        let name = words.next().ok_or(ImportMistake::CertificateForm)?;
        let until = words.next().and_then(|word| word.parse().ok());
        if key.reveal() != format!("KEY {name}").as_bytes() {
            return Err(ImportMistake::OtherKey);
        }
        let good =
            (Timestamp::from_seconds(0), Timestamp::from_seconds(until.unwrap_or(i64::MAX / 1000)));
        Ok(Paper {
            facts: facts(vec![name.to_owned()], "EC_prime256v1", good),
            certificate: text.clone(),
            chain: chain.map(|chain| String::from_utf8_lossy(chain).into_owned()),
            key: "private".into(),
        })
    }
}

fn facts(names: Vec<String>, algorithm: &str, (from, until): (Timestamp, Timestamp)) -> Facts {
    Facts {
        subject: format!("CN={}", names[0]),
        names,
        issuer: "an authority".to_owned(),
        serial: "00:01".to_owned(),
        key_algorithm: algorithm.to_owned(),
        signature_algorithm: "SHA256WITHRSA".to_owned(),
        not_before: from,
        not_after: until,
    }
}
