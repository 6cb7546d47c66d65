//! `ulimits`: how many files a container may open.

use crate::cx::Cx;
use crate::kind::{part, record, whole};
use crate::{Code, Diagnostic};

/// The most open files on Fargate (reference §2.3).
const MOST_FILES: u32 = 1_048_576;

part! {
    /// Limits of the operating system. Fargate lets only the number of open files be set.
    pub struct Ulimits as UlimitsRead {
        /// Open files and sockets.
        nofile: Option<Ulimit> = record::<Ulimit>(),
            [optional "Fargate's own limits, 65535 soft and hard"];
    }
}

part! {
    /// A limit that the container may raise from soft to hard.
    pub struct Ulimit as UlimitRead, short "soft", check check_order {
        /// What holds at the start.
        soft: u32 = whole::<u32>(1, MOST_FILES), [required];
        /// The most that the container can raise it to.
        hard: Option<u32> = whole::<u32>(1, MOST_FILES),
            [optional "the same as `soft`"];
    }
}

fn check_order(limit: &UlimitRead, cx: &mut Cx<'_>) {
    if let (Some(soft), Some(Some(hard))) = (limit.soft, limit.hard)
        && soft > hard
    {
        let message = format!("the soft limit {soft} is above the hard limit {hard}");
        let mistake = Diagnostic::new(Code::MinimumAboveMaximum, cx.place("soft"), message);
        cx.report(mistake.related(cx.place("hard"), "the hard limit"));
    }
}
