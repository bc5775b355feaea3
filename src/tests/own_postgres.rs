//! A `PostgreSQL` server that one test has for itself, so that it may stop it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::process::run;

/// A server; it goes with the test.
pub struct OwnPostgres {
    pub url: String,
    control: String,
    script: Child,
}

impl OwnPostgres {
    pub fn start() -> Self {
        let wait = r#"echo "$BEONHO_TEST_POSTGRES_URL"; echo "$BEONHO_TEST_POSTGRES_CONTROL"; read -r _"#;
        let mut command = Command::new(".ci/with_postgres.sh");
        let command = command.args(["sh", "-c", wait]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut script = command.spawn().expect("the script starts");
        let mut lines = BufReader::new(script.stdout.take().expect("an output")).lines();
        let mut line = || lines.next().expect("the server starts").expect("a line");
        Self { url: line(), control: line(), script }
    }

    /// Ends it at once, as a crash would.
    pub fn crash(&self) {
        self.control("-m immediate stop");
    }

    pub fn start_again(&self) {
        self.control("-w start");
    }

    fn control(&self, words: &str) {
        run(Command::new("sh").args(["-c", &format!("{} {words}", self.control)]));
    }
}

impl Drop for OwnPostgres {
    fn drop(&mut self) {
        // The script ends, and takes the server with it, when nothing more can come.
        drop(self.script.stdin.take());
        let _ = self.script.wait();
    }
}
