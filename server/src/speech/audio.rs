//! What a recording is, told by its first bytes and by nothing the sender says of it.

/// Bytes that tell what a recording is.
pub const MAGIC: usize = 12;

/// A container that browsers record into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// WebM with Opus: Chromium, Firefox.
    Webm,
    /// MP4 with AAC: Safari.
    Mp4,
    /// Ogg with Opus: Firefox.
    Ogg,
    /// Wave.
    Wav,
}

impl Container {
    /// The container whose first bytes these are; `None` if it is none of them.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            // EBML, which WebM begins with (RFC 8794, section 8.1).
            [0x1a, 0x45, 0xdf, 0xa3, ..] => Some(Self::Webm),
            // ISO base media (ISO/IEC 14496-12): a box of the type `ftyp` comes first.
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(Self::Mp4),
            // Ogg's capture pattern (RFC 3533, section 6).
            [b'O', b'g', b'g', b'S', ..] => Some(Self::Ogg),
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'A',
                b'V',
                b'E',
                ..,
            ] => Some(Self::Wav),
            _ => None,
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Webm => "audio/webm",
            Self::Mp4 => "audio/mp4",
            Self::Ogg => "audio/ogg",
            Self::Wav => "audio/wav",
        }
    }

    /// The name a recording of it is sent under; the provider tells its type by the ending.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Webm => "speech.webm",
            Self::Mp4 => "speech.mp4",
            Self::Ogg => "speech.ogg",
            Self::Wav => "speech.wav",
        }
    }

    /// About how many milliseconds so many bytes are, where the provider does not say: what browsers record speech at, and 16
    /// bits at 16 kHz for a wave.
    #[must_use]
    pub fn milliseconds(self, bytes: u64) -> u64 {
        let bytes_a_second = match self {
            Self::Wav => 32_000,
            Self::Webm | Self::Ogg => 4_000,
            Self::Mp4 => 8_000,
        };
        bytes * 1000 / bytes_a_second
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell() {
        let of = |bytes: &[u8]| Container::of(bytes);
        assert_eq!(
            of(b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81"),
            Some(Container::Webm)
        );
        assert_eq!(of(b"\0\0\0\x1cftypiso5"), Some(Container::Mp4));
        assert_eq!(of(b"OggS\0\x02\0\0\0\0\0\0"), Some(Container::Ogg));
        assert_eq!(of(b"RIFF\x24\x08\0\0WAVE"), Some(Container::Wav));
        for other in [
            &b""[..],
            b"OggX",
            b"RIFF\x24\x08\0\0AVI ",
            b"\xff\xd8\xff\xe0",
            b"<html><body>",
            b"ID3\x04\0\0\0\0\0\0\0\0",
            b"{\"text\": \"\"}",
        ] {
            assert_eq!(of(other), None, "{other:?}");
        }
    }
}
