//! Where things stand in the checkout. The target folder is cargo's own, so `CARGO_TARGET_DIR` is honoured.

use std::path::{Path, PathBuf};

/// Root of the checkout.
pub fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest
        .ancestors()
        .nth(2)
        .map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || root().join("target"),
        |set| std::path::absolute(&set).unwrap_or_else(|_| set.into()),
    )
}

/// The built page, which the server embeds.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Tools of a version of their own, installed for this checkout only.
pub fn tools() -> PathBuf {
    target().join("tools")
}

/// Where benches write their figures.
pub fn bench() -> PathBuf {
    root().join("target").join("bench")
}

/// The server's binary of a profile.
pub fn server(profile: Profile) -> PathBuf {
    target()
        .join(profile.folder())
        .join(format!("anteroom{}", std::env::consts::EXE_SUFFIX))
}

/// How the server is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Fast to build.
    Debug,
    /// Fast to run.
    Release,
}

impl Profile {
    /// Folder below the target folder.
    fn folder(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }
}
