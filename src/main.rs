//! The program: everything it does is in the library, see [`nowserving::cmd`].

use std::process::ExitCode;

fn main() -> ExitCode {
    nowserving::cmd::main()
}
