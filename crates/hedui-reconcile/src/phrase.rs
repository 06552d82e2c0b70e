//! Puts the reason of a verdict into words: pieces of `verdicts.toml`, filled in and joined.

use hedui_text::lexicon::Verdicts;

/// The pieces that the engine asks for; a test sees to it that each has a row.
pub(crate) const PIECES: &[&str] = &[
    "about",
    "against",
    "better_partner",
    "bound",
    "change_fails",
    "converted",
    "days_apart",
    "edited",
    "ended_correction",
    "ended_separated",
    "ended_update",
    "ended_withdrawn",
    "equal",
    "expected",
    "gloss_fails",
    "gloss_holds",
    "joined",
    "joint",
    "loose",
    "near_metric",
    "no_metric",
    "no_shared_subject",
    "one_day_apart",
    "one_metric",
    "other_base",
    "other_metric",
    "other_part",
    "other_period",
    "other_session",
    "other_speaker",
    "other_status",
    "other_story",
    "other_time_base",
    "other_unit",
    "part_elsewhere",
    "part_exceeds",
    "parts_exceed",
    "power_of_ten",
    "range",
    "replaced",
    "rounded",
    "same_article",
    "same_day",
    "same_digits",
    "same_figures",
    "same_metric",
    "same_part",
    "same_period",
    "same_subject",
    "share_fails",
    "shared_subject",
    "sides",
    "sum_fails",
    "unalike",
];

/// The longest text that is filled into a piece, in characters.
const FILLED_MAX: usize = 80;

/// A reason under way.
pub(crate) struct Reason<'a> {
    verdicts: &'a Verdicts,
    pieces: Vec<String>,
}

impl<'a> Reason<'a> {
    pub(crate) fn new(verdicts: &'a Verdicts) -> Self {
        Reason {
            verdicts,
            pieces: Vec::new(),
        }
    }

    /// Adds a piece, its places in braces filled in.
    pub(crate) fn say(&mut self, id: &str, places: &[(&str, &str)]) {
        debug_assert!(PIECES.contains(&id), "`{id}` is not among the pieces");
        self.pieces.push(filled(self.verdicts, id, places));
    }

    pub(crate) fn into_text(self) -> String {
        self.pieces.join(self.verdicts.phrase("joint"))
    }
}

/// Returns a piece with its places in braces filled in.
pub(crate) fn filled(verdicts: &Verdicts, id: &str, places: &[(&str, &str)]) -> String {
    let template = verdicts.phrase(id);
    let mut text = String::new();
    let mut rest = template;
    // Piece by piece, so that braces in what is filled in are left alone.
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            rest = after;
            continue;
        };
        let value = places.iter().find(|(place, _)| *place == name);
        text.extend(value.into_iter().flat_map(|(_, value)| shown(value)));
        rest = after;
    }
    text.push_str(rest);
    text
}

/// Returns an id as words.
pub(crate) fn words(id: &str) -> String {
    id.replace('_', " ")
}

/// The text on one line and not endless.
fn shown(value: &str) -> impl Iterator<Item = char> + '_ {
    value
        .chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .take(FILLED_MAX)
}

#[cfg(test)]
mod tests {
    use hedui_text::Lexicon;

    use super::*;

    #[test]
    fn every_piece_has_a_row() {
        let lexicon = Lexicon::builtin();
        for piece in PIECES {
            assert!(lexicon.verdicts.has_phrase(piece), "{piece}");
        }
    }

    #[test]
    fn what_is_filled_in_is_not_read_again() {
        let lexicon = Lexicon::builtin();
        let places = [("a", "{b}"), ("b", "5\u{7}億")];
        assert_eq!(
            filled(&lexicon.verdicts, "against", &places),
            "{b} against 5 億"
        );
    }
}
