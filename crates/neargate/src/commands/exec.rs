//! `neargate exec`.

mod keyboard;
mod screen;
mod task;

use crate::failure::{Failure, Kind};
use crate::reach::{ReachArgs, Reached};
use crate::ui::say;
use apply::exec::{Ended, ExecError, Order};
use keyboard::Keyboard;
use screen::{Last, Screen};
use session::words;
use session::wrap::{self, Seat};
use std::io::IsTerminal as _;
use task::Chosen;
use tokio::sync::mpsc;

/// How many strokes, and pieces of the picture, wait to be taken.
const WAITING: usize = 16;

/// What is run when nothing is said.
const SHELL: &str = "/bin/sh";

/// Run a command in a container that runs, at this terminal
///
/// By ECS Exec, so the service needs `exec: true` in the manifest (in the local region it is so by itself).
/// The newest task that lets commands in is taken. Ends with the exit code of the command: for that it is
/// run within `/bin/sh` of the container, which tells the code at the end, for ECS Exec does not. What is
/// piped in is typed there, so that lines may have 4,095 bytes; errors come with the output.
#[derive(Debug, clap::Args)]
pub(crate) struct ExecArgs {
    /// The service
    service: Option<String>,
    /// The command and its words [default: /bin/sh]
    #[arg(last = true)]
    command: Vec<String>,
    /// The task, by its id or the beginning of it
    #[arg(short, long)]
    task: Option<String>,
    /// The container [default: the service's own]
    #[arg(short, long)]
    container: Option<String>,
    /// Run the command itself, with no shell around it: for images without one. How it ends is not known
    /// then
    #[arg(long)]
    direct: bool,
    #[command(flatten)]
    reach: ReachArgs,
}

/// How the command is run.
struct Manner {
    line: String,
    seat: Seat,
    /// What its shell's marks hold; absent where it has no shell.
    number: Option<String>,
}

pub(crate) async fn run(args: ExecArgs) -> Result<(), Failure> {
    let reached = args.reach.reach().await?;
    let name = reached.service(args.service.as_deref())?;
    let container = args.container.clone().unwrap_or_else(|| name.clone());
    let chosen = task::choose(&reached, &name, args.task.as_deref(), &container).await?;
    let manner = Manner::of(&args)?;
    let (ended, last) = at_terminal(&reached, chosen, &manner).await?;
    match last.code.or(ended.code) {
        Some(0) => Ok(()),
        // A command that is hung up ends too: why it was is worth more than with what.
        Some(code) if ended.why.trim().is_empty() => Err(Failure::exited(code)),
        _ => unfinished(&manner, &ended, last),
    }
}

/// The session has ended, and the command has not told how it did.
fn unfinished(manner: &Manner, ended: &Ended, last: Last) -> Result<(), Failure> {
    let why = ended.why.trim();
    if let Some(shown) = last.unbegun {
        let why = if shown.is_empty() { why.to_owned() } else { shown };
        return Err(Failure::new(Kind::Deployment, format!("the command did not begin: {why}"))
            .hint("it is run within /bin/sh of the container; `--direct` runs it without"));
    }
    match why {
        "" if manner.number.is_none() => Ok(()),
        "" => {
            let what = "the session ended before the command told how it did";
            Err(Failure::new(Kind::Deployment, what)
                .hint("`neargate status` and `neargate events` say what became of the task"))
        }
        why => Err(Failure::new(Kind::Deployment, format!("the session ended: {why}"))),
    }
}

impl Manner {
    fn of(args: &ExecArgs) -> Result<Self, Failure> {
        let shell = vec![SHELL.to_owned()];
        let command = if args.command.is_empty() { &shell } else { &args.command };
        let seat = match (std::io::stdin().is_terminal(), std::io::stdout().is_terminal()) {
            (true, true) => Seat::Person,
            (true, false) => Seat::PersonApart,
            (false, _) => Seat::Program,
        };
        if args.direct {
            return Ok(Self { line: words::join(command), seat, number: None });
        }
        let chance = getrandom::u64().map_err(|why| {
            Failure::because(Kind::Machine, "the system gives no random bytes", why)
        })?;
        let number = format!("{chance:016x}");
        Ok(Self { line: wrap::line(command, seat, &number), seat, number: Some(number) })
    }
}

/// Why a session is left.
enum Left {
    /// It came to nothing.
    Failed(ExecError),
    /// Nobody reads what it shows.
    Unread,
    /// A signal came, by this number.
    Told(u8),
}

/// Holds the session between this terminal and the container; answers how both ended.
async fn at_terminal(
    reached: &Reached,
    chosen: Chosen,
    manner: &Manner,
) -> Result<(Ended, Last), Failure> {
    let Chosen { task, container } = chosen;
    let order = Order { cluster: reached.cluster(), task, container, line: manner.line.clone() };
    let session = apply::exec::open(&reached.client, order).await?;
    let (strokes, typed) = mpsc::channel(WAITING);
    let (shown, picture) = mpsc::channel(WAITING);
    let (mut screen, begun) = Screen::new(manner.number.as_deref());
    let keyboard = Keyboard::of(manner.seat, strokes, begun)?;
    let both = async {
        tokio::try_join!(async { session.hold(typed, shown).await.map_err(Left::Failed) }, async {
            screen.show(picture).await.map_err(|_| Left::Unread)
        },)
    };
    let held = tokio::select! {
        held = both => held,
        number = keyboard::told_to_end() => Err(Left::Told(number)),
    };
    // The terminal is itself again before anything is said.
    drop(keyboard);
    let last = screen.finish();
    match held {
        Ok((ended, ())) => Ok((ended, last)),
        Err(Left::Failed(error)) => Err(error.into()),
        Err(Left::Unread) => Ok((Ended::default(), Last { code: Some(0), unbegun: None })),
        Err(Left::Told(number)) => Err(Failure::exited(128 + i32::from(number))),
    }
}

impl From<ExecError> for Failure {
    fn from(error: ExecError) -> Self {
        match error {
            ExecError::Call(error) => error.into(),
            ExecError::Unreachable { .. } => {
                Self::because(Kind::Unreachable, "the command can't be reached", error)
            }
            ExecError::Wanted(_) | ExecError::Nowhere => {
                Self::because(Kind::Refused, "the command can't be run", error)
            }
            ExecError::Broken => Self::because(Kind::Unreachable, "the command was left", error)
                .hint("it has been hung up; `neargate events` says whether its task stopped"),
        }
    }
}

/// Says which task it is, where there are several.
fn tell(task: &str, others: usize) {
    if others > 0 {
        say::note(&format!("in task {task}, the newest of {}; --task names another", others + 1));
    }
}
