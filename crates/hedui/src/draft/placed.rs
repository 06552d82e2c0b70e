//! A text whose characters know where in their file they stand.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A place in a file: between two characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Point {
    /// The line, from 1; in a document without lines the paragraph.
    pub(crate) line: usize,
    /// The column, from 1, in characters.
    pub(crate) column: usize,
    /// Characters before it in the file.
    pub(crate) offset: usize,
}

/// A stretch of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    /// Where it begins.
    pub(crate) start: Point,
    /// Where it ends, exclusive.
    pub(crate) end: Point,
    /// Whether the file has there, to the letter, what the text has.
    pub(crate) is_verbatim: bool,
}

/// A piece of the text that comes from one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Piece {
    /// Where it begins in the text. Bytes.
    at: usize,
    start: Point,
    end: Point,
    /// Whether each character is one of the file's, all on one line.
    exact: bool,
}

/// A text taken out of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Placed {
    /// The text.
    pub(crate) text: String,
    /// In the order of the text, each up to the next.
    pieces: Vec<Piece>,
    /// Stretches of the text whose figures are not to be checked. Bytes.
    ignored: Vec<(usize, usize)>,
}

impl Placed {
    /// Returns where in the file a stretch of the text stands.
    pub(crate) fn region(&self, range: Range<usize>) -> Region {
        let last = range.end.saturating_sub(1).max(range.start);
        let (first_piece, last_piece) = (self.piece_at(range.start), self.piece_at(last));
        let start = self.point(first_piece, range.start, false);
        let end = self.point(last_piece, range.end, true);
        let is_verbatim = match (first_piece, last_piece) {
            (Some(first), Some(last)) => self.pieces.get(first..=last).is_some_and(are_one),
            _ => false,
        };
        Region {
            start,
            end: end.max(start),
            is_verbatim,
        }
    }

    /// Tells whether a place of the text lies where figures are not to be checked.
    pub(crate) fn is_ignored(&self, at: usize) -> bool {
        self.ignored
            .iter()
            .any(|(from, to)| (*from..*to).contains(&at))
    }

    fn piece_at(&self, at: usize) -> Option<usize> {
        self.pieces
            .partition_point(|piece| piece.at <= at)
            .checked_sub(1)
    }

    fn point(&self, piece: Option<usize>, at: usize, is_end: bool) -> Point {
        let Some(piece) = piece.and_then(|index| self.pieces.get(index)) else {
            return Point {
                line: 1,
                column: 1,
                offset: 0,
            };
        };
        if !piece.exact {
            return if is_end { piece.end } else { piece.start };
        }
        let chars = self
            .text
            .get(piece.at..at)
            .map_or(0, |between| between.chars().count());
        Point {
            line: piece.start.line,
            column: piece.start.column + chars,
            offset: piece.start.offset + chars,
        }
    }
}

/// Tells whether pieces follow one another in the file as they do in the text.
fn are_one(pieces: &[Piece]) -> bool {
    pieces.iter().all(|piece| piece.exact)
        && pieces
            .iter()
            .zip(pieces.iter().skip(1))
            .all(|(piece, next)| piece.end.offset == next.start.offset)
}

/// Finds places in a file, cheaply where they rise.
#[derive(Debug)]
pub(super) struct Cursor<'s> {
    pub(super) source: &'s str,
    byte: usize,
    point: Point,
}

/// Where every file begins.
pub(super) const START: Point = Point {
    line: 1,
    column: 1,
    offset: 0,
};

impl<'s> Cursor<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Cursor {
            source,
            byte: 0,
            point: START,
        }
    }

    /// Returns the place before the byte `at`, which is a character boundary; beyond the end, the end.
    pub(super) fn point(&mut self, at: usize) -> Point {
        if at < self.byte {
            (self.byte, self.point) = (0, START);
        }
        let between = self.source.get(self.byte..at).unwrap_or_default();
        for character in between.chars() {
            self.point = after(self.point, character);
        }
        self.byte += between.len();
        self.point
    }
}

fn after(point: Point, character: char) -> Point {
    let offset = point.offset + 1;
    if character == '\n' {
        Point {
            line: point.line + 1,
            column: 1,
            offset,
        }
    } else {
        Point {
            line: point.line,
            column: point.column + 1,
            offset,
        }
    }
}

/// Puts a text together, piece by piece.
#[derive(Debug, Default)]
pub(super) struct Builder {
    placed: Placed,
    /// Where the last piece ended.
    end: Option<Point>,
}

impl Builder {
    /// Adds a stretch of the file as it is.
    pub(super) fn verbatim(&mut self, cursor: &mut Cursor<'_>, range: Range<usize>) {
        let source = cursor.source;
        let mut from = range.start;
        for line in source.get(range).unwrap_or_default().split_inclusive('\n') {
            let start = cursor.point(from);
            from += line.len();
            self.exact(line, start);
        }
    }

    /// Adds characters that stand so at `start`, all on one line but for a line end behind them.
    pub(super) fn exact(&mut self, text: &str, start: Point) {
        let end = text.chars().fold(start, after);
        self.push(text, start, end, true);
    }

    /// Adds characters that stand for something else in the file.
    pub(super) fn instead(&mut self, text: &str, start: Point, end: Point) {
        self.push(text, start, end, false);
    }

    /// Adds characters that stand for nothing in the file.
    pub(super) fn glue(&mut self, text: &str) {
        let at = self.end.unwrap_or(START);
        self.push(text, at, at, false);
    }

    /// Ends the line, if there is something in it.
    pub(super) fn end_line(&mut self) {
        if !self.is_at_line_start() {
            self.glue("\n");
        }
    }

    pub(super) fn is_at_line_start(&self) -> bool {
        self.placed.text.is_empty() || self.placed.text.ends_with('\n')
    }

    pub(super) fn text(&self) -> &str {
        &self.placed.text
    }

    /// Says that figures in a stretch of the text are not to be checked. Bytes.
    pub(super) fn ignore(&mut self, range: Range<usize>) {
        self.placed.ignored.push((range.start, range.end));
    }

    pub(super) fn finish(self) -> Placed {
        self.placed
    }

    fn push(&mut self, text: &str, start: Point, end: Point, exact: bool) {
        if text.is_empty() {
            return;
        }
        let at = self.placed.text.len();
        let follows = exact
            && self.end.is_some_and(|last| last == start)
            && self
                .placed
                .pieces
                .last()
                .is_some_and(|piece| piece.exact && piece.end.line == piece.start.line);
        match self.placed.pieces.last_mut().filter(|_| follows) {
            Some(piece) => piece.end = end,
            None => self.placed.pieces.push(Piece {
                at,
                start,
                end,
                exact,
            }),
        }
        self.placed.text.push_str(text);
        self.end = Some(end);
    }
}
