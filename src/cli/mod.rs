//! The command line: one file per command; what it prints goes through `Printer`, in the chosen language.

pub mod verify;

use crate::canon::Refusal;
use crate::i18n::{self, Lang};
use std::io::Write;

/// What a command's end means to a program that called it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    Done = 0,
    /// Refused, or not verified.
    Refused = 1,
    Usage = 2,
    Unreadable = 3,
}

/// Where sentences and results go.
pub struct Printer<'a> {
    pub lang: Lang,
    pub out: &'a mut dyn Write,
    pub err: &'a mut dyn Write,
}

impl Printer<'_> {
    pub fn text(&self, code: &str, values: &[(&'static str, String)]) -> String {
        i18n::say(self.lang, code, values)
    }

    pub fn sentence(&self, refusal: &Refusal) -> String {
        self.text(refusal.code, &refusal.values)
    }

    /// Writes a line. A reader that has gone away (a closed pipe) is no reason to fail.
    pub fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{text}");
    }

    pub fn say(&mut self, code: &str, values: &[(&'static str, String)]) {
        let text = self.text(code, values);
        self.line(&text);
    }

    pub fn json(&mut self, value: &serde_json::Value) {
        self.line(&format!("{value:#}"));
    }

    /// Tells on the error stream why something was refused.
    pub fn refusal(&mut self, refusal: &Refusal) {
        let text = self.sentence(refusal);
        let _ = writeln!(self.err, "{text}");
    }
}

pub fn main() -> std::process::ExitCode {
    use clap::Parser;
    #[derive(Parser)]
    struct Cli {
        #[command(subcommand)]
        command: Command,
    }
    #[derive(clap::Subcommand)]
    enum Command {
        Verify(verify::Args),
    }
    let cli = Cli::parse();
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    let mut printer = Printer { lang: Lang::En, out: &mut out, err: &mut err };
    let exit = match cli.command {
        Command::Verify(args) => verify::run(&args, &mut printer),
    };
    std::process::ExitCode::from(exit as u8)
}
