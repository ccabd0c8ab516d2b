//! The page's files and the gate, in the binary.

use std::borrow::Cow;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../dist"]
struct Dist;

/// The knowledge, compiled by the build script.
pub const KNOWLEDGE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/knowledge.bin"));
/// The gate, compiled by the build script.
pub const GATE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/gate.bin"));

/// The scripts of the interview, compiled by the build script.
pub const INTERVIEWS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/interviews.bin"));

/// A part of the gate as the page fetches it: what every language shares, or one language's words.
#[derive(Debug)]
pub struct GatePart {
    /// `core`, or a language code.
    pub name: &'static str,
    plain: &'static [u8],
    brotli: &'static [u8],
    gzip: &'static [u8],
}

/// The gate's parts, compressed by the build script.
pub const GATE_PARTS: &[GatePart] = include!(concat!(env!("OUT_DIR"), "/gate_parts.rs"));

impl GatePart {
    /// The part in its forms.
    #[must_use]
    pub fn asset(&self) -> Asset {
        Asset {
            plain: Some(self.plain.into()),
            brotli: Some(self.brotli.into()),
            gzip: Some(self.gzip.into()),
        }
    }
}

/// A file in the forms it is stored in.
#[derive(Debug)]
pub struct Asset {
    /// As it is.
    pub plain: Option<Cow<'static, [u8]>>,
    /// Compressed with brotli.
    pub brotli: Option<Cow<'static, [u8]>>,
    /// Compressed with gzip.
    pub gzip: Option<Cow<'static, [u8]>>,
}

/// A file of the page by its path, if there is one.
#[must_use]
pub fn find(path: &str) -> Option<Asset> {
    let plain = Dist::get(path)?.data;
    Some(Asset {
        plain: Some(plain),
        brotli: Dist::get(&format!("{path}.br")).map(|file| file.data),
        gzip: Dist::get(&format!("{path}.gz")).map(|file| file.data),
    })
}

/// A short fingerprint of a file's content; empty if there is none.
#[must_use]
pub fn tag(path: &str) -> String {
    Dist::get(path)
        .map(|file| crate::keys::hex(&file.metadata.sha256_hash()[..8]))
        .unwrap_or_default()
}
