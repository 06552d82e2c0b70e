//! The likely cause of a conflict.

use hedui_model::{Cause, Decimal};

use crate::compat::{Figure, are_within};
use crate::evidence::{Evidence, PartTie};
use crate::judge::Stand;
use crate::periods::PeriodTie;

/// Exact figures that are not further apart than these thousandths were rounded too loosely.
const ROUNDING_THOUSANDTHS: i64 = 50;

/// Returns the likely cause: what the figures' stand shows, else what evidence there is.
pub(crate) fn cause_of(stand: &Stand, evidence: &Evidence) -> Cause {
    match stand {
        Stand::Slip { .. } | Stand::Units => return Cause::ScaleError,
        Stand::Currency => return Cause::Currency,
        Stand::TimeBase | Stand::GrowthBase => return Cause::Period,
        _ => {}
    }
    let is_series = evidence.tempo.is_series;
    if evidence.elsewhere.0 || evidence.elsewhere.1 {
        return if is_series {
            Cause::Period
        } else {
            Cause::Scope
        };
    }
    if let Stand::Apart { a, b } = stand
        && is_rounding(a, b)
    {
        return Cause::Rounding;
    }
    if matches!(stand, Stand::Loose { .. }) {
        return Cause::Rounding;
    }
    if is_series && matches!(evidence.period, PeriodTie::Overlap { .. }) {
        return Cause::Period;
    }
    if matches!(evidence.part, PartTie::PartAndOpen(_)) {
        return Cause::Scope;
    }
    Cause::Other
}

/// Tells whether two figures are close, and one of them looks rounded.
fn is_rounding(a: &Figure, b: &Figure) -> bool {
    let Some((x, y)) = a.main().zip(b.main()) else {
        return false;
    };
    let digits = |value: Decimal| value.normalized().digits();
    are_within(x, y, ROUNDING_THOUSANDTHS) && digits(x) != digits(y)
}
