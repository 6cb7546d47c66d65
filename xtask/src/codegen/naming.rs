//! Rust's names for AWS's words.

/// `logGroupName` → `log_group_name`; a run of capitals is one word (`DNSName` → `dns_name`).
pub(crate) fn snake(word: &str) -> String {
    let chars: Vec<char> = word.chars().collect();
    let mut out = String::new();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let after = chars.get(at + 1);
        let starts = before.is_some_and(|b| b.is_lowercase() || b.is_ascii_digit())
            || (before.is_some_and(|b| b.is_uppercase())
                && after.is_some_and(|a| a.is_lowercase()));
        if c.is_uppercase() && starts {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// A field's name; Rust's own words get their raw form.
pub(crate) fn field(word: &str) -> String {
    let name = snake(word);
    match name.as_str() {
        "type" | "override" | "return" | "move" | "ref" | "match" | "use" | "where" | "loop"
        | "in" => {
            format!("r#{name}")
        }
        _ => name,
    }
}

/// A static's name.
pub(crate) fn constant(word: &str) -> String {
    snake(word).to_uppercase()
}

/// A type's name: AWS's, with a capital.
pub(crate) fn type_name(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_rust_names() {
        assert_eq!(snake("logGroupName"), "log_group_name");
        assert_eq!(snake("DNSName"), "dns_name");
        assert_eq!(snake("CreateDBInstance"), "create_db_instance");
        assert_eq!(field("type"), "r#type");
        assert_eq!(type_name("portMapping"), "PortMapping");
    }
}
