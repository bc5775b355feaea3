//! How a connection gets on, and when it takes too long: over its first byte, over a head, between requests, or over reading an answer.

use std::io::Result;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, sleep};

use super::Limits;

/// How an HTTP/2 connection begins (RFC 9113, 3.4). Its frames between requests are no beginning of a head.
const HTTP2_PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// How slowly an answer may be read, in bytes a second, once the other side lets it wait.
const LEAST_RATE: u64 = 1024;

/// What is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The first byte, or the rest of a head.
    Head,
    /// The answer, which is ours to give.
    Busy,
    /// The next request.
    Idle,
}

/// How a connection gets on, as its stream and those who serve it see it.
pub(super) struct Progress(Mutex<State>);

struct State {
    limits: Limits,
    phase: Phase,
    since: Instant,
    /// Requests under way.
    busy: usize,
    /// The first bytes, as far as they tell the protocol.
    opening: Vec<u8>,
    /// When an answer that waits to be read has waited too long.
    write_deadline: Option<Instant>,
}

/// A request under way.
pub(super) struct Turn(Arc<Progress>);

impl Progress {
    pub(super) fn new(limits: Limits) -> Self {
        let (phase, since) = (Phase::Head, Instant::now());
        Self(Mutex::new(State { limits, phase, since, busy: 0, opening: Vec::new(), write_deadline: None }))
    }

    pub(super) fn begin(self: &Arc<Self>) -> Turn {
        let mut state = self.state();
        state.busy += 1;
        state.phase = Phase::Busy;
        Turn(Arc::clone(self))
    }

    /// Since when no request is under way; none while one is.
    pub(super) fn rests_since(&self) -> Option<Instant> {
        let state = self.state();
        (state.busy == 0).then_some(state.since)
    }

    /// Resolves when the other side has taken too long over what is waited for.
    pub(super) async fn too_slow(&self) {
        loop {
            let (pause, is_late) = {
                let state = self.state();
                (state.limits.shortest() / 8, state.is_late(Instant::now()))
            };
            if is_late {
                return;
            }
            sleep(pause).await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.busy -= 1;
        if state.busy == 0 {
            state.enter(Phase::Idle);
        }
    }
}

impl State {
    fn enter(&mut self, phase: Phase) {
        (self.phase, self.since) = (phase, Instant::now());
    }

    fn is_late(&self, now: Instant) -> bool {
        let is_silent = match self.phase {
            Phase::Head => now > self.since + self.limits.head,
            Phase::Idle => now > self.since + self.limits.idle,
            Phase::Busy => false,
        };
        is_silent || self.write_deadline.is_some_and(|deadline| now > deadline)
    }

    fn take_in(&mut self, bytes: &[u8]) {
        let is_first = self.opening.is_empty() && !bytes.is_empty();
        let wanted = HTTP2_PREFACE.len() - self.opening.len();
        self.opening.extend(bytes.iter().take(wanted));
        let is_http2 = self.opening == HTTP2_PREFACE;
        match self.phase {
            // From the preface on only its rests count.
            Phase::Head if is_http2 => self.phase = Phase::Idle,
            Phase::Head if is_first => self.enter(Phase::Head),
            Phase::Idle if !is_http2 && !bytes.is_empty() => self.enter(Phase::Head),
            Phase::Head | Phase::Idle | Phase::Busy => {}
        }
    }

    /// Whoever reads on gets time for what was read.
    fn gave_out(&mut self, written: usize) {
        if let Some(deadline) = self.write_deadline {
            let gained = Duration::from_millis(1000 * u64::try_from(written).unwrap_or(u64::MAX) / LEAST_RATE);
            self.write_deadline = Some((deadline + gained).min(Instant::now() + self.limits.write));
        }
    }

    fn must_wait(&mut self) {
        self.write_deadline.get_or_insert(Instant::now() + self.limits.write);
    }
}

/// A stream that tells how it gets on.
pub(super) struct Paced<S> {
    stream: S,
    progress: Arc<Progress>,
}

impl<S> Paced<S> {
    pub(super) fn new(stream: S, progress: Arc<Progress>) -> Self {
        Self { stream, progress }
    }

    fn wrote(&self, written: Poll<Result<usize>>) -> Poll<Result<usize>> {
        let mut state = self.progress.state();
        match &written {
            Poll::Ready(Ok(written)) => state.gave_out(*written),
            Poll::Ready(Err(_)) => {}
            Poll::Pending => state.must_wait(),
        }
        written
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        let paced = self.get_mut();
        let filled = buffer.filled().len();
        ready!(Pin::new(&mut paced.stream).poll_read(cx, buffer))?;
        paced.progress.state().take_in(&buffer.filled()[filled..]);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let paced = self.get_mut();
        let written = Pin::new(&mut paced.stream).poll_write(cx, bytes);
        paced.wrote(written)
    }

    fn poll_write_vectored(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[std::io::IoSlice<'_>]) -> Poll<Result<usize>> {
        let paced = self.get_mut();
        let written = Pin::new(&mut paced.stream).poll_write_vectored(cx, bytes);
        paced.wrote(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Everything was taken: the next answer that waits waits anew.
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let paced = self.get_mut();
        ready!(Pin::new(&mut paced.stream).poll_flush(cx))?;
        paced.progress.state().write_deadline = None;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
