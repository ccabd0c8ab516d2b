//! What screens are made of. A component is a small function, its state above it, its CSS block in `style/`.

pub mod body_map;
pub mod choices;
pub mod composer;
pub mod department;
pub mod desk;
pub mod dialog;
pub mod fields;
pub mod footer;
pub mod icon;
pub mod line;
pub mod masthead;
pub mod picker;
pub mod question;
pub mod transcript;
pub mod trouble;
pub mod voice;
