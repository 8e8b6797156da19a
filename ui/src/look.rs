//! What can be computed of the look: whether letters reach the end of the hall.

mod tokens {
    include!(concat!(env!("OUT_DIR"), "/tokens.rs"));
}
pub(crate) use tokens::*;

/// A millimetre is a 25.4th of an inch.
const MM_PER_INCH: f64 = 25.4;

/// A board and the hall it hangs in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hall {
    /// The screen's pixels.
    pub pixels: (u32, u32),
    /// From corner to corner, inches: as screens are sold.
    pub diagonal_inch: f64,
    /// From the screen to the farthest who must read it, metres.
    pub distance_m: f64,
}

/// How the board's letters come out in a hall.
#[derive(Clone, Debug, PartialEq)]
pub struct Letters {
    /// How much larger than the layout was made for everything is to be: 1 or more.
    pub enlarge: f64,
    /// What stays too small all the same.
    pub short: Vec<Shortfall>,
}

/// Letters that the far end of the hall cannot read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "{what} would have to be {needs_mm:.0} mm high to be read from {distance_m} m; on this screen they are {has_mm:.0} mm, good for {reach_m:.1} m. A larger screen, or one nearer, helps"
)]
pub struct Shortfall {
    /// Which letters, as the subject of a sentence.
    pub what: &'static str,
    /// How high capitals would have to be, millimetres.
    pub needs_mm: f64,
    /// How high they are, millimetres.
    pub has_mm: f64,
    /// The distance that was asked for, metres.
    pub distance_m: f64,
    /// From how far they can be read, metres.
    pub reach_m: f64,
}

impl Hall {
    /// Pixels of one millimetre; 0 where the diagonal is none.
    #[must_use]
    pub fn pixels_per_mm(&self) -> f64 {
        let (width, height) = (f64::from(self.pixels.0), f64::from(self.pixels.1));
        let mm = self.diagonal_inch * MM_PER_INCH;
        if mm > 0.0 { width.hypot(height) / mm } else { 0.0 }
    }

    /// The letters of a board in this hall. Numbers (the earlier calls, the newest is larger) get the size that the distance
    /// asks for, as far as the layout goes; everything else grows with them.
    #[must_use]
    pub fn letters(&self) -> Letters {
        let (width, height) = (f64::from(self.pixels.0), f64::from(self.pixels.1));
        let fit = (width.max(height) / DESIGN_BOARD_LONG).min(width.min(height) / DESIGN_BOARD_SHORT);
        let per_mm = self.pixels_per_mm();
        if per_mm <= 0.0 || self.distance_m <= 0.0 {
            return Letters { enlarge: 1.0, short: Vec::new() };
        }
        let capital = |size: f64| size * fit * REACH_CAP / per_mm;
        let enlarge = (REACH_NUMBER * self.distance_m / capital(NUMBERS)).clamp(1.0, SCALE_BOARD_MOST);
        let kinds = [("Called numbers", NUMBERS, REACH_NUMBER), ("Waits and answers", TYPE_LEAD, REACH_WORDS)];
        let short = kinds.into_iter().filter_map(|(what, size, per_metre)| {
            let (needs_mm, has_mm) = (per_metre * self.distance_m, capital(size) * enlarge);
            // half a millimetre is the error of any tape measure
            (has_mm + 0.5 < needs_mm).then_some(Shortfall {
                what,
                needs_mm,
                has_mm,
                distance_m: self.distance_m,
                reach_m: has_mm / per_metre,
            })
        });
        Letters { enlarge, short: short.collect() }
    }
}

/// The type size of the earlier calls' numbers, design pixels: what a row of the least height leaves them.
const NUMBERS: f64 = TYPE_ROW * 0.95;

#[cfg(test)]
mod tests {
    use super::*;

    fn hall(pixels: (u32, u32), diagonal_inch: f64, distance_m: f64) -> Letters {
        Hall { pixels, diagonal_inch, distance_m }.letters()
    }

    #[test]
    fn a_near_hall_needs_nothing_and_a_deep_one_larger_letters() {
        assert_eq!(hall((1920, 1080), 65.0, 3.0).enlarge, 1.0);
        let deep = hall((1920, 1080), 55.0, 4.0);
        assert!(deep.enlarge > 1.0 && deep.enlarge < SCALE_BOARD_MOST, "{}", deep.enlarge);
        // the same screen with more pixels shows the same millimetres
        assert!((hall((3840, 2160), 55.0, 4.0).enlarge - deep.enlarge).abs() < 1e-9);
    }

    #[test]
    fn a_hall_that_no_layout_reaches_is_told_how_far_it_reaches() {
        let far = hall((1920, 1080), 43.0, 12.0);
        assert_eq!(far.enlarge, SCALE_BOARD_MOST);
        assert_eq!(far.short.len(), 2);
        let numbers = &far.short[0];
        assert!(numbers.reach_m < 12.0 && numbers.to_string().starts_with("Called numbers would have to be 144 mm high"));
        assert!((numbers.has_mm - numbers.reach_m * REACH_NUMBER).abs() < 1e-9);
    }

    #[test]
    fn without_measures_the_layout_is_as_it_was_made() {
        for (inch, metres) in [(0.0, 4.0), (43.0, 0.0)] {
            assert_eq!(hall((1920, 1080), inch, metres), Letters { enlarge: 1.0, short: vec![] });
        }
    }
}
