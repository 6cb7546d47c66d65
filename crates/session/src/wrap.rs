//! A command in a shell that tells when it begins and how it ends, for clients that want to know.
//!
//! ECS Exec has one terminal for everything and tells no exit code. So a client of ours asks for a
//! shell, which runs the command and writes marks around what that shows. The client takes the marks
//! out again ([`Reader`]). A mark holds a number that the client has made up, so no output looks like
//! one by chance.
//!
//! Where nobody types, the terminal is told to show what the command writes as it is, and not what is
//! typed; keys that terminals take for signs are then written so that they are no signs ([`typed`]).

use crate::words;

/// What begins and ends a mark: the record separator, which texts do not have.
const SIGN: u8 = 0x1e;

/// The sign by which a terminal takes the next key as it is.
const AS_IT_IS: u8 = 0x16;
/// The sign by which a terminal ends its line or, at a line's beginning, the input.
const END: u8 = 0x04;

/// What terminals take for signs: interrupt, end, erase and the like, and what they change.
const SIGNS: &[u8] =
    &[0x03, 0x04, 0x0d, 0x0f, 0x11, 0x12, 0x13, 0x15, 0x16, 0x17, 0x19, 0x1a, 0x1c, 0x7f];

/// Who sits at the client's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    /// A person at a terminal.
    Person,
    /// A person at a terminal, whose output goes elsewhere.
    PersonApart,
    /// A program or a file.
    Program,
}

/// The line of a command that tells how it ends, to be cut into words as ECS Exec does. `number` is
/// what marks hold: letters and digits.
#[must_use]
pub fn line<T: AsRef<str>>(command: &[T], seat: Seat, number: &str) -> String {
    let settings = match seat {
        Seat::Person => "",
        Seat::PersonApart => "stty -opost; ",
        Seat::Program => "stty -echo -opost; ",
    };
    // A key that interrupts the command must not end the shell before it has told.
    let script = format!(
        "trap : INT QUIT; {settings}printf '\\036{number}+\\036'; \"$@\"; \
         printf '\\036{number}-%s\\036' \"$?\""
    );
    let shell = ["/bin/sh", "-c", &script, "neargate"];
    let command = command.iter().map(AsRef::as_ref);
    words::join(&shell.into_iter().chain(command).collect::<Vec<_>>())
}

/// Bytes as they are typed so that a terminal takes none of them for a sign.
#[must_use]
pub fn typed(bytes: &[u8]) -> Vec<u8> {
    let key = |byte: &u8| match SIGNS.contains(byte) {
        true => vec![AS_IT_IS, *byte],
        false => vec![*byte],
    };
    bytes.iter().flat_map(key).collect()
}

/// What is typed at the end of the input, after a last byte.
#[must_use]
pub fn end(last: Option<u8>) -> Vec<u8> {
    // Within a line the first one only ends the line.
    if last.is_none_or(|byte| byte == b'\n') { vec![END] } else { vec![END, END] }
}

/// Takes the marks out of what is shown.
#[derive(Debug)]
pub struct Reader {
    begin: Vec<u8>,
    end: Vec<u8>,
    state: State,
    /// What may be the beginning of a mark.
    held: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The command has not begun; what is shown is of who could not start it.
    Before,
    /// The command shows this.
    Within,
    /// It has ended.
    After(i32),
}

// === impl Reader ===

impl Reader {
    /// A reader of what a line with this number shows.
    #[must_use]
    pub fn new(number: &str) -> Self {
        let mark = |kind: u8, tail: &[u8]| [&[SIGN], number.as_bytes(), &[kind], tail].concat();
        let (begin, end) = (mark(b'+', &[SIGN]), mark(b'-', &[]));
        Self { begin, end, state: State::Before, held: Vec::new() }
    }

    /// What of some bytes the command shows.
    pub fn read(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.held.extend(bytes);
        let mut shown = Vec::new();
        loop {
            match self.state {
                State::Before => match find(&self.held, &self.begin) {
                    Some(at) => {
                        self.held.drain(..at + self.begin.len());
                        self.state = State::Within;
                    }
                    None => return shown,
                },
                State::Within => match self.ending() {
                    Ending::At(at, length, code) => {
                        shown.extend(self.held.drain(..at));
                        self.held.drain(..length);
                        self.state = State::After(code);
                    }
                    Ending::None(sure) => {
                        shown.extend(self.held.drain(..sure));
                        return shown;
                    }
                },
                State::After(_) => {
                    self.held.clear();
                    return shown;
                }
            }
        }
    }

    /// Whether the command has begun.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.state != State::Before
    }

    /// How the command has ended, once it has.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        match self.state {
            State::After(code) => Some(code),
            State::Before | State::Within => None,
        }
    }

    /// What is left when nothing more comes: why nothing has begun, or the last that was shown.
    #[must_use]
    pub fn rest(self) -> Vec<u8> {
        self.held
    }

    /// Where the mark of the end is, or up to where there is surely none.
    fn ending(&self) -> Ending {
        let Some(at) = find(&self.held, &self.end) else {
            let open = (0..self.held.len()).find(|at| self.end.starts_with(&self.held[*at..]));
            return Ending::None(open.unwrap_or(self.held.len()));
        };
        let number = &self.held[at + self.end.len()..];
        let Some(length) = number.iter().position(|byte| *byte == SIGN) else {
            return Ending::None(at);
        };
        let code = std::str::from_utf8(&number[..length]).ok().and_then(|text| text.parse().ok());
        Ending::At(at, self.end.len() + length + 1, code.unwrap_or(-1))
    }
}

/// Where a command's end is marked.
enum Ending {
    /// Here; the mark is so long, and this was its exit code.
    At(usize, usize, i32),
    /// Not before here.
    None(usize),
}

fn find(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).position(|window| window == mark)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SHOWN: &[u8] = b"sh: hello?\x1e7+\x1eone\x1e7x two\r\n\x1e7-42\x1e\r\n";

    #[test]
    fn marks_are_taken_out_however_the_bytes_are_cut() {
        for size in 1..=SHOWN.len() {
            let mut reader = Reader::new("7");
            let shown: Vec<u8> = SHOWN.chunks(size).flat_map(|piece| reader.read(piece)).collect();
            assert_eq!(shown, b"one\x1e7x two\r\n", "pieces of {size}");
            assert_eq!(reader.code(), Some(42));
        }
    }

    #[test]
    fn what_never_began_says_why() {
        let mut reader = Reader::new("7");
        assert_eq!(reader.read(b"exec: /bin/sh: not found\r\n"), b"");
        assert!(!reader.has_begun() && reader.code().is_none());
        assert_eq!(reader.rest(), b"exec: /bin/sh: not found\r\n");
    }

    #[test]
    fn what_does_not_end_shows_everything_and_tells_no_code() {
        let mut reader = Reader::new("7");
        assert_eq!(reader.read(b"\x1e7+\x1ehello\x1e7-"), b"hello");
        assert_eq!((reader.has_begun(), reader.code()), (true, None));
        assert_eq!(reader.rest(), b"\x1e7-");
    }

    #[test]
    fn the_line_is_a_shell_with_the_command_as_its_words() {
        let line = line(&["psql", "-c", "select 'x'"], Seat::Program, "abc");
        let words = words::split(&line).unwrap();
        assert_eq!(words[..2], ["/bin/sh", "-c"]);
        assert_eq!(words[3..], ["neargate", "psql", "-c", "select 'x'"]);
        let script = &words[2];
        assert!(script.contains("stty -echo -opost; "), "{script}");
        assert!(script.contains(r#"printf '\036abc+\036'; "$@"; printf '\036abc-%s\036' "$?""#));
        let person = super::line(&["sh"], Seat::Person, "abc");
        assert!(!person.contains("stty"), "a person's terminal stays as it is: {person}");
    }

    #[test]
    fn signs_are_typed_as_they_are_and_the_end_as_a_sign() {
        assert_eq!(typed(b"a\n\x03\x16b"), b"a\n\x16\x03\x16\x16b");
        assert_eq!((end(None), end(Some(b'\n')), end(Some(b'x'))), (vec![4], vec![4], vec![4, 4]));
    }

    proptest! {
        #[test]
        fn nothing_that_is_shown_is_lost(shown: Vec<u8>, code in 0i32..256, size in 1usize..40) {
            let text = [b"\x1eq9+\x1e", &shown[..], format!("\x1eq9-{code}\x1e").as_bytes()].concat();
            let mut reader = Reader::new("q9");
            let read: Vec<u8> = text.chunks(size).flat_map(|piece| reader.read(piece)).collect();
            prop_assert_eq!((read, reader.code()), (shown, Some(code)));
        }
    }
}
