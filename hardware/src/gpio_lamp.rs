//! A lamp at a line of a Raspberry Pi: through a transistor, for a pin gives 16 mA at the most.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use rppal::gpio::{Gpio, Level, Mode, OutputPin};

use crate::gpio::{free, line_error};
use crate::lamp::{Lamp, LampError, LampState};
use crate::light::Light;
use crate::line::LineError;

/// A dimmed lamp is switched on and off so often: a hundred times a second is fast enough for eyes. rppal's own modulation would
/// wait for each switch in a busy loop, which costs a twentieth of a core for each lamp; a lamp needs no such precision.
const CYCLE: Duration = Duration::from_millis(10);

/// A lamp that a thread of its own dims and blinks; high is on. It goes dark when this is dropped.
#[derive(Debug)]
pub struct PiLamp {
    pin: u8,
    orders: Sender<Order>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Show(LampState),
    Refuse,
}

impl PiLamp {
    /// Takes the line for a lamp.
    ///
    /// # Errors
    /// [`LineError`]: not a Pi, no permission, missing, in use for something else.
    pub fn open(pin: u8) -> Result<Self, LineError> {
        let failed = |error| line_error(pin, error);
        let line = Gpio::new().map_err(failed)?.get(pin).map_err(failed)?;
        // one that a program left as an output was most likely this lamp
        free(pin, line.mode(), Mode::Output)?;
        let line = line.into_output_low();
        let (orders, received) = channel();
        let thread = std::thread::Builder::new().name(format!("lamp {pin}"));
        let started = thread.spawn(move || shine(line, &received));
        started.map_err(|error| LineError::Other { pin, why: error.to_string() })?;
        Ok(Self { pin, orders })
    }

    fn order(&self, order: Order) -> Result<(), LampError> {
        let gone = |_| LampError(LineError::Other { pin: self.pin, why: "its thread has ended".into() });
        self.orders.send(order).map_err(gone)
    }
}

impl Lamp for PiLamp {
    fn set(&mut self, state: LampState) -> Result<(), LampError> {
        self.order(Order::Show(state))
    }

    fn refuse(&mut self) -> Result<(), LampError> {
        self.order(Order::Refuse)
    }
}

/// Shows what is ordered until nobody orders any more.
fn shine(mut line: OutputPin, orders: &Receiver<Order>) {
    let mut light = Light::new();
    loop {
        let (brightness, lasts) = light.show();
        line.write(if brightness > 0.0 { Level::High } else { Level::Low });
        let order = match lasts {
            None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(time) if brightness > 0.0 && brightness < 1.0 => dim(&mut line, brightness, time, orders),
            Some(time) => orders.recv_timeout(time),
        };
        match order {
            Ok(Order::Show(state)) => light.set(state),
            Ok(Order::Refuse) => light.refuse(),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    line.set_low();
}

/// Switches so fast that it looks dim, for `time` or until something is ordered.
fn dim(line: &mut OutputPin, brightness: f32, time: Duration, orders: &Receiver<Order>) -> Result<Order, RecvTimeoutError> {
    let on = CYCLE.mul_f32(brightness);
    for _ in 0..time.as_micros() / CYCLE.as_micros() {
        line.set_high();
        std::thread::sleep(on);
        line.set_low();
        let order = orders.recv_timeout(CYCLE - on);
        if order != Err(RecvTimeoutError::Timeout) {
            return order;
        }
    }
    Err(RecvTimeoutError::Timeout)
}
