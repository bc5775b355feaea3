//! The way between a server and its database, which can be cut, hang, or lead nowhere.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What holds for connections. One of an earlier host never moves again.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Way {
    is_open: bool,
    host: u32,
}

/// A relay on a port of its own.
pub struct Link {
    address: String,
    target: String,
    way: watch::Sender<Way>,
    cut: CancellationToken,
}

impl Link {
    /// A link to an address, and the URL that leads over it.
    pub async fn to(url: &str) -> (Self, String) {
        let (scheme, rest) = url.split_once("://").expect("a URL");
        let (user, rest) = rest.split_once('@').expect("a user");
        let (target, name) = rest.split_once('/').expect("a database");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let over = format!("{scheme}://{user}@{address}/{name}");
        let way = watch::Sender::new(Way { is_open: true, host: 0 });
        let link = Self { address, target: target.to_owned(), way, cut: CancellationToken::new() };
        link.listen(listener);
        (link, over)
    }

    /// Nothing moves until it is open again.
    pub fn hang(&self) {
        self.way.send_modify(|way| way.is_open = false);
    }

    /// Nothing moves, and what was under way never will: the host is gone.
    pub fn vanish(&self) {
        self.way.send_modify(|way| *way = Way { is_open: false, host: way.host + 1 });
    }

    /// All connections end, and no other is accepted.
    pub async fn cut(&mut self) {
        std::mem::take(&mut self.cut).cancel();
        while TcpStream::connect(&self.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    }

    /// Whatever comes from now on gets through.
    pub async fn open(&self) {
        self.way.send_modify(|way| way.is_open = true);
        if TcpStream::connect(&self.address).await.is_err() {
            self.listen(TcpListener::bind(&self.address).await.expect("the port is free again"));
        }
    }

    fn listen(&self, listener: TcpListener) {
        let (target, way, cut) = (self.target.clone(), self.way.subscribe(), self.cut.clone());
        let accept = async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = TcpStream::connect(&target).await;
                let Ok(far) = far else { continue };
                let host = way.borrow().host;
                let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
                for (from, to) in [(near_in, far_out), (far_in, near_out)] {
                    tokio::spawn(cut.clone().run_until_cancelled_owned(relay(from, to, way.clone(), host)));
                }
            }
        };
        tokio::spawn(self.cut.clone().run_until_cancelled_owned(accept));
    }
}

async fn relay(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut way: watch::Receiver<Way>, host: u32) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let is_lost = way.wait_for(|way| way.is_open || way.host != host).await.is_ok_and(|way| way.host != host);
        if is_lost {
            std::future::pending::<()>().await;
        }
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}
