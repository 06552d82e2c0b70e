//! Running the program as its users do.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// What a run of the program left behind.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// Checks the exit code, and shows both streams where it is another.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Run {
        assert_eq!(
            self.code, code,
            "stdout:\n{}\nstderr:\n{}",
            self.out, self.err
        );
        self
    }

    /// Reads standard output as JSON Lines.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.out
            .lines()
            .map(|line| {
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
            })
            .collect()
    }
}

/// A command of the program, shielded from the environment of whoever runs the tests.
pub(crate) fn hedui() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hedui"));
    for name in [
        "HEDUI_ARCHIVE",
        "HEDUI_LOG",
        "HEDUI_USER",
        "NO_COLOR",
        "COLUMNS",
        "http_proxy",
        "https_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
    ] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Run {
    of_output(command.output().expect("the program starts"))
}

/// Runs a command with a text on standard input.
pub(crate) fn run_with(command: &mut Command, input: &str) -> Run {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_owned();
    let writer = std::thread::spawn(move || {
        // The program may end before it has read everything.
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("the writer ends");
    of_output(output)
}

fn of_output(output: Output) -> Run {
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A temporary folder with an archive in it, gone at the end of the test.
pub(crate) struct Archive {
    folder: tempfile::TempDir,
}

impl Archive {
    /// Makes the folder.
    pub(crate) fn new() -> Archive {
        Archive {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// Returns the folder in which commands run.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the folder of the archive.
    pub(crate) fn dir(&self) -> PathBuf {
        self.folder.path().join("archive")
    }

    /// Makes a command on this archive.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = hedui();
        command
            .current_dir(self.folder.path())
            .arg("--archive")
            .arg(self.dir())
            .args(arguments);
        command
    }

    /// Runs a command on this archive.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        run(&mut self.command(arguments))
    }

    /// Takes articles in, given as JSON.
    #[track_caller]
    pub(crate) fn ingest(&self, articles: &[Value]) -> Vec<Value> {
        let input: String = articles
            .iter()
            .map(|article| format!("{article}\n"))
            .collect();
        run_with(&mut self.command(&["ingest", "-"]), &input)
            .exits(0)
            .lines()
    }
}

/// Returns a file of the project.
pub(crate) fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}
