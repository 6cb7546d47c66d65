//! Measures the gateway against nginx on this machine: processor time and latency a request.
//!
//! `cargo run --release -p gateway --example bench_proxy` needs Linux, `nginx`, `wrk` and `taskset`,
//! and two idle processors. Every proxy runs on processor 0 and forwards to one nginx with static
//! files; that and the load run on processor 1. Rounds of the proxies alternate, so that whatever
//! else happens on the machine happens to all of them; ratios are medians of rounds.
//!
//! `bench_proxy gateway LISTEN TARGET` is the gateway alone; `bench_proxy relay LISTEN TARGET` passes
//! bytes without looking at them, as the bound of what any proxy can do on the same runtime.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use gateway::{
    Action, Algorithm, Attributes, CONNECT_TIMEOUT, Config, Forward, Gateway, Group, HealthCheck,
    Listener, ProtocolVersion, Retouch, Routes, Scheme, TargetUse, Threshold,
};
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

type Outcome<T> = Result<T, Box<dyn Error>>;

const UPSTREAM: &str = "127.0.0.1:19001";
const ROUNDS: usize = 5;
const SECONDS: u32 = 4;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => compare(),
        ["gateway", listen, target] => serve(listen.parse()?, target.parse()?),
        ["relay", listen, target] => relay(listen.parse()?, target.parse()?),
        _ => Err("usage: bench_proxy [gateway|relay LISTEN TARGET]".into()),
    }
}

// === The proxies ===

/// The gateway on one thread, forwarding everything.
fn serve(listen: SocketAddr, target: SocketAddr) -> Outcome<()> {
    let gateway = Gateway::start(Config {
        threads: NonZeroUsize::MIN,
        connect_timeout: CONNECT_TIMEOUT,
        cookie_key: [0; 32],
        report: Arc::new(|_| ()),
        access: Arc::new(|_| ()),
    })?;
    let group = Group {
        targets: BTreeMap::from([(target.into(), TargetUse::InService)]),
        check: HealthCheck { path: "/1k".to_owned(), ..HealthCheck::default() },
        algorithm: Algorithm::RoundRobin,
        slow_start: Duration::ZERO,
        stickiness: None,
        threshold: Threshold::default(),
        linger: Duration::ZERO,
        scheme: Scheme::Http,
        version: ProtocolVersion::Http1,
    };
    let listener = Listener {
        candidates: vec![listen],
        port: 80,
        tls: None,
        rules: Vec::new(),
        default: Action::Forward(Forward {
            groups: vec![("group".to_owned(), 1)],
            stickiness: None,
        }),
        attributes: Attributes::default(),
        retouch: Retouch::default(),
    };
    gateway.apply(Routes {
        listeners: BTreeMap::from([("listener".to_owned(), listener)]),
        groups: BTreeMap::from([("group".to_owned(), group)]),
    });
    loop {
        std::thread::park();
    }
}

/// One connection to the target for each client, and bytes both ways.
fn relay(listen: SocketAddr, target: SocketAddr) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind(listen).await?;
        loop {
            let (mut client, _) = listener.accept().await?;
            tokio::spawn(async move {
                let mut upstream = tokio::net::TcpStream::connect(target).await?;
                client.set_nodelay(true)?;
                upstream.set_nodelay(true)?;
                tokio::io::copy_bidirectional_with_sizes(
                    &mut client,
                    &mut upstream,
                    1 << 17,
                    1 << 17,
                )
                .await
            });
        }
    })
}

// === The comparison ===

/// A proxy under measurement.
struct Proxy {
    name: &'static str,
    port: u16,
    process: Running,
}

/// A process that ends with the bench.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        let _killed = self.0.kill();
        let _waited = self.0.wait();
    }
}

/// What one round found.
#[derive(Clone, Copy)]
struct Round {
    requests_a_second: f64,
    micros_a_request: f64,
    p99_micros: f64,
}

fn compare() -> Outcome<()> {
    let folder = std::env::temp_dir().join(format!("bench_proxy_{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let outcome = compare_in(&folder);
    fs::remove_dir_all(&folder)?;
    outcome
}

fn compare_in(folder: &Path) -> Outcome<()> {
    fs::write(folder.join("1k"), "a".repeat(1024))?;
    fs::write(folder.join("64k"), "a".repeat(65_536))?;
    let _upstream = nginx(folder, "upstream", &static_files(folder), 1)?;
    let me = std::env::current_exe()?;
    let own = |mode: &str, port: u16| {
        let listen = format!("127.0.0.1:{port}");
        pinned(0, &me, &[mode, &listen, UPSTREAM])
    };
    let proxies = [
        Proxy {
            name: "nginx",
            port: 19002,
            process: nginx(folder, "usual", &proxy(19002, ""), 0)?,
        },
        Proxy {
            name: "nginx 64k",
            port: 19003,
            process: nginx(folder, "wide", &proxy(19003, WIDE), 0)?,
        },
        Proxy { name: "relay", port: 19004, process: own("relay", 19004)? },
        Proxy { name: "gateway", port: 19005, process: own("gateway", 19005)? },
    ];
    wait_until_up(&proxies)?;
    for (path, connections) in [("/1k", 50), ("/1k", 500), ("/64k", 50)] {
        measure(&proxies, path, connections)?;
    }
    Ok(())
}

/// Measures all proxies in turn, and prints what came out.
fn measure(proxies: &[Proxy], path: &str, connections: u32) -> Outcome<()> {
    let mut rounds: Vec<Vec<Round>> = vec![Vec::new(); proxies.len()];
    for _ in 0..ROUNDS {
        for (proxy, rounds) in proxies.iter().zip(&mut rounds) {
            rounds.push(run(proxy, path, connections)?);
        }
    }
    println!("{path}, {connections} connections, {ROUNDS} rounds of {SECONDS} s");
    println!(
        "{:10} {:>9} {:>9} {:>9} | CPU ratio to nginx, nginx 64k, relay",
        "", "req/s", "CPU us", "p99 us"
    );
    for (proxy, found) in proxies.iter().zip(&rounds) {
        let middle = |value: fn(&Round) -> f64| median(found.iter().map(value).collect());
        let ratio = |other: &[Round]| {
            let pairs = found.iter().zip(other);
            median(pairs.map(|(a, b)| a.micros_a_request / b.micros_a_request).collect())
        };
        println!(
            "{:10} {:9.0} {:9.2} {:9.0} | {:.3} {:.3} {:.3}",
            proxy.name,
            middle(|round| round.requests_a_second),
            middle(|round| round.micros_a_request),
            middle(|round| round.p99_micros),
            ratio(&rounds[0]),
            ratio(&rounds[1]),
            ratio(&rounds[2]),
        );
    }
    Ok(())
}

fn run(proxy: &Proxy, path: &str, connections: u32) -> Outcome<Round> {
    let pid = proxy.process.0.id();
    let url = format!("http://127.0.0.1:{}{path}", proxy.port);
    let before = cpu_micros(pid)?;
    let load = Command::new("taskset")
        .args(["-c", "1", "wrk", "-t1", "--latency", &format!("-c{connections}")])
        .args([&format!("-d{SECONDS}s"), &url])
        .output()?;
    let spent = cpu_micros(pid)? - before;
    let text = String::from_utf8(load.stdout)?;
    if text.contains("Non-2xx") || text.contains("Socket errors") {
        return Err(format!("{}: {text}", proxy.name).into());
    }
    let word = |line: &str, place: usize| {
        let line = text.lines().find(|found| found.contains(line)).ok_or(text.clone())?;
        line.split_whitespace().nth(place).map(str::to_owned).ok_or(text.clone())
    };
    Ok(Round {
        requests_a_second: word("Requests/sec:", 1)?.parse()?,
        micros_a_request: spent / word("requests in", 0)?.parse::<f64>()?,
        p99_micros: micros(&word(" 99%", 1)?)?,
    })
}

/// The processor time that a process has used, user and system.
fn cpu_micros(pid: u32) -> Outcome<f64> {
    // Fields 14 and 15, in hundredths of a second; the name in field 2 ends with a bracket.
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let behind_name = stat.rsplit_once(')').ok_or("no stat")?.1;
    let ticks = behind_name.split_whitespace().skip(11).take(2);
    let ticks: f64 = ticks.map(str::parse::<f64>).sum::<Result<f64, _>>()?;
    Ok(ticks * 10_000.0)
}

/// `1.23ms` as wrk prints it.
fn micros(text: &str) -> Outcome<f64> {
    for (unit, factor) in [("us", 1.0), ("ms", 1e3), ("s", 1e6)] {
        if let Some(number) = text.strip_suffix(unit) {
            return Ok(number.parse::<f64>()? * factor);
        }
    }
    Err(format!("not a duration: {text}").into())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

// === nginx ===

/// Buffers that hold a whole 64 K body.
const WIDE: &str = "proxy_buffer_size 64k; proxy_buffers 4 64k; proxy_busy_buffers_size 128k;";

fn static_files(folder: &Path) -> String {
    format!(
        "sendfile on; tcp_nopush on; open_file_cache max=10;
        server {{ listen {UPSTREAM} backlog=4096; root {}; }}",
        folder.display()
    )
}

fn proxy(port: u16, buffers: &str) -> String {
    format!(
        "upstream u {{ server {UPSTREAM}; keepalive 1024; keepalive_requests 1000000000; }}
        server {{
            listen 127.0.0.1:{port} backlog=4096;
            location / {{
                proxy_pass http://u; proxy_http_version 1.1; {buffers}
                proxy_set_header Connection \"\";
                proxy_set_header Host $http_host;
                proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                proxy_set_header X-Forwarded-Proto $scheme;
                proxy_set_header X-Forwarded-Port $server_port;
            }}
        }}"
    )
}

/// nginx in one process.
fn nginx(folder: &Path, name: &str, http: &str, processor: u32) -> Outcome<Running> {
    let file = folder.join(name);
    let text = format!(
        "daemon off; master_process off; worker_processes 1; error_log {log};
        pid {pid}; events {{ worker_connections 8192; }}
        http {{ access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; {http} }}",
        log = folder.join(format!("{name}.log")).display(),
        pid = folder.join(format!("{name}.pid")).display(),
    );
    fs::write(&file, text)?;
    let file = file.to_string_lossy().into_owned();
    let program = ["/usr/sbin/nginx", "/usr/bin/nginx"].map(PathBuf::from);
    let program = program.iter().find(|path| path.exists()).ok_or("no nginx")?;
    pinned(processor, program, &["-c", &file])
}

fn pinned(processor: u32, program: &Path, arguments: &[&str]) -> Outcome<Running> {
    let mut command = Command::new("taskset");
    command.arg("-c").arg(processor.to_string()).arg(program).args(arguments);
    Ok(Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?))
}

fn wait_until_up(proxies: &[Proxy]) -> Outcome<()> {
    for proxy in proxies {
        let address: SocketAddr = format!("127.0.0.1:{}", proxy.port).parse()?;
        let is_up =
            || std::net::TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok();
        let begun = std::time::Instant::now();
        while !is_up() {
            if begun.elapsed() > Duration::from_secs(10) {
                return Err(format!("{} does not listen", proxy.name).into());
            }
            std::thread::yield_now();
        }
    }
    Ok(())
}
