//! Ids as people type them: whole, or as much of their beginning as tells them apart.

use anyhow::Result;
use hedui_model::{ClaimId, Conflict, ConflictId, Fact, FactId};
use hedui_store::State;
use hedui_store::state::IdKind;

use crate::config::suggestion;
use crate::exit::{Exit, Failure};
use crate::store::View;

/// How many digits of an id are the least that can stand for it.
const DIGITS_MIN: usize = 4;

/// How many digits an id has.
const DIGITS: usize = 16;

/// How many ids an ambiguous beginning is answered with.
const SHOWN_MAX: usize = 5;

/// How many ids are looked at for one that may have been meant.
const NEAR_MAX: usize = 50_000;

/// What an id names, as it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// A claim.
    Claim(ClaimId),
    /// A fact, by the id that it has now.
    Fact(FactId),
    /// A conflict, by the id that it has now.
    Conflict(ConflictId),
}

/// Tells which kind of id a text is meant to be; nothing where it looks like none.
pub(crate) fn kind_of(text: &str) -> Option<IdKind> {
    let (kind, digits) = text.split_once('-')?;
    let is_hex = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
    if !(DIGITS_MIN..=DIGITS).contains(&digits.len()) || !digits.bytes().all(is_hex) {
        return None;
    }
    match kind {
        "c" => Some(IdKind::Claim),
        "f" => Some(IdKind::Fact),
        "k" => Some(IdKind::Conflict),
        _ => None,
    }
}

/// Finds what an id or its beginning names.
///
/// # Errors
/// A [`Failure`] that says what may have been meant: exit code 1 where there is no such thing, 2 where the text is no id
/// or the beginning of several.
pub(crate) fn find(view: &View, text: &str) -> Result<Named> {
    let text = text.trim();
    let Some(kind) = kind_of(text) else {
        let message = format!("not an id: `{}`", text.chars().take(60).collect::<String>());
        let hint = "a conflict is `k-`, a fact `f-`, a claim `c-` and 16 hex digits, of which the first 4 may do";
        return Err(Failure::usage(message).hint(hint).into());
    };
    let mut found: Vec<Named> = Vec::new();
    let mut is_cut = false;
    for id in beginning_with(view, kind, text) {
        if let Some(named) = named(view, kind, &id?)?
            && !found.contains(&named)
        {
            is_cut = found.len() == SHOWN_MAX;
            if is_cut {
                break;
            }
            found.push(named);
        }
    }
    match found.as_slice() {
        [] => Err(missing(view, kind, text)?.into()),
        [one] => Ok(one.clone()),
        several => {
            let mut names: Vec<String> =
                several.iter().map(|one| one.as_str().to_owned()).collect();
            if is_cut {
                names.push("…".to_owned());
            }
            let failure = Failure::usage(format!("several ids begin with `{text}`"));
            Err(failure.hint(names.join(", ")).into())
        }
    }
}

impl Named {
    /// Returns the id.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Named::Claim(id) => id.as_str(),
            Named::Fact(id) => id.as_str(),
            Named::Conflict(id) => id.as_str(),
        }
    }

    /// Returns the fact that it is, is about, or belongs to.
    pub(crate) fn fact(&self, view: &View) -> Result<Option<Fact>> {
        let id = match self {
            Named::Claim(id) => view.state().fact_of_claim(id)?,
            Named::Fact(id) => Some(id.clone()),
            Named::Conflict(id) => view.conflict(id)?.map(|conflict| conflict.fact),
        };
        id.map(|id| view.fact(&id)).transpose().map(Option::flatten)
    }

    /// Returns the conflict that it is, or that there is about its fact, as it is seen.
    pub(crate) fn conflict(&self, view: &View) -> Result<Option<Conflict>> {
        if let Named::Conflict(id) = self {
            return view.conflict(id);
        }
        match self.fact(view)? {
            // An old id may lead to the conflict of another fact.
            Some(fact) => Ok(view
                .conflict(&ConflictId::of_fact(&fact.id))?
                .filter(|conflict| conflict.fact == fact.id)),
            None => Ok(None),
        }
    }
}

/// Returns the ids of a kind that begin with `text`.
fn beginning_with<'v>(
    view: &'v View,
    kind: IdKind,
    text: &str,
) -> impl Iterator<Item = Result<String, hedui_store::StateError>> + 'v {
    let digits = text.split_once('-').map_or("", |(_, digits)| digits);
    let filled = |with: char| {
        let rest = std::iter::repeat_n(with, DIGITS.saturating_sub(digits.len()));
        let whole: String = digits.chars().chain(rest).collect();
        u64::from_str_radix(&whole, 16).unwrap_or(0)
    };
    view.state().ids(kind, filled('0'), filled('f'))
}

fn named(view: &View, kind: IdKind, id: &str) -> Result<Option<Named>> {
    Ok(match kind {
        IdKind::Claim => id.parse().ok().map(Named::Claim),
        IdKind::Fact => match id.parse() {
            Ok(id) => view.fact(&id)?.map(|fact| Named::Fact(fact.id)),
            Err(_) => None,
        },
        IdKind::Conflict => match id.parse() {
            Ok(id) => view
                .state()
                .conflict(&id)?
                .map(|found| Named::Conflict(found.id)),
            Err(_) => None,
        },
    })
}

/// Says that there is nothing of that name, and what may have been meant.
fn missing(view: &View, kind: IdKind, text: &str) -> Result<Failure> {
    let (what, list) = match kind {
        IdKind::Claim => ("claim", "claims"),
        IdKind::Fact => ("fact", "facts"),
        IdKind::Conflict => ("conflict", "conflicts"),
    };
    let ids = view.state().ids(kind, 0, u64::MAX).take(NEAR_MAX);
    let ids: Vec<String> = ids.collect::<Result<_, _>>()?;
    let near = suggestion(text, ids.iter().map(String::as_str)).filter(|_| text.len() > 8);
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("`hedui {list}` lists them"),
    };
    Ok(Failure {
        exit: Exit::No,
        message: format!("there is no {what} `{text}`"),
        hint: Some(hint),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_letter_and_four_to_sixteen_digits() {
        assert_eq!(kind_of("k-0123"), Some(IdKind::Conflict));
        assert_eq!(kind_of("c-0123456789abcdef"), Some(IdKind::Claim));
        for text in [
            "k-012",
            "k-0123456789abcdef0",
            "k-01G3",
            "x-0123",
            "k0123",
            "",
            "-",
            "億-0123",
        ] {
            assert_eq!(kind_of(text), None, "{text}");
        }
    }
}
