//! A figure to tap, front and back, and the same as a list. The list is what a keyboard and a screen reader use; the
//! figure is hidden from them, so nothing is said twice.

use leptos::prelude::*;

use crate::dom::{View, el, svg, word_button, worded};
use crate::locale::{Word, words};
use crate::page::Page;

/// A body part of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part(usize);

/// Ids as in `ComplaintEntry::body`, head to foot.
const PARTS: [(&str, Word); 17] = [
    ("head", words::BODY_HEAD),
    ("eye", words::BODY_EYE),
    ("ear", words::BODY_EAR),
    ("nose", words::BODY_NOSE),
    ("mouth", words::BODY_MOUTH),
    ("neck", words::BODY_NECK),
    ("chest", words::BODY_CHEST),
    ("belly", words::BODY_BELLY),
    ("back", words::BODY_BACK),
    ("groin", words::BODY_GROIN),
    ("genitals", words::BODY_GENITALS),
    ("arm", words::BODY_ARM),
    ("hand", words::BODY_HAND),
    ("leg", words::BODY_LEG),
    ("foot", words::BODY_FOOT),
    ("skin", words::BODY_SKIN),
    ("whole", words::BODY_WHOLE),
];

impl Part {
    /// Its id.
    #[must_use]
    pub fn id(self) -> &'static str {
        PARTS[self.0].0
    }

    /// Its name.
    #[must_use]
    pub fn word(self) -> Word {
        PARTS[self.0].1
    }

    fn of(id: &str) -> Option<Self> {
        PARTS.iter().position(|(known, _)| *known == id).map(Self)
    }
}

/// Regions of the figure: the part, whether it is on the front, on the back or on both, and its outline in a box of 120 by 300.
const REGIONS: [(&str, bool, bool, &str); 18] = [
    (
        "head",
        true,
        true,
        "M60 8c13 0 21 9 21 23 0 15-9 27-21 27s-21-12-21-27C39 17 47 8 60 8z",
    ),
    (
        "neck",
        true,
        true,
        "M51 55c5 4 13 4 18 0v14c-5 4-13 4-18 0z",
    ),
    (
        "chest",
        true,
        false,
        "M38 74c7-5 37-5 44 0 4 13 3 29 1 42H37c-2-13-3-29 1-42z",
    ),
    (
        "belly",
        true,
        false,
        "M37 119h46c-1 12 0 21 2 30H35c2-9 3-18 2-30z",
    ),
    (
        "back",
        false,
        true,
        "M38 74c7-5 37-5 44 0 5 24 0 50 3 75H35c3-25-2-51 3-75z",
    ),
    ("groin", true, false, "M35 152h50l1 10H34z"),
    ("genitals", true, false, "M48 164h24l-7 12H55z"),
    ("arm", true, true, "M34 75c-9 3-12 12-14 24l-8 46h13l11-42z"),
    ("arm", true, true, "M86 75c9 3 12 12 14 24l8 46H95L84 103z"),
    (
        "hand",
        true,
        true,
        "M11 148h13c1 9-1 20-7 24-6-3-8-14-6-24z",
    ),
    (
        "hand",
        true,
        true,
        "M96 148h13c2 10 0 21-6 24-6-4-8-15-7-24z",
    ),
    ("leg", true, true, "M34 165l12 0 12 14-2 91H42z"),
    ("leg", true, true, "M86 165l-12 0-12 14 2 91h14z"),
    ("foot", true, true, "M42 273h14v13c-6 5-14 5-19 1z"),
    ("foot", true, true, "M78 273H64v13c6 5 14 5 19 1z"),
    ("eye", true, false, "M45 27h30v8H45z"),
    ("nose", true, false, "M57 36h6l2 7H55z"),
    ("mouth", true, false, "M51 45h18v6H51z"),
];

/// The figure and its list. Tapping either chooses the part.
pub fn body_map(page: Page, chosen: RwSignal<Option<Part>>) -> View {
    let buttons = (0..PARTS.len()).map(Part).map(|part| {
        word_button(page, "chip chip--small", part.word(), move || {
            chosen.set(Some(part));
        })
        .state("aria-pressed", move || chosen.get() == Some(part))
    });
    let figures = el("div", "body-map__figures").attr("aria-hidden", "true");
    let list = el("div", "choices choices--flow body-map__list").attr("role", "group");
    el("div", "body-map").all([
        figures.all([figure(page, chosen, true), figure(page, chosen, false)]),
        list.attr_word(page, "aria-label", words::BODY_TITLE)
            .all(buttons),
    ])
}

fn figure(page: Page, chosen: RwSignal<Option<Part>>, front: bool) -> View {
    let regions = REGIONS
        .iter()
        .filter(|(_, on_front, on_back, _)| if front { *on_front } else { *on_back });
    let regions = regions.filter_map(|(id, _, _, outline)| {
        let part = Part::of(id)?;
        let region = svg("path", "body-map__region")
            .attr("d", outline)
            .click(move || chosen.set(Some(part)));
        Some(region.class_when("body-map__region--chosen", move || {
            chosen.get() == Some(part)
        }))
    });
    let side = if front {
        words::BODY_FRONT
    } else {
        words::BODY_REAR
    };
    let drawing = svg("svg", "").attr("viewBox", "0 0 120 292").all(regions);
    el("figure", "body-map__figure").all([drawing, worded(page, "figcaption", "", side)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_is_a_part_of_the_list() {
        for (id, ..) in REGIONS {
            assert!(Part::of(id).is_some(), "{id}");
        }
    }
}
