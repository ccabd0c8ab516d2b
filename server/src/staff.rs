//! The hospital's own people: how they sign in, what they may do, who invites whom.

pub mod access;
pub mod members;
pub mod password;
pub mod second_factor;
pub mod sign_in;

use wire::staff;

use crate::keys::KeyError;
use crate::store::StoreError;
use crate::store::staff::{Member, SignIn};

/// Somebody who signed in, at least with the password.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Who.
    pub member: Member,
    /// By which sign-in.
    pub sign_in: SignIn,
}

/// Why something of staff was not done.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// Login or password, or the code, is not right. Which one is not said.
    #[error("wrong credentials")]
    Wrong,
    /// Too many attempts; seconds to wait.
    #[error("too many attempts")]
    TooMany(u64),
    /// There is nobody such in this organisation.
    #[error("no such member")]
    Unknown,
    /// Fields that do not fit, each with its code.
    #[error("fields do not fit")]
    Fields(Vec<(String, &'static str)>),
    /// The last administrator cannot go.
    #[error("the last administrator")]
    LastAdministrator,
    /// The store's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<KeyError> for StaffError {
    fn from(error: KeyError) -> Self {
        Self::Store(error.into())
    }
}

/// One field that does not fit.
fn field(name: &str, code: &'static str) -> StaffError {
    StaffError::Fields(vec![(name.to_owned(), code)])
}

/// A member as they are shown.
#[must_use]
pub fn shown(member: &Member) -> staff::Member {
    staff::Member {
        id: member.id.clone(),
        login: member.login.clone(),
        name: member.name.clone(),
        role: member.role,
        departments: member.departments.clone(),
        state: member.state,
        second_factor: member.totp_sealed.is_some(),
    }
}
