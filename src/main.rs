//! The server: read the settings, build, serve until told to stop.

use std::process::ExitCode;
use std::sync::Arc;

use beonho::server::clock::SystemClock;
use beonho::server::config::Config;
use beonho::server::operator::{self, Command};
use beonho::server::{Server, telemetry};

/// The exit status for settings or words that are wrong.
const WRONG_USAGE: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some(command) = Command::parse(&words) else {
        eprintln!("usage: beonho | beonho unlock NUMBER | beonho account remove NUMBER | beonho backup FILE");
        return ExitCode::from(WRONG_USAGE);
    };
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(wrong) => {
            eprintln!("beonho cannot start with these settings:\n  {}", wrong.join("\n  "));
            return ExitCode::from(WRONG_USAGE);
        }
    };
    telemetry::start(&config.log_filter);
    match run(command, config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            tracing::error!(%fault, cause = fault.source().map(ToString::to_string), "beonho stops");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command, config: Config) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    match command {
        Command::Serve => serve(config).await,
        Command::Unlock(number) => operator::unlock(&config, &number).await,
        Command::RemoveAccount(number) => operator::remove_account(&config, &number).await,
        Command::Backup(file) => operator::backup(&config, &file).await,
    }
}

async fn serve(config: Config) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let server = Server::build(config, Arc::new(SystemClock)).await?;
    let origin = server.service().origin.as_str().to_owned();
    tracing::info!(address = %server.address()?, origin, "beonho serves");
    server.run_until(told_to_stop()).await;
    Ok(())
}

/// Resolves at SIGTERM or SIGINT.
async fn told_to_stop() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminated => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
