//! From settings to threads.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use nowserving_hardware::{ButtonSource, GpioButtons, KeyButtons, PiLines, Wiring};
use tokio::sync::mpsc;

use super::button::{Button, Panel, press_buttons};
use super::lamp::ButtonLamp;
use crate::branch::Branch;
use crate::clock::monotonic;
use crate::config::ButtonSettings;

/// Starts what presses buttons: wires, and the terminal. The other end hears of buttons whose press was refused.
///
/// # Errors
/// No thread could be started.
pub fn start_buttons(
    buttons: &[ButtonSettings],
    keys: bool,
    branch: &Branch,
    stop: &Arc<AtomicBool>,
) -> anyhow::Result<mpsc::UnboundedReceiver<String>> {
    let services: Vec<_> = branch.live().queue.services().map(|state| state.service.id.clone()).collect();
    let of_services = services.iter().map(Button::of_service);
    let (panel, refused) = Panel::new(branch.clone(), of_services.chain(buttons.iter().map(Button::from)));
    let start = |name: &str, source: Box<dyn ButtonSource>| {
        let (panel, stop, runtime) = (panel.clone(), stop.clone(), tokio::runtime::Handle::current());
        let run = move || press_buttons(source, &panel, &runtime, &stop);
        std::thread::Builder::new().name(name.into()).spawn(run)
    };
    let wirings: Vec<Wiring> = buttons.iter().filter_map(ButtonSettings::wiring).collect();
    if !wirings.is_empty() {
        start("buttons", Box::new(GpioButtons::new(PiLines::new(monotonic), wirings)))?;
    }
    if keys {
        // a button's own key goes before the letter of a service
        let letters = services.iter().filter_map(|id| Some((id.as_str().chars().next()?, id.to_string())));
        let own = buttons.iter().filter_map(|button| Some((button.key?, button.name.clone())));
        let letters: Vec<_> = letters.map(|(key, name)| (key.to_ascii_lowercase(), name)).chain(own).collect();
        start("keys", Box::new(KeyButtons::from_stdin(letters)))?;
    }
    Ok(refused)
}

/// The lamps of these buttons.
#[must_use]
pub fn lamps(buttons: &[ButtonSettings]) -> Vec<ButtonLamp> {
    buttons.iter().filter_map(|button| Some(ButtonLamp::at(button.into(), button.lamp?))).collect()
}
