//! The program `countersign`. Everything it does is in the library beside it.

use std::process::ExitCode;

use server::allocator;

/// Gives memory back to the system. glibc's allocator keeps the 19 MiB of every password hash in the
/// arena of each thread that ever made one: a busy hour of sign-ins stayed resident as half a gigabyte.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    allocator::give_back_at_once();
    server::commands::run(std::env::args_os())
}
