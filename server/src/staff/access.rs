//! Who may call what: one table. A route of the console that is not in it is answered to nobody, and a test fails.

use wire::staff::Role;

/// What a route asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Nothing: it is how one signs in.
    Anyone,
    /// A password; the second factor may still be missing.
    HalfSignedIn,
    /// Signed in.
    SignedIn,
    /// Signed in as somebody who keeps the members.
    ManageMembers,
}

/// One route and what it asks.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Method.
    pub method: &'static str,
    /// Path below `/api/v1`, as the router has it.
    pub path: &'static str,
    /// What it asks.
    pub right: Right,
}

const fn rule(method: &'static str, path: &'static str, right: Right) -> Rule {
    Rule {
        method,
        path,
        right,
    }
}

/// Every route of the console.
pub const RULES: &[Rule] = &[
    rule("POST", "/staff/first", Right::Anyone),
    rule("POST", "/staff/sign-in", Right::Anyone),
    rule("POST", "/staff/links", Right::Anyone),
    rule("GET", "/staff/me", Right::HalfSignedIn),
    rule("POST", "/staff/sign-out", Right::HalfSignedIn),
    rule("POST", "/staff/second-factor", Right::HalfSignedIn),
    rule("GET", "/staff/second-factor", Right::HalfSignedIn),
    rule("PUT", "/staff/second-factor", Right::HalfSignedIn),
    rule("POST", "/staff/password", Right::SignedIn),
    rule("GET", "/staff/sign-ins", Right::SignedIn),
    rule("DELETE", "/staff/sign-ins", Right::SignedIn),
    rule("GET", "/staff/members", Right::ManageMembers),
    rule("POST", "/staff/members", Right::ManageMembers),
    rule("PUT", "/staff/members/{member}", Right::ManageMembers),
    rule("POST", "/staff/members/{member}/link", Right::ManageMembers),
    rule(
        "DELETE",
        "/staff/members/{member}/second-factor",
        Right::ManageMembers,
    ),
];

/// What a route asks; nothing if it has no entry.
#[must_use]
pub fn right(method: &str, path: &str) -> Option<Right> {
    let found = RULES
        .iter()
        .find(|rule| rule.method == method && rule.path == path);
    found.map(|rule| rule.right)
}

/// Whether a role has a right, once signed in.
#[must_use]
pub fn may(role: Role, right: Right) -> bool {
    match right {
        Right::Anyone | Right::HalfSignedIn | Right::SignedIn => true,
        Right::ManageMembers => role == Role::Administrator,
    }
}
