use super::*;
use model::Span;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// A folder that is gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("authority-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn authority(&self) -> LocalAuthority {
        LocalAuthority::new(&self.0, Arc::new(Key::at(&self.0.join("key")).unwrap()))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _removed = fs::remove_dir_all(&self.0);
    }
}

const NOW: Timestamp = Timestamp::from_seconds(1_795_162_738);

fn issue(authority: &LocalAuthority, names: &[&str], algorithm: &str) -> Paper {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let wish = Wish { names: &names, algorithm, from: NOW, until: NOW + Span::minutes(600_000) };
    authority.issue(&wish).unwrap()
}

fn bytes(key: &model::Secret) -> SecretBytes {
    key.reveal().as_bytes().to_vec().into()
}

#[test]
fn a_key_that_was_made_beforehand_is_used_once() {
    let folder = Folder::new("prepared");
    let authority = folder.authority();
    authority.prepare().unwrap();
    let spare = || crate::hands::lock(&authority.spare).as_ref().map(KeyPair::serialize_pem);
    let prepared = spare().unwrap();
    authority.prepare().unwrap();
    assert_eq!(spare(), Some(prepared.clone()), "one is enough");
    let paper = issue(&authority, &["example.com"], "RSA_2048");
    assert_eq!(paper.key.reveal(), prepared);
    assert_ne!(issue(&authority, &["example.com"], "RSA_2048").key, paper.key);
}

#[test]
fn an_authority_that_was_forgotten_is_another_one_afterwards() {
    let folder = Folder::new("forgotten");
    let authority = folder.authority();
    let first = authority.certificate(NOW).unwrap();
    assert_eq!(authority.certificate(NOW).unwrap(), first);
    authority.forget().unwrap();
    assert!(!folder.0.join("authority.key").exists());
    assert_ne!(authority.certificate(NOW).unwrap(), first);
    authority.forget().unwrap();
    authority.forget().unwrap();
}

#[test]
fn an_issued_certificate_says_what_was_wished_for_and_can_be_brought_back() {
    let folder = Folder::new("issued");
    let authority = folder.authority();
    for (algorithm, signature) in [
        ("RSA_2048", "SHA256WITHECDSA"),
        ("EC_prime256v1", "SHA256WITHECDSA"),
        ("EC_secp384r1", "SHA256WITHECDSA"),
    ] {
        let paper = issue(&authority, &["example.com", "*.example.com"], algorithm);
        assert_eq!(paper.facts.names, ["example.com", "*.example.com"]);
        assert_eq!(paper.facts.subject, "CN=example.com");
        assert_eq!(paper.facts.issuer, NAME);
        assert_eq!(paper.facts.key_algorithm, algorithm);
        assert_eq!(paper.facts.signature_algorithm, signature, "the authority's own key signs");
        assert!(paper.facts.not_before <= NOW && paper.facts.not_after > NOW);
        let chain = paper.chain.as_deref().map(str::as_bytes);
        let read = authority.read(paper.certificate.as_bytes(), chain, &bytes(&paper.key));
        assert_eq!(read.as_ref(), Ok(&paper));
    }
}

#[test]
fn an_authority_stays_the_same_after_a_restart_and_its_key_is_sealed() {
    let folder = Folder::new("restart");
    let certificate = folder.authority().certificate(NOW).unwrap();
    let again = folder.authority();
    assert_eq!(again.certificate(NOW).unwrap(), certificate);
    assert_eq!(issue(&again, &["a.example"], "EC_prime256v1").chain, Some(certificate.clone()));
    let kept = fs::read(folder.0.join("authority.key")).unwrap();
    assert!(!kept.windows(7).any(|part| part == b"PRIVATE"));
    let der = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
    assert_eq!(facts::of(&der).unwrap().subject, format!("CN={NAME}"));
}

#[test]
fn papers_that_are_none_or_don_t_belong_together_are_refused() {
    let folder = Folder::new("refused");
    let authority = folder.authority();
    let one = issue(&authority, &["a.example"], "EC_prime256v1");
    let other = issue(&authority, &["b.example"], "EC_prime256v1");
    let check = |certificate: &str, chain: Option<&str>, key: &str, expected: ImportMistake| {
        let key = key.as_bytes().to_vec().into();
        let read = authority.read(certificate.as_bytes(), chain.map(str::as_bytes), &key);
        assert_eq!(read, Err(expected));
    };
    let two = format!("{}{}", one.certificate, other.certificate);
    let key = one.key.reveal();
    check(&one.certificate, None, other.key.reveal(), ImportMistake::OtherKey);
    check(&two, None, key, ImportMistake::SeveralCertificates);
    check("-----BEGIN", None, key, ImportMistake::CertificateForm);
    check(&one.certificate, Some("x"), key, ImportMistake::ChainForm);
    check(&one.certificate, None, "x", ImportMistake::KeyForm);
}
