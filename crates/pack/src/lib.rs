//! Brotli and gzip at the best quality, for tools and build scripts: what is served is compressed once, not at every request.
//!
//! A crate of its own so that these loops are compiled optimised even where everything around them is not, as in build
//! scripts: there the gate alone took minutes.

use std::io::{self, Write};

/// Brotli at quality 11, window 2^22.
///
/// # Errors
/// Never for what fits in memory; the writers' signature allows it.
pub fn brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    {
        let mut writer = brotli::CompressorWriter::new(&mut packed, 1 << 16, 11, 22);
        writer.write_all(content)?;
        writer.flush()?;
    }
    Ok(packed)
}

/// Gzip at its best level.
///
/// # Errors
/// Never for what fits in memory; the writers' signature allows it.
pub fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(content)?;
    writer.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_is_packed_comes_back() {
        let content = "the same words again and again, ".repeat(50);
        let mut plain = String::new();
        brotli::Decompressor::new(brotli(content.as_bytes()).unwrap().as_slice(), 4096)
            .read_to_string(&mut plain)
            .unwrap();
        assert_eq!(plain, content);
        plain.clear();
        flate2::read::GzDecoder::new(gzip(content.as_bytes()).unwrap().as_slice())
            .read_to_string(&mut plain)
            .unwrap();
        assert_eq!(plain, content);
    }
}
