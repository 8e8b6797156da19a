//! Reading a history: rows a second, from memory, plain.
//!
//! `cargo bench --no-default-features --bench history`

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop where it stands")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Cursor;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput};
use nowserving::history::{History, Options, Tz};

const ROWS: i64 = 100_000;

/// Days of 2,000 tickets at nine desks, every row whole.
fn rows() -> String {
    let mut text = "branch,service,priority,issued_at,called_at,left_at,finished_at,desk,open_desks\n".to_owned();
    for n in 0..ROWS {
        let issued = 1_420_099_200 + n / 2000 * 86_400 + n % 2000 * 18;
        let called = issued + 60 + n * 37 % 1500;
        let [issued, called, finished] = [issued, called, called + 30 + n * 91 % 400]
            .map(|at| chrono::DateTime::from_timestamp(at, 0).unwrap().format("%Y-%m-%d %H:%M:%S").to_string());
        writeln!(text, "A,S{},0,{issued},{called},,{finished},{},9", n % 3, n % 9).unwrap();
    }
    text
}

fn main() {
    let text: Arc<[u8]> = rows().into_bytes().into();
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("read a history, rows");
    group.throughput(Throughput::Elements(ROWS.unsigned_abs())).sample_size(10);
    for (name, timezone) in [("clock times", None), ("in a zone", Some(Tz::Europe__Warsaw))] {
        group.bench_with_input(BenchmarkId::from_parameter(name), &timezone, |bench, &timezone| {
            bench.iter(|| {
                let history = History::read(Cursor::new(text.clone()), Options { timezone }).unwrap();
                assert_eq!(black_box(history).count(), 300_000);
            });
        });
    }
    group.finish();
    criterion.final_summary();
}
