//! Checks one target again and again (reference §4.2).

mod http2;

use crate::health::{Finding, Record};
use crate::http1::{self, Body, RESPONSE_HEAD, Response, Verb};
use crate::report::Health;
use crate::routes::{HealthCheck, ProtocolVersion, Scheme, TargetId};
use crate::tls::Connector;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout, timeout_at};

/// The shortest interval: a region may be told to run very fast.
const SHORTEST: Duration = Duration::from_millis(1);
/// How much of an answer's body is read, so that the target is not left with a broken connection.
const BODY: usize = 64 * 1024;

/// A connection, with TLS or without.
trait Bytes: AsyncRead + AsyncWrite + Unpin {}

impl<T: AsyncRead + AsyncWrite + Unpin> Bytes for T {}

/// Checks a target at once and then at each interval; tells every change of the verdict. It starts
/// from the verdict known so far, if there is one.
pub(crate) async fn watch(
    (target, connector): (TargetId, Connector),
    check: HealthCheck,
    known: Option<Health>,
    tell: impl Fn(Health),
) {
    let address = SocketAddr::new(target.ip, check.port.unwrap_or(target.port));
    let mut record = Record::starting_with(known);
    let mut ticks = interval(check.interval.max(SHORTEST));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let finding = probe(address, &connector, &check).await;
        let next = record.behind(finding, &check);
        if let Some(verdict) = next.verdict
            && next.verdict != record.verdict
        {
            tell(verdict);
        }
        record = next;
    }
}

/// The host that a check asks for. The port is named where it is not the protocol's own.
fn host(address: SocketAddr, check: &HealthCheck) -> String {
    let usual = match check.scheme {
        Scheme::Http => 80,
        Scheme::Https => 443,
    };
    match address {
        _ if address.port() != usual => address.to_string(),
        SocketAddr::V4(_) => address.ip().to_string(),
        SocketAddr::V6(_) => format!("[{}]", address.ip()),
    }
}

/// The request of a check.
fn request(address: SocketAddr, check: &HealthCheck) -> String {
    let (host, path) = (host(address, check), &check.path);
    format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         User-Agent: ELB-HealthChecker/2.0\r\n\r\n"
    )
}

/// One check, on a connection of its own.
async fn probe(address: SocketAddr, connector: &Connector, check: &HealthCheck) -> Finding {
    let end = Instant::now() + check.timeout;
    if check.version != ProtocolVersion::Http1 {
        let asked = timeout_at(end, async {
            let stream = connect(address, connector, check).await?;
            http2::ask(stream, &host(address, check), check).await
        });
        return asked
            .await
            .map_or(Finding::TimedOut, |code| code.map_or(Finding::Failed, Finding::Answered));
    }
    let asked = timeout_at(end, async {
        let mut stream = connect(address, connector, check).await?;
        stream.write_all(request(address, check).as_bytes()).await.ok()?;
        stream.flush().await.ok()?;
        answer(&mut stream).await.map(|answer| (stream, answer))
    });
    match asked.await {
        Err(_) => Finding::TimedOut,
        Ok(None) => Finding::Failed,
        Ok(Some((stream, (status, left)))) => {
            // The status decides; what happens to the rest of the body does not change it.
            let rest = end.saturating_duration_since(Instant::now());
            let _in_time = timeout(rest, drain(stream, left)).await;
            Finding::Answered(status)
        }
    }
}

/// A connection for a check.
async fn connect(
    address: SocketAddr,
    connector: &Connector,
    check: &HealthCheck,
) -> Option<Box<dyn Bytes>> {
    let stream = TcpStream::connect(address).await.ok()?;
    Some(match check.scheme {
        Scheme::Http => Box::new(stream),
        Scheme::Https => {
            Box::new(connector.connect((address.ip(), check.version), stream).await.ok()?)
        }
    })
}

/// The status of the answer and what is left of its body; none when it is no HTTP.
async fn answer(stream: &mut Box<dyn Bytes>) -> Option<(u16, Body)> {
    let mut arrived = Vec::with_capacity(4096);
    loop {
        if stream.read_buf(&mut arrived).await.ok()? == 0 {
            return None;
        }
        let mut consumed = 0;
        while let Some((status, body, head)) = head(&arrived[consumed..])? {
            consumed += head;
            if status >= 200 {
                let mut left = body;
                left.take(&arrived[consumed..]).ok()?;
                return Some((status, left));
            }
        }
        if arrived.len() > RESPONSE_HEAD {
            return None;
        }
    }
}

/// Status, body and length of the head at the front; an inner none when it is not complete.
fn head(arrived: &[u8]) -> Option<Option<(u16, Body, usize)>> {
    let mut slots = http1::slots();
    let response = Response::parse(arrived, &mut slots, Verb::Safe).ok()?;
    Some(response.map(|response| (response.status, response.body, response.head)))
}

/// Reads the rest of a body.
async fn drain(mut stream: Box<dyn Bytes>, mut left: Body) {
    let mut piece = [0; 4096];
    let mut total = 0;
    while !left.is_over() && total < BODY {
        match stream.read(&mut piece).await {
            Ok(length @ 1..) if left.take(&piece[..length]).is_ok() => total += length,
            _ => return,
        }
    }
}
