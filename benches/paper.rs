//! Layout and raster of one ticket, for the heads and languages that differ.
//!
//! `cargo bench --no-default-features --bench paper`

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop where it stands")]

use std::hint::black_box;

use criterion::Criterion;
use nowserving::paper::{PaperStyle, PaperWords, TicketPaper, Typesetter};

fn paper(service: &str, promise: &str, ready: [&str; 2], rtl: bool) -> TicketPaper {
    TicketPaper {
        rtl,
        store: "Nordlund Hardware".into(),
        service: service.into(),
        number: "R043".into(),
        promise: Some(promise.into()),
        made_at: "14:07".into(),
        desk_hint: Some("You will be called to Desk 1, Desk 2".into()),
        have_ready: ready.map(str::to_owned).into(),
        url: "http://192.168.1.20:8080/t/k7q2m9x4c5v3b5n3w6z7j2h4gd".into(),
        line: Some("Open until 20:00 today.".into()),
        ..TicketPaper::default()
    }
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let words = PaperWords::default();
    let english =
        paper("Return or exchange", "about 14–27 min", ["the item", "the receipt, or the card you paid with"], false);
    let arabic = paper("إرجاع أو استبدال", "حوالي 14–27 دقيقة", ["المنتج", "الإيصال أو البطاقة التي دفعت بها"], true);
    let chinese = paper("退货或换货", "约 14–27 分钟", ["商品", "收据或付款时使用的银行卡"], false);
    let large = TicketPaper { large: true, ..english.clone() };
    let mut group = criterion.benchmark_group("paper");
    for (style, name) in [(PaperStyle::MM58, "58mm"), (PaperStyle::MM80, "80mm")] {
        for (paper, what) in [(&english, "English"), (&large, "large"), (&arabic, "Arabic"), (&chinese, "Chinese")] {
            let mut typesetter = Typesetter::new().unwrap();
            group.bench_function(format!("{name} {what}"), |bencher| {
                bencher.iter(|| typesetter.ticket(black_box(paper), &words, style).unwrap());
            });
        }
    }
    group.bench_function("reading the fonts", |bencher| bencher.iter(|| Typesetter::new().unwrap()));
    group.finish();
    criterion.final_summary();
}
