//! Two texts of one entry side by side, with what differs marked word by word.

use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use crate::signage::{Entry, Text};

/// A text that takes longer to compare is shown with coarser marks.
const TIME: Duration = Duration::from_millis(200);

/// A stretch of text, and whether the other side lacks it.
pub(in crate::web) type Stretch = (bool, String);

/// One part of an entry that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::web) struct Difference {
    /// What it is called in the form.
    pub(in crate::web) label: String,
    pub(in crate::web) old: Vec<Stretch>,
    pub(in crate::web) new: Vec<Stretch>,
}

fn texts(parts: &mut Vec<(String, String)>, of: &str, text: &Text) {
    let also = text.also.join("\n");
    let all = [
        ("Question", &text.question),
        ("Short answer", &text.short),
        ("Full answer", &text.full),
        ("Also asked as", &also),
        ("What the picture shows", &text.alt),
    ];
    parts.extend(all.into_iter().map(|(label, text)| (format!("{label}{of}"), text.clone())));
}

/// All that a form of an entry holds, as label and text.
fn parts(entry: &Entry) -> Vec<(String, String)> {
    let mut parts = Vec::new();
    texts(&mut parts, "", &entry.original);
    for (language, translation) in &entry.translations {
        texts(&mut parts, &format!(" ({language})"), &translation.text);
    }
    let schedule = &entry.schedule;
    let time = |time: Option<chrono::NaiveDateTime>| time.map(|time| time.format("%-d %B %Y, %H:%M").to_string());
    let yes = |on: bool| if on { "yes".to_owned() } else { String::new() };
    let list = |items: &mut dyn Iterator<Item = String>| items.collect::<Vec<_>>().join(", ");
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let day = |day: &u8| days.get(usize::from(*day)).copied().unwrap_or_default().to_owned();
    let hours = schedule.hours.map(|hours| format!("{}–{}", hours.from.format("%H:%M"), hours.until.format("%H:%M")));
    let share = if entry.least_share > 0 { format!("{} %", entry.least_share) } else { String::new() };
    parts.extend([
        ("Kind".into(), entry.kind.as_str().into()),
        ("Services".into(), list(&mut entry.services.iter().map(ToString::to_string))),
        ("Picture".into(), entry.image.as_ref().map(|image| image.id.to_string()).unwrap_or_default()),
        ("From".into(), time(schedule.from).unwrap_or_default()),
        ("Until".into(), time(schedule.until).unwrap_or_default()),
        ("Days".into(), list(&mut schedule.weekdays.iter().map(day))),
        ("Hours".into(), hours.unwrap_or_default()),
        ("Screens".into(), list(&mut entry.screens.iter().cloned())),
        ("Pinned".into(), yes(entry.pin)),
        ("Least share".into(), share),
        ("Read again by".into(), entry.review_by.map(|day| day.to_string()).unwrap_or_default()),
        ("Who answers for it".into(), entry.owner.clone()),
    ]);
    parts
}

/// What differs, part by part.
pub(in crate::web) fn differences(old: &Entry, new: &Entry) -> Vec<Difference> {
    let (old, new) = (parts(old), parts(new));
    let value = |of: &[(String, String)], label: &str| {
        of.iter().find(|(name, _)| name == label).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let mut labels: Vec<&String> = new.iter().map(|(label, _)| label).collect();
    labels.extend(old.iter().map(|(label, _)| label).filter(|label| !new.iter().any(|(name, _)| name == *label)));
    let changed = labels.into_iter().filter_map(|label| {
        let (old, new) = (value(&old, label), value(&new, label));
        (old != new).then(|| compare(label, &old, &new))
    });
    changed.collect()
}

fn compare(label: &str, old: &str, new: &str) -> Difference {
    let diff = TextDiff::configure().timeout(TIME).diff_unicode_words(old, new);
    let (mut left, mut right): (Vec<Stretch>, Vec<Stretch>) = (Vec::new(), Vec::new());
    let push = |side: &mut Vec<Stretch>, marked: bool, text: &str| match side.last_mut() {
        Some((mark, before)) if *mark == marked => before.push_str(text),
        _ => side.push((marked, text.to_owned())),
    };
    for change in diff.iter_all_changes() {
        let (tag, text) = (change.tag(), change.value());
        if tag != ChangeTag::Insert {
            push(&mut left, tag == ChangeTag::Delete, text);
        }
        if tag != ChangeTag::Delete {
            push(&mut right, tag == ChangeTag::Insert, text);
        }
    }
    Difference { label: label.to_owned(), old: left, new: right }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_what_changed_is_marked() {
        let entry = |short: &str| Entry {
            original: Text { question: "Q?".into(), short: short.into(), ..Text::default() },
            ..Entry::default()
        };
        let found = differences(&entry("Within 14 days."), &entry("Within 30 days."));
        assert_eq!(found.len(), 1);
        let marked =
            |side: &[Stretch]| side.iter().filter(|(mark, _)| *mark).map(|(_, text)| text.clone()).collect::<String>();
        assert_eq!(
            (found[0].label.as_str(), marked(&found[0].old), marked(&found[0].new)),
            ("Short answer", "14".into(), "30".into())
        );
        assert_eq!(differences(&entry("a"), &entry("a")), []);
    }

    proptest! {
        /// Each side is its whole text, and what is not marked is the same on both.
        #[test]
        fn both_sides_are_whole(old in "[a-c é。\n]{0,60}", new in "[a-c é。\n]{0,60}") {
            let found = compare("x", &old, &new);
            let whole = |side: &[Stretch]| side.iter().map(|(_, text)| text.as_str()).collect::<String>();
            let same = |side: &[Stretch]| side.iter().filter(|(mark, _)| !mark).map(|(_, text)| text.as_str()).collect::<String>();
            prop_assert_eq!(whole(&found.old), old);
            prop_assert_eq!(whole(&found.new), new);
            prop_assert_eq!(same(&found.old), same(&found.new));
        }
    }
}
