//! The kinds of mistakes, each with a code that stays the same for ever.
//!
//! Numbers go by tens: 00 the text, 10 the shape, 20 single values, 30 `${...}`, 40 sizes,
//! 50 secrets, 60 routes, 70 names of others, 80 numbers that must fit each other, 90 what a
//! service or environment needs, 100 what works elsewhere. A code that falls out of use is never
//! given again.

use crate::Severity;
use std::fmt;

/// Declares the codes: variant, number and the sentence that the reference page shows.
macro_rules! codes {
    ($($variant:ident $id:literal $severity:ident $title:literal;)*) => {
        /// Which kind of mistake.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $title] $variant,)*
        }

        impl Code {
            /// Every code, rising.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The code as it is shown and looked up: `M010`.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// What kind of mistake it is, in a sentence.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// Whether a manifest with it can still be used.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    BadYaml "M001" Error "The text is not YAML.";
    DuplicateKey "M002" Error "A mapping has the same key twice.";
    UndefinedAlias "M003" Error "An alias `*name` without an anchor `&name` before it.";
    TooLarge "M004" Error "The text, its nesting or its expanded aliases are too large.";
    Tag "M005" Error "A YAML tag (`!name`) has no meaning in a manifest.";
    Empty "M006" Error "The file says nothing.";
    SeveralDocuments "M007" Error "The file has more than one YAML document.";
    UnknownKey "M010" Error "A key that does not exist here.";
    WrongType "M011" Error "A value of the wrong type: a list where a number belongs.";
    MissingKey "M012" Error "A key that has to be given is missing.";
    EmptyValue "M013" Warning "A key without a value counts as absent.";
    Excluded "M014" Error "Keys that exclude each other, or that have no effect beside each other.";
    UnknownWord "M020" Error "A word that is none of the possible ones.";
    OutOfRange "M021" Error "A number, duration or list outside its limits.";
    BadFormat "M022" Error "A text or name that is not formed as it has to be.";
    NameTooLong "M023" Error "A name that makes the name of an AWS resource too long.";
    NeedsShell "M024" Error "A command in one line that only a shell understands.";
    UnresolvedVariable "M030" Error "A `${...}` that nothing gives a value.";
    BadInterpolation "M031" Error "A `${...}` that is not formed as it has to be.";
    NoInterpolationHere "M032" Error "A `${...}` where none is possible.";
    NoSuchSize "M040" Error "CPU and memory that Fargate does not offer together.";
    TaskTooSmall "M041" Error "The sidecars ask for more CPU or memory than the task has.";
    BadSecretReference "M050" Error "A secret that says what it is, or not where it is.";
    VariableTwice "M051" Error "A variable both in `env` and in `secrets`.";
    DuplicateRoute "M060" Error "Two routes with the same host and path.";
    DuplicatePriority "M061" Error "Two routes with the same priority.";
    RouteQuota "M062" Error "More routes, or more values in a route, than a load balancer takes.";
    UnclearRoutes "M063" Error "Several services could take the requests, none says its routes.";
    RouteToNothing "M064" Error "Routes to a service that has no port.";
    UnknownName "M070" Error "A name of a service or container that does not exist.";
    Cycle "M071" Error "Services or containers that wait for each other in a circle.";
    ImpossibleCondition "M072" Error "A condition that a container never reaches or AWS refuses.";
    GivenToNobody "M073" Error "A value that a backing service gives and no service reads.";
    MinimumAboveMaximum "M080" Error "A minimum above its maximum.";
    TimeoutNotBelowInterval "M081" Error "A health check that lasts as long as its interval.";
    NoRoomToMove "M082" Error "Percentages that let a deployment neither stop nor start a task.";
    NoSource "M090" Error "A service with nothing to run.";
    UnknownEnvironment "M091" Error "An environment that the manifest does not have.";
    NoEffectLocally "M100" Warning "A field that has no effect in the local region yet.";
    BackingElsewhere "M101" Error "Backing services outside the local region.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_and_none_is_given_twice() {
        let ids: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
    }
}
