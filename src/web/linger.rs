//! A connection that is closed so that the other end still reads what was said last.
//!
//! A socket that is closed while bytes lie unread in it is reset, and the reset overtakes the answer: a request whose headers
//! are too long would never see its 431. So the own half is closed first, and what still comes is read and thrown away, for a
//! moment and up to a limit.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// How long the other end may take to close its half.
const PATIENCE: Duration = Duration::from_secs(1);
/// How much is read meanwhile, bytes.
const LIMIT: usize = 256 * 1024;

enum Stage {
    Open,
    Draining(Pin<Box<Sleep>>, usize),
    Closed,
}

/// A stream that lingers when it is shut down. See the module's text.
pub(super) struct Lingering<S> {
    stream: S,
    stage: Stage,
}

impl<S> Lingering<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, stage: Stage::Open }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Lingering<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Lingering<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, stage } = &mut *self;
        loop {
            match stage {
                Stage::Open => {
                    ready!(Pin::new(&mut *stream).poll_shutdown(cx))?;
                    *stage = Stage::Draining(Box::pin(tokio::time::sleep(PATIENCE)), LIMIT);
                }
                Stage::Draining(until, left) => {
                    let mut bytes = [0; 4096];
                    let mut buffer = ReadBuf::new(&mut bytes);
                    let late = until.as_mut().poll(cx).is_ready();
                    if !late {
                        let read = ready!(Pin::new(&mut *stream).poll_read(cx, &mut buffer));
                        let count = buffer.filled().len();
                        if read.is_ok() && count > 0 && count < *left {
                            *left -= count;
                            continue;
                        }
                    }
                    *stage = Stage::Closed;
                }
                Stage::Closed => return Poll::Ready(Ok(())),
            }
        }
    }
}
