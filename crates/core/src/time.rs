//! Times that a reply names: what "4 to 8 weeks" says, and which date it ends on.

use std::ops::Range;

use icu_calendar::types::Weekday;
use icu_calendar::week::WeekInformation;
use icu_datetime::DateTimeFormatter;
use icu_datetime::fieldsets::MDE;
use icu_locale_core::Locale;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use replylint_pack::Unit;

use crate::analysis::Analysis;
use crate::packs;
use crate::text::TokenKind;

/// An estimate as its words give it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Estimate {
    /// The least amount.
    pub low: f64,
    /// The greatest amount: the bound that can be promised.
    pub high: f64,
    /// What is counted: of "an hour to 2 days", days.
    pub unit: Unit,
    /// How many amounts its words name.
    pub amounts: usize,
    /// Whether they are of different units; the greatest is the last then.
    pub is_mixed: bool,
}

impl Estimate {
    /// Reads the amounts and the unit of a time expression; `None` where it has no number ("a few days") or no unit.
    pub fn read(analysis: &Analysis<'_>, pack: usize, words: Range<usize>) -> Option<Self> {
        let number = pack;
        let pack = analysis.pack(number)?;
        let tokens = &analysis.text.tokens;
        let mut amounts = words.clone().filter_map(|at| {
            let folded = analysis.folded(&tokens[at]);
            let amount: f64 = match tokens[at].kind {
                TokenKind::Number => folded.replace(',', ".").parse().ok()?,
                TokenKind::Word => {
                    let at = pack.numbers.binary_search_by(|(word, _)| word.as_str().cmp(folded)).ok()?;
                    pack.numbers[at].1
                }
                TokenKind::Code => return None,
            };
            Some((at, amount))
        });
        let first = amounts.next()?;
        let (mut low, mut high, mut last, mut count) = (first.1, first.1, first, 1);
        for next in amounts {
            low = low.min(next.1);
            high = high.max(next.1);
            last = next;
            count += 1;
        }
        let (at, unit) = analysis.first_of(number, words.clone(), &pack.units)?;
        // Of what the last amount counts, where it stands behind the first unit.
        let far = (last.0 > at).then(|| analysis.first_of(number, last.0..words.end, &pack.units)).flatten();
        let (high, unit, is_mixed) = match far {
            Some((_, far)) if far != unit => (last.1, far, true),
            _ => (high, unit, false),
        };
        Some(Estimate { low, high, unit, amounts: count, is_mixed })
    }

    /// The day on which the estimate ends at the latest, counted from the day of the reply.
    pub fn last_day(&self, from: Date, code: &str) -> Option<Date> {
        // Nobody promises more than a few years, and dates have an end.
        let amount = self.high.ceil();
        if !(0.0..=10_000.0).contains(&amount) {
            return None;
        }
        let amount = amount as i64;
        let span = jiff::Span::new();
        let span = match self.unit {
            Unit::BusinessDay => return business_days(from, amount, code),
            Unit::Day => span.try_days(amount).ok()?,
            Unit::Week => span.try_weeks(amount).ok()?,
            Unit::Month => span.try_months(amount).ok()?,
            Unit::Quarter => span.try_months(amount * 3).ok()?,
            Unit::Year => span.try_years(amount).ok()?,
            // An estimate of hours names no day unless it is long.
            Unit::Hour if amount >= 24 => span.try_days((amount + 23) / 24).ok()?,
            _ => return None,
        };
        from.checked_add(span).ok()
    }
}

/// The day after so many days on which people of the language's region work.
fn business_days(from: Date, amount: i64, code: &str) -> Option<Date> {
    let locale: Locale = code.parse().ok()?;
    let weekend: Vec<Weekday> = WeekInformation::try_new((&locale).into()).ok()?.weekend().collect();
    let mut day = from;
    let mut left = amount;
    while left > 0 {
        day = day.tomorrow().ok()?;
        let weekday = icu_date(day)?.weekday();
        if !weekend.contains(&weekday) {
            left -= 1;
        }
    }
    Some(day)
}

/// When a promise runs out that was written in a sentence of a message: "within 2 days", "tomorrow", "on Friday",
/// "by 12 May". `None` where it names no time that can be told.
pub(crate) fn deadline(message: &Analysis<'_>, sentence: usize, written: Timestamp) -> Option<Timestamp> {
    let words = message.sentences.get(sentence)?.tokens.clone();
    let passage = message.passages.iter().find(|passage| passage.sentences.contains(&sentence))?;
    let number = passage.pack?;
    let pack = message.pack(number)?;
    let tokens = &message.text.tokens;
    let day = day_of(written);
    let end_of = |day: Date| {
        let midnight = day.tomorrow().ok()?.to_datetime(jiff::civil::Time::midnight());
        TimeZone::UTC.to_timestamp(midnight).ok()
    };
    let names = |wanted: &str| {
        message
            .evidence(packs::place_in_catalogue("broken-promise"), wanted)
            .any(|(_, found)| found == sentence)
    };
    if let Some((at, month)) = message.first_of(number, words.clone(), &pack.months) {
        let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter(|at| words.contains(at));
        let day_of_month = beside.filter_map(|at| message.folded(&tokens[at]).parse::<i8>().ok()).next()?;
        let this_year = Date::new(day.year(), month as i8, day_of_month).ok()?;
        // In December, 3 January is in the next year.
        let is_past = this_year < day && day.since(this_year).ok()?.get_days() > 180;
        return end_of(if is_past {
            Date::new(day.year() + 1, month as i8, day_of_month).ok()?
        } else {
            this_year
        });
    }
    if let Some((_, weekday)) = message.first_of(number, words.clone(), &pack.weekdays) {
        let today = day.weekday().to_monday_one_offset();
        let ahead = (weekday as i8 - today).rem_euclid(7);
        let ahead = if ahead == 0 { 7 } else { ahead };
        return end_of(day.checked_add(jiff::Span::new().days(ahead)).ok()?);
    }
    if let Some((at, _)) = message.first_of(number, words.clone(), &pack.units) {
        // The amount stands right before the unit: "within 24 business hours".
        let amount = at.saturating_sub(2).max(words.start)..(at + 2).min(words.end);
        let estimate = Estimate::read(message, number, amount)?;
        let hours = |hours: f64| {
            let seconds = (hours.clamp(0.0, 1e6) * 3600.0) as i64;
            written.checked_add(jiff::SignedDuration::from_secs(seconds)).ok()
        };
        return match estimate.unit {
            Unit::Second | Unit::Minute => hours(1.0),
            Unit::Hour => hours(estimate.high),
            _ => end_of(estimate.last_day(day, &pack.code)?),
        };
    }
    if names("tomorrow") {
        return end_of(day.tomorrow().ok()?);
    }
    if names("today") { end_of(day) } else { None }
}

/// The day of a moment. Whose day it is is not known, so it is that of Greenwich.
pub(crate) fn day_of(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

/// A day in the language's own form and calendar, with its weekday and without the year.
pub(crate) fn write_day(day: Date, code: &str) -> Option<String> {
    let locale: Locale = code.parse().ok()?;
    let formatter = DateTimeFormatter::try_new((&locale).into(), MDE::long()).ok()?;
    Some(formatter.format(&icu_date(day)?).to_string())
}

fn icu_date(day: Date) -> Option<icu_calendar::Date<icu_calendar::Iso>> {
    icu_calendar::Date::try_new_iso(day.year().into(), day.month().unsigned_abs(), day.day().unsigned_abs())
        .ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use replylint_pack::Unit;

    use super::{Estimate, write_day};

    #[test]
    fn estimates_end_on_a_day() {
        let last = |high: f64, unit| {
            Estimate { low: 1.0, high, unit, amounts: 2, is_mixed: false }.last_day(date(2026, 12, 4), "en")
        };
        assert_eq!(last(8.0, Unit::Week), Some(date(2027, 1, 29)));
        assert_eq!(last(3.0, Unit::BusinessDay), Some(date(2026, 12, 9)));
        assert_eq!(last(1.5, Unit::Month), Some(date(2027, 2, 4)));
        assert_eq!(last(48.0, Unit::Hour), Some(date(2026, 12, 6)));
        assert_eq!(last(3.0, Unit::Hour), None);
        assert_eq!(last(1e300, Unit::Day), None);
    }

    #[test]
    fn days_are_written_as_the_language_does() {
        let day = date(2026, 12, 4);
        let write = |code| write_day(day, code).unwrap();
        assert_eq!(write("en"), "Friday, December 4");
        assert_eq!(write("ro"), "vineri, 4 decembrie");
        assert_eq!(write("ru"), "пятница, 4 декабря");
        assert_eq!(write("it"), "venerdì 4 dicembre");
        assert_eq!(write("hu"), "december 4., péntek");
        assert_eq!(write("fa"), "جمعه ۱۳ آذر");
    }
}
