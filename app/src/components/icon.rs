//! The page's own icons, drawn on a grid of 24. They decorate: the words beside them say it.

use crate::dom::{View, svg};

/// A drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyph(&'static str);

impl Glyph {
    /// A telephone.
    pub const PHONE: Self = Self(
        "M6.5 3.5h3l1.6 4.2-2 1.6a12 12 0 0 0 5.6 5.6l1.6-2 4.2 1.6v3c0 1.1-.9 2-2 2A15 15 0 0 1 4.5 5.5c0-1.1.9-2 2-2z",
    );
    /// Three lines.
    pub const MENU: Self = Self("M4 7h16M4 12h16M4 17h16");
    /// An arrow to the left.
    pub const BACK: Self = Self("M19 12H5m6-6-6 6 6 6");
    /// An arrow upwards.
    pub const SEND: Self = Self("M12 19V5m-6 6 6-6 6 6");
    /// A clock.
    pub const CLOCK: Self = Self("M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2");
    /// A pin on a map.
    pub const PLACE: Self = Self(
        "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM12 7.8a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8z",
    );
    /// A triangle with a stroke.
    pub const WARNING: Self = Self("M12 4 2.8 20h18.4L12 4zM12 10v4.5M12 17.2v.3");
    /// A tick.
    pub const TICK: Self = Self("M5 12.5 10 17.5 19.5 7");
    /// A printer.
    pub const PRINT: Self = Self("M7 9V4h10v5M7 17H4.5V9h15v8H17M7 14h10v6H7z");
    /// A cloud with a stroke through it.
    pub const OFFLINE: Self =
        Self("M4 4l16 16M8 8.2A5 5 0 0 0 7 18h10M10.5 6.2A6 6 0 0 1 18 11a3.8 3.8 0 0 1 2.3 6");
    /// A person.
    pub const PERSON: Self =
        Self("M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6");
    /// A sheet of paper with lines.
    pub const PAPER: Self = Self("M6 3.5h8l4 4v13H6zM14 3.5v4h4M9 12h6M9 15.5h6");
    /// A house with a roof light: until then, at home.
    pub const HOME: Self = Self("M4 11.5 12 4l8 7.5M6 10v10h12V10M10 20v-5.5h4V20");
    /// A door left open.
    pub const DOOR: Self = Self("M5 20.5h14M7 20.5v-17h10v17M13.5 12v.3");
    /// A magnifying glass.
    pub const SEARCH: Self =
        Self("M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20.5 20.5");
    /// A lock.
    pub const LOCK: Self = Self("M6 11h12v9.5H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3");
    /// A hand with a heart in it: help.
    pub const HELP: Self = Self(
        "M12 20s-7.5-4.6-7.5-10A4.2 4.2 0 0 1 12 7.4 4.2 4.2 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10z",
    );
    /// A microphone on its stand.
    pub const MICROPHONE: Self = Self(
        "M12 3.5a3 3 0 0 0-3 3V11a3 3 0 0 0 6 0V6.5a3 3 0 0 0-3-3zM6 11a6 6 0 0 0 12 0M12 17v3.5M9 20.5h6",
    );
    /// A loudspeaker.
    pub const SPEAKER: Self =
        Self("M4 9.5h3.5L12 5.5v13l-4.5-4H4zM15.5 9.2a4 4 0 0 1 0 5.6M18 6.7a7.5 7.5 0 0 1 0 10.6");
    /// A cross.
    pub const CLOSE: Self = Self("M6 6l12 12M18 6 6 18");
}

/// Draws one.
pub fn icon(glyph: Glyph) -> View {
    let path = svg("path", "").attr("d", glyph.0);
    svg("svg", "icon")
        .attr("viewBox", "0 0 24 24")
        .attr("aria-hidden", "true")
        .with(path)
}
