//! A manifest as text, written for people: keys in the order given, comments where there is something
//! to say.
//!
//! Knows YAML's quoting and nothing of what the keys mean.

/// One line of a mapping, with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outline {
    /// A key with its value, and a remark behind it.
    Entry {
        /// The key, which needs no quotes.
        key: String,
        /// Its value.
        value: Content,
        /// What is said of it, without the `#`.
        remark: Option<String>,
    },
    /// A remark of its own line.
    Remark(String),
    /// An empty line.
    Space,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A text; `${…}` in it is interpolated.
    Text(String),
    /// A number.
    Number(u64),
    /// Texts on one line.
    List(Vec<String>),
    /// A mapping below.
    Mapping(Vec<Outline>),
}

/// Where a remark no longer fits behind its line.
const WIDTH: usize = 110;

impl Outline {
    /// A key with a text.
    #[must_use]
    pub fn text(key: &str, value: impl Into<String>) -> Self {
        Self::entry(key, Content::Text(value.into()))
    }

    /// A key with a number.
    #[must_use]
    pub fn number(key: &str, value: impl Into<u64>) -> Self {
        Self::entry(key, Content::Number(value.into()))
    }

    /// A key with a list.
    #[must_use]
    pub fn list(key: &str, items: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::entry(key, Content::List(items.into_iter().map(Into::into).collect()))
    }

    /// A key with a mapping.
    #[must_use]
    pub fn mapping(key: &str, lines: Vec<Self>) -> Self {
        Self::entry(key, Content::Mapping(lines))
    }

    fn entry(key: &str, value: Content) -> Self {
        Self::Entry { key: key.to_owned(), value, remark: None }
    }

    /// The same with a remark; an empty one says nothing.
    #[must_use]
    pub fn remark(self, text: impl Into<String>) -> Self {
        let text = text.into();
        match self {
            Self::Entry { key, value, .. } => {
                Self::Entry { key, value, remark: Some(text).filter(|text| !text.is_empty()) }
            }
            other => other,
        }
    }
}

/// Writes a manifest.
#[must_use]
pub fn write(lines: &[Outline]) -> String {
    let mut out = String::new();
    lines.iter().for_each(|line| put(&mut out, line, 0));
    out
}

fn put(out: &mut String, line: &Outline, depth: usize) {
    let indent = "  ".repeat(depth);
    let (key, value, remark) = match line {
        Outline::Entry { key, value, remark } => (key, value, remark.as_deref()),
        Outline::Remark(text) => {
            for text in text.lines() {
                *out += format!("{indent}# {text}").trim_end();
                *out += "\n";
            }
            return;
        }
        Outline::Space => return *out += "\n",
    };
    let (scalar, below) = match value {
        Content::Text(text) => (format!(" {}", scalar(text, is_plain)), &[][..]),
        Content::Number(number) => (format!(" {number}"), &[][..]),
        Content::List(items) => {
            let items: Vec<String> = items.iter().map(|it| scalar(it, is_plain_item)).collect();
            (format!(" [{}]", items.join(", ")), &[][..])
        }
        Content::Mapping(lines) => (String::new(), lines.as_slice()),
    };
    let bare = format!("{indent}{key}:{scalar}");
    match remark.map(one_line) {
        Some(remark) if bare.len() + remark.len() + 4 <= WIDTH => {
            *out += &format!("{bare}  # {remark}\n");
        }
        Some(remark) => *out += &format!("{indent}# {remark}\n{bare}\n"),
        None => *out += &format!("{bare}\n"),
    }
    below.iter().for_each(|line| put(out, line, depth + 1));
}

/// A remark can not end its line early.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

fn scalar(text: &str, is_plain: fn(&str) -> bool) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// Whether a text means itself without quotes, in a mapping.
fn is_plain(text: &str) -> bool {
    let first = text.chars().next();
    let begins =
        first.is_some_and(|it| it.is_ascii_alphanumeric() || matches!(it, '/' | '.' | '_' | '$'));
    begins
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !matches!(
            text,
            "true"
                | "false"
                | "null"
                | "True"
                | "False"
                | "Null"
                | "TRUE"
                | "FALSE"
                | "NULL"
                | "..."
        )
        && text.chars().all(|it| it.is_ascii_graphic() || it == ' ')
}

/// The same, between brackets.
fn is_plain_item(text: &str) -> bool {
    is_plain(text) && !text.contains([',', '[', ']', '{', '}', ':', '"', '\'', '#'])
}

/// A text in double quotes.
fn quoted(text: &str) -> String {
    let escaped = text.chars().map(|it| match it {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        '\n' => "\\n".to_owned(),
        '\t' => "\\t".to_owned(),
        it if it.is_control()
            || matches!(it, '\u{85}' | '\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}') =>
        {
            format!("\\u{:04x}", u32::from(it))
        }
        it => it.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_written_reads_well() {
        let lines = [
            Outline::Remark("Shop.".to_owned()),
            Outline::text("app", "shop"),
            Outline::Space,
            Outline::mapping(
                "services",
                vec![Outline::mapping(
                    "api",
                    vec![
                        Outline::number("port", 3000_u64).remark("src/a.ts:3"),
                        Outline::list("routes", ["/api/*", "/a,b"]),
                        Outline::text("before", "a".repeat(100)).remark("too long for one line"),
                        Outline::mapping(
                            "env",
                            vec![Outline::text("URL", "a: b"), Outline::text("EMPTY", "")],
                        ),
                    ],
                )],
            ),
        ];
        let expected = format!(
            "# Shop.\napp: shop\n\nservices:\n  api:\n    port: 3000  # src/a.ts:3\n    routes: [/api/*, \"/a,b\"]\n    \
             # too long for one line\n    before: {}\n    env:\n      URL: \"a: b\"\n      EMPTY: \"\"\n",
            "a".repeat(100)
        );
        assert_eq!(write(&lines), expected);
    }

    proptest! {
        #[test]
        fn what_is_written_is_what_is_read(value in "\\PC{0,40}|[ -~\\n\\t]{0,30}") {
            let value = value.replace("${", "$");
            let env = Outline::mapping("env", vec![Outline::text("X", value.clone()).remark(value.clone())]);
            let item = Outline::list("command", ["x".to_owned(), value.clone()]);
            let api = Outline::mapping("api", vec![Outline::text("image", "a"), env, item]);
            let text = write(&[Outline::text("app", "shop"), Outline::mapping("services", vec![api])]);
            let (manifest, _) = crate::parse(&text);
            let none = std::collections::BTreeMap::new();
            let (resolved, found) = crate::resolve(&manifest.unwrap(), crate::LOCAL, &none);
            let service = &resolved.unwrap_or_else(|| panic!("{text}\n{found:?}")).environment.services["api"];
            prop_assert_eq!(&service.env["X"], &value);
            prop_assert_eq!(&service.command.as_ref().unwrap().words()[1], &value);
        }
    }
}
