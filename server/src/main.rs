//! The program `countersign`. Everything it does is in the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::commands::run(std::env::args_os())
}
