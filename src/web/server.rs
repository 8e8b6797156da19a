//! The accept loop: limits that `axum::serve` does not have.
//!
//! A connection has a few seconds to send its headers, idle or dribbling ones are closed, and there are only so many
//! and no address has more than its share (docs/reference: with `axum::serve` none of 600 silent sockets was ever closed).

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::linger::Lingering;
use super::{Peer, Shared};
use crate::supervise::stopped;

/// Limits of the accept loop.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at once; more wait until one ends.
    pub connections: usize,
    /// Connections at once from one address; more are turned away.
    pub per_address: usize,
    /// Addresses without that limit, besides this machine's own.
    pub spared: Vec<IpAddr>,
    /// Seconds to send all headers of a request, or to begin the next one.
    pub headers: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 12_000, per_address: 1024, spared: Vec::new(), headers: Duration::from_secs(8) }
    }
}

/// How long what was sent may stay unacknowledged: a phone that left is gone after it.
const USER_TIMEOUT: Duration = Duration::from_secs(30);
/// Read and write buffer of a connection, bytes: hyper's smallest.
const BUFFER: usize = 8192;
/// How many are told at once that their address has too many connections; the others are closed without a word.
const TURNED_AWAY: usize = 64;
/// How long open requests may go on when the hub stops.
const GRACE: Duration = Duration::from_secs(3);

/// Serves `router` on `listener` until `stopping` turns true.
///
/// # Errors
/// An [`std::io::Error`] if the listener itself fails.
pub async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    app: Shared,
    limits: Limits,
    mut stopping: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let permits = Arc::new(Semaphore::new(limits.connections));
    let turned_away = Arc::new(Semaphore::new(TURNED_AWAY));
    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    loop {
        // whoever comes while all places are taken waits in the system's queue
        let next = async { (permits.clone().acquire_owned().await, listener.accept().await) };
        let (permit, accepted) = tokio::select! {
            next = next => next,
            () = stopped(&mut stopping) => break,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) if is_fatal(&error) => return Err(error),
            Err(error) => {
                // out of descriptors, or a client that left while it waited
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Some(place) = app.places.enter(address.ip(), limits.per_address, &limits.spared) else {
            // over TLS it would cost a handshake to tell
            if tls.is_none()
                && let Ok(told) = turned_away.clone().try_acquire_owned()
            {
                tokio::spawn(async move {
                    turn_away(stream).await;
                    drop(told);
                });
            }
            continue;
        };
        let (tls, router, app, stopping) = (tls.clone(), router.clone(), app.clone(), stopping.clone());
        let headers = limits.headers;
        tokio::spawn(async move {
            app.counters.connections.fetch_add(1, Ordering::Relaxed);
            accept(stream, address, tls, router, headers, stopping).await;
            app.counters.connections.fetch_sub(1, Ordering::Relaxed);
            drop((permit, place));
        });
    }
    drop(listener);
    // streams end by themselves; whoever is in the middle of a request gets a moment
    let _ = tokio::time::timeout(GRACE, permits.acquire_many(all)).await;
    Ok(())
}

/// Tells an address that has all its connections why this one is closed.
async fn turn_away(stream: TcpStream) {
    const BODY: &str = "This address has too many connections open. Close some pages and try again.\n";
    let (length, kind) = (BODY.len(), "text/plain; charset=utf-8");
    let head = format!("HTTP/1.1 429 Too Many Requests\r\nContent-Type: {kind}\r\nContent-Length: {length}");
    // its request is on the way or here already: only a stream that lingers lets it read the answer
    let mut stream = Lingering::new(stream);
    // so few bytes fit into a new socket; whoever does not wait for them has gone already
    if stream.write_all(format!("{head}\r\nConnection: close\r\n\r\n{BODY}").as_bytes()).await.is_ok() {
        let _ = stream.shutdown().await;
    }
}

fn is_fatal(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::InvalidInput | std::io::ErrorKind::NotConnected)
}

async fn accept(
    stream: TcpStream,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
    router: Router,
    headers: Duration,
    stopping: watch::Receiver<bool>,
) {
    let socket = SockRef::from(&stream);
    // without them the defaults of the system hold
    let _ = socket.set_tcp_nodelay(true);
    let _ = socket.set_tcp_user_timeout(Some(USER_TIMEOUT));
    let peer = Peer { address, tls: tls.is_some() };
    match tls {
        None => connection(stream, peer, router, headers, stopping).await,
        Some(tls) => {
            let Ok(Ok(stream)) = tokio::time::timeout(headers, tls.accept(stream)).await else { return };
            connection(stream, peer, router, headers, stopping).await;
        }
    }
}

async fn connection<S>(stream: S, peer: Peer, router: Router, headers: Duration, mut stopping: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        router.clone().oneshot(request.map(Body::new))
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(headers).max_buf_size(BUFFER);
    let connection = builder.serve_connection(TokioIo::new(Lingering::new(stream)), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stopped(&mut stopping) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, peer = %peer.address, "a connection ended early");
    }
}
