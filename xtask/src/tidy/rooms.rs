//! The rooms in their order. A room may depend on rooms of lower storeys and on earlier ones of its own.

/// A room's name and its storey, as in ARCHITECTURE.md.
pub(crate) const ROOMS: [(&str, u8); 23] = [
    ("model", 0),
    ("manifest", 1),
    ("source", 1),
    ("api", 1),
    ("wire", 1),
    ("template", 1),
    ("session", 1),
    ("plan", 2),
    ("check", 2),
    ("world", 2),
    ("control", 2),
    ("services", 2),
    ("driver", 3),
    ("gateway", 3),
    ("edge", 3),
    ("telemetry", 3),
    ("registry", 3),
    ("apply", 3),
    ("engine", 4),
    ("neargate", 4),
    // Around the house: for tests and chores only.
    ("testkit", 5),
    ("tests", 6),
    ("xtask", 6),
];

/// Where a room stands: its storey and its place in the list.
pub(crate) fn place(room: &str) -> Option<(u8, usize)> {
    let at = ROOMS.iter().position(|(name, _)| *name == room)?;
    Some((ROOMS[at].1, at))
}

/// Whether a room has no windows: no clock, chance, files, sockets or processes.
pub(crate) fn is_pure(room: &str) -> bool {
    place(room).is_some_and(|(storey, _)| storey <= 2)
}
