use super::*;

const PAGE: &str = include_str!("../../../../docs/manifest.md");
const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/manifest.md");
const MARK: &str =
    "<!-- What follows comes from crates/manifest: UPDATE=1 cargo test -p manifest -->\n\n";

#[test]
#[expect(clippy::disallowed_methods, reason = "a person says whether to write the page anew")]
fn the_page_has_what_the_parser_knows() {
    let (written, generated) = PAGE.split_once(MARK).expect("the page has the mark");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(PATH, format!("{written}{MARK}{}", reference()))
            .expect("the page can be written");
    } else {
        assert!(
            generated == reference(),
            "docs/manifest.md is behind: `UPDATE=1 cargo test -p manifest` writes its tables anew"
        );
    }
}

#[test]
fn every_link_leads_to_a_section() {
    let page = reference();
    for link in page.split("](#").skip(1).filter_map(|rest| rest.split(')').next()) {
        let found = page.lines().any(|line| line.to_lowercase() == format!("## {link}"));
        assert!(found, "{link}");
    }
}

/// Descriptions are what people read in their editor.
#[test]
fn every_key_says_in_whole_sentences_what_it_does() {
    let mut records = Vec::new();
    collect(Root::record(), &mut records);
    for record in records {
        let docs = record.fields.iter().map(|field| &field.doc).chain([&record.doc]);
        for doc in docs {
            assert!(doc.starts_with(char::is_uppercase) || doc.starts_with('`'), "{doc}");
            assert!(doc.ends_with('.'), "{doc}");
        }
    }
}
