//! Notices of correction: the line in which an article says that it was wrong before.

use crate::words::{Role, Words, lower};

/// How long a line with such a notice is at most, in characters: a longer one is the story itself.
const CHARS_MAX: usize = 600;
/// How many lines at the beginning and at the end may hold a notice that is known by words inside of it.
const EDGE_LINES: usize = 3;

/// Finds the notice of correction in a page's main content; paragraphs are parted by newlines.
///
/// A line that begins as such notices do counts wherever it stands; one that only holds such words, among the first and
/// last lines. Words are rows of `config/lexicon/pages.toml`.
///
/// ```
/// # use hedui_page::notice::correction;
/// let body = "The plant will cost $165 billion.\nCorrection: an earlier version gave the cost as $16.5 billion.";
/// assert_eq!(correction(body), Some("Correction: an earlier version gave the cost as $16.5 billion."));
/// assert_eq!(correction("The market expects a correction."), None);
/// ```
#[must_use]
pub fn correction(body: &str) -> Option<&str> {
    correction_with(body, Words::builtin())
}

/// Does the same with other words than those built in.
#[must_use]
pub fn correction_with<'b>(body: &'b str, words: &Words) -> Option<&'b str> {
    let lines: Vec<&str> = body.lines().map(str::trim).collect();
    let last = lines.len().saturating_sub(EDGE_LINES);
    let is_notice = |at: usize, line: &str| {
        if line.is_empty() || line.chars().nth(CHARS_MAX).is_some() {
            return false;
        }
        let low = lower(line);
        let bare = low.trim_start_matches(|c: char| !c.is_alphanumeric());
        words.starts_with(Role::CorrectionStart, bare).is_some()
            || ((at < EDGE_LINES || at >= last) && words.contains(Role::Correction, &low))
    };
    let mut numbered = lines.iter().enumerate();
    numbered
        .find(|(at, line)| is_notice(*at, line))
        .map(|(_, line)| *line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_are_found() {
        for notice in [
            "Correction: An earlier version of this article gave the wrong year.",
            "CORRECTION (March 5): the figure is in yuan.",
            "(This March 4 story has been corrected to say $165 billion, not $16.5 billion, in paragraph 2)",
            "This article was amended on 5 March 2025. An earlier version said 6 megawatts.",
            "Editor's note: A previous version of this story misstated the sum.",
            "更正：本文早前將總投資額誤為165億美元，應為1650億美元。",
            "【更正】原文金額有誤，已更正為1650億美元。",
            "更正启事：3月4日报道中的“165亿”应为“1650亿”，特此更正。",
            "勘误：文中数字应为6吉瓦。",
            "（編按：本文早前版本誤植金額，現已更正。）",
        ] {
            let body = format!("Text of the story.\nMore of it.\n{notice}\nAnd its end.");
            assert_eq!(correction(&body), Some(notice));
        }
    }

    #[test]
    fn corrections_that_are_the_news_are_not() {
        for body in [
            "Shares fell in a correction that analysts had expected.",
            "The company corrected its guidance to $5 billion.",
            "证监会要求公司更正年报，公司随后发布更正公告。",
            "The department of correction hired 40 officers.",
            "",
        ] {
            assert_eq!(correction(body), None, "{body}");
        }
        let far = format!(
            "{}\nAn earlier version of this law failed.\n{}",
            "a\n".repeat(9),
            "b\n".repeat(9)
        );
        assert_eq!(correction(&far), None);
    }
}
