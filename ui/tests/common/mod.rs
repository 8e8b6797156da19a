//! What the tests of the screens share: the gallery's states, and pictures that can be asked things.
#![expect(dead_code, reason = "each test binary uses a part")]

#[path = "../../examples/gallery/states.rs"]
pub(crate) mod states;

use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery, ElementRoot};
use nowserving_ui::slint::Color;

/// A picture of three bytes a pixel.
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<u8>,
}

/// From the first to the last column and row, inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) left: usize,
    pub(crate) top: usize,
    pub(crate) right: usize,
    pub(crate) bottom: usize,
}

impl Picture {
    pub(crate) fn new(pixels: Vec<u8>, (width, height): (u32, u32)) -> Self {
        assert_eq!(pixels.len(), width as usize * height as usize * 3);
        Self { width: width as usize, height: height as usize, pixels }
    }

    pub(crate) fn at(&self, x: usize, y: usize) -> [u8; 3] {
        let at = (y * self.width + x) * 3;
        [self.pixels[at], self.pixels[at + 1], self.pixels[at + 2]]
    }

    pub(crate) fn count(&self, colour: Color) -> usize {
        let wanted = rgb(colour);
        self.pixels.chunks_exact(3).filter(|pixel| **pixel == wanted).count()
    }

    /// The box around every pixel of exactly this colour.
    pub(crate) fn bounds(&self, colour: Color) -> Option<Bounds> {
        let wanted = rgb(colour);
        let mut found: Option<Bounds> = None;
        for (at, _) in self.pixels.chunks_exact(3).enumerate().filter(|(_, pixel)| **pixel == wanted) {
            let (x, y) = (at % self.width, at / self.width);
            let bounds = found.get_or_insert(Bounds { left: x, top: y, right: x, bottom: y });
            bounds.left = bounds.left.min(x);
            bounds.right = bounds.right.max(x);
            bounds.bottom = y;
        }
        found
    }
}

pub(crate) fn rgb(colour: Color) -> [u8; 3] {
    [colour.red(), colour.green(), colour.blue()]
}

/// Every button of a screen, by its accessible role.
pub(crate) fn buttons(screen: &impl ElementRoot) -> Vec<ElementHandle> {
    ElementQuery::from_root(screen).match_accessible_role(AccessibleRole::Button).find_all()
}

/// The one button with this label.
pub(crate) fn button(screen: &impl ElementRoot, label: &str) -> ElementHandle {
    let mut found: Vec<_> =
        buttons(screen).into_iter().filter(|button| button.accessible_label().as_deref() == Some(label)).collect();
    assert_eq!(found.len(), 1, "buttons called {label:?}");
    found.remove(0)
}
