//! Who sends slowly, or never to the end, is sent away, and holds nobody else.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::databases::Kind;
use crate::world::{NUMBER, World};

const HALF_A_HEAD: &str = "POST /v1/verification HTTP/1.1\r\nhost: localhost\r\n";
const HALF_A_BODY: &str =
    "POST /v1/verification HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{";
/// How many of each there are.
const CLIENTS: usize = 50;
/// The fifteen seconds that a head may take, and a busy machine's due.
const LONGEST: Duration = Duration::from_secs(20);

/// Opens a connection, sends that, and reads whatever comes until the server closes it.
async fn dribble(address: String, half: &'static str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connected");
    stream.write_all(half.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    let mut last = [0; 1024];
    let read = async {
        while let Ok(count @ 1..) = stream.read(&mut last).await {
            answer.extend_from_slice(&last[..count]);
        }
    };
    tokio::time::timeout(LONGEST, read).await.expect("the server does not wait for ever");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_clients_are_sent_away_and_hold_nobody() {
    let world = World::new(Kind::Sqlite).await;
    let address = world.server.base.trim_start_matches("http://");
    let many = |half| (0..CLIENTS).map(move |_| tokio::spawn(dribble(address.to_owned(), half)));
    let (heads, bodies): (Vec<_>, Vec<_>) = (many(HALF_A_HEAD).collect(), many(HALF_A_BODY).collect());
    assert_eq!(world.browser().asks(NUMBER).await.outcome(), "code_sent");
    for body in bodies {
        let answer = body.await.expect("the task ends");
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("invalid_request"), "{answer}");
    }
    for head in heads {
        assert!(!head.await.expect("the task ends").starts_with("HTTP/1.1 2"));
    }
    assert_eq!(world.sms().len(), 1);
}

/// More than the server has room for.
const SOCKETS: usize = 5_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_sockets_of_one_client_leave_room_for_a_sign_up() {
    let world = World::new(Kind::Sqlite).await;
    let address = world.server.base.trim_start_matches("http://");
    let mut sockets = Vec::with_capacity(SOCKETS);
    for _ in 0..SOCKETS {
        sockets.push(TcpStream::connect(address).await.expect("connected"));
    }
    let person = world.browser();
    assert_eq!(person.page("/healthz").await.status, 200);
    person.joins(&world, NUMBER).await;
    drop(sockets);
}
