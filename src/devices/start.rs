//! From settings to threads.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use nowserving_hardware::{ButtonSource, Capped, EdgeRules, GpioButtons, KeyButtons, PiLines, Wiring};
use tokio::sync::mpsc;

use super::button::{Button, Panel, device, instead, press_buttons};
use super::lamp::ButtonLamp;
use crate::branch::{Branch, Trouble};
use crate::clock::monotonic;
use crate::config::{ButtonAction, ButtonSettings};

/// Starts what presses buttons: wires, and the terminal. The other end hears of buttons whose press was refused.
///
/// # Errors
/// No thread could be started.
pub async fn start_buttons(
    buttons: &[ButtonSettings],
    keys: bool,
    branch: &Branch,
    stop: &Arc<AtomicBool>,
) -> anyhow::Result<mpsc::UnboundedReceiver<String>> {
    tell_unknown(buttons, branch).await;
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
        let of_services = services.iter().map(|id| (id.to_string(), EdgeRules::default().most_per_minute));
        let most = of_services.chain(buttons.iter().map(|button| (button.name.clone(), button.most_per_minute)));
        start("keys", Box::new(Capped::new(KeyButtons::from_stdin(letters), monotonic, most)))?;
    }
    Ok(refused)
}

/// Tells desks and log of buttons that name what the branch does not have: the settings can only be judged against the ledger.
pub async fn tell_unknown(buttons: &[ButtonSettings], branch: &Branch) {
    for button in buttons {
        let Some(unknown) = unknown(&button.action, branch) else { continue };
        let told = Trouble {
            what: format!("The button {} does not work: {unknown} {}", button.name, instead(&button.action)),
            mend:
                "Tell whoever looks after this program: put it right in the settings file under [[button]], then start the \
                   program anew."
                    .into(),
            urgent: true,
        };
        tracing::warn!(button = button.name, "{told}");
        branch.report(&format!("presses of {}", device(&button.name)), Some(told)).await;
    }
}

/// What a button names that is not there.
fn unknown(action: &ButtonAction, branch: &Branch) -> Option<String> {
    let live = branch.live();
    let queue = &live.queue;
    let (service, class, desk) = match action {
        ButtonAction::Issue { service, class } => (Some(service), class.as_ref(), None),
        ButtonAction::Again { service } => (service.as_ref(), None, None),
        ButtonAction::Call { desk } => (None, None, Some(desk)),
    };
    if let Some(id) = service.filter(|id| !queue.services().any(|state| state.service.id == **id)) {
        return Some(format!("There is no service {id}."));
    }
    if let Some(id) = desk.filter(|id| !queue.desks().any(|state| state.desk.id == **id)) {
        return Some(format!("There is no desk {id}."));
    }
    let class = class.filter(|class| !queue.rules().classes.contains(class))?;
    Some(format!("There is no priority class {class}."))
}

/// The lamps of these buttons.
#[must_use]
pub fn lamps(buttons: &[ButtonSettings]) -> Vec<ButtonLamp> {
    buttons.iter().filter_map(|button| Some(ButtonLamp::at(button.into(), button.lamp?))).collect()
}
