//! The second factor: six digits of a time-based code (RFC 6238), each used once, and recovery codes.

use totp_rs::{Builder, Secret, Totp};
use wire::staff::{ConfirmTotp, NewTotp, RecoveryCodes};

use super::{Actor, StaffError, field};
use crate::App;
use crate::clock::Millis;
use crate::keys::SealingKey;
use crate::keys::sealing::{Place, random, sha256};
use crate::privacy::receipt_code;
use crate::report::qr;
use crate::store::StoreError;
use crate::store::staff::{self as store, Member};

/// Bytes of a secret, as RFC 4226 recommends.
const SECRET: usize = 20;
/// Recovery codes of a member.
const RECOVERY: usize = 10;
/// Letters of a recovery code: about 59 bits.
const LETTERS: usize = 12;

fn totp(secret: &[u8]) -> Result<Totp, StoreError> {
    Builder::new()
        .with_secret(Secret::from(secret.to_vec()))
        .build()
        .map_err(|error| StoreError::Damaged(error.to_string()))
}

/// The step of a code that fits now, one step of thirty seconds early or late allowed.
fn step(secret: &[u8], code: &str, now: Millis) -> Result<Option<i64>, StoreError> {
    let digits: String = code.chars().filter(|one| !one.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    let seconds = u64::try_from(now.0 / 1000).unwrap_or(0);
    let found = totp(secret)?.check(&digits, seconds);
    Ok(found.and_then(|step| i64::try_from(step).ok()))
}

/// A new secret, not kept yet.
///
/// # Errors
/// If the system gives no random bytes.
pub fn propose(actor: &Actor) -> Result<NewTotp, StaffError> {
    let secret = Secret::from(random::<SECRET>()?.to_vec()).to_base32();
    let login = &actor.member.login;
    // What apps read: https://github.com/google/google-authenticator/wiki/Key-Uri-Format
    let uri = format!("otpauth://totp/Anteroom:{login}?secret={secret}&issuer=Anteroom");
    Ok(NewTotp {
        qr: qr::qr(&uri),
        secret,
        uri,
    })
}

/// Keeps a secret once a code of it was shown; answers new recovery codes.
///
/// # Errors
/// If the code does not fit, or the store fails.
pub async fn confirm(
    app: &App,
    actor: &Actor,
    confirmed: &ConfirmTotp,
) -> Result<RecoveryCodes, StaffError> {
    let secret = Secret::try_from_base32(confirmed.secret.trim())
        .ok()
        .map(|secret| secret.as_bytes().to_vec())
        .filter(|secret| secret.len() == SECRET)
        .ok_or_else(|| field("secret", "not_a_secret"))?;
    let now = app.clock.now();
    let step = step(&secret, &confirmed.code, now)?.ok_or_else(|| field("code", "wrong_code"))?;
    let key = SealingKey::from_bytes(random()?);
    let codes: Vec<String> = (0..RECOVERY)
        .map(|place| receipt_code::drawn(&key, &format!("recovery {place}"), LETTERS))
        .collect();
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| hash(code)).collect();
    let member = &actor.member;
    let (organisation, id) = (member.organisation.clone(), member.id.clone());
    let sealed = app
        .keys
        .seal(&organisation, &place(member), &secret, now)
        .await?;
    app.store
        .write(move |connection| {
            Box::pin(async move {
                let of = (&organisation, id.as_str());
                store::set_second_factor(connection, of, Some(&sealed), step, &hashes, now).await
            })
        })
        .await?;
    Ok(RecoveryCodes {
        codes: codes
            .iter()
            .map(|code| receipt_code::grouped(code))
            .collect(),
    })
}

fn hash(code: &str) -> Vec<u8> {
    sha256(format!("recovery code {code}").as_bytes())
}

fn place(member: &Member) -> Place<'_> {
    Place {
        organisation: member.organisation.as_str(),
        owner: &member.id,
        seq: 0,
        kind: "totp",
    }
}

/// Uses a code up, of the second factor or a recovery code; `false` if it is none, or was used.
///
/// # Errors
/// If the store fails.
pub async fn used(app: &App, member: &Member, code: &str) -> Result<bool, StoreError> {
    let id = member.id.clone();
    if let Some(letters) = receipt_code::typed(code, LETTERS) {
        let hash = hash(&letters);
        return app
            .store
            .write(move |connection| {
                Box::pin(async move { store::use_recovery_code(connection, &id, &hash).await })
            })
            .await;
    }
    let Some(sealed) = &member.totp_sealed else {
        return Ok(false);
    };
    let now = app.clock.now();
    let secret = app
        .keys
        .open_sealed(&member.organisation, &place(member), sealed, now)
        .await?;
    let Some(step) = step(&secret, code, now)? else {
        return Ok(false);
    };
    app.store
        .write(move |connection| {
            Box::pin(async move { store::use_step(connection, &id, step).await })
        })
        .await
}
