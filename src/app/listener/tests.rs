//! Connections that cost their owner nothing, against limits that a test can wait for.

use std::time::Duration;

use axum::{Router, routing};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::{Instant, sleep, timeout};

use super::{Limits, serve};

const SHORT: Duration = Duration::from_millis(600);
const IDLE: Duration = Duration::from_secs(3);
/// A limit that was not kept, on a machine however busy.
const FOR_EVER: Duration = Duration::from_secs(20);
const GET: &str = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
/// The preface, and settings without a setting.
const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
const PING: &[u8] = b"\0\0\x08\x06\0\0\0\0\0pingping";

const LIMITS: Limits = Limits { connections: 64, connections_of_peer: 64, head: SHORT, idle: IDLE, write: SHORT };

/// A server within limits, that answers with many bytes; and slowly at `/slow`.
async fn server(limits: Limits) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let slow = async || {
        sleep(2 * SHORT).await;
        "slow"
    };
    let app = Router::new().route("/", routing::get(async || "x".repeat(100_000))).route("/slow", routing::get(slow));
    tokio::spawn(serve(listener, app, limits, std::future::pending()));
    address
}

async fn connect(address: &str) -> TcpStream {
    TcpStream::connect(address).await.expect("connected")
}

/// Reads until the server closes, and says how long that took.
async fn closed_after(mut stream: TcpStream) -> Duration {
    let (start, mut bytes) = (Instant::now(), Vec::new());
    let _ = timeout(FOR_EVER, stream.read_to_end(&mut bytes)).await.expect("it does not stay open for ever");
    start.elapsed()
}

/// One request, answered whole.
async fn ask(stream: &mut TcpStream, request: &str) -> std::io::Result<usize> {
    stream.write_all(request.as_bytes()).await?;
    let (mut answer, mut bytes) = (Vec::new(), vec![0; 16 * 1024]);
    while !answer.ends_with(b"x") || answer.len() < 100_000 {
        match stream.read(&mut bytes).await? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            read => answer.extend_from_slice(&bytes[..read]),
        }
        if answer.ends_with(b"slow") {
            break;
        }
    }
    Ok(answer.len())
}

#[tokio::test]
async fn whoever_sends_nothing_or_half_of_something_is_sent_away() {
    let address = server(LIMITS).await;
    for half in
        ["", "P", "PRI", "PRI / HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n", "G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nhost: a\r\n"]
    {
        let mut stream = connect(&address).await;
        stream.write_all(half.as_bytes()).await.expect("sent");
        let took = closed_after(stream).await;
        assert!(took >= SHORT / 2 && took < IDLE, "{half:?}: {took:?}");
    }
}

#[tokio::test]
async fn a_head_that_drips_is_sent_away() {
    let address = server(LIMITS).await;
    let mut stream = connect(&address).await;
    let start = Instant::now();
    for byte in GET.bytes().cycle() {
        if byte == b'\r' || stream.write_all(&[byte]).await.is_err() || start.elapsed() > FOR_EVER {
            break;
        }
        sleep(SHORT / 6).await;
    }
    closed_after(stream).await;
    assert!(start.elapsed() < IDLE, "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_connection_rests_between_requests_for_as_long_as_balancers_do() {
    let address = server(LIMITS).await;
    let mut stream = connect(&address).await;
    for _ in 0..3 {
        ask(&mut stream, GET).await.expect("answered");
        sleep(2 * SHORT).await;
    }
    stream.write_all(b"G").await.expect("sent");
    assert!(closed_after(stream).await < IDLE, "the next head must come whole");
    let mut stream = connect(&address).await;
    ask(&mut stream, "GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await.expect("who waits for an answer is not idle");
    let took = closed_after(stream).await;
    assert!(took >= IDLE / 2, "{took:?}");
}

#[tokio::test]
async fn http2_that_only_pings_is_sent_away() {
    let address = server(LIMITS).await;
    let mut stream = connect(&address).await;
    let start = Instant::now();
    stream.write_all(HTTP2).await.expect("sent");
    let mut bytes = [0; 1024];
    while start.elapsed() < FOR_EVER {
        if stream.write_all(PING).await.is_err() || matches!(timeout(SHORT, stream.read(&mut bytes)).await, Ok(Ok(0) | Err(_))) {
            break;
        }
        sleep(SHORT / 6).await;
    }
    assert!(start.elapsed() >= IDLE / 2 && start.elapsed() < FOR_EVER, "{:?}", start.elapsed());
}

/// The answers to requests that are sent on and on, of which nothing is read, or next to nothing.
#[tokio::test]
async fn whoever_reads_nothing_is_sent_away() {
    for drips in [false, true] {
        let address = server(LIMITS).await;
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(4096).expect("a small buffer");
        let mut stream = socket.connect(address.parse().expect("an address")).await.expect("connected");
        let start = Instant::now();
        let is_open = async |stream: &mut TcpStream| match timeout(SHORT / 6, stream.write_all(GET.repeat(50).as_bytes())).await {
            Ok(written) => written.is_ok(),
            Err(_) => true,
        };
        while is_open(&mut stream).await && start.elapsed() < FOR_EVER {
            if drips {
                let _ = timeout(SHORT / 6, stream.read(&mut [0; 8])).await;
            }
            sleep(SHORT / 6).await;
        }
        assert!(start.elapsed() < FOR_EVER, "drips: {drips}");
    }
}

#[tokio::test]
async fn where_there_is_no_room_the_one_that_rested_longest_leaves() {
    let address = server(Limits { connections: 6, connections_of_peer: 6, head: FOR_EVER, idle: FOR_EVER, ..LIMITS }).await;
    let mut crowd = Vec::new();
    for _ in 0..40 {
        crowd.push(connect(&address).await);
    }
    let mut asks = connect(&address).await;
    ask(&mut asks, GET).await.expect("there is room for whoever comes");
    let mut waits = connect(&address).await;
    waits.write_all(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await.expect("sent");
    sleep(SHORT / 3).await;
    for _ in 0..40 {
        crowd.push(connect(&address).await);
    }
    let mut bytes = [0; 1024];
    let read = timeout(FOR_EVER, waits.read(&mut bytes)).await.expect("an answer").expect("the connection holds");
    assert!(bytes[..read].ends_with(b"slow"), "whoever waits for an answer keeps the room");
}

#[tokio::test]
async fn one_address_takes_no_more_than_its_share() {
    let address = server(Limits { connections_of_peer: 3, ..LIMITS }).await;
    let mut crowd = Vec::new();
    for _ in 0..20 {
        let mut stream = connect(&address).await;
        ask(&mut stream, GET).await.expect("answered");
        crowd.push(stream);
    }
    let mut alive = 0;
    for mut stream in crowd {
        alive += usize::from(ask(&mut stream, GET).await.is_ok());
    }
    assert!((1..=3).contains(&alive), "{alive}");
}
