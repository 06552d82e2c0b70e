//! Ids that stay: the oldest previous fact that held one of the claims gives its id, the others become aliases.

use std::collections::BTreeSet;

use hedui_model::{ClaimId, Fact, FactId};

/// The id of a fact and those that were merged into it.
pub(super) struct Identity {
    pub(super) id: FactId,
    pub(super) aliases: Vec<FactId>,
}

/// Returns the identity of the fact of `claims`, in the order of time, of which `origin` opens it where no previous fact does.
///
/// `taken` are the ids that were given already: where a fact fell apart, the part with its first claim, which comes first,
/// keeps its id.
pub(super) fn identity(
    claims: &[&ClaimId],
    origin: &ClaimId,
    previous: &[Fact],
    taken: &mut BTreeSet<FactId>,
) -> Identity {
    let holds = |fact: &&Fact| fact.claims.iter().any(|claim| claims.contains(&claim));
    let mut before: Vec<&Fact> = previous
        .iter()
        .filter(holds)
        .filter(|fact| !taken.contains(&fact.id))
        .collect();
    before.sort_by(|a, b| (a.first_seen, &a.id).cmp(&(b.first_seen, &b.id)));
    let id = before
        .first()
        .map_or_else(|| FactId::of_origin(origin), |fact| fact.id.clone());
    let merged = before
        .iter()
        .map(|fact| &fact.id)
        .chain(before.iter().flat_map(|fact| &fact.aliases));
    let aliases: BTreeSet<FactId> = merged
        .filter(|alias| **alias != id && !taken.contains(*alias))
        .cloned()
        .collect();
    taken.insert(id.clone());
    taken.extend(aliases.iter().cloned());
    Identity {
        id,
        aliases: aliases.into_iter().collect(),
    }
}
