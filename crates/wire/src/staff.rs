//! `/api/v1/staff`: the hospital's own people, how they sign in and what they may do.

use serde::{Deserialize, Serialize};

use crate::report::Qr;

/// What a staff member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything of the organisation: members, applications, directory, figures. Needs a second factor.
    Administrator,
    /// The directory; where departments are named, only theirs.
    Editor,
    /// Reports; where departments are named, only theirs.
    Clinician,
    /// Reads the audit log and the figures.
    Auditor,
}

/// Whether a member may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    /// Has a link and no password yet.
    Invited,
    /// May sign in.
    Active,
    /// May not.
    Disabled,
}

/// A staff member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// Its id.
    pub id: String,
    /// The name signed in with.
    pub login: String,
    /// The name shown.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Departments an editor or a clinician is limited to; empty is all.
    pub departments: Vec<String>,
    /// Whether they may sign in.
    pub state: MemberState,
    /// Whether there is a second factor.
    pub second_factor: bool,
}

/// What a sign-in still needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SignInStep {
    /// The code of the second factor.
    SecondFactor,
    /// A second factor has to be set up first: administrators need one.
    SetUpSecondFactor,
    /// Nothing.
    Done,
}

/// `GET /staff/me` and the answer to every step of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedIn {
    /// Who it is.
    pub member: Member,
    /// What is still needed.
    pub step: SignInStep,
}

/// `POST /staff/first`: the first administrator, by the code printed at the first start.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FirstAdministrator {
    /// The code.
    pub code: String,
    /// Name of the organisation, where there is none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// The name to sign in with: 3 to 64 letters, digits, `.`, `-`, `_`, `@`.
    pub login: String,
    /// The name shown, 1 to 80 characters.
    pub name: String,
    /// 12 to 200 characters, none of the common ones.
    pub password: String,
}

/// `POST /staff/sign-in`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Credentials {
    /// The name signed in with.
    pub login: String,
    /// The password.
    pub password: String,
}

/// A code: of the second factor (six digits) or a recovery code.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Code {
    /// As typed.
    pub code: String,
}

/// A new second factor, to be confirmed with a code of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewTotp {
    /// The secret in base 32, to be typed.
    pub secret: String,
    /// The same as `otpauth://` address.
    pub uri: String,
    /// The address to be scanned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qr: Option<Qr>,
}

/// `PUT /staff/second-factor`: the new second factor with a code of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConfirmTotp {
    /// The secret as answered.
    pub secret: String,
    /// Six digits.
    pub code: String,
}

/// Recovery codes, shown once. Earlier ones are void.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryCodes {
    /// Ten of them; each opens once.
    pub codes: Vec<String>,
}

/// `POST /staff/password`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPassword {
    /// The one until now.
    pub current: String,
    /// The new one.
    pub password: String,
}

/// `POST /staff/members`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewMember {
    /// The name to sign in with.
    pub login: String,
    /// The name shown.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Departments an editor or a clinician is limited to.
    #[serde(default)]
    pub departments: Vec<String>,
}

/// `PUT /staff/members/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberChange {
    /// The name shown.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Departments an editor or a clinician is limited to.
    #[serde(default)]
    pub departments: Vec<String>,
    /// May not sign in.
    #[serde(default)]
    pub disabled: bool,
}

/// A link that sets a password, shown once to the administrator.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordLink {
    /// The member it is for.
    pub member: Member,
    /// Path and fragment, behind the server's address. The code stands behind `#` and is in no server's log.
    pub path: String,
    /// RFC 3339 time until which it works, once.
    pub expires_at: String,
}

/// `POST /staff/links`: a password by a link.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UseLink {
    /// The link's code.
    pub code: String,
    /// The password.
    pub password: String,
}

/// One sign-in of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnSignIn {
    /// Its id.
    pub id: String,
    /// RFC 3339 time it began.
    pub since: String,
    /// RFC 3339 time it was last used.
    pub seen: String,
    /// Browser and system, as the browser says.
    pub browser: String,
    /// This very one.
    pub current: bool,
}

macro_rules! secret {
    ($($name:ident),*) => { $(
        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )* };
}

// What holds a secret is never printed.
secret!(
    FirstAdministrator,
    Credentials,
    Code,
    NewTotp,
    ConfirmTotp,
    RecoveryCodes,
    NewPassword,
    PasswordLink,
    UseLink
);
