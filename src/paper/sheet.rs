//! A sheet that grows downwards: what was placed on it becomes a bitmap.

use nowserving_hardware::{Bitmap, BitmapError, MAX_HEIGHT};

use super::text::TextBlock;

#[derive(Debug)]
enum Item {
    /// Dots of a text, moved by `x` and `y`.
    Text {
        dots: Vec<(i32, i32)>,
        x: i32,
        y: i32,
        black: bool,
    },
    Rect {
        x: i32,
        y: i32,
        w: i32,
        h: i32,
        black: bool,
    },
}

/// Things placed, in the order they are drawn.
#[derive(Debug)]
pub(super) struct Sheet {
    width: u32,
    /// Where the next thing begins, in dots from the top.
    pub(super) y: i32,
    items: Vec<Item>,
}

impl Sheet {
    pub(super) fn new(width: u32) -> Self {
        Self { width, y: 0, items: Vec::new() }
    }

    /// Leaves `dots` free.
    pub(super) fn space(&mut self, dots: i32) {
        self.y += dots;
    }

    /// Places a text's box at `x` and the current height, without moving on.
    pub(super) fn text(&mut self, block: TextBlock, x: i32, black: bool) {
        self.text_at(block, x, self.y, black);
    }

    /// Places a text's box at `x`, `y`.
    pub(super) fn text_at(&mut self, block: TextBlock, x: i32, y: i32, black: bool) {
        self.items.push(Item::Text { dots: block.dots, x, y, black });
    }

    /// Places a filled rectangle.
    pub(super) fn rect(&mut self, x: i32, y: i32, w: i32, h: i32, black: bool) {
        self.items.push(Item::Rect { x, y, w, h, black });
    }

    /// The dots, down to the current height.
    pub(super) fn draw(self) -> Result<Drawn, BitmapError> {
        let wanted = u32::try_from(self.y).unwrap_or(0).max(1);
        let height = wanted.min(MAX_HEIGHT);
        let mut canvas = Canvas { bitmap: Bitmap::new(self.width, height)?, outside: 0 };
        for item in self.items {
            canvas.draw(item);
        }
        Ok(Drawn { bitmap: canvas.bitmap, cut: wanted - height, outside: canvas.outside })
    }
}

/// A sheet drawn.
pub(super) struct Drawn {
    pub(super) bitmap: Bitmap,
    /// Rows that did not fit into [`MAX_HEIGHT`].
    pub(super) cut: u32,
    /// Dots that fell off an edge, those of cut rows among them.
    pub(super) outside: usize,
}

struct Canvas {
    bitmap: Bitmap,
    outside: usize,
}

impl Canvas {
    fn draw(&mut self, item: Item) {
        match item {
            Item::Text { dots, x, y, black } => {
                for (dx, dy) in dots {
                    self.dot(x + dx, y + dy, black);
                }
            }
            Item::Rect { x, y, w, h, black } => {
                for row in y..y + h {
                    for column in x..x + w {
                        self.dot(column, row, black);
                    }
                }
            }
        }
    }

    fn dot(&mut self, x: i32, y: i32, black: bool) {
        let inside = match (u32::try_from(x), u32::try_from(y)) {
            (Ok(x), Ok(y)) => self.bitmap.set(x, y, black),
            _ => false,
        };
        self.outside += usize::from(!inside);
    }
}
