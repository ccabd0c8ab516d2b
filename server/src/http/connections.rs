//! Connections: HTTP/1.1, one task each, ended in order when the server stops. A proxy in front speaks HTTP/2 with browsers.
//!
//! Not `axum::serve`: it guesses the protocol first, which doubles what an open stream takes, and waits for ever for a head
//! that somebody sends a byte at a time.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_service::Service as _;

/// How long a request's head may take, and a kept connection may be quiet. Longer than proxies keep theirs (nginx: 60 s), so
/// that they and not the server end them.
const HEAD: Duration = Duration::from_secs(75);
/// Bytes of a request's head at most.
const HEAD_BYTES: usize = 64 * 1024;
/// The wait after a connection that could not be taken, as when files have run out.
const TROUBLED: Duration = Duration::from_millis(200);

/// Serves connections until the server stops, then waits for what is under way.
pub async fn serve(listener: TcpListener, router: Router, mut stopping: watch::Receiver<bool>) {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_BYTES);
    let under_way = GracefulShutdown::new();
    let stopped = async move {
        // An error means the sender is gone: stop as well.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    };
    tokio::pin!(stopped);
    loop {
        let (stream, address) = tokio::select! {
            () = &mut stopped => break,
            taken = listener.accept() => match taken {
                Ok(taken) => taken,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(TROUBLED).await;
                    continue;
                }
            },
        };
        // Small answers must not wait for more to come; a socket that refuses is only slower.
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let service = service_fn(move |request| answer(&router, address, request));
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        let connection = under_way.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended badly");
            }
        });
    }
    drop(listener);
    under_way.shutdown().await;
}

fn answer(
    router: &Router,
    address: SocketAddr,
    mut request: Request<Incoming>,
) -> <Router as tower_service::Service<Request<Body>>>::Future {
    request.extensions_mut().insert(ConnectInfo(address));
    // A router is always ready.
    router.clone().call(request.map(Body::new))
}
