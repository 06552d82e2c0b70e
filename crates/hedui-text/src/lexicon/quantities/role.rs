//! What a word of the quantity lexicon can be: the only names that rows and grammar share.

use serde::Deserialize;

/// What a word does in the grammar of figures. A word may have several roles.
///
/// The value that goes with a role is told at each. Values are integers; where it says *index*, it is the number of a
/// row of the named table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Role {
    // Numerals.
    /// A digit that is written in a row or before a place: the digit.
    Digit,
    /// A number from ten to ninety as one word: the number.
    Tens,
    /// A place inside a group of four digits (十, 百, 千), *hundred* too: its power of ten.
    Place,
    /// A unit that closes a group (万, 亿, 兆): its power of ten.
    Myriad,
    /// A scale word behind a number (*million*, *bn*): its power of ten.
    Scale,
    /// A letter that is a scale only right behind digits (*k*, *m*, *b*): its power of ten.
    ShortScale,
    /// A scale word in the plural (*dozens* is 1, *billions*): its power of ten.
    PluralScale,
    /// A number of its own that also counts others (*dozen*): its value.
    Counted,
    /// A decimal point as a word.
    Point,
    /// One half, as a number and behind one.
    Half,
    /// A unit fraction in the plural (*thirds*): the denominator.
    Fraction,
    /// A fraction as one sign: numerator times 1,000 plus denominator.
    Vulgar,
    /// Stands between denominator and numerator (分之): 1 where it does so only between two digits (分).
    Denominator,
    /// A denominator with its link (百分之): the power of ten.
    Parts,
    /// Stands between numerator and denominator (*over*, *out of*).
    OutOf,
    /// Links the whole and the fraction of a mixed number (又, *and*).
    MixedLink,
    /// The indefinite article, one where a scale follows.
    Article,
    /// A minus as a word.
    Minus,
    /// A two that never dates (两日 is two days).
    Pair,
    /// An unnamed small digit (几, *several*).
    VagueDigit,
    /// Says behind a number or its scale that there is more (多, 余).
    VagueMore,
    /// Says behind a number that it is rough (来).
    VagueAbout,
    /// Makes the power of ten that follows a lower limit (上百).
    OnOrder,
    /// A vague magnitude as a fixed phrase (数以万计): index of a vague row.
    Vague,
    /// An ordinal as a word (*third*): its number.
    Ordinal,
    /// Makes the number behind it an ordinal (第).
    OrdinalPrefix,
    /// Letters that make the digits before them an ordinal (*th*).
    OrdinalSuffix,
    /// A multiple as one word (*doubled*, 翻倍): the factor in thousandths.
    Multiple,
    /// Stands before a count of doublings (翻 两番): nothing.
    DoublingBefore,
    /// Stands behind a count of doublings (番): nothing.
    Doubling,
    /// A number written with a mantissa and a power of ten (*×10^25*): the sign between them.
    TimesTen,
    /// Plus or minus.
    PlusMinus,
    /// A numeral that is a common character as well (参, 陆): one only among other numerals.
    Capital,
    /// A share in one word (百分百, 对折): the per cent.
    AllOfIt,
    /// Makes a bare magnitude the decade that begins there (千亿级).
    Level,
    /// Says that something grew, so that *times* behind it come on top (增长三倍).
    Increase,
    /// A particle between a verb of growth and its figure that changes nothing (了).
    Aspect,
    /// A change between the two figures behind it (*rose from … to*).
    Change,
    /// Tenths of the whole behind a digit (成): power of ten in percent.
    Tenths,

    // Units.
    /// A unit: index of a unit row.
    Unit,
    /// A unit of time; the loader gives it to each word that is one.
    TimeUnit,
    /// A currency: index of a currency row.
    Currency,
    /// A classifier: index of a noun row.
    Classifier,
    /// A noun that is counted: index of a noun row.
    Noun,
    /// An English one in the singular, beside `Noun`: more than one of it is only told where it goes with another noun.
    OneNoun,
    /// Stands before the denominator of a quotient behind a figure (*per*, /).
    Per,
    /// Stands before the denominator of a quotient in front of a figure (每).
    Each,
    /// A word in front of a figure that holds its denominator (年薪, 日均): the period as `Role::Period` numbers it.
    EachPeriod,
    /// A word between a number and its unit that changes neither (*more*, *consecutive*).
    Modifier,
    /// Makes a half one of an hour behind a classifier (个半钟), of a minute behind 分 (五分半钟).
    OfClock,

    // Bounds, ranges, lists.
    /// A bound in front of a figure: its number in the order of `BOUND_NAMES`.
    BoundBefore,
    /// A bound behind a figure: likewise.
    BoundAfter,
    /// Stands between the two ends of a range.
    RangeLink,
    /// A range link that is a word (*and*) only behind an opening word (*between*).
    RangeOpenLink,
    /// Opens a range (*between*, *from*).
    RangeOpen,
    /// Closes a range (之间).
    RangeClose,
    /// Stands between the members of a list.
    ListLink,
    /// A word that may stand between a bound or a gloss and its figure without meaning (*a*, *the*, 了, 有).
    Filler,
    /// Says that what follows restates what came before (约合, *or*).
    GlossLink,

    // Dates.
    /// A month by name: its number.
    Month,
    /// A name of a month, day or holiday that is a word of another kind as well (*may*).
    Doubtful,
    /// A day of the week: 1 for Monday.
    Weekday,
    /// A day relative to today: the distance.
    RelativeDay,
    /// A year relative to this one: the distance.
    RelativeYear,
    /// Several days or years from a relative one on (今明两年): how many.
    InARow,
    /// A quarter relative to this one: the distance.
    RelativeQuarter,
    /// A month relative to this one: the distance.
    RelativeMonth,
    /// A week relative to this one: the distance.
    RelativeWeek,
    /// Points at a period (*last*, 上, *next*): the distance.
    Pointer,
    /// A pointer at the nearest one, not at that of the next or last week (*upcoming* Friday): nothing.
    Nearest,
    /// Says of a weekday that it is the one nearest to the date behind it (the Saturday *closest* to January 31).
    Closest,
    /// The word 年 and such behind a year; with a value it holds the number as well (元年).
    YearMark,
    /// The word 月 behind a month.
    MonthMark,
    /// The word 日 behind a day.
    DayMark,
    /// The word behind a week's day (星期, 周): a digit follows.
    WeekdayMark,
    /// A quarter as one word (*Q1*): its number.
    Quarter,
    /// The word for quarter behind a number.
    QuarterMark,
    /// A half of a year: 1 or 2.
    HalfYear,
    /// A third of a month: 1 to 3.
    MonthThird,
    /// A quarter whose name says that it is fiscal (财季).
    FiscalMark,
    /// A part of a period: 1 beginning, 2 middle, 3 end, 4 early, 5 late, 6 what is still to come, 7 what is over.
    Part,
    /// A calendar period as a noun: 1 day, 2 week, 3 month, 4 quarter, 5 year, 6 decade, 7 weekend, 8 half, 9 century,
    /// 10 working week.
    Period,
    /// Marks a fiscal year or quarter.
    Fiscal,
    /// Marks a calendar year in front of its digits (*CY*25).
    CalendarYear,
    /// An era or a reign, or in front and behind the years of our Lord: its first year less one.
    Era,
    /// Letters or words that make a year a decade (*1990s*).
    DecadeMark,
    /// A century: its first year, or 0 where its number stands in front.
    Century,
    /// A season: index of a season row.
    Season,
    /// A holiday: index of a holiday row.
    Holiday,
    /// Says that a date is one of the Chinese calendar (农历); 1 where it makes a month a leap month (闰).
    Lunar,
    /// A month of the Chinese calendar by name (正月): its number.
    LunarMonth,
    /// A day of the Chinese calendar by name (初一): its number.
    LunarDay,
    /// So long before now, behind a duration.
    Ago,
    /// So long after now, behind a duration; 1 where it cannot be after something else (*from now*).
    Hence,
    /// So long after now, in front of a duration (*in*).
    In,
    /// Within, in front of or behind a duration.
    Within,
    /// The time up to now, in front of a duration (过去): -1; from now on (未来): 1.
    Span,
    /// From a date on, in front (*since*) or behind (以来).
    Since,
    /// From a date on, said of a length or a week in front of it (3 days *starting* Monday), with `Since`: nothing.
    Commencing,
    /// Up to a date, said of a length in front of it (the quarter *ended* June 30): nothing.
    Ended,
    /// Up to a date with the date (*until*, *by*, 截至).
    Until,
    /// Before a date.
    Before,
    /// After a date.
    After,
    /// With the date itself (*on or*, 或).
    Inclusive,
    /// A growth basis: 1 year on year, 2 quarter on quarter, 3 month on month.
    Basis,
    /// Joins the parts of a date (*of*, 的); 1 for the word *year* before its number.
    DateLink,
    /// A word before a date that says nothing of its own (*on*, *in*, *the*); 1 for one that says how long (*for*), 2 for
    /// one that stands before hours (*at*).
    DateFiller,
    /// A time of day (*am*, 凌晨), which makes neighbouring numbers times: its hours, as `PartOfDay` numbers them.
    TimeOfDay,
    /// A part of the day as a noun (*evening*) or inside a word for a day (昨晚): the hour it begins times 100 plus
    /// the hour it ends; equal hours are an instant (*noon* is 1212).
    PartOfDay,
    /// A mark of the clock (时, 点, *o'clock*) behind a number: the minutes that it adds (点半 is 30).
    ClockMark,
    /// A part of an hour behind its number (分, 秒): its seconds.
    ClockPart,
    /// Whose clock a time is told on (*ET*, 北京时间).
    TimeZone,
    /// More at the end of a period (*first*, 前): the first ones 1, the last ones -1.
    Leading,
    /// Whole or to date: *all*, 全.
    Whole,
    /// To date: begins with the period and ends today.
    ToDate,

    // What is no quantity.
    /// A word that contains numerals or units and is none.
    Block,
    /// Makes the number behind it a name (*Windows 11*).
    NameBefore,
    /// Makes the number before it a name or address (号楼).
    NameAfter,
    /// A context in which runs of digits are telephone numbers, licences, ids.
    Contact,
    /// Opens an address in the net: everything up to the next white space is one.
    Url,
    /// A road, a floor, a plant: a number behind it is an address, with its classifier too.
    Street,
    /// Says that a size in nanometres is a length after all (波长, *wavelength*).
    LengthContext,
    /// A degree that is a kilowatt-hour too (度).
    ElectricDegree,
    /// Says that 度 is a kilowatt-hour.
    ElectricityContext,
    /// Says that a date behind it lies ahead (将于, *will*).
    Ahead,
    /// Says that tens with an s behind it are ages or degrees, and no seconds (*her 40s*, *the low 30s*).
    AgeBefore,
    /// A prefix that joins to a date with a hyphen (*mid-2026*), so that letters and digits are no name.
    HyphenPrefix,
}

/// How many words of 64 bits a set of roles has.
const WORDS: usize = 3;

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles([u64; WORDS]);

impl Roles {
    /// Makes a set.
    #[must_use]
    pub const fn of(roles: &[Role]) -> Self {
        let mut set = Roles([0; WORDS]);
        let mut index = 0;
        while index < roles.len() {
            let number = roles[index] as usize;
            set.0[number / 64] |= 1 << (number % 64);
            index += 1;
        }
        set
    }

    /// Adds a role.
    pub fn insert(&mut self, role: Role) {
        *self = self.or(Roles::of(&[role]));
    }

    /// Tells whether the role is in the set.
    #[inline]
    #[must_use]
    pub const fn has(self, role: Role) -> bool {
        self.0[role as usize / 64] & (1 << (role as usize % 64)) != 0
    }

    /// Returns the roles of both sets.
    #[must_use]
    pub const fn or(self, other: Roles) -> Roles {
        let ([a, b, c], [d, e, f]) = (self.0, other.0);
        Roles([a | d, b | e, c | f])
    }

    /// Returns the roles that both sets have.
    #[inline]
    #[must_use]
    pub const fn and(self, other: Roles) -> Roles {
        let ([a, b, c], [d, e, f]) = (self.0, other.0);
        Roles([a & d, b & e, c & f])
    }

    /// Tells whether the set has no role that the other has not.
    #[inline]
    #[must_use]
    pub const fn within(self, other: Roles) -> bool {
        let ([a, b, c], [d, e, f]) = (self.0, other.0);
        a & !d | b & !e | c & !f == 0
    }

    /// Tells whether the sets share a role.
    #[inline]
    #[must_use]
    pub const fn any(self, other: Roles) -> bool {
        let ([a, b, c], [d, e, f]) = (self.0, other.0);
        a & d | b & e | c & f != 0
    }
}
