//! How well a request behaves: AWS's classes and reasons of desync mitigation (reference §4.12).

use super::Field;
use crate::routes::Desync;

/// How well a request behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Conduct {
    /// As the standard says.
    #[default]
    Fine,
    /// Not as the standard says, and harmless.
    Acceptable(Oddity),
    /// Servers could read it differently.
    Ambiguous(Oddity),
}

/// What is odd about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Oddity {
    /// A length and chunks.
    BothTeClPresent,
    /// The same length twice.
    DuplicateContentLength,
    /// A length of nothing for a method without a body.
    GetHeadZeroContentLength,
    /// A header that some server could take for one that frames the body.
    SuspiciousHeader,
    /// A length for a method without a body.
    UndefinedContentLengthSemantics,
    /// Chunks for a method without a body, or for a version that does not know them.
    UndefinedTransferEncodingSemantics,
    /// A header with a byte that is not ASCII.
    NonCompliantHeader,
}

/// What a mode makes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// It is routed like any other.
    Full,
    /// It is routed, and both connections are closed behind it.
    Once,
    /// It is refused.
    None,
}

// === impl Conduct ===

impl Conduct {
    /// How far a request of this conduct is trusted (reference §4.12).
    pub(crate) fn trust(self, mode: Desync) -> Trust {
        match (mode, self) {
            (_, Self::Fine) | (Desync::Monitor, _) => Trust::Full,
            (Desync::Defensive, Self::Acceptable(_)) => Trust::Full,
            (Desync::Defensive, Self::Ambiguous(_)) => Trust::Once,
            (Desync::Strictest, Self::Acceptable(_) | Self::Ambiguous(_)) => Trust::None,
        }
    }

    /// The worse of two.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Ambiguous(_), _) | (Self::Acceptable(_), Self::Fine | Self::Acceptable(_)) => {
                self
            }
            (Self::Fine | Self::Acceptable(_), other) => other,
        }
    }

    /// The same, with a look at every byte of the headers: only the strictest mode asks for that,
    /// and it would cost every request.
    pub(crate) fn of_all(self, fields: &[Field<'_>]) -> Self {
        if fields.iter().all(|field| field.value.is_ascii()) {
            return self;
        }
        self.or(Self::Acceptable(Oddity::NonCompliantHeader))
    }
}

/// Whether a header's name turns into one that frames the body when somebody tidies it up, as CGI
/// does with underscores.
pub(super) fn is_suspicious(name: &str) -> bool {
    let alike = |known: &str| {
        let tidy = |byte: u8| if byte == b'_' { b'-' } else { byte.to_ascii_lowercase() };
        name.bytes().map(tidy).eq(known.bytes())
    };
    match name.len() {
        14 => alike("content-length"),
        17 => alike("transfer-encoding"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Conduct, Oddity, Trust, is_suspicious};
    use crate::routes::Desync::{self, Defensive, Monitor, Strictest};

    const ACCEPTABLE: Conduct = Conduct::Acceptable(Oddity::GetHeadZeroContentLength);
    const AMBIGUOUS: Conduct = Conduct::Ambiguous(Oddity::BothTeClPresent);

    #[test]
    fn the_mode_says_how_far_a_request_is_trusted() {
        let check = |mode: Desync, fine, acceptable, ambiguous| {
            let found = [Conduct::Fine, ACCEPTABLE, AMBIGUOUS].map(|conduct| conduct.trust(mode));
            assert_eq!(found, [fine, acceptable, ambiguous], "{mode:?}");
        };
        check(Monitor, Trust::Full, Trust::Full, Trust::Full);
        check(Defensive, Trust::Full, Trust::Full, Trust::Once);
        check(Strictest, Trust::Full, Trust::None, Trust::None);
    }

    #[test]
    fn the_worse_of_two_counts() {
        for (one, other, expected) in [
            (Conduct::Fine, Conduct::Fine, Conduct::Fine),
            (Conduct::Fine, ACCEPTABLE, ACCEPTABLE),
            (ACCEPTABLE, Conduct::Fine, ACCEPTABLE),
            (ACCEPTABLE, AMBIGUOUS, AMBIGUOUS),
            (AMBIGUOUS, ACCEPTABLE, AMBIGUOUS),
        ] {
            assert_eq!(one.or(other), expected, "{one:?} {other:?}");
        }
    }

    #[test]
    fn names_with_underscores_are_suspicious() {
        for (name, expected) in [
            ("Content_Length", true),
            ("transfer_encoding", true),
            ("Content-Lengths", false),
            ("X_Custom_Header", false),
        ] {
            assert_eq!(is_suspicious(name), expected, "{name}");
        }
    }
}
