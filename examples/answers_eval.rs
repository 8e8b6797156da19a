//! How well the search finds answers, on questions that real people asked.
//!
//! ```sh
//! cargo run --release --example answers_eval -- --entries E.csv --train T.csv --test Q.csv --json
//! ```
//!
//! E.csv has `entry,title`; T.csv `text,entry`, other ways to ask; Q.csv `text,entry`, what was asked and which entry answers it
//! (`__none__`: none does). Every line of the answer says what it counts.

#![expect(clippy::print_stdout, reason = "a program that prints its findings")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Parser;
use nowserving::clock::stopwatch;
use nowserving::signage::search::Index;
use rand::prelude::*;
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

/// Measure the search for answers.
#[derive(Parser)]
#[command(after_help = "Example: answers_eval --entries E.csv --train T.csv --test Q.csv --json")]
struct Args {
    /// Entries: entry,title
    #[arg(long, value_name = "CSV")]
    entries: PathBuf,
    /// Other ways to ask: text,entry
    #[arg(long, value_name = "CSV")]
    train: PathBuf,
    /// Questions: text,entry; __none__ where no entry answers
    #[arg(long, value_name = "CSV")]
    test: PathBuf,
    /// At most so many other ways to ask are used for each entry
    #[arg(long, default_value_t = 12)]
    phrasings: usize,
    /// The same seed makes the same typos
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// One JSON object instead of lines
    #[arg(long)]
    json: bool,
}

#[derive(Deserialize)]
struct EntryRow {
    entry: String,
    title: String,
}

#[derive(Deserialize)]
struct TextRow {
    text: String,
    entry: String,
}

#[derive(Serialize)]
struct Typo {
    top1: f64,
    top3: f64,
}

#[derive(Serialize)]
struct Report {
    /// Questions that an entry answers.
    n: usize,
    top1: f64,
    top3: f64,
    mrr: f64,
    typo: Typo,
    /// Share of the questions that no entry answers, but that get a confident answer; null if there are none.
    out_of_scope_answered: Option<f64>,
    /// Share of the questions that an entry answers and that get a confident answer.
    in_scope_answered: f64,
    /// Microseconds a search.
    p50_us: f64,
    p99_us: f64,
}

fn read<T: for<'a> Deserialize<'a>>(path: &Path) -> anyhow::Result<Vec<T>> {
    let mut reader = csv::Reader::from_path(path).with_context(|| format!("Cannot read {}", path.display()))?;
    reader.deserialize().collect::<Result<_, _>>().with_context(|| format!("{} has other columns", path.display()))
}

/// One word of four letters or more with one letter left out, doubled by another, replaced or swapped with its neighbour.
fn misspell(text: &str, rng: &mut impl Rng) -> String {
    let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    let Some(word) = words.iter_mut().filter(|word| word.chars().count() >= 4).choose(rng) else {
        return text.to_owned();
    };
    let mut letters: Vec<char> = word.chars().collect();
    let at = rng.random_range(1..letters.len() - 1);
    let letter = char::from(rng.random_range(b'a'..=b'z'));
    match rng.random_range(0..4) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, letter),
        2 => letters[at] = letter,
        _ => letters.swap(at, at + 1),
    }
    *word = letters.into_iter().collect();
    words.join(" ")
}

struct Eval {
    names: HashMap<String, usize>,
    index: Index,
    micros: Vec<f64>,
}

impl Eval {
    fn new(args: &Args) -> anyhow::Result<Self> {
        let entries: Vec<EntryRow> = read(&args.entries)?;
        let names: HashMap<String, usize> = entries.iter().enumerate().map(|(at, row)| (row.entry.clone(), at)).collect();
        let mut texts: Vec<Vec<String>> = entries.into_iter().map(|row| vec![row.title]).collect();
        for row in read::<TextRow>(&args.train)? {
            let Some(at) = names.get(&row.entry) else { bail!("{:?} is no entry", row.entry) };
            if texts[*at].len() <= args.phrasings {
                texts[*at].push(row.text);
            }
        }
        let index = Index::new(texts.iter().map(|texts| texts.iter().map(String::as_str)));
        Ok(Self { names, index, micros: Vec::new() })
    }

    /// The place of the right entry, from 1, and whether the first one was confident.
    fn ask(&mut self, question: &str, right: Option<usize>) -> (Option<usize>, bool) {
        let begun = stopwatch();
        let hits = self.index.search(question, false, usize::MAX);
        self.micros.push(stopwatch().duration_since(begun).as_secs_f64() * 1e6);
        let place = right.and_then(|right| hits.iter().position(|hit| hit.entry == right)).map(|at| at + 1);
        (place, hits.first().is_some_and(|hit| hit.is_confident()))
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let mut eval = Eval::new(&args)?;
    let questions: Vec<TextRow> = read(&args.test)?;
    let mut rng = Pcg64Mcg::seed_from_u64(args.seed);
    let (mut places, mut misspelt, mut answered, mut outside) = (Vec::new(), Vec::new(), 0, Vec::new());
    for row in &questions {
        let right = eval.names.get(&row.entry).copied();
        if right.is_none() && row.entry != "__none__" {
            bail!("{:?} in {} is no entry", row.entry, args.test.display());
        }
        let (place, confident) = eval.ask(&row.text, right);
        if right.is_none() {
            outside.push(confident);
            continue;
        }
        places.push(place);
        answered += usize::from(confident);
        misspelt.push(eval.ask(&misspell(&row.text, &mut rng), right).0);
    }
    eval.micros.sort_by(f64::total_cmp);
    let at = |share: f64| eval.micros.get((eval.micros.len() as f64 * share) as usize).copied().unwrap_or_default();
    let within = |places: &[Option<usize>], most| {
        share(places.iter().flatten().filter(|place| **place <= most).count(), places.len())
    };
    let reciprocal: f64 = places.iter().flatten().map(|place| 1.0 / *place as f64).sum();
    let report = Report {
        n: places.len(),
        top1: within(&places, 1),
        top3: within(&places, 3),
        mrr: if places.is_empty() { 0.0 } else { reciprocal / places.len() as f64 },
        typo: Typo { top1: within(&misspelt, 1), top3: within(&misspelt, 3) },
        out_of_scope_answered: (!outside.is_empty())
            .then(|| share(outside.iter().filter(|confident| **confident).count(), outside.len())),
        in_scope_answered: share(answered, places.len()),
        p50_us: at(0.5),
        p99_us: at(0.99),
    };
    print(&report, args.json)
}

fn print(report: &Report, json: bool) -> anyhow::Result<()> {
    if json {
        println!("{}", serde_json::to_string(report)?);
        return Ok(());
    }
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    println!("questions an entry answers    {}", report.n);
    println!("right entry first             {}", percent(report.top1));
    println!("right entry in first three    {}", percent(report.top3));
    println!("mean reciprocal rank          {:.3}", report.mrr);
    println!("with a typo: first            {}", percent(report.typo.top1));
    println!("with a typo: first three      {}", percent(report.typo.top3));
    println!("answered with confidence      {}", percent(report.in_scope_answered));
    let outside = report.out_of_scope_answered.map_or_else(|| "none asked".into(), percent);
    println!("out of scope, but answered    {outside}");
    println!("a search, µs                  {:.0} (99 %: {:.0})", report.p50_us, report.p99_us);
    Ok(())
}
