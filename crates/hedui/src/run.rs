//! From the command line to an exit code: which commands need an archive, and how they come by it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use clap::Parser;
use hedui_store::State;
use jiff::Timestamp;

use crate::cli::alert::AlertAction;
use crate::cli::{Cli, Command, Format, Global, alert, decide};
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::interrupt::Interrupt;
use crate::io::{Io, Safe, Style};
use crate::socket::{self, Listener, Request};
use crate::store::{self, Held, Purpose, View};

/// How often and how long a reader waits for another short-lived reader to be done.
const WAIT: Duration = Duration::from_millis(25);
const WAITS_MAX: u32 = 800;

/// Runs the program.
pub(crate) fn main() -> Exit {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let exit = if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Done
            };
            // A closed pipe is no error.
            let _ = error.print();
            return exit;
        }
    };
    crate::log::start(&cli.global);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut err = std::io::stderr();
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        style: Style::of_process(),
    };
    let outcome = run(&cli, &arguments, &mut io);
    let outcome = outcome.and_then(|exit| {
        io.out.flush()?;
        Ok(exit)
    });
    report(outcome, &mut io)
}

/// Says what went wrong, once, and decides the exit code.
fn report(outcome: Result<Exit>, io: &mut Io<'_>) -> Exit {
    let error = match outcome {
        Ok(exit) => return exit,
        Err(error) => error,
    };
    if is_closed_pipe(&error) {
        return Exit::Done;
    }
    // Nothing can be done where standard error is gone as well.
    if let Some(failure) = error.downcast_ref::<Failure>() {
        let _ = writeln!(io.err, "hedui: {failure}");
        return failure.exit;
    }
    let _ = writeln!(io.err, "hedui: {}", Safe(&format!("{error:#}")));
    if is_full_disk(&error) {
        let _ = writeln!(
            io.err,
            "hint: free some space and give the same command again; what was answered is kept"
        );
    }
    match error.downcast_ref::<hedui_store::ArchiveError>() {
        Some(error) if !error.is_damage() => Exit::Partial,
        Some(_) => Exit::Archive,
        None => Exit::Partial,
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

/// Tells whether an error comes from a disk that has no space left; not every store keeps the system's own error.
fn is_full_disk(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let full = |error: &std::io::Error| error.kind() == std::io::ErrorKind::StorageFull;
        cause.downcast_ref::<std::io::Error>().is_some_and(full)
            || matches!(
                cause.downcast_ref::<hedui_store::ArchiveError>(),
                Some(hedui_store::ArchiveError::Full { .. })
            )
            || cause.to_string().contains("StorageFull")
    })
}

fn run(cli: &Cli, arguments: &[OsString], io: &mut Io<'_>) -> Result<Exit> {
    let global = &cli.global;
    cli.check_format()?;
    match &cli.command {
        Command::Init(command) => return command.run(io),
        Command::Completions(command) => return command.run(io),
        Command::Man(command) => return command.run(io),
        Command::Page(command) => return command.run(io),
        Command::Feed(command) => return command.run(io),
        Command::Robots(command) => return command.run(io),
        Command::Demo(command) => return command.run(global, io),
        Command::PdfText => return crate::pdf::run_apart(),
        _ => {}
    }
    let config = Arc::new(Config::load(global.config.as_deref())?);
    if let Command::Quantities(command) = &cli.command {
        return command.run(&config, io);
    }
    if let Command::Fetch(command) = &cli.command {
        return command.run(&config, global, io);
    }
    let dir = global
        .archive
        .clone()
        .unwrap_or_else(|| config.archive_dir());
    if let Some(command) = decide::of(&cli.command) {
        return decided(command, &dir, config, cli, arguments, io);
    }
    match &cli.command {
        Command::Ingest(command) => {
            let settings = Arc::clone(&config);
            write(&dir, config, global, io, |held, interrupt, io| {
                command.run(held.writer()?, &settings, global, interrupt, io)
            })
        }
        Command::Crawl(command) => {
            let settings = Arc::clone(&config);
            command.check(&settings)?;
            write(&dir, config, global, io, |held, interrupt, io| {
                command.run(held.writer()?, &settings, global, interrupt, io)
            })
        }
        Command::Reindex(_) => reindex(&dir, config, global, io),
        Command::Check(command) if command.is_alone(&dir, global.archive.is_some()) => {
            command.run_alone(&config, global, io)
        }
        Command::Alert(command) => match &command.action {
            AlertAction::Test { sink } => alert::test(&config.alert, sink, io),
            AlertAction::List => read(&dir, config, cli, arguments, io),
            AlertAction::Send | AlertAction::Retry => {
                let retry = matches!(command.action, AlertAction::Retry);
                require(&dir)?;
                let settings = Arc::clone(&config);
                write(&dir, config, global, io, |held, _, io| {
                    alert::send(held.writer()?, &settings.alert, retry, io)
                })
            }
        },
        _ => read(&dir, config, cli, arguments, io),
    }
}

/// Refuses a folder that is no archive, rather than make an empty one for a reader.
fn require(dir: &Path) -> Result<(), Failure> {
    if dir.join("warc").is_dir() || dir.join("journal").is_dir() {
        return Ok(());
    }
    Err(Failure::usage(format!("there is no archive in `{}`", dir.display()))
        .hint("`hedui crawl` or `hedui ingest` makes one; `hedui demo --keep DIR` makes one to try; `--archive` names one"))
}

/// Runs a command that writes: as the only process, answering readers meanwhile.
fn write(
    dir: &Path,
    config: Arc<Config>,
    global: &Global,
    io: &mut Io<'_>,
    work: impl FnOnce(&mut Held, &Interrupt, &mut Io<'_>) -> Result<Exit>,
) -> Result<Exit> {
    let interrupt = Interrupt::listen()?;
    let mut held = open_when_free(dir, &config, style(global, io))?;
    let listener = listen(&held.view)?;
    let outcome = work(&mut held, &interrupt, io);
    io.out.flush()?;
    drop(listener);
    let timings = held.close();
    let exit = outcome?;
    if let Some(timings) = timings?.filter(|_| global.verbose) {
        write!(io.err, "{timings}")?;
    }
    Ok(exit)
}

fn style(global: &Global, io: &Io<'_>) -> Style {
    if global.quiet {
        Style::silent()
    } else {
        io.style
    }
}

/// Opens the archive, waiting for short-lived readers only: a second writer is told at once.
fn open_when_free(dir: &Path, config: &Arc<Config>, style: Style) -> Result<Held> {
    let mut waits = 0;
    loop {
        let now = Timestamp::now();
        match store::open(dir, Arc::clone(config), Purpose::Write, now, style) {
            Err(error) if waits < WAITS_MAX && store::is_held_by_reader(&error) => {
                waits += 1;
                std::thread::sleep(WAIT);
            }
            outcome => return outcome,
        }
    }
}

/// Runs a command that reads: in the process that holds the archive, if there is one, else here.
fn read(
    dir: &Path,
    config: Arc<Config>,
    cli: &Cli,
    arguments: &[OsString],
    io: &mut Io<'_>,
) -> Result<Exit> {
    let call = Call {
        purpose: Purpose::Read,
        asks: |_| true,
        work: &|view, request, io| answer(cli, view, request, io),
    };
    call.make(dir, config, cli, arguments, io)
}

/// Runs a command that decides: in the process that takes articles into the archive, if there is one, else here.
fn decided(
    command: &dyn decide::Decide,
    dir: &Path,
    config: Arc<Config>,
    cli: &Cli,
    arguments: &[OsString],
    io: &mut Io<'_>,
) -> Result<Exit> {
    let call = Call {
        purpose: Purpose::Decide,
        // One that reads is soon gone.
        asks: |error| !store::is_held_by_reader(error),
        work: &|view, request, io| decide::run(command, view, &request.user, cli.global.format, io),
    };
    call.make(dir, config, cli, arguments, io)
}

/// What is done for a command, in a view of the archive.
type Work<'w> = dyn Fn(&View, &Request, &mut Io<'_>) -> Result<Exit> + 'w;

/// A command that runs wherever the archive is held.
struct Call<'w> {
    purpose: Purpose,
    /// Tells of an archive that is held whether its holder is asked, or waited for.
    asks: fn(&anyhow::Error) -> bool,
    work: &'w Work<'w>,
}

impl Call<'_> {
    fn make(
        &self,
        dir: &Path,
        config: Arc<Config>,
        cli: &Cli,
        arguments: &[OsString],
        io: &mut Io<'_>,
    ) -> Result<Exit> {
        require(dir)?;
        let request = Request {
            arguments: arguments
                .iter()
                .map(|argument| argument.to_string_lossy().into_owned())
                .collect(),
            folder: std::env::current_dir().unwrap_or_default(),
            style: io.style,
            given: match &cli.command {
                Command::Check(command) => Some(command.given()?),
                _ => None,
            },
            user: decide::user(&config),
        };
        let mut waits = 0;
        loop {
            let now = Timestamp::now();
            let style = style(&cli.global, io);
            let held = match store::open(dir, Arc::clone(&config), self.purpose, now, style) {
                Ok(held) => held,
                Err(error) if !store::is_held(&error) => return Err(error),
                Err(error) => {
                    if (self.asks)(&error)
                        && let Some(code) = socket::ask(dir, &request, io)?
                    {
                        return Ok(Exit::of_code(code));
                    }
                    // The holder is just opening or closing.
                    waits += 1;
                    if waits > WAITS_MAX {
                        return Err(error);
                    }
                    std::thread::sleep(WAIT);
                    continue;
                }
            };
            let listener = listen(&held.view)?;
            let outcome = (self.work)(&held.view, &request, io);
            io.out.flush()?;
            drop(listener);
            held.close()?;
            return outcome;
        }
    }
}

/// Answers readers from other processes for as long as the listener is kept.
fn listen(view: &View) -> Result<Listener> {
    let shared = view.seen_from(PathBuf::new(), view.now);
    let answer_one = move |request: &Request, io: &mut Io<'_>| {
        let view = shared.seen_from(request.folder.clone(), Timestamp::now());
        let outcome = match Cli::try_parse_from(&request.arguments) {
            Ok(cli) => match decide::of(&cli.command) {
                Some(command) => decide::run(command, &view, &request.user, cli.global.format, io),
                None => answer(&cli, &view, request, io),
            },
            Err(error) => Err(Failure::usage(error.to_string()).into()),
        };
        report(outcome, io).code()
    };
    Ok(Listener::start(&view.dir, Arc::new(answer_one))?)
}

/// Answers one reading command.
fn answer(cli: &Cli, view: &View, request: &Request, io: &mut Io<'_>) -> Result<Exit> {
    let format: Option<Format> = cli.global.format;
    match &cli.command {
        Command::Search(command) => command.run(view, format, io),
        Command::Claims(command) => command.run(view, format, io),
        Command::Facts(command) => command.run(view, format, io),
        Command::Conflicts(command) => command.run(view, format, io),
        Command::Show(command) => command.run(view, format, io),
        Command::Decisions(command) => command.run(view, format, io),
        Command::Mute(command) => command.list(view, format, io),
        Command::Explain(command) => command.run(view, format, io),
        Command::Relations(command) => command.run(view, format, io),
        Command::Check(command) => command.run(view, request.given.as_ref(), format, io),
        Command::Lexicon(command) => command.run(view, format, io),
        Command::Export(command) => command.run(view, format, io),
        Command::Stats(command) => command.run(view, format, io),
        Command::Doctor(command) => command.run(view, format, io),
        Command::Alert(alert::Alert {
            action: AlertAction::List,
        }) => alert::list(view, format, io),
        _ => Err(Failure::usage("this command does not read an archive").into()),
    }
}

/// Makes state and index anew from the archive.
fn reindex(dir: &Path, config: Arc<Config>, global: &Global, io: &mut Io<'_>) -> Result<Exit> {
    require(dir)?;
    store::remove_derived(dir)?;
    write(dir, config, global, io, |held, _, io| {
        let counts = held.writer()?.state.counts()?;
        writeln!(
            io.err,
            "{} articles, {} claims, {} facts, {} conflicts",
            counts.articles, counts.claims, counts.facts, counts.conflicts
        )?;
        Ok(Exit::Done)
    })
}
