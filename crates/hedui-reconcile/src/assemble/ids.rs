//! Ids that stay: a fact is named for the claim that opens it, its first in the order of time, so that the same claims
//! make the same id in whatever order they arrived. Ids that it or its parts had before become aliases.

use std::collections::{BTreeMap, BTreeSet};

use hedui_model::{ClaimId, Fact, FactId};

/// The id of a fact and those that were merged into it.
pub(super) struct Identity {
    pub(super) id: FactId,
    pub(super) aliases: Vec<FactId>,
}

/// The ids that may not be given again, while the facts of one component are named.
pub(super) struct Given {
    taken: BTreeSet<FactId>,
    /// For each id that a claim of the component opens a fact under, that claim.
    owners: BTreeMap<FactId, ClaimId>,
}

impl Given {
    /// Begins with the claims of a component.
    pub(super) fn new<'c>(claims: impl Iterator<Item = &'c ClaimId>) -> Given {
        Given {
            taken: BTreeSet::new(),
            owners: claims
                .map(|claim| (FactId::of_origin(claim), claim.clone()))
                .collect(),
        }
    }

    /// Tells whether a fact of these claims may have the id: it is free, and no claim outside opened a fact under it.
    fn is_free(&self, id: &FactId, claims: &[&ClaimId]) -> bool {
        let is_own = |owner: &ClaimId| claims.contains(&owner);
        !self.taken.contains(id) && self.owners.get(id).is_none_or(is_own)
    }
}

/// Returns the identity of the fact of `claims`, which `origin` opens.
///
/// Where a fact fell apart, the part with the claim that opened it keeps its id.
pub(super) fn identity(
    claims: &[&ClaimId],
    origin: &ClaimId,
    previous: &[Fact],
    given: &mut Given,
) -> Identity {
    let id = FactId::of_origin(origin);
    let holds = |fact: &&Fact| fact.claims.iter().any(|claim| claims.contains(&claim));
    let aliases: BTreeSet<FactId> = previous
        .iter()
        .filter(holds)
        .flat_map(|fact| std::iter::once(&fact.id).chain(&fact.aliases))
        .filter(|alias| **alias != id && given.is_free(alias, claims))
        .cloned()
        .collect();
    given.taken.insert(id.clone());
    given.taken.extend(aliases.iter().cloned());
    Identity {
        id,
        aliases: aliases.into_iter().collect(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn claim(number: u64) -> ClaimId {
        format!("c-{number:016x}").parse().unwrap()
    }

    fn fact(id: FactId, claims: &[ClaimId]) -> Fact {
        Fact {
            id,
            aliases: Vec::new(),
            entities: Vec::new(),
            metric: None,
            unit: hedui_model::Unit::default(),
            claims: claims.to_vec(),
            first_seen: jiff::Timestamp::UNIX_EPOCH,
            last_seen: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn where_a_fact_falls_apart_the_part_with_its_opening_claim_keeps_the_id() {
        let (first, second, third) = (claim(1), claim(2), claim(3));
        let whole = fact(
            FactId::of_origin(&first),
            &[first.clone(), second.clone(), third.clone()],
        );
        // Whichever part is named first.
        for order in [[0, 1], [1, 0]] {
            let parts = [vec![&first], vec![&second, &third]];
            let mut given = Given::new([&first, &second, &third].into_iter());
            let mut ids = BTreeMap::new();
            for part in order {
                let claims = &parts[part];
                let identity =
                    identity(claims, claims[0], std::slice::from_ref(&whole), &mut given);
                ids.insert(part, identity.id);
            }
            assert_eq!(ids[&0], whole.id);
            assert_eq!(ids[&1], FactId::of_origin(&second));
        }
    }

    #[test]
    fn an_older_claim_that_comes_late_names_the_fact_and_the_old_id_leads_to_it() {
        let (first, second) = (claim(1), claim(2));
        let before = fact(FactId::of_origin(&second), std::slice::from_ref(&second));
        let mut given = Given::new([&first, &second].into_iter());
        let identity = identity(
            &[&first, &second],
            &first,
            std::slice::from_ref(&before),
            &mut given,
        );
        assert_eq!(identity.id, FactId::of_origin(&first));
        assert_eq!(identity.aliases, [before.id]);
    }

    #[test]
    fn facts_that_merge_leave_the_younger_as_an_alias() {
        let (first, second) = (claim(1), claim(2));
        let older = fact(FactId::of_origin(&first), std::slice::from_ref(&first));
        let mut younger = fact(FactId::of_origin(&second), std::slice::from_ref(&second));
        younger.first_seen = jiff::Timestamp::from_second(1).unwrap();
        let mut given = Given::new([&first, &second].into_iter());
        let merged = identity(
            &[&first, &second],
            &first,
            &[younger.clone(), older.clone()],
            &mut given,
        );
        assert_eq!((merged.id, merged.aliases), (older.id, vec![younger.id]));
    }
}
