//! Button, lamp, printer.
