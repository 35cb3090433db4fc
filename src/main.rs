//! The binary: reads arguments, calls one command, turns its end into an exit code.

fn main() -> std::process::ExitCode {
    mingchou::cli::main()
}
