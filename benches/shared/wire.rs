//! HTTP/1.1, read and written as plainly as it can be: a load generator shares the machine with what it measures.

use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request or an answer.
pub struct Message {
    /// The first line: `POST /path HTTP/1.1` or `HTTP/1.1 200 OK`.
    pub start_line: String,
    /// The header lines.
    pub head: String,
    /// What follows them.
    pub body: Vec<u8>,
}

impl Message {
    /// The value of a header, whose name is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut pairs = self.head.lines().filter_map(|line| line.split_once(':'));
        pairs.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    /// The status of an answer; 0 for what is not one.
    pub fn status(&self) -> u16 {
        self.start_line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default()
    }
}

/// One connection.
pub struct Wire {
    stream: TcpStream,
    unread: Vec<u8>,
}

impl Wire {
    /// Connects.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        Ok(Self::over(TcpStream::connect(address).await?))
    }

    /// Speaks over a connection that is there.
    pub fn over(stream: TcpStream) -> Self {
        // Without it only the times would be worse.
        let _ = stream.set_nodelay(true);
        Self { stream, unread: Vec::with_capacity(4096) }
    }

    /// Writes bytes as they are.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.write_all(bytes).await
    }

    /// Reads one message. An answer to HEAD has no body, whatever its headers say.
    pub async fn read(&mut self, has_body: bool) -> Result<Message> {
        let head_end = loop {
            if let Some(at) = find(&self.unread, b"\r\n\r\n") {
                break at + 4;
            }
            self.receive().await?;
        };
        let text = String::from_utf8_lossy(&self.unread[..head_end]).into_owned();
        self.unread.drain(..head_end);
        let (start_line, head) = text.split_once("\r\n").unwrap_or((&text, ""));
        let mut message = Message { start_line: start_line.to_owned(), head: head.to_owned(), body: Vec::new() };
        if has_body && !matches!(message.status(), 101 | 204 | 304) {
            message.body = self.read_body(&message).await?;
        }
        Ok(message)
    }

    async fn read_body(&mut self, message: &Message) -> Result<Vec<u8>> {
        if message.header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
            return self.read_chunks().await;
        }
        let length = message.header("content-length").map_or(Ok(0), str::parse).map_err(|_| Error::from(ErrorKind::InvalidData))?;
        self.take(length).await
    }

    async fn read_chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line_end = loop {
                if let Some(at) = find(&self.unread, b"\r\n") {
                    break at + 2;
                }
                self.receive().await?;
            };
            let line: Vec<u8> = self.unread.drain(..line_end).collect();
            let size = std::str::from_utf8(&line).ok().and_then(|line| usize::from_str_radix(line.trim(), 16).ok());
            let size = size.ok_or_else(|| Error::from(ErrorKind::InvalidData))?;
            let chunk = self.take(size + 2).await?;
            if size == 0 {
                return Ok(body);
            }
            body.extend_from_slice(&chunk[..size]);
        }
    }

    async fn take(&mut self, length: usize) -> Result<Vec<u8>> {
        while self.unread.len() < length {
            self.receive().await?;
        }
        Ok(self.unread.drain(..length).collect())
    }

    async fn receive(&mut self) -> Result<()> {
        match self.stream.read_buf(&mut self.unread).await? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
