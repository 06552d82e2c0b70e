//! Word documents: the main text of an Office Open XML package (ISO/IEC 29500), tracked changes accepted.
//!
//! A docx has no lines: a place is the number of the paragraph, empty ones and those in tables counted, and the column in
//! it. Headers, footers, footnotes, comments, hidden and struck text are left out.

use std::io::{Cursor, Read};

use hedui_page::charset::{self, Form};
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use zip::ZipArchive;

use super::markdown::BETWEEN_CELLS;
use super::placed::{Builder, Point};
use super::{DRAFT_BYTES_MAX, DraftError, Passages};

/// Where the main text is where the package does not say.
const MAIN_PART: &str = "word/document.xml";
/// The part that says where the main text is.
const RELATIONS: &str = "_rels/.rels";
/// How many files a package may hold.
const FILES_MAX: usize = 20_000;
/// What an encrypted document, and an old Word file, begins with.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// Styles of a paragraph that is the title of the document.
const TITLE_STYLES: &[&str] = &["Title", "Heading1"];

pub(super) fn read(bytes: &[u8]) -> Result<Passages, DraftError> {
    if bytes.starts_with(COMPOUND) {
        return Err(DraftError::Compound);
    }
    let zip_error = |error: zip::result::ZipError| DraftError::Zip(error.to_string());
    let mut package = ZipArchive::new(Cursor::new(bytes)).map_err(zip_error)?;
    if package.len() > FILES_MAX {
        return Err(DraftError::Zip(format!(
            "more than {FILES_MAX} files in it"
        )));
    }
    let main = match part(&mut package, RELATIONS) {
        Ok(relations) => main_part(&relations).unwrap_or_else(|| MAIN_PART.to_owned()),
        Err(DraftError::NoPart(_)) => MAIN_PART.to_owned(),
        Err(error) => return Err(error),
    };
    let xml = part(&mut package, &main)?;
    document(&xml, &main)
}

/// Unpacks a part; never more of it than [`DRAFT_BYTES_MAX`], whatever the package says of its size.
fn part(package: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<String, DraftError> {
    let file = match package.by_name(name) {
        Ok(file) => file,
        Err(zip::result::ZipError::FileNotFound) => {
            return Err(DraftError::NoPart(name.to_owned()));
        }
        Err(error) => return Err(DraftError::Zip(error.to_string())),
    };
    let limit = u64::try_from(DRAFT_BYTES_MAX).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| DraftError::Zip(format!("`{name}`: {error}")))?;
    if bytes.len() > DRAFT_BYTES_MAX {
        return Err(DraftError::Bomb(name.to_owned()));
    }
    Ok(charset::decode(&bytes, None, Form::Xml).text)
}

/// Finds the name of the part with the main text in the relations of the package.
fn main_part(relations: &str) -> Option<String> {
    let mut reader = Reader::from_str(relations);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let is_main =
                    attribute(&tag, "Type").is_some_and(|kind| kind.ends_with("/officeDocument"));
                if let Some(target) = attribute(&tag, "Target").filter(|_| is_main) {
                    return Some(target.trim_start_matches('/').to_owned());
                }
            }
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

/// Returns an attribute by its name without its prefix.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag
        .attributes()
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(found.value.into_owned())
}

fn document(xml: &str, part: &str) -> Result<Passages, DraftError> {
    let mut reader = Reader::from_str(xml);
    let mut writer = Writer::default();
    loop {
        let event = reader.read_event();
        match event {
            Ok(Event::Start(tag)) => writer.start(&tag),
            Ok(Event::Empty(tag)) => {
                writer.start(&tag);
                writer.end(tag.name().local_name().as_ref());
            }
            Ok(Event::End(tag)) => writer.end(tag.name().local_name().as_ref()),
            Ok(Event::Text(text)) => writer.text(&text),
            Ok(Event::CData(data)) => writer.text(&data),
            Ok(Event::GeneralRef(reference)) => writer.reference(&reference),
            Ok(Event::Eof) => return Ok(writer.finish()),
            Ok(_) => {}
            Err(error) => {
                return Err(DraftError::Xml {
                    part: part.to_owned(),
                    at: reader.error_position(),
                    reason: error.to_string(),
                });
            }
        }
    }
}

#[derive(Debug, Default)]
struct Writer {
    title: Builder,
    body: Builder,
    paragraph: usize,
    column: usize,
    /// Characters before, in all paragraphs.
    offset: usize,
    in_title: bool,
    has_title: bool,
    in_text: bool,
    in_run: bool,
    /// The present run is hidden or struck.
    is_run_hidden: bool,
    /// Elements that are left out and open, one in another.
    left_out: usize,
    /// Rows of tables that are open.
    rows: usize,
}

impl Writer {
    fn start(&mut self, tag: &BytesStart<'_>) {
        match tag.name().local_name().as_ref() {
            // What was deleted or moved away, and the second form of a drawing.
            "del" | "moveFrom" | "Fallback" => self.left_out += 1,
            "p" => self.start_paragraph(),
            "tr" => self.rows += 1,
            "pStyle" => self.style(attribute(tag, "val").as_deref()),
            "r" => (self.in_run, self.is_run_hidden) = (true, false),
            "vanish" | "strike" | "dstrike" if self.in_run => {
                let value = attribute(tag, "val");
                let is_off = matches!(value.as_deref(), Some("0" | "false" | "off"));
                self.is_run_hidden |= !is_off;
            }
            "t" => self.in_text = true,
            "tab" if self.in_run => self.put("\t"),
            "br" | "cr" if self.in_run => self.put("\n"),
            "noBreakHyphen" => self.put("-"),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "del" | "moveFrom" | "Fallback" => self.left_out = self.left_out.saturating_sub(1),
            "p" => self.end_paragraph(),
            "tr" => {
                self.rows = self.rows.saturating_sub(1);
                if self.rows == 0 {
                    self.body.end_line();
                }
            }
            "r" => self.in_run = false,
            "t" => self.in_text = false,
            _ => {}
        }
    }

    fn start_paragraph(&mut self) {
        self.paragraph += 1;
        self.column = 1;
        if self.rows == 0 {
            self.body.end_line();
        } else if !self.body.is_at_line_start() {
            self.body.glue(BETWEEN_CELLS);
        }
    }

    fn end_paragraph(&mut self) {
        self.has_title |= self.in_title && !self.title.text().is_empty();
        self.in_title = false;
        if self.rows == 0 {
            self.body.end_line();
        }
    }

    fn style(&mut self, id: Option<&str>) {
        let is_title = id.is_some_and(|id| TITLE_STYLES.contains(&id));
        self.in_title = is_title && !self.has_title && self.rows == 0;
    }

    fn text(&mut self, text: &str) {
        if self.in_text {
            self.put(text);
        }
    }

    fn reference(&mut self, reference: &BytesRef<'_>) {
        if !self.in_text {
            return;
        }
        let name: &str = reference;
        let resolved = match reference.resolve_char_ref() {
            Ok(Some(character)) => Some(character.to_string()),
            _ => quick_xml::escape::resolve_xml_entity(name).map(str::to_owned),
        };
        self.put(&resolved.unwrap_or_else(|| format!("&{name};")));
    }

    fn put(&mut self, text: &str) {
        if self.left_out > 0 || self.is_run_hidden {
            return;
        }
        let start = Point {
            line: self.paragraph.max(1),
            column: self.column.max(1),
            offset: self.offset,
        };
        let builder = if self.in_title {
            &mut self.title
        } else {
            &mut self.body
        };
        for piece in text.split_inclusive('\n') {
            let characters = piece.chars().count();
            let at = Point {
                column: self.column.max(1),
                offset: self.offset,
                ..start
            };
            builder.exact(piece, at);
            self.column += characters;
            self.offset += characters;
        }
    }

    fn finish(mut self) -> Passages {
        self.body.end_line();
        Passages {
            title: self.title.finish(),
            body: self.body.finish(),
        }
    }
}
