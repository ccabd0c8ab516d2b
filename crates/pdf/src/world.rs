//! What typst sees: one template, one file of data, the photos, one font. No disk, no network, no clock.

use std::sync::OnceLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt};

/// Noto Sans CJK SC, regular, with the characters of GB 2312 and the commoner ones of Big5: `fonts/README.md`.
static FONT: &[u8] = include_bytes!("../fonts/NotoSansCJKsc-Regular-subset.otf");

const TEMPLATE: &str = include_str!("../templates/report.typ");

struct Common {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Option<(FileId, Source)>,
}

/// What is the same for every document.
fn common() -> &'static Common {
    static COMMON: OnceLock<Common> = OnceLock::new();
    COMMON.get_or_init(|| {
        let fonts: Vec<Font> = Font::iter(Bytes::new(FONT)).collect();
        let id = file("report.typ");
        Common {
            library: LazyHash::new(<Library as LibraryExt>::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            template: id.map(|id| (id, Source::new(id, TEMPLATE.to_owned()))),
        }
    })
}

fn file(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(name).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// The template with one report's data.
pub struct World {
    data: Bytes,
    data_id: FileId,
    /// Photos by the name the template asks for.
    pictures: Vec<(FileId, Bytes)>,
    template: &'static Source,
}

impl World {
    /// With the data as JSON and the photos as JPEG. `None` never, unless the template's own name is no path.
    pub fn new(data: Vec<u8>, pictures: impl Iterator<Item = Vec<u8>>) -> Option<Self> {
        let pictures = pictures.enumerate().map(|(place, jpeg)| {
            let id = file(&format!("photo-{place}.jpg"))?;
            Some((id, Bytes::new(jpeg)))
        });
        Some(Self {
            pictures: pictures.collect::<Option<_>>()?,
            data: Bytes::new(data),
            data_id: file("report.json")?,
            template: &common().template.as_ref()?.1,
        })
    }
}

impl typst::World for World {
    fn library(&self) -> &LazyHash<Library> {
        &common().library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &common().book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() {
            Ok(self.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data_id {
            return Ok(self.data.clone());
        }
        let of_id = |(picture, _): &&(FileId, Bytes)| *picture == id;
        let found = self.pictures.iter().find(of_id);
        found
            .map(|(_, jpeg)| jpeg.clone())
            .ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        common().fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
