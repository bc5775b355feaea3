//! The server: read the settings, build, serve until told to stop.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

use beonho::app::{App, NoListener};
use beonho::commands::Cli;
use beonho::server::clock::SystemClock;
use beonho::server::config::{CommandConfig, Config};
use beonho::server::{store, telemetry};

/// The exit status for settings that are wrong.
const WRONG_SETTINGS: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    // It says what is wrong with the words, and leaves with status 2; for --help and --version with 0.
    let ended = match Cli::parse().command {
        None => match Config::from_env() {
            Ok(config) => {
                telemetry::start(&config.log_filter);
                serve(config).await
            }
            Err(wrong) => return refuse(&wrong),
        },
        Some(command) => match CommandConfig::from_env() {
            Ok(config) => {
                telemetry::start(&config.log_filter);
                command.run(&config).await
            }
            Err(wrong) => return refuse(&wrong),
        },
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) if fault.is::<NoListener>() => refuse(&[fault.to_string()]),
        Err(fault) => {
            tracing::error!(%fault, cause = fault.source().map(ToString::to_string), "beonho stops");
            ExitCode::FAILURE
        }
    }
}

fn refuse(wrong: &[String]) -> ExitCode {
    eprintln!("beonho cannot start with these settings:\n  {}", wrong.join("\n  "));
    ExitCode::from(WRONG_SETTINGS)
}

async fn serve(config: Config) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    // First: from now on SIGHUP ends nothing.
    let mut hangups = signal(SignalKind::hangup())?;
    let (database, provider) = (store::name_of(&config.database_url), config.provider.routes.to_string());
    let server = App::build(config, Arc::new(SystemClock)).await?;
    let origin = server.service().origin.as_str().to_owned();
    let metrics = server.metrics_address().map_or_else(|| "off".to_owned(), |address| address.to_string());
    let console = server.console_address().map_or_else(|| "off".to_owned(), |address| address.to_string());
    tracing::info!(address = %server.address()?, metrics, console, origin, database, provider, "beonho serves");
    let clients = Arc::clone(server.clients());
    tokio::spawn(async move {
        while hangups.recv().await.is_some() {
            // What came of it is in the log.
            let _ = clients.reload();
        }
    });
    server.run_until(told_to_stop()).await;
    Ok(())
}

/// Resolves at SIGTERM or SIGINT.
async fn told_to_stop() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminated => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
