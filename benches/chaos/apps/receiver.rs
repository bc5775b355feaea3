//! Where applications are told of sign-outs: an address on loopback that sometimes fails, so that it must be told again.

use std::io::Result;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::net::{TcpListener, TcpStream};

use super::ledger::Notice;
use super::micros_since;
use crate::chance::Chance;
use crate::person::lock;
use crate::wire::{Message, Wire};

/// The receiver.
pub struct Receiver {
    /// Where it listens.
    pub address: SocketAddr,
    notices: Mutex<Vec<Notice>>,
    chance: Mutex<Chance>,
    begun_at: Mutex<Option<Instant>>,
    is_patient: AtomicBool,
}

impl Receiver {
    /// Starts one.
    pub async fn start(seed: u64) -> Result<Arc<Self>> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (notices, chance) = (Mutex::default(), Mutex::new(Chance::of(seed ^ 0x6c6f_676f_7574)));
        let receiver = Arc::new(Self { address, notices, chance, begun_at: Mutex::default(), is_patient: AtomicBool::new(false) });
        let serving = Arc::clone(&receiver);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let receiver = Arc::clone(&serving);
                tokio::spawn(async move { receiver.serve(stream).await });
            }
        });
        Ok(receiver)
    }

    /// Says when the run began.
    pub fn begin(&self, at: Instant) {
        *lock(&self.begun_at) = Some(at);
    }

    /// Takes everything from now on.
    pub fn calm_down(&self) {
        self.is_patient.store(true, Ordering::SeqCst);
    }

    /// What it heard.
    pub fn notices(&self) -> Vec<Notice> {
        lock(&self.notices).clone()
    }

    async fn serve(&self, stream: TcpStream) -> Result<()> {
        let mut wire = Wire::over(stream);
        loop {
            let request = wire.read(true).await?;
            let drawn = lock(&self.chance).below(10);
            let (is_refused, is_cut) =
                if self.is_patient.load(Ordering::SeqCst) { (false, false) } else { (drawn < 2, drawn == 2) };
            self.keep(&request, !is_refused && !is_cut);
            if is_cut {
                return Ok(());
            }
            let status = if is_refused { "503 -" } else { "200 OK" };
            wire.write(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").as_bytes()).await?;
        }
    }

    fn keep(&self, request: &Message, is_taken: bool) {
        let at = (*lock(&self.begun_at)).map_or(0, micros_since);
        let path = request.start_line.split(' ').nth(1).unwrap_or_default();
        let body = String::from_utf8_lossy(&request.body);
        let token = body.strip_prefix("logout_token=").unwrap_or_default().to_owned();
        lock(&self.notices).push(Notice { at, client: path.trim_start_matches('/').to_owned(), token, is_taken });
    }
}
