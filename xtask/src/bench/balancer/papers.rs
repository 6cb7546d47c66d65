//! One certificate for all: made by openssl, imported into the region.

use super::super::aws::Endpoint;
use super::super::process::find;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A certificate with its key.
pub(super) struct Papers {
    certificate: PathBuf,
    key: PathBuf,
    /// Both in one file.
    pub(super) both: PathBuf,
}

impl Papers {
    /// Makes them. The key is of the kind that is cheapest to use.
    pub(super) fn make(folder: &Path) -> Result<Self, String> {
        let openssl = find("openssl").ok_or("openssl makes the certificate, and is not here")?;
        let file = |name: &str| folder.join(name);
        let (certificate, key, both) = (file("certificate.pem"), file("key.pem"), file("both.pem"));
        let words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
                     -subj /CN=bench.example -addext subjectAltName=DNS:bench.example";
        let made = Command::new(openssl)
            .args(words.split_whitespace())
            .arg("-keyout")
            .arg(&key)
            .arg("-out")
            .arg(&certificate)
            .output()
            .map_err(|why| format!("openssl: {why}"))?;
        if !made.status.success() {
            return Err(format!("openssl: {}", String::from_utf8_lossy(&made.stderr)));
        }
        let papers = Self { certificate, key, both };
        let text = read(&papers.certificate)? + &read(&papers.key)?;
        fs::write(&papers.both, text).map_err(|why| why.to_string())?;
        Ok(papers)
    }

    /// Imports them; answers the certificate's ARN.
    pub(super) fn import(&self, endpoint: Endpoint) -> Result<String, String> {
        let input = json!({
            "Certificate": base64(&self.certificate)?,
            "PrivateKey": base64(&self.key)?,
        });
        let answer = endpoint.acm("ImportCertificate", &input)?;
        let arn = answer["CertificateArn"].as_str();
        arn.map(str::to_owned).ok_or_else(|| "the import answers no ARN".to_owned())
    }
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|why| format!("{}: {why}", path.display()))
}

fn base64(path: &Path) -> Result<String, String> {
    let output = Command::new("base64").arg("-w0").arg(path).output();
    let output = output.map_err(|why| format!("base64: {why}"))?;
    String::from_utf8(output.stdout).map_err(|why| why.to_string())
}
