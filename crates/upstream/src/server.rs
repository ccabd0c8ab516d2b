//! The server itself: listens on the loopback address, runs one task for each connection and keeps what it received.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as PlainListener};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Instant;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::answer::{Connection, Stopped};
use crate::received::{Ending, Received};
use crate::request::{Incoming, Request, Unreadable};
use crate::script::Script;

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1024;

/// What the connections of one upstream share.
struct Shared {
    script: RwLock<Script>,
    recording: AtomicBool,
    received: Mutex<Vec<Arc<Received>>>,
    /// How many requests have come in all, recorded or not.
    requests: watch::Sender<usize>,
    in_flight: watch::Sender<usize>,
    connections: AtomicUsize,
}

/// A running upstream. It stops when it is dropped.
pub struct Upstream {
    address: SocketAddr,
    shared: Arc<Shared>,
    stopping: watch::Sender<bool>,
    accepting: Mutex<Option<JoinHandle<()>>>,
}

impl Upstream {
    /// Starts an upstream on a free port of the loopback address. It listens once this returns. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// When no port can be bound.
    pub fn start(script: Script) -> io::Result<Self> {
        Self::start_at(0, script)
    }

    /// Starts an upstream on the given port of the loopback address, for instance one that was stopped there before. Port 0 is any free
    /// port. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub fn start_at(port: u16, script: Script) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        let listener = socket.listen(BACKLOG)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            script: RwLock::new(script),
            recording: AtomicBool::new(true),
            received: Mutex::new(Vec::new()),
            requests: watch::Sender::new(0),
            in_flight: watch::Sender::new(0),
            connections: AtomicUsize::new(0),
        });
        let stopping = watch::Sender::new(false);
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared), stopping.subscribe()));
        Ok(Self {
            address,
            shared,
            stopping,
            accepting: Mutex::new(Some(accepting)),
        })
    }

    /// The base address for clients, such as `http://127.0.0.1:18090/v1`.
    #[must_use]
    pub fn base(&self) -> String {
        base(self.address)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// All requests recorded so far, in the order in which they came.
    #[must_use]
    pub fn received(&self) -> Vec<Arc<Received>> {
        self.shared.lock_received().clone()
    }

    /// Forgets what was recorded. Sequence numbers go on.
    pub fn forget(&self) {
        self.shared.lock_received().clear();
    }

    /// Switches the recording of requests on or off. It is on at first; load tests switch it off to save memory.
    pub fn record(&self, on: bool) {
        self.shared.recording.store(on, Ordering::Relaxed);
    }

    /// How many requests have come in all, recorded or not.
    #[must_use]
    pub fn count(&self) -> usize {
        *self.shared.requests.borrow()
    }

    /// How many connections have been accepted in all.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Relaxed)
    }

    /// Waits until `count` requests have come in all, and returns those that were recorded.
    pub async fn wait_for(&self, count: usize) -> Vec<Arc<Received>> {
        // The sender lives as long as `self`, so the wait cannot fail.
        let _ = self
            .shared
            .requests
            .subscribe()
            .wait_for(|requests| *requests >= count)
            .await;
        self.received()
    }

    /// How many requests are being answered now.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        *self.shared.in_flight.borrow()
    }

    /// Waits until exactly `count` requests are being answered; with 0, until the upstream is idle.
    pub async fn wait_for_in_flight(&self, count: usize) {
        // The sender lives as long as `self`, so the wait cannot fail.
        let _ = self
            .shared
            .in_flight
            .subscribe()
            .wait_for(|in_flight| *in_flight == count)
            .await;
    }

    /// Replaces the script for all requests to come. Answers that have begun go on as they were.
    pub fn set_script(&self, script: Script) {
        *self
            .shared
            .script
            .write()
            .unwrap_or_else(PoisonError::into_inner) = script;
    }

    /// Stops: closes every connection. Once this returns its port refuses connections.
    pub async fn stop(&self) {
        self.stopping.send_replace(true);
        let accepting = self
            .accepting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(accepting) = accepting {
            // It ends by itself after the signal, and a panic in it has been reported by then.
            let _ = accepting.await;
        }
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        if let Some(accepting) = self
            .accepting
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
        {
            accepting.abort();
        }
    }
}

impl fmt::Debug for Upstream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Upstream")
            .field("address", &self.address)
            .field("requests", &self.count())
            .finish_non_exhaustive()
    }
}

/// The base address of a port of the loopback address that refuses connections: one that was free a moment ago.
///
/// # Errors
/// When no port can be bound.
pub fn refused_base() -> io::Result<String> {
    let listener = PlainListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(base(listener.local_addr()?))
}

fn base(address: SocketAddr) -> String {
    format!("http://{address}/v1")
}

impl Shared {
    fn lock_received(&self) -> MutexGuard<'_, Vec<Arc<Received>>> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Numbers and records a request. The lock is held for both, so that the order of the record is that of the numbers.
    fn take_in(&self, request: Request, connection: usize) -> Arc<Received> {
        let mut all = self.lock_received();
        let received = Arc::new(Received {
            number: *self.requests.borrow(),
            connection,
            at: Instant::now(),
            method: request.method,
            path: request.path,
            headers: request.headers,
            body: request.body,
            ending: watch::Sender::new(Ending::Open),
        });
        if self.recording.load(Ordering::Relaxed) {
            all.push(Arc::clone(&received));
        }
        self.in_flight.send_modify(|in_flight| *in_flight += 1);
        self.requests.send_modify(|requests| *requests += 1);
        received
    }
}

/// A request that is being answered. However that ends, by panic or by being stopped too, the end is told.
struct Answering<'a> {
    shared: &'a Shared,
    received: Arc<Received>,
    ending: Ending,
}

impl Drop for Answering<'_> {
    fn drop(&mut self) {
        self.received.ending.send_replace(self.ending);
        self.shared
            .in_flight
            .send_modify(|in_flight| *in_flight -= 1);
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>, mut stopping: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = stopping.changed() => break,
            // Connections that have ended are taken out, so that the set does not grow.
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let number = shared.connections.fetch_add(1, Ordering::Relaxed);
                    connections.spawn(serve(stream, number, Arc::clone(&shared)));
                }
                // Too many open files, say, or a client that is gone already: the next may succeed.
                Err(_) => tokio::task::yield_now().await,
            },
        }
    }
    drop(listener);
    connections.shutdown().await;
}

/// Serves one connection until it ends.
async fn serve(mut stream: TcpStream, number: usize, shared: Arc<Shared>) {
    // Without this, small pieces would wait for one another. A connection that refuses it is gone.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let (reading, outgoing) = stream.split();
    let mut connection = Connection {
        incoming: Incoming::new(reading),
        outgoing,
        frame: Vec::new(),
    };
    loop {
        let request = match connection.incoming.request(&mut connection.outgoing).await {
            Ok(request) => request,
            Err(Unreadable::Gone) => return,
            Err(Unreadable::Malformed(why)) => {
                // The connection is closed in any case.
                let _ = connection
                    .whole(400, &[], "text/plain", why.as_bytes(), false)
                    .await;
                return;
            }
        };
        let keep_alive = request.keep_alive;
        let received = shared.take_in(request, number);
        let mut answering = Answering {
            shared: &shared,
            received,
            ending: Ending::Stopped,
        };
        let script = Arc::clone(&shared.script.read().unwrap_or_else(PoisonError::into_inner));
        let reply = script(&answering.received);
        match connection.answer(reply, keep_alive).await {
            Ok(again) => {
                answering.ending = Ending::Complete;
                if !again {
                    return;
                }
            }
            Err(stopped) => {
                answering.ending = stopped.ending();
                if matches!(stopped, Stopped::Reset) {
                    // Should this fail the connection is closed in the plain way.
                    let _ = stream.set_zero_linger();
                }
                return;
            }
        }
    }
}
