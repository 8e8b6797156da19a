//! A lamp at a line of a Raspberry Pi: through a transistor, for a pin gives 16 mA at the most.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};

use rppal::gpio::{Gpio, Mode, OutputPin};

use crate::gpio::{free, line_error};
use crate::lamp::{Lamp, LampError, LampState};
use crate::light::Light;
use crate::line::LineError;

/// How often a second a dimmed lamp is switched: fast enough for eyes.
const HERTZ: f64 = 100.0;

/// A lamp that a thread of its own dims and blinks; high is on. It goes dark when this is dropped.
#[derive(Debug)]
pub struct PiLamp {
    pin: u8,
    orders: Sender<Order>,
}

#[derive(Clone, Copy, Debug)]
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

/// Shows what is ordered until nobody orders any more or the line fails.
fn shine(mut line: OutputPin, orders: &Receiver<Order>) {
    let mut light = Light::new();
    loop {
        let (brightness, lasts) = light.next();
        if dim(&mut line, brightness).is_err() {
            return;
        }
        let order = match lasts {
            Some(time) => orders.recv_timeout(time),
            None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match order {
            Ok(Order::Show(state)) => light.set(state),
            Ok(Order::Refuse) => light.refuse(),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    // an error here leaves a lamp that nobody can switch any more
    let _ = dim(&mut line, 0.0);
}

/// Dims by switching fast; fully on or off costs nothing.
fn dim(line: &mut OutputPin, brightness: f32) -> rppal::gpio::Result<()> {
    match brightness {
        0.0 => {
            line.clear_pwm()?;
            line.set_low();
        }
        1.0 => {
            line.clear_pwm()?;
            line.set_high();
        }
        part => line.set_pwm_frequency(HERTZ, f64::from(part))?,
    }
    Ok(())
}
