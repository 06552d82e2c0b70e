//! Pages that a site shows in place of the one that was asked for, with a status of success: walls against robots,
//! captchas, and questions of consent.
//!
//! Such a page says little, and says it in few ways: it is recognised by what it is made of (scripts of the services
//! that show walls), by its title, or by a sentence, and only where it has next to no text besides and does not say of
//! itself that it is an article. All words and names are rows of `config/lexicon/pages.toml`. A page that is not
//! recognised is read as any other; an article that is taken for a wall would be lost, so doubt speaks for the article.

use std::fmt;

use memchr::memchr;
use url::Url;

use crate::html::guard;
use crate::words::{NameRole, Role, Words, lower};

/// What of a page is looked at: more need not be decoded. Bytes.
pub const BYTES_MAX: usize = 256 << 10;
/// A page with more text than this is what it seems to be. A Han character counts three, any other one.
const TEXT_MAX: usize = 2_400;
/// A page that is recognised by a sentence alone has no more text than this.
const SENTENCE_TEXT_MAX: usize = 900;
/// The longest title that is looked at, in bytes.
const TITLE_BYTES_MAX: usize = 400;

/// What is shown in place of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum BlockKind {
    /// A wall against robots, or a refusal of all that come from here.
    BotWall,
    /// A task that only a person is to solve.
    Captcha,
    /// A question whether cookies or terms are accepted.
    Consent,
}

/// A page that is recognised as such.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// The row by which it was recognised, in lower case.
    pub sign: String,
}

impl BlockKind {
    /// Returns its name, fit for counting.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            BlockKind::BotWall => "bot_wall",
            BlockKind::Captcha => "captcha",
            BlockKind::Consent => "consent",
        }
    }
}

impl fmt::Display for BlockKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BlockKind::BotWall => "a wall against robots",
            BlockKind::Captcha => "a captcha",
            BlockKind::Consent => "a question of consent",
        })
    }
}

/// Tells whether a page is shown in place of the one that was asked for.
///
/// `html` is decoded text, or its beginning; `url` is where it was found, after all redirects.
///
/// ```
/// # use hedui_page::block::{BlockKind, recognise};
/// let wall = "<title>Just a moment...</title><p>Checking your browser before accessing example.com.";
/// assert_eq!(recognise(wall, None).map(|block| block.kind), Some(BlockKind::BotWall));
/// assert_eq!(recognise("<title>Chips</title><p>The plant will cost $16.5 billion.", None), None);
/// ```
#[must_use]
pub fn recognise(html: &str, url: Option<&str>) -> Option<Block> {
    recognise_with(html, url, Words::builtin())
}

/// Does the same with other words than those built in.
#[must_use]
pub fn recognise_with(html: &str, url: Option<&str>, words: &Words) -> Option<Block> {
    let mut end = BYTES_MAX.min(html.len());
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    let html = html.get(..end)?;
    let seen = Seen::read(html)?;
    let markup = lower(html);
    let is_article = words
        .names(NameRole::ArticleMark)
        .iter()
        .any(|mark| markup.contains(mark.as_str()));
    if is_article {
        return None;
    }
    by_host(url, words)
        .or_else(|| by_marks(&markup, &seen, words))
        .or_else(|| by_title(&seen.title, words))
        .or_else(|| by_sentence(&seen, words))
}

/// The hosts at which questions of consent are asked.
fn by_host(url: Option<&str>, words: &Words) -> Option<Block> {
    let url = Url::parse(url?).ok()?;
    let label = url.host_str()?.split('.').next()?.to_owned();
    words
        .has_name(NameRole::ConsentHost, &label)
        .then_some(Block {
            kind: BlockKind::Consent,
            sign: label,
        })
}

/// What only walls are made of; and a page without any text whose script sets a cookie and loads the page again.
fn by_marks(markup: &str, seen: &Seen, words: &Words) -> Option<Block> {
    let find = |role, kind| {
        let mut marks = words.names(role).iter();
        let sign = marks.find(|mark| markup.contains(mark.as_str()))?.clone();
        Some(Block { kind, sign })
    };
    let challenges = words.names(NameRole::ChallengeScript);
    let is_challenge = seen.text.trim().is_empty()
        && seen.title.is_empty()
        && !challenges.is_empty()
        && challenges.iter().all(|part| markup.contains(part.as_str()));
    find(NameRole::CaptchaMark, BlockKind::Captcha)
        .or_else(|| find(NameRole::BotWallMark, BlockKind::BotWall))
        .or_else(|| {
            is_challenge.then(|| Block {
                kind: BlockKind::BotWall,
                sign: challenges.join(" "),
            })
        })
}

/// A title that is one of theirs, alone or before the site's name.
fn by_title(title: &str, words: &Words) -> Option<Block> {
    let is_title = |phrase: &&String| {
        title.strip_prefix(phrase.as_str()).is_some_and(|rest| {
            let next = rest.trim_start().chars().next();
            // *Access denied: the rules on chips* is a headline.
            next.is_none_or(|next| !next.is_alphanumeric() && !matches!(next, ':' | '：'))
        })
    };
    let find = |role, kind| {
        let sign = words.phrases(role).iter().find(is_title)?.clone();
        Some(Block { kind, sign })
    };
    find(Role::CaptchaTitle, BlockKind::Captcha)
        .or_else(|| find(Role::BotWallTitle, BlockKind::BotWall))
        .or_else(|| find(Role::ConsentTitle, BlockKind::Consent))
}

fn by_sentence(seen: &Seen, words: &Words) -> Option<Block> {
    if seen.weight > SENTENCE_TEXT_MAX {
        return None;
    }
    let find = |role, kind| {
        let mut phrases = words.phrases(role).iter();
        let sign = phrases.find(|phrase| {
            seen.text.contains(phrase.as_str()) || seen.title.contains(phrase.as_str())
        });
        Some(Block {
            kind,
            sign: sign?.clone(),
        })
    };
    find(Role::CaptchaText, BlockKind::Captcha)
        .or_else(|| find(Role::BotWallText, BlockKind::BotWall))
        .or_else(|| find(Role::ConsentText, BlockKind::Consent))
}

/// What a reader sees of a page with little text, in lower case, white space as single blanks.
#[derive(Debug, Default)]
struct Seen {
    title: String,
    text: String,
    weight: usize,
}

impl Seen {
    /// Reads a page; `None` where it has too much text to be shown in place of another.
    fn read(html: &str) -> Option<Seen> {
        let bytes = html.as_bytes();
        let mut seen = Seen::default();
        let mut at = 0;
        while at < bytes.len() {
            let start = memchr(b'<', bytes.get(at..)?).map_or(bytes.len(), |found| at + found);
            seen.put(html.get(at..start)?)?;
            let name = guard::name_at(bytes, start + 1);
            let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
            let end = |from: usize, byte: u8| {
                let rest = bytes.get(from..).unwrap_or_default();
                memchr(byte, rest).map_or(bytes.len(), |found| from + found + 1)
            };
            let tag_end = end(start, b'>');
            at = if html
                .get(start..)
                .is_some_and(|rest| rest.starts_with("<!--"))
            {
                let rest = html.get(start..).unwrap_or_default();
                rest.find("-->")
                    .map_or(bytes.len(), |found| start + found + 3)
            } else if guard::is_raw(name) || is("svg") || is("template") {
                end(guard::after_raw(bytes, tag_end - 1, name), b'>')
            } else if is("title") {
                let close = end(tag_end, b'<');
                let title = html.get(tag_end..close.saturating_sub(1)).unwrap_or("");
                if seen.title.is_empty() && title.len() <= TITLE_BYTES_MAX {
                    seen.title = lower(&crate::feed::plain_text(title));
                }
                close.saturating_sub(1).max(tag_end)
            } else {
                tag_end
            };
        }
        seen.text = lower(&crate::feed::plain_text(&seen.text));
        Some(seen)
    }

    fn put(&mut self, text: &str) -> Option<()> {
        let weight = |c: char| match c {
            c if c.is_whitespace() => 0,
            '\u{2e80}'.. => 3,
            _ => 1,
        };
        self.weight += text.chars().map(weight).sum::<usize>();
        self.text.push_str(text);
        self.text.push(' ');
        (self.weight <= TEXT_MAX).then_some(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Corpus {
        case: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        name: String,
        url: Option<String>,
        html: String,
        /// What is shown; left out for a page that is what it seems.
        kind: Option<String>,
    }

    #[test]
    fn pages_of_the_corpus() {
        let corpus: Corpus =
            toml::from_str(include_str!("../../../tests/corpus/blocks/blocks.toml")).unwrap();
        for case in corpus.case {
            let found = recognise(&case.html, case.url.as_deref());
            assert_eq!(
                found.as_ref().map(|block| block.kind.as_str()),
                case.kind.as_deref(),
                "{}: {found:?}",
                case.name
            );
        }
    }

    #[test]
    fn a_long_text_is_no_wall_whatever_it_says() {
        let filler = "The ministry said that access denied pages were shown to readers abroad. ";
        let html = format!("<title>Access denied</title><p>{}", filler.repeat(60));
        assert_eq!(recognise(&html, None), None);
        let han = "记者在多个网站上都遇到了安全验证。".repeat(60);
        let html = format!("<title>安全验证</title><p>{han}");
        assert_eq!(recognise(&html, None), None);
    }

    proptest! {
        #[test]
        fn no_markup_panics(html in "(<(/|!--)?(title|script|p|svg)?>?|-->|[a-z ]{0,9}|验证|&amp;){0,40}") {
            let _ = recognise(&html, Some("https://consent.example/"));
        }
    }
}
