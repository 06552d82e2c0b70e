//! Answering readers in the process that holds the archive.
//!
//! The command line goes over as one JSON line, the output comes back as JSON
//! lines: pieces of the two streams, then the exit code. Reading commands are
//! answered, and decisions taken where the holder writes. The socket is as private as the archive's folder: it is made
//! with mode 600.

use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::cli::check::Given;
use crate::io::{Io, Style};

/// The longest request that is read, drafts included. Bytes.
const REQUEST_BYTES_MAX: u64 = 128 << 20;

/// How many readers are answered at once; more wait.
const READERS_MAX: usize = 32;

/// A reading command of another process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Request {
    /// The command line, program name included.
    pub(crate) arguments: Vec<String>,
    /// The folder that relative paths start from.
    pub(crate) folder: PathBuf,
    /// What the reader's standard output is like.
    pub(crate) style: Style,
    /// Drafts that the reader has read itself: this process may not see them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) given: Option<Given>,
    /// Who asks, for what is to be kept under a name.
    pub(crate) user: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Piece {
    Out(String),
    Err(String),
    Exit(u8),
}

/// What answers a request: writes to the two streams and returns the exit code.
pub(crate) type Answer = dyn Fn(&Request, &mut Io<'_>) -> u8 + Send + Sync;

/// The listening side; it stops, after the answers under way, when this is dropped.
#[derive(Debug)]
pub(crate) struct Listener {
    path: PathBuf,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Returns where the socket of an archive is.
///
/// A path that is too long for a socket address gets a short one in the temporary folder, named by a hash.
pub(crate) fn path_of(archive: &Path) -> PathBuf {
    let path = archive.join("hedui.sock");
    if path.as_os_str().len() < 100 {
        return path;
    }
    let full = std::fs::canonicalize(archive).unwrap_or_else(|_| archive.to_path_buf());
    let hash = hedui_model::ContentHash::of("socket", &full.to_string_lossy());
    std::env::temp_dir().join(format!(
        "hedui-{}.sock",
        hash.as_str().get(..16).unwrap_or_default()
    ))
}

impl Listener {
    /// Listens for readers of the archive. The caller holds its lock, so an old socket file is stale.
    pub(crate) fn start(archive: &Path, answer: Arc<Answer>) -> io::Result<Listener> {
        let path = path_of(archive);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&path)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("readers".into())
            .spawn(move || {
                let mut under_way: Vec<JoinHandle<()>> = Vec::new();
                for stream in listener.incoming() {
                    if stopped.load(Ordering::SeqCst) {
                        break;
                    }
                    let Ok(stream) = stream else { continue };
                    under_way.retain(|thread| !thread.is_finished());
                    if under_way.len() >= READERS_MAX {
                        let oldest = under_way.swap_remove(0);
                        let _ = oldest.join();
                    }
                    let answer = Arc::clone(&answer);
                    let serve = move || {
                        if let Err(error) = serve(stream, &*answer) {
                            tracing::debug!(%error, "reader went away");
                        }
                    };
                    if let Ok(thread) = std::thread::Builder::new()
                        .name("reader".into())
                        .spawn(serve)
                    {
                        under_way.push(thread);
                    }
                }
                for thread in under_way {
                    let _ = thread.join();
                }
            })?;
        Ok(Listener {
            path,
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the accepting thread, which then sees the flag.
        let woken = UnixStream::connect(&self.path).is_ok();
        let _ = std::fs::remove_file(&self.path);
        if let Some(thread) = self.thread.take().filter(|_| woken) {
            let _ = thread.join();
        }
    }
}

fn serve(stream: UnixStream, answer: &Answer) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.set_write_timeout(Some(Duration::from_secs(60)))?;
    let mut line = String::new();
    io::Read::take(BufReader::new(&stream), REQUEST_BYTES_MAX).read_line(&mut line)?;
    if line.is_empty() {
        return Ok(());
    }
    let request: Request = serde_json::from_str(&line)?;
    let mut out = Framed {
        stream: &stream,
        frame: Piece::Out,
        pending: Vec::new(),
    };
    let mut err = Framed {
        stream: &stream,
        frame: Piece::Err,
        pending: Vec::new(),
    };
    let style = request.style;
    let exit = answer(
        &request,
        &mut Io {
            out: &mut out,
            err: &mut err,
            style,
        },
    );
    out.flush()?;
    err.flush()?;
    send(&stream, &Piece::Exit(exit))
}

fn send(mut stream: &UnixStream, piece: &Piece) -> io::Result<()> {
    let mut line = serde_json::to_vec(piece)?;
    line.push(b'\n');
    stream.write_all(&line)
}

/// Sends one stream's bytes in pieces.
struct Framed<'s> {
    stream: &'s UnixStream,
    frame: fn(String) -> Piece,
    pending: Vec<u8>,
}

impl Write for Framed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= 32 << 10 {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        // A piece ends with a whole character; the rest waits for the next.
        let whole = match std::str::from_utf8(&self.pending) {
            Ok(text) => text.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => self.pending.len(),
        };
        if whole == 0 {
            return Ok(());
        }
        let rest = self.pending.split_off(whole);
        let text =
            String::from_utf8_lossy(&std::mem::replace(&mut self.pending, rest)).into_owned();
        send(self.stream, &(self.frame)(text))
    }
}

fn is_hang_up(error: &io::Error) -> bool {
    let kind = error.kind();
    kind == io::ErrorKind::ConnectionReset || kind == io::ErrorKind::BrokenPipe
}

/// Asks the process that holds the archive; `None` where none listens, or one has just ceased to.
///
/// # Errors
/// Where the answer breaks off.
pub(crate) fn ask(archive: &Path, request: &Request, io: &mut Io<'_>) -> io::Result<Option<u8>> {
    let Ok(stream) = UnixStream::connect(path_of(archive)) else {
        return Ok(None);
    };
    let mut line = serde_json::to_vec(request)?;
    line.push(b'\n');
    if line.len() as u64 > REQUEST_BYTES_MAX {
        let message = "too much at once while another process holds the archive: give fewer files";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    if (&stream).write_all(&line).is_err() {
        return Ok(None);
    }
    let mut answered = false;
    for line in BufReader::new(&stream).lines() {
        let line = match line {
            // It was closing, and never took the question.
            Err(error) if !answered && is_hang_up(&error) => return Ok(None),
            line => line?,
        };
        answered = true;
        match serde_json::from_str(&line)? {
            Piece::Out(text) => io.out.write_all(text.as_bytes())?,
            Piece::Err(text) => io.err.write_all(text.as_bytes())?,
            Piece::Exit(code) => return Ok(Some(code)),
        }
    }
    if answered {
        Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "the process that holds the archive ended",
        ))
    } else {
        Ok(None)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn request() -> Request {
        let style = Style {
            terminal: false,
            color: false,
            width: 80,
        };
        Request {
            arguments: vec!["hedui".into(), "stats".into()],
            folder: "/".into(),
            style,
            given: None,
            user: "local".into(),
        }
    }

    fn asked(dir: &Path) -> (Option<u8>, String, String) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let style = request().style;
        let exit = ask(
            dir,
            &request(),
            &mut Io {
                out: &mut out,
                err: &mut err,
                style,
            },
        )
        .unwrap();
        (
            exit,
            String::from_utf8(out).unwrap(),
            String::from_utf8(err).unwrap(),
        )
    }

    #[test]
    fn both_streams_and_the_exit_code_come_back() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(asked(dir.path()).0, None, "nobody listens");
        let listener = Listener::start(
            dir.path(),
            Arc::new(|request: &Request, io: &mut Io<'_>| {
                for byte in "輝達".bytes() {
                    io.out.write_all(&[byte]).unwrap();
                    io.out.flush().unwrap();
                }
                writeln!(io.err, "{}", request.arguments.join(" ")).unwrap();
                7
            }),
        )
        .unwrap();
        assert_eq!(
            asked(dir.path()),
            (Some(7), "輝達".to_owned(), "hedui stats\n".to_owned())
        );
        drop(listener);
        assert_eq!(asked(dir.path()).0, None, "nobody listens any more");
    }

    #[test]
    fn a_second_holder_takes_over_a_stale_socket() {
        let dir = tempfile::tempdir().unwrap();
        drop(UnixListener::bind(path_of(dir.path())).unwrap());
        let _listener =
            Listener::start(dir.path(), Arc::new(|_: &Request, _: &mut Io<'_>| 0)).unwrap();
        assert_eq!(asked(dir.path()).0, Some(0));
    }
}
