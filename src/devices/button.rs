//! Presses become tickets.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nowserving_hardware::{ButtonSource, Polled};

use crate::branch::{Ask, Branch};
use crate::clock::stopwatch;
use crate::queue::{Command, Origin, ServiceId, TicketKey};

/// How often the thread looks whether it should end.
const LOOK: Duration = Duration::from_millis(200);
/// A second press of the same button within this is the same customer.
const LOCKOUT: Duration = Duration::from_millis(1500);

/// Issues a ticket for every press until `stop` is set or the source ends. Each button is named after its service. Runs on a
/// thread of its own.
pub fn press_buttons(
    mut source: Box<dyn ButtonSource>,
    branch: &Branch,
    runtime: &tokio::runtime::Handle,
    stop: &Arc<AtomicBool>,
) {
    let mut last: Option<(String, std::time::Instant)> = None;
    while !stop.load(Ordering::Relaxed) {
        let press = match source.next_press(LOOK) {
            Ok(Polled::Press(press)) => press,
            Ok(Polled::Quiet) => continue,
            Ok(Polled::Ended) => return,
            Err(error) => return tracing::error!(%error, "the button does not work; kiosk, desks and phones go on"),
        };
        let now = stopwatch();
        let repeated =
            last.as_ref().is_some_and(|(button, at)| *button == press.button && now.duration_since(*at) < LOCKOUT);
        if repeated {
            continue;
        }
        last = Some((press.button.clone(), now));
        runtime.block_on(issue(branch, &press.button));
    }
}

async fn issue(branch: &Branch, button: &str) {
    let mut random = [0; 16];
    if let Err(error) = getrandom::fill(&mut random) {
        return tracing::error!(%error, button, "no ticket: the system gives no randomness");
    }
    let command = Command::Issue {
        service: ServiceId::from(button),
        key: TicketKey::new(random),
        class: None,
        origin: Origin::Button,
        promise: None,
        language: None,
    };
    let ask = Ask { command, actor: format!("device:button {button}"), request: None };
    match branch.ask(ask).await {
        Ok(done) => {
            let live = branch.live();
            let number = done.ticket.and_then(|id| live.queue.ticket(id)).map(|ticket| ticket.number.to_string());
            tracing::info!(button, number, "a ticket by button");
        }
        Err(failure) => tracing::warn!(button, %failure, "no ticket"),
    }
}
