//! The record's pictures, as sizes for inline SVG: the server draws, so they need no script and no style of their own.

use crate::estimate::{DayTally, Group};

/// Units of the drawing: about a phone's width in pixels.
const WIDTH: f64 = 340.0;
const HEIGHT: f64 = 200.0;
/// Room for the minutes at the left.
const LEFT: f64 = 44.0;

/// Promised against actual.
pub(super) struct Picture {
    /// Lines across, from the bottom up.
    pub(super) lines: Vec<Line>,
    /// One for each group, short to long.
    pub(super) groups: Vec<Drawn>,
}

/// A line across with its minutes.
pub(super) struct Line {
    pub(super) y: f64,
    pub(super) minutes: u32,
}

/// A group: the promised range as a block, what came of it as a stroke with a dot.
pub(super) struct Drawn {
    /// The middle.
    pub(super) x: f64,
    pub(super) block_x: f64,
    pub(super) block_y: f64,
    pub(super) block_width: f64,
    pub(super) block_height: f64,
    pub(super) low_y: f64,
    pub(super) mid_y: f64,
    pub(super) high_y: f64,
    /// In whole minutes, for the table.
    pub(super) promised: [u32; 2],
    pub(super) actual: [u32; 3],
    pub(super) count: u32,
}

impl Picture {
    /// `None`: there is too little to draw.
    pub(super) fn of(groups: &[Group]) -> Option<Self> {
        if groups.len() < 2 {
            return None;
        }
        let most = groups.iter().flat_map(|group| [group.promised_to, group.actual_high]).fold(1.0, f64::max);
        let step =
            [1, 2, 5, 10, 20, 30, 60, 120, 240].into_iter().find(|step| f64::from(*step) * 4.5 >= most).unwrap_or(480);
        let top = (most / f64::from(step)).ceil().max(1.0) * f64::from(step);
        let y = |minutes: f64| ((1.0 - minutes / top) * HEIGHT).round();
        let lines = (0..=5).map(|n| n * step).filter(|minutes| f64::from(*minutes) <= top);
        let lines = lines.map(|minutes| Line { y: y(f64::from(minutes)), minutes }).collect();
        let width = (WIDTH - LEFT) / groups.len() as f64;
        let drawn = (0..).zip(groups).map(|(n, group)| {
            let x = (LEFT + width * (f64::from(n) + 0.5)).round();
            let (from, to) = (y(group.promised_from), y(group.promised_to));
            let block_width = (width * 0.6).round();
            let whole = |minutes: f64| minutes.round() as u32;
            Drawn {
                x,
                block_x: x - (block_width / 2.0).round(),
                block_y: to,
                block_width,
                block_height: (from - to).max(2.0),
                low_y: y(group.actual_low),
                mid_y: y(group.actual_mid),
                high_y: y(group.actual_high),
                promised: [whole(group.promised_from), whole(group.promised_to)],
                actual: [whole(group.actual_low), whole(group.actual_mid), whole(group.actual_high)],
                count: group.count,
            }
        });
        Some(Self { lines, groups: drawn.collect() })
    }
}

/// The share kept of each business day.
pub(super) struct Days {
    pub(super) columns: Vec<Column>,
    /// Where eight in ten is.
    pub(super) aim_y: f64,
}

/// A day's column.
pub(super) struct Column {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Days {
    const HEIGHT: f64 = 80.0;

    /// `None`: there are too few days to compare.
    pub(super) fn of(days: &[DayTally]) -> Option<Self> {
        if days.len() < 3 {
            return None;
        }
        let step = (WIDTH - LEFT) / days.len() as f64;
        let columns = (0..).zip(days).map(|(n, day)| {
            let height = (day.tally.share() * Self::HEIGHT).round();
            let x = (LEFT + step * f64::from(n)).round();
            Column { x, y: Self::HEIGHT - height, width: (step * 0.8).round().max(1.0), height }
        });
        Some(Self { columns: columns.collect(), aim_y: Self::HEIGHT * 0.2 })
    }
}
