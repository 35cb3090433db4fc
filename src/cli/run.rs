//! From arguments to an exit code: chooses the language, parses, calls one command.

use super::args::{Action, Cli, choose_lang, parse};
use super::office::Desk;
use super::{
    Exit, Printer, application, ceremony, deadline, demo, explain, model, office, party, quality, read, receive, serve, simulate, verify, witness,
};
use crate::canon::{Result, Time};
use std::io::Write;
use std::process::ExitCode;

/// The command line of the whole product.
pub fn main() -> ExitCode {
    // A panic of a foreign parser is answered by a finding; nobody needs to see its trace.
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !crate::ingest::sheet::is_guarded() {
            report(info);
        }
    }));
    let args: Vec<String> = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    run(args, &mut out, &mut err).into()
}

/// Runs one command, writing where the caller says: results to `out`, refusals to `err`.
pub fn run(args: Vec<String>, out: &mut dyn Write, err: &mut dyn Write) -> Exit {
    let lang = choose_lang(&args);
    let cli = match parse(args, lang) {
        Ok(cli) => cli,
        Err((text, 0)) => {
            let _ = out.write_all(text.as_bytes());
            return Exit::Done;
        }
        Err((text, _)) => {
            let _ = err.write_all(text.as_bytes());
            return Exit::Usage;
        }
    };
    let mut printer = Printer { lang, out, err };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            printer.refusal(&crate::canon::Refusal::new("store_failed").with("reason", error));
            return Exit::Unreadable;
        }
    };
    match runtime.block_on(act(cli, &mut printer)) {
        Ok(exit) => exit,
        Err(refusal) => {
            printer.refusal(&refusal);
            exit_of(refusal.code)
        }
    }
}

/// Whether a refusal is about how the command was written, about a file that can't be read, or about the matter itself.
fn exit_of(code: &str) -> Exit {
    match code {
        "week_malformed" | "time_malformed" | "date_malformed" | "code_malformed" | "hash_malformed" | "usage_no_data" | "unit_argument"
        | "simulate_range" => Exit::Usage,
        "file_missing" | "file_failed" | "receive_unreadable" | "verify_unreadable" | "plan_file" | "secret_malformed" | "act_file"
        | "slip_malformed" | "scorecard_toml" | "unit_file" | "papers_file" | "application_file" => Exit::Unreadable,
        _ => Exit::Refused,
    }
}

async fn act(cli: Cli, printer: &mut Printer<'_>) -> Result<Exit> {
    let desk = Desk { data: cli.data, at: cli.at.as_deref().map(Time::parse).transpose()? };
    match cli.action {
        Action::Init(args) => office::init(&desk, &args, printer).await,
        Action::Serve(args) => serve::serve(&desk, &args, printer).await,
        Action::Account(args) => serve::account(&desk, &args, printer).await,
        Action::Receive(args) => receive::receive(&desk, &args, printer).await,
        Action::Mapping(args) => receive::mapping(&desk, &args, printer).await,
        Action::Fsck(args) => receive::fsck(&desk, &args, printer).await,
        Action::Rotate(args) => receive::rotate(&desk, &args, printer).await,
        Action::Payable(args) => receive::payable(&desk, &args, printer).await,
        Action::Unframed(args) => receive::unframed(&desk, &args, printer).await,
        Action::Read(args) => {
            let (units, told) = deadline::known_of(&desk).await?;
            read::run(&args, &units, &told, printer)
        }
        Action::Status(args) => office::status(&desk, &args, printer).await,
        Action::Due(args) => deadline::due(&desk, &args, printer).await,
        Action::Punctuality(args) => deadline::punctuality(&desk, &args, printer).await,
        Action::Application(args) => application::run(&desk, &args, printer).await,
        Action::Unit(args) => deadline::unit(&desk, &args, printer).await,
        Action::Rules(args) => deadline::rules(&desk, &args, printer).await,
        Action::Score(args) => office::score(&desk, &args, printer).await,
        Action::Explain(args) => explain::explain(&desk, &args, printer).await,
        Action::Model(args) => model::model(&desk, &args, printer).await,
        Action::Freeze(args) => office::freeze(&desk, &args, printer).await,
        Action::Slip(args) => ceremony::slip(&desk, &args, printer).await,
        Action::Key(args) => party::key(&args, printer),
        Action::Nonce(args) => party::nonce(&args, printer),
        Action::Act(args) => party::act(&args, printer),
        Action::Sign(args) => party::sign(&args, printer),
        Action::Enter(args) => ceremony::enter(&desk, &args, None, printer).await,
        Action::Commit(args) => ceremony::enter(&desk, &args, Some("commitment"), printer).await,
        Action::Entropy(args) => ceremony::enter(&desk, &args, Some("entropy"), printer).await,
        Action::Reveal(args) => ceremony::enter(&desk, &args, Some("reveal"), printer).await,
        Action::Void(args) => ceremony::enter(&desk, &args, Some("void"), printer).await,
        Action::Draw(args) => ceremony::draw(&desk, &args, printer).await,
        Action::List(args) => office::list(&desk, &args, printer).await,
        Action::Substitute(args) => ceremony::substitute(&desk, &args, printer).await,
        Action::Borrow(args) => ceremony::borrow(&desk, &args, printer).await,
        Action::Notice(args) => ceremony::notice(&desk, &args, printer).await,
        Action::Publish(args) => office::publish(&desk, &args, printer).await,
        Action::Open(args) => ceremony::open(&desk, &args, printer).await,
        Action::Keys(args) => ceremony::keys(&desk, &args, printer).await,
        Action::Witness(args) => witness::witness(&args, desk.at, printer),
        Action::Witnesses(args) => witness::witnesses(&desk, &args, printer).await,
        Action::Verify(args) => Ok(verify::run(&args, printer)),
        Action::Demo(args) => demo::run(&args, printer).await,
        Action::Simulate(args) => simulate::run(&args, printer),
        Action::Quality(args) => quality::run(&args, printer),
    }
}
