//! What can be typed, and its help in the chosen language.

use super::{application, ceremony, deadline, demo, explain, model, office, party, quality, read, receive, serve, simulate, verify, witness};
use crate::i18n::{self, Lang};
use clap::{Command, CommandFactory, FromArgMatches, Parser, Subcommand, error::ErrorKind};
use std::path::PathBuf;

#[derive(Parser, Debug)]
#[command(name = "mingchou", version, disable_help_subcommand = true)]
pub struct Cli {
    /// Overrides the locale; read before everything else, so that help speaks it too.
    #[arg(long, global = true, value_parser = ["zh", "en"])]
    pub lang: Option<String>,
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    #[arg(long, global = true, value_name = "TIME")]
    pub at: Option<String>,
    #[command(subcommand)]
    pub action: Action,
}

#[derive(Subcommand, Debug)]
pub enum Action {
    Init(office::InitArgs),
    Serve(serve::ServeArgs),
    Account(serve::AccountArgs),
    Read(read::Args),
    Receive(receive::ReceiveArgs),
    Mapping(receive::MappingArgs),
    Fsck(receive::FsckArgs),
    Rotate(receive::RotateArgs),
    Payable(receive::PayableArgs),
    Unframed(receive::UnframedArgs),
    Status(office::WeekArgs),
    Due(deadline::DueArgs),
    Punctuality(deadline::PunctualityArgs),
    Application(application::Args),
    Unit(deadline::UnitArgs),
    Rules(deadline::RulesArgs),
    Score(office::WeekArgs),
    Explain(explain::ExplainArgs),
    Model(model::ModelArgs),
    Freeze(office::FreezeArgs),
    Slip(ceremony::SlipArgs),
    Key(party::KeyArgs),
    Nonce(party::NonceArgs),
    Act(party::ActArgs),
    Sign(party::SignArgs),
    Enter(ceremony::EnterArgs),
    Commit(ceremony::EnterArgs),
    Entropy(ceremony::EnterArgs),
    Reveal(ceremony::EnterArgs),
    Void(ceremony::EnterArgs),
    Draw(ceremony::DrawArgs),
    List(office::ListArgs),
    Substitute(ceremony::SubstituteArgs),
    Borrow(ceremony::BorrowArgs),
    Notice(ceremony::DrawArgs),
    Publish(office::PublishArgs),
    Open(ceremony::OpenArgs),
    Keys(ceremony::KeysArgs),
    Witness(witness::WitnessArgs),
    Witnesses(witness::WitnessesArgs),
    Verify(verify::Args),
    Demo(demo::Args),
    Simulate(simulate::Args),
    Quality(quality::Args),
}

/// The language asked for by `--lang` or `--lang=`, else by the locale.
pub fn choose_lang(args: &[String]) -> Lang {
    let stated = args.iter().enumerate().find_map(|(at, arg)| match arg.strip_prefix("--lang=") {
        Some(value) => Lang::parse(value),
        None if arg == "--lang" => args.get(at + 1).and_then(|value| Lang::parse(value)),
        None => None,
    });
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    stated.unwrap_or_else(|| Lang::from_locale(&locale.unwrap_or_default()))
}

/// Parses, or answers what to print and the exit code: 0 for help, 2 for wrong usage.
pub fn parse(args: Vec<String>, lang: Lang) -> Result<Cli, (String, u8)> {
    let matches = localised(lang).try_get_matches_from(args).map_err(|error| explain(&error, lang))?;
    Cli::from_arg_matches(&matches).map_err(|error| explain(&error, lang))
}

/// The command tree with every help sentence taken from `i18n`.
pub fn localised(lang: Lang) -> Command {
    let say = move |code: &str| i18n::say(lang, code, &[]);
    let template = format!("{{about}}\n\n{} {{usage}}\n\n{{all-args}}\n\n{}", say("help_usage"), say("help_exit_codes"));
    let mut command = localise(Cli::command(), "mingchou", lang).help_template(template);
    command = command.subcommand_help_heading(i18n::phrase(lang, "help_commands"));
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(&name, |sub| localise_tree(sub, &name, lang));
    }
    command
}

/// A command and, where it has any, the commands below it, whose sentences are named after both.
fn localise_tree(command: Command, name: &str, lang: Lang) -> Command {
    let template = format!("{{about}}\n\n{} {{usage}}\n\n{{all-args}}", i18n::say(lang, "help_usage", &[]));
    let mut command = localise(command, name, lang).help_template(template);
    let below: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    if !below.is_empty() {
        command = command.disable_help_subcommand(true).subcommand_help_heading(i18n::phrase(lang, "help_commands"));
    }
    for sub in below {
        command = command.mut_subcommand(&sub, |child| localise_tree(child, &format!("{name}_{sub}"), lang));
    }
    command
}

fn localise(command: Command, name: &str, lang: Lang) -> Command {
    let say = |code: String| i18n::say(lang, &code, &[]);
    let mut command = command.about(say(format!("help_{name}"))).disable_help_flag(true);
    command = command.arg(clap::Arg::new("help").long("help").short('h').action(clap::ArgAction::Help).help(say("help_help".into())));
    if name == "mingchou" {
        command = command.disable_version_flag(true);
        command = command.arg(clap::Arg::new("version").long("version").short('V').action(clap::ArgAction::Version).help(say("help_version".into())));
    }
    command.mut_args(|arg| {
        let id = arg.get_id().to_string();
        let heading = i18n::phrase(lang, if arg.is_positional() { "help_arguments" } else { "help_options" });
        let arg = arg.help_heading(heading);
        let arg = if arg.get_action().takes_values() { arg.hide_possible_values(true) } else { arg };
        if matches!(id.as_str(), "help" | "version") { arg } else { arg.help(say(format!("help_arg_{id}"))) }
    })
}

fn explain(error: &clap::Error, lang: Lang) -> (String, u8) {
    use clap::error::{ContextKind, ContextValue};
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(" "),
        _ => String::new(),
    };
    let values = [
        ("argument", context(ContextKind::InvalidArg)),
        ("value", context(ContextKind::InvalidValue)),
        ("command", context(ContextKind::InvalidSubcommand)),
    ];
    let code = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => return (error.render().to_string(), 0),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => return (error.render().to_string(), 2),
        ErrorKind::UnknownArgument => "usage_unknown_argument",
        ErrorKind::InvalidSubcommand => "usage_unknown_command",
        ErrorKind::MissingRequiredArgument => "usage_missing_argument",
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => "usage_invalid_value",
        _ => "usage_other",
    };
    (i18n::say(lang, code, &values) + "\n", 2)
}
