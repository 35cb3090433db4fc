//! `serve`: pages and interface until asked to end. `account`: accounts from the machine itself.

use super::office::Desk;
use super::{Exit, Printer};
use crate::canon::{Code, Refusal, Result};
use crate::domain::Role;
use crate::http::{App, Limits, Settings};
use crate::ops::account::{self, NewAccount};
use crate::ops::{self, Chance};
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub struct ServeArgs {
    #[arg(long, default_value = "127.0.0.1:8710", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// A proxy before it speaks TLS.
    #[arg(long)]
    pub behind_tls: bool,
    /// By one session or token; five times as many from one address.
    #[arg(long, default_value_t = Limits::default().caller, value_parser = clap::value_parser!(u32).range(1..=1_000_000), value_name = "N")]
    pub requests_per_minute: u32,
}

pub async fn serve(desk: &Desk, args: &ServeArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("mingchou=info,warn"));
    // Where another subscriber is there already, it stays.
    let _ = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    let office = desk.open().await?;
    let is_set_up = account::is_set_up(&office).await?;
    // Short enough to be typed from a screen; good for this run of the process alone.
    let code = Chance::System.secret()?.to_hex().get(..8).unwrap_or_default().to_owned();
    let set_up_code = if is_set_up { String::new() } else { code.clone() };
    let limits = Limits { caller: args.requests_per_minute, address: args.requests_per_minute.saturating_mul(5) };
    let app = App::new(office, Settings { is_secure: args.behind_tls, set_up_code, limits, ..Settings::default() });
    let ready = |address: SocketAddr| {
        printer.say("serve_ready", &[("address", address.to_string())]);
        if !is_set_up {
            printer.say("serve_set_up", &[("address", address.to_string()), ("code", code)]);
        }
    };
    crate::http::serve(app, args.listen, ready).await?;
    Ok(Exit::Done)
}

#[derive(Args, Debug)]
pub struct AccountArgs {
    pub name: String,
    #[arg(long, value_name = "NAME")]
    pub full_name: String,
    #[arg(long = "role", value_name = "ROLE")]
    pub roles: Vec<String>,
    #[arg(long, value_name = "CODE")]
    pub county: Option<String>,
    /// A file whose first line is the first password.
    #[arg(long, value_name = "FILE")]
    pub password_file: PathBuf,
    /// The person needs no other password: for demonstrations.
    #[arg(long)]
    pub keep_password: bool,
}

/// Makes an account from the machine itself, where whoever can type this could change the database too.
pub async fn account(desk: &Desk, args: &AccountArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    let parse = |role: &String| Role::parse(role).ok_or_else(|| Refusal::new("role_unknown").with("found", crate::canon::code::clip(role)));
    let roles = args.roles.iter().map(parse).collect::<Result<Vec<Role>>>()?;
    let password = ops::office::read_text(&args.password_file)?;
    let new = NewAccount {
        name: &args.name,
        full_name: &args.full_name,
        password: password.lines().next().unwrap_or_default(),
        roles: &roles,
        county: args.county.as_deref().map(Code::parse).transpose()?,
        must_change: !args.keep_password,
    };
    account::add(&office, new, "@console").await?;
    printer.say("account_made", &[("name", args.name.clone())]);
    Ok(Exit::Done)
}
