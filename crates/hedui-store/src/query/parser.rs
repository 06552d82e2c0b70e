//! Reads a query by recursive descent, with a bound on every depth and length.

use jiff::civil::Date;

use super::figure::{self, Comparison, Piece};
use super::{
    At, DateRange, Leaf, Node, NodeKind, QUERY_CHARS_MAX, QUERY_DEPTH_MAX, QUERY_LEAVES_MAX, Query,
    QueryError, QueryErrorKind, TermField, Text, ValueRange, Within, date,
};

/// Letters that a Latin pattern needs beside its stars.
const PATTERN_LETTERS_MIN: usize = 2;
const PATTERN_STARS_MAX: usize = 4;
const PATTERN_CHARS_MAX: usize = 64;
const FUZZY_LETTERS_MIN: usize = 3;
const NEAR_BETWEEN_MAX: u32 = 1_000;

impl Query {
    /// Parses a query; white space alone asks for every article.
    ///
    /// ```
    /// use hedui_store::query::Query;
    /// let query = Query::parse("title:輝達 OR (Nvidia -gaming)")?;
    /// assert_eq!(query.to_string(), "title:輝達 OR (Nvidia -gaming)");
    ///
    /// let error = Query::parse("Nvidia AND (GPU").expect_err("the bracket is open");
    /// assert_eq!((error.at.start, error.at.end), (11, 12));
    /// # Ok::<(), hedui_store::query::QueryError>(())
    /// ```
    ///
    /// # Errors
    /// Says what is wrong, and at which characters.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let chars: Vec<char> = text.chars().take(QUERY_CHARS_MAX + 1).collect();
        if chars.len() > QUERY_CHARS_MAX {
            let at = At::new(QUERY_CHARS_MAX, QUERY_CHARS_MAX + 1);
            return Err(QueryError::new(at, QueryErrorKind::TooLong));
        }
        let mut parser = Parser {
            chars: &chars,
            at: 0,
            depth: 0,
            leaves: 0,
            field: None,
        };
        parser.skip_space();
        if parser.peek().is_none() {
            return Ok(Query::all());
        }
        let root = parser.or()?;
        if parser.peek().is_some() {
            return Err(parser.error_here(1, QueryErrorKind::BracketClosed));
        }
        Ok(Query { root })
    }
}

/// A field as it stands before a colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Within(Within),
    Name,
    Term(TermField),
    Date,
    Value,
}

/// Every field; several names may mean the same.
pub(super) const FIELDS: &[(&str, Field)] = &[
    ("title", Field::Within(Within::Title)),
    ("body", Field::Within(Within::Body)),
    ("name", Field::Name),
    ("entity", Field::Term(TermField::Entity)),
    ("metric", Field::Term(TermField::Metric)),
    ("source", Field::Term(TermField::Source)),
    ("lang", Field::Term(TermField::Lang)),
    ("region", Field::Term(TermField::Region)),
    ("unit", Field::Term(TermField::Unit)),
    ("currency", Field::Term(TermField::Unit)),
    ("date", Field::Date),
    ("value", Field::Value),
];

/// Returns the character that `character` stands for in syntax: full-width forms are plain ones.
fn plain(character: char) -> char {
    match character {
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character)
        }
        _ if character.is_whitespace() => ' ',
        _ => character,
    }
}

/// Returns the mark that ends the quotation which `character` begins.
fn closing_quote(character: char) -> Option<char> {
    match character {
        '"' | '＂' => Some(character),
        '“' => Some('”'),
        '「' => Some('」'),
        '『' => Some('』'),
        _ => None,
    }
}

/// Tells whether a bare word ends before `character`.
pub(super) fn ends_word(character: char) -> bool {
    matches!(plain(character), ' ' | '(' | ')') || closing_quote(character).is_some()
}

struct Parser<'a> {
    chars: &'a [char],
    at: usize,
    depth: usize,
    leaves: usize,
    /// The field whose group is being read.
    field: Option<Field>,
}

impl<'a> Parser<'a> {
    fn or(&mut self) -> Result<Node, QueryError> {
        let start = self.at;
        let mut nodes = vec![self.and()?];
        while self.eat_keyword("OR") {
            if !self.has_operand() {
                return Err(self.error_behind("OR"));
            }
            nodes.push(self.and()?);
        }
        Ok(self.join(start, nodes, NodeKind::Or))
    }

    fn and(&mut self) -> Result<Node, QueryError> {
        let start = self.at;
        if let Some(keyword) = ["AND", "OR"].into_iter().find(|word| self.is_keyword(word)) {
            return Err(self.error_here(keyword.len(), QueryErrorKind::Operand(keyword)));
        }
        let mut nodes = vec![self.unary()?];
        loop {
            if self.eat_keyword("AND") {
                if !self.has_operand() {
                    return Err(self.error_behind("AND"));
                }
            } else if !self.has_operand() {
                break;
            }
            nodes.push(self.unary()?);
        }
        Ok(self.join(start, nodes, NodeKind::And))
    }

    fn unary(&mut self) -> Result<Node, QueryError> {
        let start = self.at;
        let is_minus = self.peek() == Some('-')
            && self
                .peek_at(1)
                .is_some_and(|next| !matches!(next, ' ' | ')'));
        if is_minus {
            self.at += 1;
        } else if !self.eat_keyword("NOT") {
            return self.primary();
        } else if !self.has_operand() {
            return Err(self.error_behind("NOT"));
        }
        self.descend(start)?;
        let inner = self.unary()?;
        self.depth -= 1;
        Ok(Node {
            at: At::new(start, inner.at.end),
            kind: NodeKind::Not(Box::new(inner)),
        })
    }

    fn primary(&mut self) -> Result<Node, QueryError> {
        let start = self.at;
        match self.peek() {
            Some('(') => return self.group(),
            Some(')') => return Err(self.error_here(1, QueryErrorKind::Empty)),
            None => {
                return Err(QueryError::new(
                    At::new(start, start),
                    QueryErrorKind::Empty,
                ));
            }
            Some(_) => {}
        }
        self.leaves += 1;
        if self.leaves > QUERY_LEAVES_MAX {
            return Err(self.error_here(1, QueryErrorKind::TooMany));
        }
        let kind = match self.field_name()? {
            Some(field) if self.peek() == Some('(') => {
                let outer = self.field.replace(field);
                let node = self.group()?;
                self.field = outer;
                return Ok(Node {
                    at: At::new(start, node.at.end),
                    kind: node.kind,
                });
            }
            Some(field) => self.leaf(Some(field))?,
            None => self.leaf(self.field)?,
        };
        let node = Node {
            at: At::new(start, self.at),
            kind,
        };
        self.skip_space();
        Ok(node)
    }

    fn group(&mut self) -> Result<Node, QueryError> {
        let start = self.at;
        self.descend(start)?;
        self.at += 1;
        self.skip_space();
        if self.peek() == Some(')') {
            return Err(QueryError::new(
                At::new(start, self.at + 1),
                QueryErrorKind::Empty,
            ));
        }
        let inner = self.or()?;
        if self.peek() != Some(')') {
            return Err(QueryError::new(
                At::new(start, start + 1),
                QueryErrorKind::BracketOpen,
            ));
        }
        self.at += 1;
        let at = At::new(start, self.at);
        self.depth -= 1;
        self.skip_space();
        Ok(Node {
            at,
            kind: inner.kind,
        })
    }

    /// Reads a single condition; `field` is the one that holds here.
    fn leaf(&mut self, field: Option<Field>) -> Result<NodeKind, QueryError> {
        match field {
            None => self.text(Within::Anywhere),
            Some(Field::Within(within)) => self.text(within),
            Some(Field::Name) => {
                let piece = self.quoted_or_word()?.0;
                Ok(text_leaf(Within::Anywhere, Text::Name(piece)))
            }
            Some(Field::Term(field)) => self.term(field),
            Some(Field::Date) => self.date().map(|range| NodeKind::Leaf(Leaf::Date(range))),
            Some(Field::Value) => self.value().map(|range| NodeKind::Leaf(Leaf::Value(range))),
        }
    }

    fn text(&mut self, within: Within) -> Result<NodeKind, QueryError> {
        if self.is_near() {
            return self.near(within);
        }
        let start = self.at;
        let (text, is_quoted) = self.quoted_or_word()?;
        let at = At::new(start, self.at);
        let text = if is_quoted {
            Text::Phrase(text)
        } else if text == "*" && within == Within::Anywhere {
            return Ok(NodeKind::All);
        } else if text.contains('*') {
            pattern(text).ok_or_else(|| QueryError::new(at, QueryErrorKind::Pattern))?
        } else if let Some(word) = text
            .find('~')
            .and_then(|tilde| text.split_at_checked(tilde))
        {
            fuzzy(word).ok_or_else(|| QueryError::new(at, QueryErrorKind::Fuzzy))?
        } else {
            Text::Word(text)
        };
        Ok(text_leaf(within, text))
    }

    fn term(&mut self, field: TermField) -> Result<NodeKind, QueryError> {
        let start = self.at;
        let (text, is_quoted) = self.quoted_or_word()?;
        let stem = text.strip_suffix('*').filter(|_| !is_quoted);
        if stem == Some("") {
            return Err(QueryError::new(
                At::new(start, self.at),
                QueryErrorKind::Pattern,
            ));
        }
        Ok(NodeKind::Leaf(Leaf::Term {
            field,
            prefix: stem.is_some(),
            text: stem.unwrap_or(&text).to_owned(),
        }))
    }

    fn date(&mut self) -> Result<DateRange, QueryError> {
        if let Some((piece, _, _)) = self.bracketed()? {
            let (from, to) = piece
                .cut_at_to()
                .ok_or_else(|| QueryError::new(piece.at(), QueryErrorKind::Range))?;
            let range = DateRange {
                from: read_end(from)?.and_then(|range| range.from),
                to: read_end(to)?.and_then(|range| range.to),
            };
            if let (Some(from), Some(to)) = (range.from, range.to)
                && from > to
            {
                return Err(QueryError::new(piece.at(), QueryErrorKind::Range));
            }
            return Ok(range);
        }
        let piece = self.raw_piece()?;
        let Some((sign, day)) = figure::comparison(piece) else {
            return read_date(piece);
        };
        let range = read_date(day)?;
        let beyond = |day: Option<Date>, step: fn(Date) -> Result<Date, jiff::Error>| {
            day.and_then(|day| step(day).ok())
        };
        Ok(match sign {
            Comparison::Above { inclusive: true } => DateRange { to: None, ..range },
            Comparison::Below { inclusive: true } => DateRange {
                from: None,
                ..range
            },
            Comparison::Above { inclusive: false } => DateRange {
                from: beyond(range.to, Date::tomorrow),
                to: None,
            },
            Comparison::Below { inclusive: false } => DateRange {
                from: None,
                to: beyond(range.from, Date::yesterday),
            },
        })
    }

    fn value(&mut self) -> Result<ValueRange, QueryError> {
        if let Some((piece, low_inclusive, high_inclusive)) = self.bracketed()? {
            return figure::range(piece, low_inclusive, high_inclusive);
        }
        if self.peek_raw().and_then(closing_quote).is_some() {
            let start = self.at + 1;
            let text = self.quoted()?;
            let chars: Vec<char> = text.chars().collect();
            return figure::single(Piece {
                chars: &chars,
                start,
            });
        }
        let start = self.at;
        self.raw_piece()?;
        // A tolerance may stand apart: `value:165 ±1%`.
        let end = self.at;
        self.skip_space();
        if self.peek() == Some('±') {
            self.raw_piece()?;
        } else {
            self.at = end;
        }
        figure::single(self.piece(start, self.at))
    }

    /// Reads `[…]` or `{…}`: what stands inside, and whether each end belongs to it.
    fn bracketed(&mut self) -> Result<Option<(Piece<'a>, bool, bool)>, QueryError> {
        let start = self.at;
        let low_inclusive = match self.peek() {
            Some('[') => true,
            Some('{') => false,
            _ => return Ok(None),
        };
        while let Some(character) = self.peek() {
            self.at += 1;
            if let ']' | '}' = character {
                let inside = self.piece(start + 1, self.at - 1);
                return Ok(Some((inside, low_inclusive, character == ']')));
            }
        }
        let at = At::new(start, start + 1);
        Err(QueryError::new(at, QueryErrorKind::BracketOpen))
    }

    fn is_near(&self) -> bool {
        let word: Vec<char> = (0..5).filter_map(|ahead| self.peek_at(ahead)).collect();
        word == ['n', 'e', 'a', 'r', '(']
    }

    fn near(&mut self, within: Within) -> Result<NodeKind, QueryError> {
        let start = self.at;
        self.at += 5;
        let mut parts = Vec::new();
        while parts.len() < 3 {
            self.skip_space();
            let from = self.at;
            let part = if self.peek_raw().and_then(closing_quote).is_some() {
                let text = self.quoted()?;
                self.skip_space();
                text
            } else {
                while self
                    .peek_raw()
                    .is_some_and(|next| !matches!(plain(next), ',' | '(' | ')') && next != '、')
                {
                    self.at += 1;
                }
                self.piece(from, self.at).trimmed().text()
            };
            parts.push(part);
            match self.peek_raw() {
                Some(',' | '，' | '、') if parts.len() < 3 => self.at += 1,
                Some(')' | '）') if parts.len() == 3 => self.at += 1,
                _ => break,
            }
        }
        let error = || QueryError::new(At::new(start, self.at), QueryErrorKind::Near);
        let is_closed = matches!(self.chars.get(self.at.wrapping_sub(1)), Some(')' | '）'));
        let [first, second, between] = parts.try_into().map_err(|_| error())?;
        let between_max = between.chars().map(plain).collect::<String>().parse().ok();
        let between_max = between_max.filter(|&max| max <= NEAR_BETWEEN_MAX);
        if !is_closed || first.is_empty() || second.is_empty() {
            return Err(error());
        }
        let text = Text::Near {
            first,
            second,
            between_max: between_max.ok_or_else(error)?,
        };
        Ok(text_leaf(within, text))
    }

    /// Reads a quotation, or a bare word; tells whether it was quoted.
    fn quoted_or_word(&mut self) -> Result<(String, bool), QueryError> {
        if self.peek_raw().and_then(closing_quote).is_some() {
            return self.quoted().map(|text| (text, true));
        }
        self.raw_piece().map(|piece| (piece.text(), false))
    }

    fn quoted(&mut self) -> Result<String, QueryError> {
        let start = self.at;
        let close = self.peek_raw().and_then(closing_quote);
        self.at += 1;
        let mut text = String::new();
        while let Some(character) = self.peek_raw() {
            self.at += 1;
            if Some(character) == close {
                if text.is_empty() {
                    let at = At::new(start, self.at);
                    return Err(QueryError::new(at, QueryErrorKind::Empty));
                }
                return Ok(text);
            }
            let escaped = self
                .peek_raw()
                .filter(|&next| character == '\\' && (next == '\\' || Some(next) == close));
            if escaped.is_some() {
                self.at += 1;
            }
            text.push(escaped.unwrap_or(character));
        }
        let at = At::new(start, start + 1);
        Err(QueryError::new(at, QueryErrorKind::QuoteOpen))
    }

    /// Reads up to the end of a bare word.
    fn raw_piece(&mut self) -> Result<Piece<'a>, QueryError> {
        let start = self.at;
        while self.peek_raw().is_some_and(|next| !ends_word(next)) {
            self.at += 1;
        }
        if start == self.at {
            let end = (start + 1).min(self.chars.len());
            return Err(QueryError::new(
                At::new(start.min(end), end),
                QueryErrorKind::Empty,
            ));
        }
        Ok(self.piece(start, self.at))
    }

    /// Reads a field's name and its colon, where they stand here.
    fn field_name(&mut self) -> Result<Option<Field>, QueryError> {
        let start = self.at;
        let mut end = start;
        while self
            .chars
            .get(end)
            .is_some_and(|&letter| plain(letter).is_ascii_alphabetic())
        {
            end += 1;
        }
        let is_field = end > start && self.chars.get(end).map(|&colon| plain(colon)) == Some(':');
        if !is_field {
            return Ok(None);
        }
        let name: String = self
            .piece(start, end)
            .chars
            .iter()
            .map(|&letter| plain(letter).to_ascii_lowercase())
            .collect();
        let Some(&(_, field)) = FIELDS.iter().find(|(known, _)| *known == name) else {
            // An address is no field: `https://…`.
            if self.piece(end + 1, end + 3).chars == ['/', '/'] {
                return Ok(None);
            }
            let similar = similar_field(&name);
            let kind = QueryErrorKind::Field { name, similar };
            return Err(QueryError::new(At::new(start, end), kind));
        };
        self.at = end + 1;
        Ok(Some(field))
    }

    fn join(&self, start: usize, mut nodes: Vec<Node>, kind: fn(Vec<Node>) -> NodeKind) -> Node {
        if nodes.len() == 1
            && let Some(node) = nodes.pop()
        {
            return node;
        }
        let end = nodes.last().map_or(self.at, |node| node.at.end);
        Node {
            at: At::new(start, end),
            kind: kind(nodes),
        }
    }

    fn descend(&mut self, start: usize) -> Result<(), QueryError> {
        self.depth += 1;
        if self.depth > QUERY_DEPTH_MAX {
            let at = At::new(start, start + 1);
            return Err(QueryError::new(at, QueryErrorKind::TooDeep));
        }
        Ok(())
    }

    /// Tells whether something stands here that an operator may join.
    fn has_operand(&self) -> bool {
        !matches!(self.peek(), None | Some(')'))
            && !self.is_keyword("OR")
            && !self.is_keyword("AND")
    }

    fn is_keyword(&self, keyword: &str) -> bool {
        let word = keyword.chars().enumerate();
        word.into_iter()
            .all(|(ahead, letter)| self.chars.get(self.at + ahead) == Some(&letter))
            && self
                .chars
                .get(self.at + keyword.len())
                .is_none_or(|&next| ends_word(next))
    }

    fn eat_keyword(&mut self, keyword: &str) -> bool {
        let is_here = self.is_keyword(keyword);
        if is_here {
            self.at += keyword.len();
            self.skip_space();
        }
        is_here
    }

    fn skip_space(&mut self) {
        while self.peek() == Some(' ') {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<char> {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).map(|&next| plain(next))
    }

    fn peek_raw(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn piece(&self, start: usize, end: usize) -> Piece<'a> {
        Piece {
            chars: self.chars.get(start..end).unwrap_or_default(),
            start,
        }
    }

    fn error_here(&self, length: usize, kind: QueryErrorKind) -> QueryError {
        QueryError::new(At::new(self.at, self.at + length), kind)
    }

    /// Makes the error of an operator that was just read and has nothing behind it.
    fn error_behind(&self, keyword: &'static str) -> QueryError {
        let before = self.chars.get(..self.at).unwrap_or_default();
        let spaces = before.iter().rev().take_while(|next| next.is_whitespace());
        let end = self.at.saturating_sub(spaces.count());
        let at = At::new(end.saturating_sub(keyword.len()), end);
        QueryError::new(at, QueryErrorKind::Operand(keyword))
    }
}

fn text_leaf(within: Within, text: Text) -> NodeKind {
    NodeKind::Leaf(Leaf::Text { within, text })
}

/// Makes a pattern, where the letters beside its stars are enough to search by.
fn pattern(text: String) -> Option<Text> {
    let stars = text.chars().filter(|&next| next == '*').count();
    let letters = text.chars().filter(|next| next.is_alphanumeric()).count();
    let is_fit = stars <= PATTERN_STARS_MAX
        && letters >= PATTERN_LETTERS_MIN
        && text.chars().count() <= PATTERN_CHARS_MAX;
    is_fit.then_some(Text::Pattern(text))
}

fn fuzzy((word, tail): (&str, &str)) -> Option<Text> {
    let edits = match tail {
        "~" | "~1" => 1,
        "~2" => 2,
        _ => return None,
    };
    let letters = word.chars().count();
    let is_fit = (FUZZY_LETTERS_MIN..=PATTERN_CHARS_MAX).contains(&letters);
    is_fit.then(|| Text::Fuzzy {
        word: word.to_owned(),
        edits,
    })
}

fn read_date(piece: Piece<'_>) -> Result<DateRange, QueryError> {
    let text: String = piece.chars.iter().map(|&next| plain(next)).collect();
    date::read(&text).ok_or_else(|| QueryError::new(piece.at(), QueryErrorKind::Date(text)))
}

/// Reads an end of a range of dates; a star is open.
fn read_end(piece: Piece<'_>) -> Result<Option<DateRange>, QueryError> {
    if piece.chars == ['*'] {
        return Ok(None);
    }
    read_date(piece).map(Some)
}

/// Returns the field whose name is at most two slips away.
fn similar_field(name: &str) -> Option<String> {
    FIELDS
        .iter()
        .map(|(known, _)| (distance(name, known), *known))
        .min()
        .filter(|&(slips, known)| slips <= 2 && slips < known.len())
        .map(|(_, known)| known.to_owned())
}

/// Counts the letters to insert, drop or replace to turn one ASCII word into the other.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, letter) in left.bytes().take(32).enumerate() {
        let mut diagonal = index;
        let mut last = index + 1;
        for (cell, other) in row.iter_mut().skip(1).zip(right.bytes()) {
            let replaced = diagonal + usize::from(letter != other);
            diagonal = *cell;
            last = replaced.min(last + 1).min(*cell + 1);
            *cell = last;
        }
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}
