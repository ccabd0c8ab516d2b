//! The code for the desk as a picture: one path, so that a page draws it without a library.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};
use wire::report::Qr;

/// Light squares around it, which readers need.
const QUIET: usize = 4;

/// A QR code; none if the text is too long for one, which a code for the desk never is.
#[must_use]
pub fn qr(text: &str) -> Option<Qr> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (place, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (place % width + QUIET, place / width + QUIET);
            // Writing to a string does not fail.
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    Some(Qr {
        size: u32::try_from(width + 2 * QUIET).ok()?,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_for_the_desk_is_drawn_with_its_quiet_zone() {
        let drawn = qr("ABCD-EFGH-JKMN").unwrap();
        assert_eq!(
            drawn.size, 29,
            "21 squares and four light ones on each side"
        );
        // The finder in the upper left corner begins where the quiet zone ends.
        assert!(drawn.path.starts_with("M4 4h1v1h-1z"));
        assert!(!drawn.path.contains("M3 "));
    }
}
