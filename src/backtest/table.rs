//! A report as people read it.

use std::fmt;

use super::Report;
use super::score::{Figures, Method, Set};

/// The widest name in the tables of services and days.
const NAME: usize = 34;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.history)?;
        for note in &self.notes {
            writeln!(f, "Note: {note}")?;
        }
        writeln!(
            f,
            "\nMinutes but for shares. Errors are of the middle; inside, earlier and later are shares of the waits."
        )?;
        for set in self.sets.iter().filter(|set| !set.set.contains(':') || set.set.starts_with("bucket:")) {
            whole(f, set)?;
        }
        for (kind, title) in [("service:", "By service"), ("day:", "By day of issue, the first days too")] {
            let sets: Vec<&Set> = self.sets.iter().filter(|set| set.set.starts_with(kind)).collect();
            if !sets.is_empty() {
                writeln!(
                    f,
                    "\n{title:<NAME$} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7}",
                    "n", "naive", "÷naive", "inside", "later", "width"
                )?;
            }
            for set in sets {
                line(f, set.set.strip_prefix(kind).unwrap_or(&set.set), set)?;
            }
        }
        Ok(())
    }
}

/// A set with all its methods.
fn whole(f: &mut fmt::Formatter<'_>, set: &Set) -> fmt::Result {
    writeln!(f, "\n{}: {} tickets", set.set, set.n)?;
    if set.methods.is_empty() {
        return Ok(());
    }
    let [mae, median, ratio, inside, earlier, later, width, pinball] =
        ["MAE", "median", "÷naive", "inside", "earlier", "later", "width", "pinball"];
    writeln!(f, "  {:<8} {mae:>8} {median:>8} {ratio:>8} {inside:>8} {earlier:>8} {later:>8} {width:>8} {pinball:>8}", "")?;
    for (method, figures) in &set.methods {
        let range = figures.range;
        let cells = [
            number(Some(figures.mae_min)),
            number(Some(figures.medae_min)),
            number(figures.mae_over_naive),
            percent(range.map(|range| range.inside)),
            percent(range.map(|range| range.earlier)),
            percent(range.map(|range| range.later)),
            number(range.map(|range| range.width_min)),
            number(range.map(|range| range.pinball)),
        ];
        let cells: String = cells.iter().map(|cell| format!(" {cell:>8}")).collect();
        writeln!(f, "  {:<8}{}", method.name(), cells.trim_end())?;
    }
    Ok(())
}

/// A set in one line: the naive error, and the promise against it.
fn line(f: &mut fmt::Formatter<'_>, name: &str, set: &Set) -> fmt::Result {
    let of = |method| set.methods.get(&method);
    let promise = of(Method::Promise);
    let range = promise.and_then(|promise| promise.range);
    // a name comes from the file: nothing in it may command a terminal
    let name: String = name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    let name: String =
        if name.chars().nth(NAME).is_some() { name.chars().take(NAME - 1).chain(['…']).collect() } else { name };
    let cells = [
        set.n.to_string(),
        number(of(Method::Naive).map(|naive: &Figures| naive.mae_min)),
        number(promise.and_then(|promise| promise.mae_over_naive)),
        percent(range.map(|range| range.inside)),
        percent(range.map(|range| range.later)),
        number(range.map(|range| range.width_min)),
    ];
    let cells: String = cells.iter().map(|cell| format!(" {cell:>7}")).collect();
    writeln!(f, "{name:<NAME$}{}", cells.trim_end())
}

fn number(value: Option<f64>) -> String {
    value.map(|value| format!("{value:.2}")).unwrap_or_default()
}

fn percent(share: Option<f64>) -> String {
    share.map(|share| format!("{:.1}%", share * 100.0)).unwrap_or_default()
}
