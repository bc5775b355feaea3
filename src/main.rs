//! The server: read the settings, build, serve until told to stop.

use std::process::ExitCode;
use std::sync::Arc;

use beonho::app::App;
use beonho::server::clock::SystemClock;
use beonho::server::config::{CommandConfig, Config};
use beonho::server::operator::{self, Command};
use beonho::server::{store, telemetry};

/// The exit status for settings or words that are wrong.
const WRONG_USAGE: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let ended = match Command::parse(&words) {
        None => {
            eprintln!("{}", Command::USAGE);
            return ExitCode::from(WRONG_USAGE);
        }
        Some(Command::Serve) => match Config::from_env() {
            Ok(config) => {
                telemetry::start(&config.log_filter);
                serve(config).await
            }
            Err(wrong) => return refuse(&wrong),
        },
        Some(command) => match CommandConfig::from_env() {
            Ok(config) => {
                telemetry::start(&config.log_filter);
                run(command, &config).await
            }
            Err(wrong) => return refuse(&wrong),
        },
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            tracing::error!(%fault, cause = fault.source().map(ToString::to_string), "beonho stops");
            ExitCode::FAILURE
        }
    }
}

fn refuse(wrong: &[String]) -> ExitCode {
    eprintln!("beonho cannot start with these settings:\n  {}", wrong.join("\n  "));
    ExitCode::from(WRONG_USAGE)
}

async fn run(command: Command, config: &CommandConfig) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    match command {
        Command::Unlock(number) => operator::unlock(config, Some(&number)).await,
        Command::UnlockAll => operator::unlock(config, None).await,
        Command::RemoveAccount(number) => operator::remove_account(config, &number).await,
        Command::Backup(file) => operator::backup(config, &file).await,
        Command::Serve => Ok(()),
    }
}

async fn serve(config: Config) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (database, provider) = (store::name_of(&config.database_url), config.provider.current);
    let server = App::build(config, Arc::new(SystemClock)).await?;
    let origin = server.service().origin.as_str().to_owned();
    tracing::info!(address = %server.address()?, origin, database, provider, "beonho serves");
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
