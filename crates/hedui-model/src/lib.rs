//! The nouns of hedui: what one stage hands to the next.
//!
//! Nothing here reads a clock, a disk or a network, and nothing knows a word of
//! any language. A type whose fields depend on one another keeps them private;
//! all others are plain data. Everything can be serialised: the state keeps
//! these values (it is derived and rebuilt when they change), while what the
//! outside sees has shapes of its own in the `hedui` crate.
//!
//! The way data goes: [`Fetched`] → [`Page`] → [`Article`] → [`Claim`] →
//! [`Fact`] → [`Conflict`] → [`Alert`].

mod alert;
mod appearance;
mod article;
mod claim;
mod decimal;
mod diagnostic;
mod fact;
mod fetched;
mod id;
mod page;
mod quantity;
mod span;
mod time;

pub use alert::{Alert, AlertEvent};
pub use appearance::{Appearance, ArticleDigest, Judged, Reading};
pub use article::{
    Article, ArticleMeta, Lang, Passage, Place, Region, Script, Sentence, Signature, Token,
    WordClass,
};
pub use claim::{Attribution, Basis, Claim, Confidence, Entity, Metric, Period, Scope, Status};
pub use decimal::{Decimal, DecimalError};
pub use diagnostic::Diagnostic;
pub use fact::{
    Cause, Conflict, ConflictState, Ending, Fact, Relation, Side, Turn, TurnKind, Verdict,
};
pub use fetched::{Exchange, Fetched};
pub use id::{ArticleKey, ClaimId, ConflictId, ContentHash, FactId, IdError, SourceId};
pub use page::Page;
pub use quantity::{Bound, Interval, Kind, Quantity, QuantityError, Unit};
pub use span::{Folded, OffsetMap, Original, Span};
pub use time::{Published, PublishedError};
