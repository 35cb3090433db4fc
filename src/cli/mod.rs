//! The command line: one file per command; what it prints goes through `Printer`, in the chosen language.

#[cfg(feature = "full")]
pub mod application;
#[cfg(feature = "full")]
pub mod args;
#[cfg(feature = "full")]
pub mod ceremony;
#[cfg(feature = "full")]
pub mod deadline;
#[cfg(feature = "full")]
pub mod demo;
#[cfg(feature = "full")]
pub mod explain;
#[cfg(feature = "full")]
pub mod model;
#[cfg(feature = "full")]
pub mod office;
#[cfg(feature = "full")]
pub mod party;
#[cfg(feature = "full")]
mod progress;
#[cfg(feature = "full")]
pub mod quality;
#[cfg(feature = "full")]
pub mod read;
#[cfg(feature = "full")]
pub mod receive;
#[cfg(feature = "full")]
pub mod run;
#[cfg(feature = "full")]
pub mod serve;
#[cfg(feature = "full")]
pub mod simulate;
#[cfg(feature = "full")]
pub mod table;
pub mod verify;
#[cfg(feature = "full")]
pub mod witness;

#[cfg(feature = "full")]
pub use run::main;

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

    /// The sentence of a refusal; one that rests on a finding gets the finding's sentence as its reason.
    pub fn sentence(&self, refusal: &Refusal) -> String {
        let mut values = refusal.values.clone();
        if let Some((_, code)) = refusal.values.iter().find(|(name, _)| *name == "finding") {
            values.push(("reason", self.text(code, &refusal.values)));
        }
        let sentence = self.text(refusal.code, &values);
        // A rule that also holds outside a log knows no leaf; where one is known it is told.
        match refusal.values.iter().find(|(name, _)| *name == "leaf") {
            Some((_, leaf)) if !i18n::phrase(Lang::En, refusal.code).contains("{leaf}") => {
                self.text("at_leaf", &[("sentence", sentence), ("leaf", leaf.clone())])
            }
            _ => sentence,
        }
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

/// The verifier alone, for `--no-default-features`: everything on the command line is a bundle or `verify`'s option.
#[cfg(not(feature = "full"))]
pub fn main() -> std::process::ExitCode {
    use clap::Parser;
    #[derive(Parser)]
    #[command(name = "mingchou", version)]
    struct Cli {
        #[arg(long)]
        lang: Option<String>,
        #[command(subcommand)]
        action: Action,
    }
    #[derive(clap::Subcommand)]
    enum Action {
        Verify(verify::Args),
    }
    let cli = Cli::parse();
    let lang = cli.lang.as_deref().and_then(Lang::parse).unwrap_or(Lang::Zh);
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    let Action::Verify(args) = cli.action;
    verify::run(&args, &mut Printer { lang, out: &mut out, err: &mut err }).into()
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Refused => 1,
            Exit::Usage => 2,
            Exit::Unreadable => 3,
        })
    }
}
