//! Draws a screen into memory, without a display: for `nowserving snapshot`, for the README's pictures and for tests.
//!
//! Only Slint's public platform interface is used, with its software renderer; so a snapshot shows what a
//! screen without a graphics chip shows, to the pixel. The clock stands still unless [`Offscreen::advance`]
//! moves it: the same properties give the same picture, whatever the machine's load.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use slint::platform::software_renderer::{MinimalSoftwareWindow, RepaintBufferType};
use slint::platform::{Platform, PointerEventButton, WindowAdapter, WindowEvent, set_platform};
use slint::{ComponentHandle, LogicalPosition, PhysicalSize, PlatformError, Rgb8Pixel};

/// The widest and the highest picture that [`Offscreen::render`] makes, in pixels.
pub const MOST_PIXELS_A_SIDE: u32 = 8192;

/// Why a screen was not drawn.
#[derive(Debug, thiserror::Error)]
pub enum OffscreenError {
    /// This thread's Slint already has a platform: a display, or an earlier [`install`].
    #[error("this thread already shows its screens elsewhere")]
    PlatformTaken,
    /// The component was made before [`install`], or on another platform.
    #[error("this window does not belong to the off-screen platform")]
    Foreign,
    /// A side of the picture is zero, or longer than [`MOST_PIXELS_A_SIDE`].
    #[error("a picture has from 1 to {MOST_PIXELS_A_SIDE} pixels a side, not {0} x {1}")]
    Size(u32, u32),
    /// Slint could not make or show the window.
    #[error("the window cannot be shown")]
    Window(#[from] PlatformError),
}

/// The windows made so far, kept only as long as their components are.
type Windows = Rc<RefCell<Vec<Weak<MinimalSoftwareWindow>>>>;

/// Screens without a display. Every component made on this thread after [`install`] is one of them.
pub struct Offscreen {
    windows: Windows,
    now: Rc<Cell<Duration>>,
}

struct Memory {
    windows: Windows,
    now: Rc<Cell<Duration>>,
}

impl Platform for Memory {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        let window = MinimalSoftwareWindow::new(RepaintBufferType::NewBuffer);
        let mut windows = self.windows.borrow_mut();
        windows.retain(|window| window.strong_count() > 0);
        windows.push(Rc::downgrade(&window));
        Ok(window)
    }

    fn duration_since_start(&self) -> Duration {
        self.now.get()
    }
}

/// Makes memory this thread's display. To be called before the first component is made, once a thread.
///
/// # Errors
/// [`OffscreenError::PlatformTaken`] if Slint has a platform here already.
pub fn install() -> Result<Offscreen, OffscreenError> {
    let offscreen = Offscreen { windows: Windows::default(), now: Rc::default() };
    let platform = Memory { windows: offscreen.windows.clone(), now: offscreen.now.clone() };
    set_platform(Box::new(platform)).map_err(|_| OffscreenError::PlatformTaken)?;
    crate::fonts::install();
    Ok(offscreen)
}

impl Offscreen {
    /// Draws the component at a size, from scratch: rows of `width` pixels of three bytes (red, green, blue).
    ///
    /// # Errors
    /// See [`OffscreenError`].
    pub fn render(&self, component: &impl ComponentHandle, width: u32, height: u32) -> Result<Vec<u8>, OffscreenError> {
        if ![width, height].iter().all(|side| (1..=MOST_PIXELS_A_SIDE).contains(side)) {
            return Err(OffscreenError::Size(width, height));
        }
        let window = self.window(component)?;
        component.show()?;
        window.set_size(PhysicalSize::new(width, height));
        slint::platform::update_timers_and_animations();
        window.request_redraw();
        let mut pixels = vec![Rgb8Pixel::default(); width as usize * height as usize];
        window.draw_if_needed(|renderer| {
            renderer.set_repaint_buffer_type(RepaintBufferType::NewBuffer);
            renderer.render(&mut pixels, width as usize);
        });
        Ok(pixels.iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]).collect())
    }

    /// Whether anything on the screen changed since it was last drawn, so that a display would draw again.
    /// Counts as drawing it. An idle screen says `false`.
    ///
    /// # Errors
    /// [`OffscreenError::Foreign`]
    pub fn redraws(&self, component: &impl ComponentHandle) -> Result<bool, OffscreenError> {
        Ok(self.redrawn(component)?.is_some())
    }

    /// How many pixels a display that keeps its last frame would draw anew; `None`: no frame at all. Counts as drawing it. The
    /// first after a [`Self::render`] is whole: that keeps no frame.
    ///
    /// # Errors
    /// [`OffscreenError::Foreign`]
    pub fn redrawn(&self, component: &impl ComponentHandle) -> Result<Option<u64>, OffscreenError> {
        let window = self.window(component)?;
        slint::platform::update_timers_and_animations();
        let size = window.size();
        let mut pixels = vec![Rgb8Pixel::default(); size.width as usize * size.height as usize];
        let mut drawn = None;
        window.draw_if_needed(|renderer| {
            renderer.set_repaint_buffer_type(RepaintBufferType::ReusedBuffer);
            let region = renderer.render(&mut pixels, size.width as usize);
            drawn = Some(region.iter().map(|(_, part)| u64::from(part.width) * u64::from(part.height)).sum());
        });
        Ok(drawn)
    }

    /// Whether something on the screen is moving.
    ///
    /// # Errors
    /// [`OffscreenError::Foreign`]
    pub fn moves(&self, component: &impl ComponentHandle) -> Result<bool, OffscreenError> {
        Ok(self.window(component)?.has_active_animations())
    }

    /// A finger or a mouse button at a point (pixels from the top left), down and up again.
    pub fn tap(&self, component: &impl ComponentHandle, x: f32, y: f32) {
        let (position, button) = (LogicalPosition::new(x, y), PointerEventButton::Left);
        for event in [
            WindowEvent::PointerMoved { position },
            WindowEvent::PointerPressed { position, button },
            WindowEvent::PointerReleased { position, button },
            WindowEvent::PointerExited,
        ] {
            component.window().dispatch_event(event);
        }
    }

    /// Lets time pass for timers and animations.
    pub fn advance(&self, by: Duration) {
        self.now.set(self.now.get().saturating_add(by));
        slint::platform::update_timers_and_animations();
    }

    fn window(&self, component: &impl ComponentHandle) -> Result<Rc<MinimalSoftwareWindow>, OffscreenError> {
        let wanted = component.window();
        self.windows
            .borrow()
            .iter()
            .filter_map(Weak::upgrade)
            .find(|window| std::ptr::eq(WindowAdapter::window(&**window), wanted))
            .ok_or(OffscreenError::Foreign)
    }
}
