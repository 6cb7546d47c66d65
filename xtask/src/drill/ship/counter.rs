//! Stands between a client and the region, and counts the calls, and the looks among them: each look at
//! services begins with the same call.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The end of a request's first line. Bodies have no such text: they are JSON and forms.
const LINE_END: &[u8] = b" HTTP/1.1\r\n";

/// The call with which a look at services begins.
const LOOK: &[u8] = b".DescribeServices\r\n";

/// How many bytes a request's first line has at most.
const LINE: usize = 256;

/// One who counts, until the program ends.
#[derive(Debug)]
pub(super) struct Counter {
    /// Where clients come.
    pub(super) port: u16,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    calls: AtomicUsize,
    looks: AtomicUsize,
}

// === impl Counter ===

impl Counter {
    /// Stands before a port of this machine.
    pub(super) fn before(port: u16) -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|why| why.to_string())?;
        let own = listener.local_addr().map_err(|why| why.to_string())?.port();
        let counts = Arc::new(Counts::default());
        let counted = Arc::clone(&counts);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(region) = TcpStream::connect(("127.0.0.1", port)) else { continue };
                let counted = Arc::clone(&counted);
                // A connection that ends early is the client's to notice.
                thread::spawn(move || join(client, region, &counted).ok());
            }
        });
        Ok(Self { port: own, counts })
    }

    /// How many calls there were, and how many of them began a look.
    pub(super) fn read(&self) -> (usize, usize) {
        let Counts { calls, looks } = &*self.counts;
        (calls.load(Ordering::Relaxed), looks.load(Ordering::Relaxed))
    }
}

fn join(mut client: TcpStream, mut region: TcpStream, counts: &Counts) -> std::io::Result<()> {
    let (mut back, mut from) = (client.try_clone()?, region.try_clone()?);
    thread::spawn(move || {
        let copied = std::io::copy(&mut from, &mut back);
        back.shutdown(Shutdown::Both).ok();
        copied
    });
    let (mut buffer, mut seen, mut ends) = ([0; 16 * 1024], Vec::new(), Vec::new());
    loop {
        let count = client.read(&mut buffer)?;
        if count == 0 {
            return region.shutdown(Shutdown::Write);
        }
        region.write_all(&buffer[..count])?;
        seen.extend_from_slice(&buffer[..count]);
        counts.calls.fetch_add(take_calls(&mut seen), Ordering::Relaxed);
        ends.extend_from_slice(&buffer[..count]);
        counts.looks.fetch_add(take_looks(&mut ends), Ordering::Relaxed);
    }
}

/// Counts the calls in what was sent, and forgets it but for the begin of a line at its end.
fn take_calls(seen: &mut Vec<u8>) -> usize {
    let mut calls = 0;
    while let Some(at) = seen.windows(LINE_END.len()).position(|it| it == LINE_END) {
        let line = &seen[at.saturating_sub(LINE)..at];
        let begin = line.windows(5).rposition(|it| it == b"POST ");
        calls += usize::from(begin.is_some_and(|from| !line[from..].contains(&b'\n')));
        seen.drain(..at + LINE_END.len());
    }
    let kept = seen.len().min(LINE + LINE_END.len());
    seen.drain(..seen.len() - kept);
    calls
}

/// Counts the looks in what was sent, and forgets it but for what may begin one at its end.
fn take_looks(seen: &mut Vec<u8>) -> usize {
    let looks = seen.windows(LOOK.len()).filter(|it| *it == LOOK).count();
    let kept = seen.len().min(LOOK.len() - 1);
    seen.drain(..seen.len() - kept);
    looks
}

#[cfg(test)]
mod tests {
    use super::{take_calls, take_looks};

    #[test]
    fn looks_are_counted_wherever_they_are_cut() {
        let text =
            b"x-amz-target: A.DescribeServices\r\nx: y\r\nx-amz-target: A.DescribeServices\r\n";
        for cut in 0..text.len() {
            let mut seen = text[..cut].to_vec();
            let mut looks = take_looks(&mut seen);
            seen.extend_from_slice(&text[cut..]);
            looks += take_looks(&mut seen);
            assert_eq!(looks, 2, "cut at {cut}");
        }
    }

    #[test]
    fn calls_are_counted_wherever_they_are_cut() {
        let text =
            b"POST / HTTP/1.1\r\nhost: a\r\n\r\n{}GET /status HTTP/1.1\r\n\r\nPOST / HTTP/1.1\r\n";
        for cut in 0..text.len() {
            let mut seen = text[..cut].to_vec();
            let mut calls = take_calls(&mut seen);
            seen.extend_from_slice(&text[cut..]);
            calls += take_calls(&mut seen);
            assert_eq!(calls, 2, "cut at {cut}");
        }
    }
}
