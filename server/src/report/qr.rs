//! The code for the desk as a picture: one path, so that a page draws it without a library.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};
use wire::report::Qr;

/// Light squares around it, which readers need.
const QUIET: u32 = 4;

/// A QR code; none if the text is too long for one, which a code for the desk never is.
#[must_use]
pub fn qr(text: &str) -> Option<Qr> {
    let (size, dark) = squares(text)?;
    let mut path = String::new();
    for (x, y) in dark {
        // Writing to a string does not fail.
        let _ = write!(path, "M{x} {y}h1v1h-1z");
    }
    Some(Qr { size, path })
}

/// Squares a side, quiet zone included, and the dark ones: column and row.
#[must_use]
pub fn squares(text: &str) -> Option<(u32, Vec<(u32, u32)>)> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = u32::try_from(code.width()).ok()?;
    let dark = (0_u32..)
        .zip(code.to_colors())
        .filter(|(_, color)| *color == Color::Dark)
        .map(|(place, _)| (place % width + QUIET, place / width + QUIET));
    Some((width + 2 * QUIET, dark.collect()))
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
