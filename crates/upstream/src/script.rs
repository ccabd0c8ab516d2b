//! Scripts: what decides how each request is answered, and the usual kinds of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::received::Received;
use crate::reply::Reply;

/// Decides how a request is answered. It is called once for each request, from the task of its connection, and must not block.
pub type Script = Arc<dyn Fn(&Received) -> Reply + Send + Sync>;

/// A script from a closure.
pub fn of(script: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Script {
    Arc::new(script)
}

/// A script that answers every request alike.
#[must_use]
pub fn always(reply: Reply) -> Script {
    Arc::new(move |_: &Received| reply.clone())
}

/// A script that answers the first request with the first reply, the second with the second, and so on; the last reply serves all further
/// requests. Without any reply it stays silent.
#[must_use]
pub fn in_turn(replies: Vec<Reply>) -> Script {
    let next = AtomicUsize::new(0);
    Arc::new(move |_: &Received| {
        let turn = next
            .fetch_add(1, Ordering::Relaxed)
            .min(replies.len().saturating_sub(1));
        replies.get(turn).cloned().unwrap_or(Reply::Silent)
    })
}
