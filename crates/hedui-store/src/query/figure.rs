//! The syntax around figures: comparisons, ranges and tolerances. The figures themselves stay as written.

use hedui_model::Decimal;

use super::{At, Edge, FigureText, QueryError, QueryErrorKind, Tolerance, ValueRange};

/// A piece of the query with its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub(super) chars: &'a [char],
    pub(super) start: usize,
}

impl<'a> Piece<'a> {
    pub(super) fn at(self) -> At {
        At::new(self.start, self.start + self.chars.len())
    }

    pub(super) fn text(self) -> String {
        self.chars.iter().collect()
    }

    pub(super) fn trimmed(self) -> Self {
        let is_space = |character: &&char| character.is_whitespace();
        let before = self.chars.iter().take_while(is_space).count();
        let rest = self.chars.get(before..).unwrap_or_default();
        let after = rest.iter().rev().take_while(is_space).count();
        Piece {
            chars: rest.get(..rest.len() - after).unwrap_or_default(),
            start: self.start + before,
        }
    }

    /// Cuts the piece at the characters `from..to`, which belong to neither half.
    pub(super) fn cut(self, from: usize, to: usize) -> (Self, Self) {
        let head = Piece {
            chars: self.chars.get(..from).unwrap_or_default(),
            ..self
        };
        let tail = Piece {
            chars: self.chars.get(to..).unwrap_or_default(),
            start: self.start + to.min(self.chars.len()),
        };
        (head, tail)
    }

    /// Cuts a range at its ` TO `.
    pub(super) fn cut_at_to(self) -> Option<(Self, Self)> {
        let at = self.chars.windows(4).position(|window| {
            matches!(window, [before, 'T', 'O', after] if before.is_whitespace() && after.is_whitespace())
        })?;
        let (head, tail) = self.cut(at, at + 4);
        Some((head.trimmed(), tail.trimmed()))
    }
}

/// What a comparison sign says: the side that is open, and whether the figure itself counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Above { inclusive: bool },
    Below { inclusive: bool },
}

/// Reads a comparison sign at the start.
pub(super) fn comparison(piece: Piece<'_>) -> Option<(Comparison, Piece<'_>)> {
    let (sign, length) = match piece.chars {
        ['>', '=', ..] => (Comparison::Above { inclusive: true }, 2),
        ['<', '=', ..] => (Comparison::Below { inclusive: true }, 2),
        ['>' | '＞', ..] => (Comparison::Above { inclusive: false }, 1),
        ['<' | '＜', ..] => (Comparison::Below { inclusive: false }, 1),
        ['≥', ..] => (Comparison::Above { inclusive: true }, 1),
        ['≤', ..] => (Comparison::Below { inclusive: true }, 1),
        _ => return None,
    };
    Some((sign, piece.cut(0, length).1.trimmed()))
}

/// Reads a comparison, or a figure with or without tolerance.
pub(super) fn single(piece: Piece<'_>) -> Result<ValueRange, QueryError> {
    let piece = piece.trimmed();
    match comparison(piece) {
        Some((Comparison::Above { inclusive }, figure)) => Ok(ValueRange::Between {
            low: Some(edge(figure, inclusive)?),
            high: None,
        }),
        Some((Comparison::Below { inclusive }, figure)) => Ok(ValueRange::Between {
            low: None,
            high: Some(edge(figure, inclusive)?),
        }),
        None => {
            let Some((from, to)) = tolerance_sign(piece.chars) else {
                return Ok(ValueRange::Exactly {
                    figure: figure(piece)?,
                    tolerance: None,
                });
            };
            let (head, tail) = piece.cut(from, to);
            Ok(ValueRange::Exactly {
                figure: figure(head.trimmed())?,
                tolerance: Some(tolerance(tail.trimmed())?),
            })
        }
    }
}

/// Reads what stands between the brackets of a range.
pub(super) fn range(
    piece: Piece<'_>,
    low_inclusive: bool,
    high_inclusive: bool,
) -> Result<ValueRange, QueryError> {
    let (low, high) = piece
        .cut_at_to()
        .ok_or_else(|| QueryError::new(piece.at(), QueryErrorKind::Range))?;
    let open = |piece: Piece<'_>| piece.chars == ['*'];
    Ok(ValueRange::Between {
        low: (!open(low)).then(|| edge(low, low_inclusive)).transpose()?,
        high: (!open(high))
            .then(|| edge(high, high_inclusive))
            .transpose()?,
    })
}

fn edge(piece: Piece<'_>, inclusive: bool) -> Result<Edge, QueryError> {
    figure(piece).map(|figure| Edge { figure, inclusive })
}

fn figure(piece: Piece<'_>) -> Result<FigureText, QueryError> {
    if piece.chars.is_empty() {
        return Err(QueryError::new(piece.at(), QueryErrorKind::Empty));
    }
    Ok(FigureText {
        text: piece.text(),
        at: piece.at(),
    })
}

/// Finds `±`, `+-` or `+/-` behind a figure.
fn tolerance_sign(chars: &[char]) -> Option<(usize, usize)> {
    (1..chars.len()).find_map(|from| match chars.get(from..)? {
        ['±', ..] => Some((from, from + 1)),
        ['+', '-', ..] => Some((from, from + 2)),
        ['+', '/', '-', ..] => Some((from, from + 3)),
        _ => None,
    })
}

fn tolerance(piece: Piece<'_>) -> Result<Tolerance, QueryError> {
    let error = || QueryError::new(piece.at(), QueryErrorKind::Tolerance(piece.text()));
    let [number @ .., '%' | '％'] = piece.chars else {
        return figure(piece).map(Tolerance::Figure).map_err(|_| error());
    };
    let number: Decimal = number
        .iter()
        .collect::<String>()
        .trim()
        .parse()
        .map_err(|_| error())?;
    if number.is_negative() || number > Decimal::from(100) {
        return Err(error());
    }
    Ok(Tolerance::Percent(number))
}
