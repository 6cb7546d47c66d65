//! What is mounted for the steps that install and build, and is in no layer of the image.

use super::Wanted;

/// The id of the secret that holds the certificates of a network's own authority.
pub const AUTHORITY: &str = "neargate-ca";

/// A step with what it is given: secrets as variables, the authority where Node looks for more of them.
pub(super) fn run(wanted: &Wanted<'_>, step: &str) -> String {
    let mut mounts = String::new();
    let mut variables = String::new();
    for name in &wanted.secrets {
        mounts.push_str(&format!("--mount=type=secret,id={name} "));
        variables.push_str(&format!("export {name}=\"$(cat /run/secrets/{name})\" && "));
    }
    if wanted.has_authority {
        mounts.push_str(&format!("--mount=type=secret,id={AUTHORITY} "));
        variables.push_str(&format!("export NODE_EXTRA_CA_CERTS=/run/secrets/{AUTHORITY} && "));
    }
    format!("RUN {mounts}{variables}{step}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_as_it_was_where_nothing_is_mounted() {
        assert_eq!(run(&Wanted::default(), "npm ci"), "RUN npm ci");
    }

    #[test]
    fn secrets_and_the_authority_are_there_for_the_step_alone() {
        let wanted =
            Wanted { secrets: vec!["NPM_TOKEN"], has_authority: true, ..Wanted::default() };
        assert_eq!(
            run(&wanted, "npm ci"),
            "RUN --mount=type=secret,id=NPM_TOKEN --mount=type=secret,id=neargate-ca \
             export NPM_TOKEN=\"$(cat /run/secrets/NPM_TOKEN)\" && \
             export NODE_EXTRA_CA_CERTS=/run/secrets/neargate-ca && npm ci"
        );
    }
}
