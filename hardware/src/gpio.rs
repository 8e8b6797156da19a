//! The lines of a Raspberry Pi, by rppal.
//!
//! Edges come from the kernel's character device, which debounces them; pull resistors and outputs are set in the chip's
//! registers. rppal's `set_async_interrupt` is not used: it answers `Ok` on a line that is busy, and the error shows only when
//! it is cleared.

use std::io::ErrorKind;
use std::time::Duration;

use rppal::gpio::{Error, Gpio, InputPin, Mode, Trigger};

use crate::line::{Edge, LineError, Lines, Pull, Wiring};

/// The system's number for "device or resource busy".
const EBUSY: i32 = 16;

/// The lines of this board. `now` is the caller's clock: `CLOCK_MONOTONIC`, by which the kernel times edges.
pub struct PiLines {
    now: fn() -> Duration,
    gpio: Option<Gpio>,
    pins: Vec<InputPin>,
}

impl std::fmt::Debug for PiLines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PiLines").field("pins", &self.pins).finish_non_exhaustive()
    }
}

impl PiLines {
    /// The lines of this board, none of them taken. Fails only when one is.
    #[must_use]
    pub fn new(now: fn() -> Duration) -> Self {
        Self { now, gpio: None, pins: Vec::new() }
    }

    fn gpio(&mut self, pin: u8) -> Result<Gpio, LineError> {
        if let Some(gpio) = &self.gpio {
            return Ok(gpio.clone());
        }
        let gpio = Gpio::new().map_err(|error| line_error(pin, error))?;
        self.gpio = Some(gpio.clone());
        Ok(gpio)
    }
}

/// rppal's errors, plainly.
pub(crate) fn line_error(pin: u8, error: Error) -> LineError {
    match error {
        Error::UnknownModel => LineError::NotAPi,
        Error::PermissionDenied(path) => LineError::NoPermission { path },
        Error::PinUsed(pin) => LineError::Busy { pin },
        Error::PinNotAvailable(pin) => LineError::NoSuchPin { pin },
        Error::Io(error) if error.raw_os_error() == Some(EBUSY) => LineError::Busy { pin },
        Error::Io(error) if error.kind() == ErrorKind::NotFound => {
            LineError::Missing { what: "/dev/gpiomem or /dev/gpiochip".into() }
        }
        Error::Io(error) => LineError::Other { pin, why: error.to_string() },
        Error::ThreadPanic => LineError::Other { pin, why: "its thread broke off".into() },
    }
}

/// Refuses a line that is switched to something else. rppal would switch it over before it finds that the kernel has it.
pub(crate) fn free(pin: u8, mode: Mode, or: Mode) -> Result<(), LineError> {
    if [Mode::Input, Mode::Null, or].contains(&mode) {
        return Ok(());
    }
    Err(LineError::OtherUse { pin, mode: mode.to_string() })
}

impl Lines for PiLines {
    fn now(&self) -> Duration {
        (self.now)()
    }

    fn take(&mut self, wiring: &Wiring) -> Result<bool, LineError> {
        let number = wiring.pin;
        self.pins.retain_mut(|pin| pin.pin() != number || pin.clear_interrupt().is_err());
        let failed = |error| line_error(number, error);
        let pin = self.gpio(number)?.get(number).map_err(failed)?;
        free(number, pin.mode(), Mode::Input)?;
        let mut pin = match wiring.pull {
            Pull::Up => pin.into_input_pullup(),
            Pull::Down => pin.into_input_pulldown(),
            Pull::Off => pin.into_input(),
        };
        pin.set_interrupt(Trigger::Both, Some(wiring.debounce).filter(|time| !time.is_zero())).map_err(failed)?;
        // after that, so that no edge between the two is lost
        let high = pin.is_high();
        self.pins.push(pin);
        Ok(high)
    }

    fn release(&mut self) {
        for mut pin in self.pins.drain(..) {
            // a line that is gone cannot be cleared
            let _ = pin.clear_interrupt();
        }
        self.gpio = None;
    }

    fn poll(&mut self, timeout: Duration) -> Result<Option<Edge>, LineError> {
        let Some(gpio) = &self.gpio else {
            std::thread::sleep(timeout);
            return Ok(None);
        };
        // the kernel waits in whole milliseconds; less than was asked would be asked again at once
        let timeout = Duration::from_millis(u64::try_from(timeout.as_micros().div_ceil(1000)).unwrap_or(u64::MAX));
        let pins: Vec<&InputPin> = self.pins.iter().collect();
        let edge = |(pin, event): (&InputPin, rppal::gpio::Event)| {
            Some(Edge { pin: pin.pin(), at: event.timestamp, high: event.trigger == Trigger::RisingEdge })
        };
        match gpio.poll_interrupts(&pins, false, Some(timeout)) {
            Ok(event) => Ok(event.and_then(edge)),
            Err(Error::Io(error)) if error.kind() == ErrorKind::Interrupted => Ok(None),
            Err(error) => Err(line_error(self.pins.first().map_or(0, InputPin::pin), error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_fail_is_told_plainly() {
        let io = |number| Error::Io(std::io::Error::from_raw_os_error(number));
        let told = |error| line_error(17, error).to_string();
        assert!(told(Error::UnknownModel).contains("not a Raspberry Pi"));
        assert_eq!(told(io(16)), "GPIO 17 is busy: another program or a kernel driver uses it.");
        assert!(told(Error::PermissionDenied("/dev/gpiomem".into())).contains("/dev/gpiomem is closed"));
        assert!(told(io(2)).contains("is not there"));
        assert_eq!(told(Error::PinNotAvailable(60)), "This board has no GPIO 60.");
        assert!(told(io(5)).starts_with("GPIO 17 does not work: "));
    }

    #[test]
    fn a_line_with_another_function_is_left_alone() {
        assert_eq!(free(17, Mode::Input, Mode::Input), Ok(()));
        assert_eq!(free(17, Mode::Null, Mode::Input), Ok(()));
        assert_eq!(free(18, Mode::Output, Mode::Output), Ok(()));
        let serial = free(14, Mode::Alt0, Mode::Output).unwrap_err();
        assert!(serial.to_string().contains("GPIO 14 serves another purpose (Alt0)"), "{serial}");
        assert!(free(17, Mode::Output, Mode::Input).is_err());
    }

    /// On a machine that is no Pi, which is where tests run. On a Pi they must not touch what may be wired there.
    #[test]
    fn a_machine_without_lines_says_so() {
        if rppal::system::DeviceInfo::new().is_ok() {
            println!("SKIPPED a_machine_without_lines_says_so: this is a Raspberry Pi");
            return;
        }
        let mut lines = PiLines::new(|| Duration::ZERO);
        assert_eq!(lines.take(&Wiring::new("Returns", 17)), Err(LineError::NotAPi));
        assert_eq!(lines.poll(Duration::ZERO), Ok(None));
    }
}
