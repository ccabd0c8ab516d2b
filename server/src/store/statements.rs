//! Statements that are run as one, in one hand-over to the database's own thread: a turn's writes.
//!
//! What must hold is said by keys and references, so that a statement that must not be kept fails, and all of them with it.

use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments as _, AssertSqlSafe, Encode, Sqlite, Type};

use super::{Connection, StoreError};

/// Statements in order, with what is bound to them.
#[derive(Debug, Default)]
pub struct Statements {
    sql: String,
    arguments: SqliteArguments,
    /// The first value that could not be written.
    refused: Option<sqlx::error::BoxDynError>,
}

impl Statements {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins the next statement. Only text of ours can be one.
    pub fn add(&mut self, sql: &'static str) -> &mut Self {
        if !self.sql.is_empty() {
            self.sql.push(';');
        }
        self.more(sql)
    }

    /// Goes on with the last statement.
    pub fn more(&mut self, sql: &'static str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// Binds the next value.
    pub fn bind<'v, V: Encode<'v, Sqlite> + Type<Sqlite>>(&mut self, value: V) -> &mut Self {
        if let Err(error) = self.arguments.add(value) {
            self.refused.get_or_insert(error);
        }
        self
    }

    /// Runs them in whatever transaction is open.
    ///
    /// # Errors
    /// What the first that failed says; those before it stand until they are rolled back.
    pub async fn execute(self, connection: &mut Connection) -> Result<(), StoreError> {
        self.between("", "", connection).await
    }

    /// Runs them between two statements of the transaction.
    pub(super) async fn between(
        self,
        before: &'static str,
        after: &'static str,
        connection: &mut Connection,
    ) -> Result<(), StoreError> {
        if let Some(error) = self.refused {
            return Err(sqlx::Error::Encode(error).into());
        }
        let sql = [before, self.sql.as_str(), after].concat();
        sqlx::query_with(AssertSqlSafe(sql), self.arguments)
            .execute(connection)
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::Connection as _;

    #[tokio::test]
    async fn values_go_to_their_statements_in_order() {
        let mut connection = Connection::connect("sqlite::memory:").await.unwrap();
        let mut statements = Statements::new();
        statements.add("create table t (n integer primary key, w text)");
        statements
            .add("insert into t values (?, ?)")
            .bind(1)
            .bind("one")
            .more(", (?, ?)")
            .bind(2)
            .bind("two; not a statement");
        statements
            .add("update t set w = ? where n = ?")
            .bind("first")
            .bind(1);
        statements.execute(&mut connection).await.unwrap();
        let rows: Vec<(i64, String)> = sqlx::query_as("select n, w from t order by n")
            .fetch_all(&mut connection)
            .await
            .unwrap();
        assert_eq!(
            rows,
            [
                (1, "first".to_owned()),
                (2, "two; not a statement".to_owned())
            ]
        );
    }

    #[tokio::test]
    async fn none_after_one_that_fails_is_run() {
        let mut connection = Connection::connect("sqlite::memory:").await.unwrap();
        let mut statements = Statements::new();
        statements.add("create table t (n integer primary key)");
        statements.add("insert into t values (?)").bind(1);
        statements.add("insert into t values (?)").bind(1);
        statements.add("insert into t values (?)").bind(2);
        assert!(matches!(
            statements.execute(&mut connection).await,
            Err(StoreError::Exists)
        ));
        let (count,): (i64,) = sqlx::query_as("select count(*) from t")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(count, 1);
    }
}
