//! Text of PDF documents: tenders, filings, gazettes.
//!
//! The library that reads them is run in a process of its own, which may panic, run out of memory or never end without
//! anyone else noticing: it has a limit of memory and of time. What always holds: equal bytes give equal text, as long
//! as the limits are not reached.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::exit::Exit;

/// The name of the hidden command by which the program runs itself.
pub(crate) const COMMAND: &str = "pdf-text";

/// How a PDF document begins, within its first bytes.
const MAGIC: &[u8] = b"%PDF-";
/// How long reading one document may take.
const TIME_MAX: Duration = Duration::from_secs(30);
/// How much memory it may take. Bytes.
const MEMORY_MAX: u64 = 1 << 30;
/// How much text is taken of one document. Bytes.
const TEXT_BYTES_MAX: u64 = 16 << 20;
/// The stack of the thread that reads: documents may be nested deeply. Bytes.
const STACK_BYTES: usize = 64 << 20;
/// What stands before the text: whatever the library says by itself comes before it.
const MARK: &str = "\u{0}text\u{0}";

/// Tells whether bytes are a PDF document.
pub(crate) fn is_pdf(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(1_024)).unwrap_or_default();
    start.windows(MAGIC.len()).any(|window| window == MAGIC)
}

/// Reads the text of a document, paragraphs parted by one newline.
///
/// Returns `None` where it has none, cannot be read, or takes too long.
pub(crate) fn text(bytes: &[u8]) -> Option<String> {
    match read_apart(bytes) {
        Ok(text) => text
            .map(|text| reflowed(&text))
            .filter(|text| !text.is_empty()),
        Err(error) => {
            tracing::warn!(%error, "cannot read a PDF document");
            None
        }
    }
}

/// Has another process read a document.
fn read_apart(bytes: &[u8]) -> Result<Option<String>> {
    let program = std::env::current_exe().context("the program's own file")?;
    let mut child = Command::new(program)
        .arg(COMMAND)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("another process")?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| -> Result<Option<String>> {
        scope.spawn(move || {
            // It may end before it has read everything.
            let _ = stdin.map(|mut stdin| stdin.write_all(bytes));
        });
        scope.spawn(move || {
            let mut said = Vec::new();
            let read = stdout.map(|stdout| stdout.take(TEXT_BYTES_MAX).read_to_end(&mut said));
            let _ = sender.send(read.and_then(Result::ok).map(|_| said));
        });
        let said = receiver.recv_timeout(TIME_MAX).ok().flatten();
        // Whoever is not done by now is not waited for, and the two threads end with it.
        let _ = child.kill();
        child.wait().context("another process")?;
        let said = said.unwrap_or_default();
        let text = String::from_utf8_lossy(&said);
        Ok(text.rsplit_once(MARK).map(|(_, text)| text.to_owned()))
    })
}

/// What the other process does: reads a document from standard input and writes its text.
pub(crate) fn run_apart() -> Result<Exit> {
    rlimit::setrlimit(rlimit::Resource::AS, MEMORY_MAX, MEMORY_MAX).context("a limit of memory")?;
    let mut bytes = Vec::new();
    std::io::stdin()
        .take(crate::pipeline::given::DOCUMENT_BYTES_MAX as u64)
        .read_to_end(&mut bytes)?;
    let reading = std::thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(move || pdf_extract::extract_text_from_mem(&bytes))?;
    let Ok(Ok(text)) = reading.join() else {
        return Ok(Exit::Partial);
    };
    let mut out = std::io::stdout().lock();
    write!(out, "{MARK}{text}")?;
    out.flush()?;
    Ok(Exit::Done)
}

/// Joins the lines of a page into paragraphs: a line that is full goes on in the next.
///
/// An empty line parts paragraphs, and so does a line that ends a sentence well before the margin. Lines of Han
/// characters are joined without a blank.
fn reflowed(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(squeezed).collect();
    let widths = lines.iter().map(|line| line.chars().count());
    // The margin: where long lines end. Most lines of running text are near it.
    let mut widths: Vec<usize> = widths.filter(|width| *width > 0).collect();
    widths.sort_unstable();
    let margin = widths.get(widths.len() * 3 / 4).copied().unwrap_or(0);
    let mut paragraphs: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in &lines {
        if line.is_empty() {
            is_open = false;
            continue;
        }
        match paragraphs.last_mut().filter(|_| is_open) {
            Some(last) => join(last, line),
            None => paragraphs.push(line.clone()),
        }
        let is_full = line.chars().count() * 10 >= margin * 8;
        let ends = line.ends_with(|c: char| {
            matches!(
                c,
                '.' | '。' | '!' | '！' | '?' | '？' | ':' | '：' | ';' | '；'
            )
        });
        let is_at_margin = line.chars().count() >= margin && !line.ends_with([':', '：']);
        is_open = is_full && (!ends || is_at_margin);
    }
    paragraphs.join("\n")
}

fn join(paragraph: &mut String, line: &str) {
    let is_wide = |c: char| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..);
    let (before, after) = (paragraph.chars().next_back(), line.chars().next());
    let is_hyphenated = before == Some('-') && after.is_some_and(char::is_lowercase);
    if is_hyphenated {
        paragraph.pop();
    } else if !(before.is_some_and(is_wide) || after.is_some_and(is_wide)) {
        paragraph.push(' ');
    }
    paragraph.push_str(line);
}

fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_joined_to_paragraphs() {
        let text = "Notice of award\n\nThe authority will buy forty gas turbines for a total of\n$1.2 billion, which it will pay in the course of three ye-\nars. The first ten come in 2026.\nThe rest comes later.\n";
        assert_eq!(
            reflowed(text),
            "Notice of award\nThe authority will buy forty gas turbines for a total of $1.2 billion, which it will pay in the course of three years. The first ten come in 2026.\nThe rest comes later."
        );
        let text = "采购预算金额为人民币三百九十二点六八万元，由财政拨款支\n付，分两年到位。\n\n联系人：张三";
        assert_eq!(
            reflowed(text),
            "采购预算金额为人民币三百九十二点六八万元，由财政拨款支付，分两年到位。\n联系人：张三"
        );
        assert_eq!(reflowed("\n \n"), "");
    }

    #[test]
    fn a_document_is_known_by_its_beginning() {
        assert!(is_pdf(b"%PDF-1.7\n"));
        assert!(is_pdf(b"\xef\xbb\xbf\n%PDF-1.4"));
        assert!(!is_pdf(b"<p>%PDF"));
        assert!(!is_pdf(b""));
    }
}
