//! Waits, lengths, times of day and dates, as each language says them.

use super::catalogue::sentences;

sentences! { TIME:
    /// A time of day. {hour} and {minute} have two digits each, 00–23 and 00–59: one clock for door, board and paper.
    time clock(hour, minute) = "{hour}:{minute}";
    /// A length of time in minutes, short.
    time minutes(m) = "{m} min" / "{m} min";
    /// A length of time in full hours, short.
    time hours(h) = "{h} h" / "{h} h";
    /// A length of time in hours and minutes, short: "1 h 05". {m} has two digits.
    time hours_minutes(h, m) = "{h} h {m}";
    /// A range of minutes, short. The form goes by the greater, {to}.
    time span(to, from) = "{from}–{to} min" / "{from}–{to} min";
    /// A range between two lengths of time: "50 min – 1 h 20".
    time span_long(from, to) = "{from} – {to}";
    /// At most five minutes, in lists: very short.
    time few_short() = "a few min";
    /// At most five minutes.
    time few() = "a few minutes";
    /// From nothing up to a length of time.
    time up_to(length) = "up to {length}";
    /// A range, in a sentence or a list: "about 12–25 min".
    time about(span) = "about {span}";
    /// With a new number: at most five minutes.
    time promise_few() = "You will be called in a few minutes.";
    /// With a new number: up to a length of time.
    time promise_up_to(length) = "You will be called within {length}.";
    /// With a new number: a range.
    time promise_about(span) = "You will be called in about {span}.";

    /// When a closed branch opens: later today.
    time opens_today(clock) = "We open today at {clock}.";
    /// When a closed branch opens: tomorrow.
    time opens_tomorrow(clock) = "We open again tomorrow at {clock}.";
    /// When a closed branch opens. {day} is "on Monday" or "on 4 May", each an entry of its own.
    time opens_on(day, clock) = "We open again {day} at {clock}.";
    /// When a closed branch opens, where nobody knows.
    time opens_unknown() = "Please ask the staff when we open.";
    /// A day of the week, as it stands in a sentence.
    time on_monday() = "on Monday";
    /// A day of the week, as it stands in a sentence.
    time on_tuesday() = "on Tuesday";
    /// A day of the week, as it stands in a sentence.
    time on_wednesday() = "on Wednesday";
    /// A day of the week, as it stands in a sentence.
    time on_thursday() = "on Thursday";
    /// A day of the week, as it stands in a sentence.
    time on_friday() = "on Friday";
    /// A day of the week, as it stands in a sentence.
    time on_saturday() = "on Saturday";
    /// A day of the week, as it stands in a sentence.
    time on_sunday() = "on Sunday";
    /// A day of the week by itself, in a list of opening hours.
    time monday() = "Monday";
    /// A day of the week by itself, in a list of opening hours.
    time tuesday() = "Tuesday";
    /// A day of the week by itself, in a list of opening hours.
    time wednesday() = "Wednesday";
    /// A day of the week by itself, in a list of opening hours.
    time thursday() = "Thursday";
    /// A day of the week by itself, in a list of opening hours.
    time friday() = "Friday";
    /// A day of the week by itself, in a list of opening hours.
    time saturday() = "Saturday";
    /// A day of the week by itself, in a list of opening hours.
    time sunday() = "Sunday";
    /// A date, as it stands in a sentence. {date} is "4 May", an entry of its own.
    time on_date(date) = "on {date}";
    /// A date without its year.
    time january(day) = "{day} January";
    /// A date without its year.
    time february(day) = "{day} February";
    /// A date without its year.
    time march(day) = "{day} March";
    /// A date without its year.
    time april(day) = "{day} April";
    /// A date without its year.
    time may(day) = "{day} May";
    /// A date without its year.
    time june(day) = "{day} June";
    /// A date without its year.
    time july(day) = "{day} July";
    /// A date without its year.
    time august(day) = "{day} August";
    /// A date without its year.
    time september(day) = "{day} September";
    /// A date without its year.
    time october(day) = "{day} October";
    /// A date without its year.
    time november(day) = "{day} November";
    /// A date without its year.
    time december(day) = "{day} December";
}
