//! The published directory: read whole, published whole.

use consult::guide::directory::Directory;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Connection, StoreError, signed, unsigned};
use crate::directory::faq::FaqEntry;
use crate::ids::OrganisationId;

/// Version of an organisation's directory; 0 before anything was published.
///
/// # Errors
/// If the store fails.
pub async fn version(
    connection: &mut Connection,
    organisation: &OrganisationId,
) -> Result<u64, StoreError> {
    let row: Option<(i64,)> =
        sqlx::query_as("select directory_version from organisations where id = ?")
            .bind(organisation.as_str())
            .fetch_optional(connection)
            .await?;
    row.map_or(Ok(0), |(version,)| unsigned(version))
}

/// Reads an organisation's directory.
///
/// # Errors
/// If the store fails or a record does not read.
pub async fn read(
    connection: &mut Connection,
    organisation: &OrganisationId,
) -> Result<Directory, StoreError> {
    let version = version(&mut *connection, organisation).await?;
    Ok(Directory {
        version,
        hospitals: contents(
            connection,
            organisation,
            "select content from hospitals where organisation_id = ? order by position",
        )
        .await?,
        departments: contents(
            connection,
            organisation,
            "select content from departments where organisation_id = ? order by position",
        )
        .await?,
        doctors: contents(
            connection,
            organisation,
            "select content from doctors where organisation_id = ? order by position",
        )
        .await?,
        routing: contents(
            connection,
            organisation,
            "select content from routing_rules where organisation_id = ? order by position",
        )
        .await?,
    })
}

/// Reads an organisation's frequently asked questions, in their order.
///
/// # Errors
/// If the store fails or a record does not read.
pub async fn faq(
    connection: &mut Connection,
    organisation: &OrganisationId,
) -> Result<Vec<FaqEntry>, StoreError> {
    contents(
        connection,
        organisation,
        "select content from faq_entries where organisation_id = ? order by position",
    )
    .await
}

async fn contents<T: DeserializeOwned>(
    connection: &mut Connection,
    organisation: &OrganisationId,
    query: &'static str,
) -> Result<Vec<T>, StoreError> {
    let rows: Vec<(String,)> = sqlx::query_as(query)
        .bind(organisation.as_str())
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|(content,)| {
            serde_json::from_str(content).map_err(|error| StoreError::Damaged(error.to_string()))
        })
        .collect()
}

/// Publishes a directory and its frequently asked questions: replaces what was there and raises the version, in one unit.
/// Answers the new version.
///
/// # Errors
/// If the store fails; then the old directory stays.
pub async fn publish(
    connection: &mut Connection,
    organisation: &OrganisationId,
    directory: &Directory,
    faq: &[FaqEntry],
) -> Result<u64, StoreError> {
    for statement in [
        "delete from hospitals where organisation_id = ?",
        "delete from departments where organisation_id = ?",
        "delete from doctors where organisation_id = ?",
        "delete from routing_rules where organisation_id = ?",
        "delete from faq_entries where organisation_id = ?",
    ] {
        sqlx::query(statement)
            .bind(organisation.as_str())
            .execute(&mut *connection)
            .await?;
    }
    for (position, hospital) in (0_i64..).zip(&directory.hospitals) {
        sqlx::query(
            "insert into hospitals (organisation_id, id, position, content) values (?, ?, ?, ?)",
        )
        .bind(organisation.as_str())
        .bind(&hospital.id)
        .bind(position)
        .bind(json(hospital)?)
        .execute(&mut *connection)
        .await?;
    }
    for (position, department) in (0_i64..).zip(&directory.departments) {
        sqlx::query(
            "insert into departments (organisation_id, id, hospital_id, position, content) values (?, ?, ?, ?, ?)",
        )
        .bind(organisation.as_str())
        .bind(&department.id)
        .bind(&department.hospital)
        .bind(position)
        .bind(json(department)?)
        .execute(&mut *connection)
        .await?;
    }
    for (position, doctor) in (0_i64..).zip(&directory.doctors) {
        sqlx::query(
            "insert into doctors (organisation_id, id, department_id, position, content) values (?, ?, ?, ?, ?)",
        )
        .bind(organisation.as_str())
        .bind(&doctor.id)
        .bind(&doctor.department)
        .bind(position)
        .bind(json(doctor)?)
        .execute(&mut *connection)
        .await?;
    }
    for (position, rule) in (0_i64..).zip(&directory.routing) {
        sqlx::query("insert into routing_rules (organisation_id, id, position, content) values (?, ?, ?, ?)")
            .bind(organisation.as_str())
            .bind(&rule.id)
            .bind(position)
            .bind(json(rule)?)
            .execute(&mut *connection)
            .await?;
    }
    for (position, entry) in (0_i64..).zip(faq) {
        sqlx::query(
            "insert into faq_entries (organisation_id, id, position, content) values (?, ?, ?, ?)",
        )
        .bind(organisation.as_str())
        .bind(&entry.id)
        .bind(position)
        .bind(json(entry)?)
        .execute(&mut *connection)
        .await?;
    }
    let version = version(&mut *connection, organisation).await? + 1;
    sqlx::query("update organisations set directory_version = ? where id = ?")
        .bind(signed(version))
        .bind(organisation.as_str())
        .execute(connection)
        .await?;
    Ok(version)
}

fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Damaged(error.to_string()))
}
