//! Opens a screen with its preview data: `cargo run -p nowserving-ui --example show -- kiosk|board|desk-sign`.

use std::error::Error;

use nowserving_ui::slint::ComponentHandle as _;
use nowserving_ui::{BoardWindow, DeskSignWindow, KioskPage, KioskView, KioskWindow, window};

fn main() -> Result<(), Box<dyn Error>> {
    window::take(window::display().ok_or("no display")?)?;
    match std::env::args().nth(1).as_deref() {
        Some("board") => window::run(&BoardWindow::new()?, false)?,
        Some("desk-sign") => window::run(&DeskSignWindow::new()?, false)?,
        Some("kiosk") => {
            let kiosk = KioskWindow::new()?;
            let view = kiosk.global::<KioskView>();
            let weak = kiosk.as_weak();
            let turn = move |page| {
                if let Some(kiosk) = weak.upgrade() {
                    kiosk.global::<KioskView>().set_page(page);
                }
            };
            let back = turn.clone();
            view.on_choose(move |_| turn(KioskPage::Ticket));
            view.on_done(move || back(KioskPage::Start));
            window::run(&kiosk, false)?;
        }
        _ => return Err("which? kiosk, board or desk-sign".into()),
    }
    Ok(())
}
