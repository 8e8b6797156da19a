//! A plan as a table for a terminal of 80 columns.

use std::fmt::Write;

use super::figures::Figure;
use super::notes::days_line;
use super::report::{Report, ScheduleReport};

const WIDTH: usize = 80;
/// Room for a schedule's name.
const NAME: usize = 22;
/// How many hours stand side by side.
const HOURS: usize = 14;

impl Report {
    /// The plan as text: a table of the schedules, one of the hours, the suggestion, and what to know.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let how = if self.resampled { "drawn from their profile" } else { "replayed" };
        let whose = self.service.as_ref().map(|name| format!("; only \"{name}\" is counted")).unwrap_or_default();
        wrap(&mut text, "", &format!("{}; {:.0} people a day, {how}{whose}.", days_line(self), self.people));
        text.push('\n');
        self.schedules_table(&mut text);
        text.push('\n');
        self.hours_table(&mut text);
        if let Some(check) = &self.check {
            let told = format!(
                "Check against those days: the median wait really was {} min, simulated {}; nine in ten waited at most {}, \
                 simulated {}; {:.1} people a day gave up, simulated {:.1}.",
                short(check.real_median),
                short(check.median),
                short(check.real_p90),
                short(check.p90),
                check.real_leave,
                check.leave
            );
            text.push('\n');
            wrap(&mut text, "", &told);
        }
        if !self.suggestion.sentence.is_empty() {
            text.push('\n');
            wrap(&mut text, "", &self.suggestion.sentence);
            wrap(&mut text, "", &self.suggestion.price);
        }
        text.push('\n');
        for note in &self.notes {
            wrap(&mut text, "- ", note);
        }
        text
    }

    fn schedules_table(&self, text: &mut String) {
        line(text, &format!("{:NAME$}{:>28}{:>8}{:>14}{:>8}", "", "wait, minutes    ", "over", "give up", "desk"));
        line(text, &format!("{:NAME$}{:>14}{:>14}{:>8}{:>14}{:>8}", "", "median", "9 in 10", "15 min", "a day", "hours"));
        for row in &self.schedules {
            let name = clip(&row.name, text, WIDTH);
            line(
                text,
                &format!(
                    "{name:NAME$}{:>14}{:>14}{:>8}{:>14}{:>8}",
                    row.median.range(),
                    row.p90.range(),
                    format!("{:.0} %", row.over_15.value * 100.0),
                    row.leave.range(),
                    format!("{:.1}", row.desk_hours.value)
                ),
            );
        }
        line(text, "In brackets: 9 in 10 sure. Waits: from the number to the first call.");
    }

    fn hours_table(&self, text: &mut String) {
        for chunk in self.hours.chunks(HOURS) {
            let head: String = chunk.iter().map(|hour| format!("{hour:>4}")).collect();
            line(text, &format!("{:NAME$}{head}", "Median wait by hour"));
            for row in &self.schedules {
                let name = clip(&row.name, text, WIDTH);
                let cells: String = chunk.iter().map(|hour| format!("{:>4}", cell(row, *hour))).collect();
                line(text, &format!("{name:NAME$}{cells}"));
            }
            let people: String = chunk
                .iter()
                .map(|hour| {
                    let row = self.schedules.first().and_then(|row| row.by_hour.iter().find(|h| h.hour == *hour));
                    format!("{:>4.0}", row.map_or(0.0, |row| row.people))
                })
                .collect();
            line(text, &format!("{:NAME$}{people}", "people"));
        }
    }
}

fn cell(row: &ScheduleReport, hour: u8) -> String {
    row.by_hour.iter().find(|report| report.hour == hour).map_or_else(String::new, |report| short(report.median))
}

impl Figure {
    /// The figure with its interval: `31 (27–36)`.
    #[must_use]
    pub fn range(&self) -> String {
        format!("{} ({}–{})", short(self.value), short(self.low), short(self.high))
    }
}

/// A number with no more digits than it deserves.
#[must_use]
pub fn short(value: f64) -> String {
    if value < 9.95 && value > 0.05 { format!("{value:.1}") } else { format!("{value:.0}") }
}

/// A name that is too long for its column stands on a line of its own above it.
fn clip<'a>(name: &'a str, text: &mut String, width: usize) -> &'a str {
    if name.chars().count() < NAME {
        return name;
    }
    line(text, &name.chars().take(width).collect::<String>());
    ""
}

fn line(text: &mut String, line: &str) {
    // writing to a String cannot fail
    let _ = writeln!(text, "{}", line.trim_end());
}

/// Adds a sentence, broken between words.
fn wrap(text: &mut String, lead: &str, sentence: &str) {
    let mut current = lead.to_owned();
    let indent = " ".repeat(lead.chars().count());
    for word in sentence.split_whitespace() {
        let blank = current.trim().is_empty() || current == lead;
        if !blank && current.chars().count() + 1 + word.chars().count() > WIDTH {
            line(text, &current);
            current.clone_from(&indent);
        } else if !blank {
            current.push(' ');
        }
        current.push_str(word);
    }
    if !current.trim().is_empty() {
        line(text, &current);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_broken_between_words_and_indented() {
        let mut text = String::new();
        wrap(&mut text, "- ", &"word ".repeat(40));
        assert!(text.lines().count() == 3 && text.lines().all(|line| line.len() <= WIDTH), "{text}");
        assert!(text.starts_with("- word") && text.lines().nth(1).unwrap().starts_with("  word"), "{text}");
    }

    #[test]
    fn numbers_have_the_digits_they_deserve() {
        assert_eq!([0.0, 0.04, 0.32, 9.94, 9.96, 31.4].map(short), ["0", "0", "0.3", "9.9", "10", "31"]);
    }
}
