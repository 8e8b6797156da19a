//! Sentences of the public record: how often the promised waits were right.

use super::catalogue::sentences;

sentences! { RECORD:
    /// The page's title. {store} is the branch's name.
    record record_of(store) = "{store}: how well our times hold";
    /// Nothing has been promised and called yet.
    record record_nothing() = "Nothing to show yet. With each number we say how long the wait will be; as soon as people are called, this page counts how often that was right.";
    /// Only promises that were labelled as learning.
    record record_learning(kept, all) = "We are still learning how long this takes. So far {kept} of the {all} times that we said have held; they count from the day that we know better.";
    /// Too few promises for a share.
    record not_enough() = "That is not enough yet to speak of a share.";
    /// After a share: "87 %".
    record share_held() = "of what we said held";
    /// The record in a sentence.
    record kept_of_28(kept, all) = "In the last 28 days we kept our word {kept} of {all} times.";
    /// The record in a sentence, where it is younger. {date} is "4 May".
    record kept_of_since(date, kept, all) = "Since {date} we kept our word {kept} of {all} times.";
    /// What came of the others: called later than promised.
    record called_later(n) = "{n} was called later than we said." / "{n} were called later than we said.";
    /// What came of the others: called sooner than promised.
    record called_sooner(n) = "{n} was called sooner." / "{n} were called sooner.";
    /// A warning.
    record got_worse(recent, recent_all, before, before_all) = "It has got worse. In the last 7 days we kept our word {recent} of {recent_all} times; before that, {before} of {before_all}.";
    /// Headline over a picture.
    record said_and_came() = "What we said, and what came";
    /// What the picture shows, for those who do not see it.
    record picture_text() = "In minutes. Short waits at the left, long ones at the right. A block is the time that we said, a line the time in which eight of ten were called, a dot the middle. The table below has the same figures.";
    /// Under the picture's axis.
    record minutes_said() = "minutes that we said";
    /// Legend: the blocks.
    record legend_said() = "what we said";
    /// Legend: the lines with dots.
    record legend_came() = "when eight of ten were called; the dot is the middle";
    /// Opens a table.
    record picture_figures() = "The picture in figures";
    /// The table's caption.
    record picture_caption() = "What we said and what came, in minutes";
    /// A column: the range that was promised.
    record column_said() = "we said";
    /// A column: the range of waits of eight in ten.
    record column_eight() = "eight of ten waited";
    /// A column: the middle of the waits.
    record column_half() = "half under";
    /// A column: how many people.
    record column_people() = "people";
    /// A column: how often the word was kept.
    record column_kept() = "kept";
    /// A column: how many were called later than promised.
    record column_later() = "later";
    /// A column: how many were called sooner than promised.
    record column_sooner() = "sooner";
    /// In the column "kept", where there are too few for a share.
    record part_of(part, whole) = "{part} of {whole}";
    /// A share. {percent} is a whole number.
    record percent(percent) = "{percent}\u{a0}%";
    /// Headline, and a column's name below.
    record by_service() = "By service";
    /// A column: the service.
    record column_service() = "service";
    /// The table's caption.
    record by_service_caption() = "How well our times hold, by service";
    /// Headline.
    record by_length() = "By length of the wait";
    /// A column: the middle of the promised range.
    record column_length() = "we said about";
    /// The table's caption.
    record by_length_caption() = "How well our times hold, by the middle of what we said";
    /// A length of wait: below so many minutes.
    record under_minutes(m) = "under {m} min";
    /// A length of wait: between two numbers of minutes.
    record minutes_to(from, to) = "{from} to {to} min";
    /// A length of wait: so many minutes and above.
    record minutes_or_more(m) = "{m} min or more";
    /// Any length of wait.
    record any_length() = "any";
    /// Headline.
    record day_by_day() = "Day by day";
    /// What the picture shows, for those who do not see it.
    record days_text() = "The share of our times that held. A column for each day, the newest at the right; the line is eight in ten. The table below has the same figures.";
    /// Opens a table.
    record days_figures() = "Each day in figures";
    /// A column: the day.
    record column_day() = "day";
    /// The table's caption.
    record by_day_caption() = "How well our times hold, by day";
    /// Headline.
    record how_we_count() = "How we count";
    /// The rule of the record.
    record rule() = "With each number we say a time, rounded as it stands on your ticket. It held if you were called within it. It is made so that it should hold eight times in ten.";
    /// The rule for those who gave up late.
    record rule_left() = "Whoever gave up after the time that we had said counts as called later.";
    /// Those who gave up early.
    record left_before(n) = "{n} left before their time was up. There was nothing to keep yet." / "{n} left before their time was up. There was nothing to keep yet.";
    /// Those whose promise was void.
    record void_promises(n) = "{n} let others pass or changed to another line. What we had said was for their first place." / "{n} let others pass or changed to another line. What we had said was for their first place.";
    /// Those who were promised something while the branch was learning.
    record while_learning(n, kept, later, earlier) = "{n} was told that we are still learning. Held: {kept}. Called later: {later}. Called sooner: {earlier}." / "{n} were told that we are still learning. Held: {kept}. Called later: {later}. Called sooner: {earlier}.";
    /// Those whose wait could not be measured.
    record unknown_waits(n) = "Of {n} nobody knows how long they waited, because the clock had failed." / "Of {n} nobody knows how long they waited, because the clock had failed.";
    /// Those who wait now.
    record wait_now(n) = "{n} waits now and counts as soon as called." / "{n} wait now. They count as soon as they are called.";
    /// A service whose estimate is a simple sum. {name} is the service.
    record simple_sum(name) = "{name}: the time comes from a simple sum now (people before you × minutes ÷ desks), because that does better here.";
}
