//! A plan as a picture: SVG, which a browser, a word processor and a printer all draw sharply at any size.
//!
//! Two parts: how long people wait under each schedule (half wait less, nine in ten wait less), and the median wait hour by
//! hour, where darker is longer and each cell says its minutes. Colour never speaks alone. Attributes only, no style: so that
//! it may stand in a page whose policy forbids inline style. Classes let the page's own colours take over.
//!
//! Drawn narrow, so that it can be read on a phone without scrolling.

use std::fmt::Write;

use super::notes::days_line;
use super::report::Report;
use super::text::short;

const WIDTH: f64 = 420.0;
const LEFT: f64 = 8.0;
const RIGHT: f64 = 412.0;
const BAR: f64 = 14.0;
const ROW: f64 = 40.0;
const CELL: f64 = 24.0;

const INK: &str = "#15213B";
const MUTED: &str = "#566076";
const GROUND: &str = "#FFFFFF";
/// One hue, four steps: up to 5, 15, 30 minutes, and longer. Text on the last two is white.
const STEPS: [&str; 4] = ["#F4E6DC", "#E6B48F", "#B4562C", "#7A2E12"];

/// Where a picture is to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// In a file of its own.
    File,
    /// In a page.
    Page,
}

fn step(minutes: f64) -> usize {
    match minutes {
        m if m < 5.0 => 0,
        m if m < 15.0 => 1,
        m if m < 30.0 => 2,
        _ => 3,
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

struct Drawing(String);

impl Drawing {
    fn text(&mut self, (x, y): (f64, f64), class: &str, anchor: &str, size: u32, text: &str) {
        let (colour, weight) = match class {
            "plan-muted" => (MUTED, 400),
            "plan-on" => (GROUND, 700),
            "plan-cell" => (INK, 400),
            _ => (INK, 700),
        };
        // writing to a String cannot fail
        let _ = write!(
            self.0,
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" font-size=\"{size}\" \
             font-weight=\"{weight}\" fill=\"{colour}\">{}</text>",
            escape(text)
        );
    }

    fn bar(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), class: &str, colour: &str) {
        let _ = write!(
            self.0,
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{height:.1}\" fill=\"{colour}\"/>",
            width.max(0.0)
        );
    }
}

impl Report {
    /// The plan as an SVG picture with a title and a description for who cannot see it.
    #[must_use]
    pub fn picture(&self, frame: Frame) -> String {
        let rows = self.schedules.len() as f64;
        let hours_top = 60.0 + rows * ROW + 26.0;
        let height = hours_top + 34.0 + rows * (CELL + 16.0) + 34.0;
        let mut drawing = Drawing(String::new());
        let _ = write!(
            drawing.0,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plan-picture\" viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" \
             aria-labelledby=\"plan-title\" aria-describedby=\"plan-desc\" font-family=\"Atkinson Hyperlegible Next, Liberation Sans, sans-serif\">\
             <title id=\"plan-title\">{}</title><desc id=\"plan-desc\">{}</desc>",
            escape(&format!("Waits under {} schedules", self.schedules.len())),
            escape(&self.description())
        );
        if frame == Frame::File {
            drawing.bar((0.0, 0.0), (WIDTH, height), "plan-ground", GROUND);
        }
        drawing.text((LEFT, 20.0), "plan-head", "start", 15, "How long people wait, minutes");
        drawing.text((LEFT, 38.0), "plan-muted", "start", 12, &format!("{}. Dark: half wait less.", days_line(self)));
        drawing.text((LEFT, 53.0), "plan-muted", "start", 12, "Light: nine in ten wait less.");
        self.bars(&mut drawing, 60.0);
        self.cells(&mut drawing, hours_top);
        drawing.0.push_str("</svg>");
        drawing.0
    }

    fn bars(&self, drawing: &mut Drawing, top: f64) {
        let longest = self.schedules.iter().map(|row| row.p90.value).fold(1.0, f64::max);
        // room for the figures at the end of the longest bar
        let scale = (RIGHT - LEFT - 60.0) / longest;
        for (n, row) in self.schedules.iter().enumerate() {
            let y = top + n as f64 * ROW;
            let tail = format!("{} give up · {:.1} desk h", short(row.leave.value), row.desk_hours.value);
            drawing.text((LEFT, y + 14.0), "plan-name", "start", 13, &clip(&row.name, 30));
            drawing.text((RIGHT, y + 14.0), "plan-muted", "end", 12, &tail);
            let (half, most) = (row.median.value * scale, row.p90.value * scale);
            drawing.bar((LEFT, y + 19.0), (most, BAR), "plan-p90", STEPS[1]);
            drawing.bar((LEFT, y + 19.0), (half, BAR), "plan-median", STEPS[3]);
            let told = format!("{} / {}", short(row.median.value), short(row.p90.value));
            drawing.text((LEFT + most + 5.0, y + 31.0), "plan-figure", "start", 12, &told);
        }
    }

    fn cells(&self, drawing: &mut Drawing, top: f64) {
        let count = self.hours.len().max(1) as f64;
        let width = (RIGHT - LEFT) / count;
        let size = if width < 24.0 { 10 } else { 12 };
        drawing.text((LEFT, top), "plan-head", "start", 15, "Median wait by the hour people come");
        for (n, hour) in self.hours.iter().enumerate() {
            let x = LEFT + (n as f64 + 0.5) * width;
            drawing.text((x, top + 20.0), "plan-muted", "middle", size, &hour.to_string());
        }
        for (r, row) in self.schedules.iter().enumerate() {
            let y = top + 26.0 + r as f64 * (CELL + 16.0);
            drawing.text((LEFT, y + 11.0), "plan-name", "start", 12, &clip(&row.name, 44));
            for (n, hour) in self.hours.iter().enumerate() {
                let Some(report) = row.by_hour.iter().find(|report| report.hour == *hour) else { continue };
                let (x, step) = (LEFT + n as f64 * width, step(report.median.round()));
                let colour = STEPS.get(step).copied().unwrap_or(INK);
                drawing.bar((x + 0.5, y + 15.0), (width - 1.0, CELL - 2.0), &format!("plan-step{step}"), colour);
                let class = if step < 2 { "plan-cell" } else { "plan-on" };
                let minutes = format!("{:.0}", report.median);
                drawing.text((x + width / 2.0, y + 30.5), class, "middle", size, &minutes);
            }
        }
        let y = top + 26.0 + self.schedules.len() as f64 * (CELL + 16.0) + 18.0;
        let keys = ["under 5 min", "5–15", "15–30", "30 and more"];
        let mut x = LEFT;
        for (step, key) in keys.into_iter().enumerate() {
            drawing.bar((x, y - 10.0), (12.0, 12.0), &format!("plan-step{step}"), STEPS.get(step).copied().unwrap_or(INK));
            drawing.text((x + 17.0, y), "plan-muted", "start", 12, key);
            x += 100.0;
        }
    }

    /// What the picture shows, in words.
    fn description(&self) -> String {
        let of = |row: &super::report::ScheduleReport| {
            format!(
                "{}: half wait less than {} minutes, nine in ten less than {}; {} a day give up; {:.1} desk hours.",
                row.name,
                short(row.median.value),
                short(row.p90.value),
                short(row.leave.value),
                row.desk_hours.value
            )
        };
        let rows: Vec<_> = self.schedules.iter().map(of).collect();
        format!("{}. {} The median wait of each hour is in the table.", days_line(self), rows.join(" "))
    }
}

fn clip(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    name.chars().take(most - 1).chain(['…']).collect()
}
