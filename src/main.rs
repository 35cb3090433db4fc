//! The binary: reads arguments, calls one command, turns its end into an exit code.

/// Large columns come and go by the thousand: an allocator that keeps pages instead of giving them back at once.
#[cfg(feature = "full")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    mingchou::cli::main()
}
