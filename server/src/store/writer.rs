//! The writer: one task that owns the writing connection of a database file and commits together what is waiting.
//!
//! A commit waits for the disk; a hundred patients at once must not wait a hundred times. The task takes the first job
//! that comes, then everything else already queued, runs each inside a savepoint of one transaction, commits once, and
//! only then answers. A job that fails is rolled back alone.
//!
//! Every statement is handed to the database's own thread and back, which costs more than most statements do: a job that is
//! nothing but statements is handed over as one, with its savepoint or even its transaction around it.

use futures_util::future::BoxFuture;
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use super::statements::Statements;
use super::{Connection, StoreError};

/// Jobs that may share one commit. More only makes the first wait longer.
const GROUP: usize = 64;
/// Jobs that may wait; beyond it a caller waits to queue.
const QUEUE: usize = 1024;
/// How often a log that a reader holds is tried again; each try waits for the busy time-out.
const TRUNCATE_TRIES: u32 = 3;

/// What a job leaves for after the commit: whether to keep its statements, and whom to answer.
struct Outcome {
    keep: bool,
    /// The disk is full: the engine has rolled the whole transaction back by itself.
    full: bool,
    answer: Answer,
}

impl Outcome {
    fn of<T: Send + 'static>(
        result: Result<T, StoreError>,
        sender: oneshot::Sender<Result<T, StoreError>>,
    ) -> Self {
        Self {
            keep: result.is_ok(),
            full: matches!(result, Err(StoreError::Full)),
            answer: Box::new(move |committed| {
                // A caller that went away (a cut connection) has no use for the answer; the write stands.
                let _ = sender.send(committed.and(result));
            }),
        }
    }
}

/// Tells a caller how the commit went.
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

type Job = Box<dyn for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Outcome> + Send>;

/// What is to be written as one unit.
enum Unit {
    /// Statements that depend on what the ones before answer.
    Job(Job),
    /// Statements that do not.
    Statements(Statements, oneshot::Sender<Result<(), StoreError>>),
}

enum Message {
    Write(Unit),
    TruncateLog(oneshot::Sender<Result<(), StoreError>>),
    Close(oneshot::Sender<()>),
}

/// A handle on the task. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Message>,
}

impl Writer {
    /// Starts the task on a connection of its own.
    pub(super) fn start(connection: SqliteConnection) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(run(connection, waiting));
        Self { queue }
    }

    /// Queues a job and waits for its commit.
    pub(super) async fn write<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<T, StoreError>>
            + Send
            + 'static,
    {
        let (sender, answer) = oneshot::channel::<Result<T, StoreError>>();
        let job: Job = Box::new(move |connection| {
            Box::pin(async move {
                let result = job(connection).await;
                Outcome::of(result, sender)
            })
        });
        self.queue
            .send(Message::Write(Unit::Job(job)))
            .await
            .map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Queues statements and waits for their commit.
    pub(super) async fn run(&self, statements: Statements) -> Result<(), StoreError> {
        let (sender, answer) = oneshot::channel();
        self.queue
            .send(Message::Write(Unit::Statements(statements, sender)))
            .await
            .map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Cuts the write-ahead log to nothing.
    pub(super) async fn truncate_log(&self) -> Result<(), StoreError> {
        let (sender, answer) = oneshot::channel();
        self.queue
            .send(Message::TruncateLog(sender))
            .await
            .map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Ends the task after what is queued.
    pub(super) async fn close(&self) {
        let (sender, answer) = oneshot::channel();
        if self.queue.send(Message::Close(sender)).await.is_ok() {
            // An error only says that the task ended already.
            let _ = answer.await;
        }
    }
}

async fn run(mut connection: SqliteConnection, mut waiting: mpsc::Receiver<Message>) {
    let mut next = waiting.recv().await;
    while let Some(message) = next.take() {
        match message {
            Message::Write(first) => {
                let mut group = vec![first];
                while group.len() < GROUP {
                    match waiting.try_recv() {
                        Ok(Message::Write(job)) => group.push(job),
                        Ok(other) => {
                            next = Some(other);
                            break;
                        }
                        Err(_) => break,
                    }
                }
                commit_together(&mut connection, group).await;
            }
            Message::TruncateLog(sender) => {
                // As with jobs: nobody waiting is no error.
                let _ = sender.send(truncate(&mut connection).await);
            }
            Message::Close(sender) => {
                if let Err(error) = connection.close().await {
                    tracing::warn!(%error, "the database did not close cleanly");
                }
                let _ = sender.send(());
                return;
            }
        }
        if next.is_none() {
            next = waiting.recv().await;
        }
    }
}

async fn commit_together(connection: &mut SqliteConnection, mut group: Vec<Unit>) {
    let alone = group.len() == 1;
    if alone && let Some(Unit::Statements(statements, sender)) = group.pop_if(is_statements) {
        let done = statements
            .between("begin immediate;", ";commit", &mut *connection)
            .await;
        if done.is_err() {
            roll_back(connection).await;
        }
        // A caller that went away (a cut connection) has no use for the answer; the write stands.
        let _ = sender.send(done);
        return;
    }
    let mut answers = Vec::with_capacity(group.len());
    let committed = transaction(connection, group, alone, &mut answers).await;
    if committed.is_err() {
        roll_back(connection).await;
    }
    for answer in answers {
        answer(match &committed {
            Ok(()) => Ok(()),
            Err(StoreError::Full) => Err(StoreError::Full),
            Err(error) => Err(StoreError::NotCommitted(error.to_string())),
        });
    }
    if let Err(error) = committed {
        tracing::error!(%error, "a group of writes was not committed");
    }
}

fn is_statements(unit: &mut Unit) -> bool {
    matches!(unit, Unit::Statements(..))
}

/// A transaction that is still open would hold the lock for ever; if there is none, this fails and may.
async fn roll_back(connection: &mut SqliteConnection) {
    let _ = sqlx::query("rollback").execute(connection).await;
}

async fn transaction(
    connection: &mut SqliteConnection,
    group: Vec<Unit>,
    alone: bool,
    answers: &mut Vec<Answer>,
) -> Result<(), StoreError> {
    execute(connection, "begin immediate").await?;
    let mut kept = false;
    for unit in group {
        let outcome = match unit {
            Unit::Statements(statements, sender) => {
                let result = statements
                    .between("savepoint job;", ";release job", &mut *connection)
                    .await;
                Outcome::of(result, sender)
            }
            Unit::Job(job) => {
                if !alone {
                    execute(connection, "savepoint job").await?;
                }
                let outcome = job(&mut *connection).await;
                if !alone && outcome.keep {
                    execute(connection, "release job").await?;
                }
                outcome
            }
        };
        answers.push(outcome.answer);
        if outcome.full {
            return Err(StoreError::Full);
        }
        kept |= outcome.keep;
        if !alone && !outcome.keep {
            execute(connection, "rollback to job;release job").await?;
        }
    }
    execute(connection, if kept { "commit" } else { "rollback" }).await
}

async fn execute(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), StoreError> {
    sqlx::query(sql).execute(connection).await?;
    Ok(())
}

async fn truncate(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    for _ in 0..TRUNCATE_TRIES {
        let (busy, _, _): (i64, i64, i64) = sqlx::query_as("pragma wal_checkpoint(truncate)")
            .fetch_one(&mut *connection)
            .await?;
        if busy == 0 {
            return Ok(());
        }
        tokio::task::yield_now().await;
    }
    Err(StoreError::NotCommitted(
        "a reader holds the write-ahead log".to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn writer(folder: &std::path::Path) -> Writer {
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(folder.join("test.sqlite"))
            .create_if_missing(true);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query("create table t (n integer primary key)")
            .execute(&mut connection)
            .await
            .unwrap();
        Writer::start(connection)
    }

    async fn insert(writer: &Writer, number: i64) -> Result<(), StoreError> {
        writer
            .write(move |connection| {
                Box::pin(async move {
                    sqlx::query("insert into t (n) values (?)")
                        .bind(number)
                        .execute(connection)
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    #[tokio::test]
    async fn a_failing_job_takes_none_of_its_group_along() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(folder.path()).await;
        insert(&writer, 7).await.unwrap();
        let results =
            futures_util::future::join_all((0..200).map(|number| insert(&writer, number))).await;
        for (number, result) in results.iter().enumerate() {
            if number == 7 {
                assert!(matches!(result, Err(StoreError::Exists)));
            } else {
                assert!(result.is_ok(), "{number}: {result:?}");
            }
        }
        let count: i64 = writer
            .write(|connection| {
                Box::pin(async move {
                    let (count,): (i64,) = sqlx::query_as("select count(*) from t")
                        .fetch_one(connection)
                        .await?;
                    Ok(count)
                })
            })
            .await
            .unwrap();
        assert_eq!(count, 200);
    }

    async fn run(writer: &Writer, number: i64) -> Result<(), StoreError> {
        let mut statements = Statements::new();
        statements.add("insert into t (n) values (?)").bind(number);
        statements
            .add("insert into t (n) values (?)")
            .bind(number + 1000);
        writer.run(statements).await
    }

    #[tokio::test]
    async fn failing_statements_are_rolled_back_whole_alone_and_in_a_group() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(folder.path()).await;
        insert(&writer, 1007).await.unwrap();
        // The second of them fails, so the first is not kept either.
        assert!(matches!(run(&writer, 7).await, Err(StoreError::Exists)));
        insert(&writer, 7).await.unwrap();
        insert(&writer, 1008).await.unwrap();
        let both = (0..200).map(async |number| match number % 2 {
            0 => run(&writer, number).await,
            _ => insert(&writer, number + 2000).await,
        });
        for (number, result) in futures_util::future::join_all(both)
            .await
            .iter()
            .enumerate()
        {
            if number == 8 {
                assert!(matches!(result, Err(StoreError::Exists)));
            } else {
                assert!(result.is_ok(), "{number}: {result:?}");
            }
        }
        let count: i64 = writer
            .write(|connection| {
                Box::pin(async move {
                    let (count,): (i64,) = sqlx::query_as("select count(*) from t")
                        .fetch_one(connection)
                        .await?;
                    Ok(count)
                })
            })
            .await
            .unwrap();
        assert_eq!(count, 3 + 99 * 2 + 100);
    }

    #[tokio::test]
    async fn a_closed_writer_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(folder.path()).await;
        writer.close().await;
        assert!(matches!(insert(&writer, 1).await, Err(StoreError::Closed)));
    }
}
