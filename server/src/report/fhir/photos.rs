//! Photos: each a Media with the picture in it, so that the document is whole wherever it goes, and named among the answers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize as _;
use serde_json::{Value, json};
use wire::report::{Photo, PhotoAbout};

use super::answers::{Unreadable, answer, integer, item, list, owned, string};
use super::{Document, LOINC, coded};
use crate::report::{headings, photos};

const JPEG: &str = "image/jpeg";

/// Names within the document, and the resources.
pub fn media(document: &Document<'_>) -> Vec<(String, Value)> {
    document
        .pictures
        .iter()
        .map(|(photo, jpeg)| {
            let title = photos::name(photo.about);
            let media = json!({
                "resourceType": "Media",
                "status": "completed",
                "type": coded("http://terminology.hl7.org/CodeSystem/media-type", "image"),
                "subject": document.reference("patient"),
                "encounter": document.reference("encounter"),
                "createdDateTime": document.at,
                "operator": document.reference("patient"),
                "width": photo.width,
                "height": photo.height,
                "content": {
                    "contentType": JPEG,
                    "data": STANDARD.encode(jpeg),
                    "size": jpeg.len(),
                    "title": title.get(document.language),
                },
            });
            (name(photo), media)
        })
        .collect()
}

fn name(photo: &Photo) -> String {
    format!("photo:{}", photo.id)
}

/// Their section of the Composition.
pub fn section(document: &Document<'_>) -> Option<Value> {
    let entries: Vec<Value> = document
        .pictures
        .iter()
        .map(|(photo, _)| document.reference(&name(photo)))
        .collect();
    let mut names = String::new();
    for (photo, _) in &document.pictures {
        let name = photos::name(photo.about);
        names.extend(["<li>", name.get(document.language), "</li>"]);
    }
    (!entries.is_empty()).then(|| {
        json!({
            "id": "photos",
            "title": headings::photos(document.language),
            // Photographic image.
            "code": coded(LOINC, "72170-4"),
            "text": {
                "status": "generated",
                "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"><ul>{names}</ul></div>"),
            },
            "entry": entries,
        })
    })
}

/// Them among the answers.
pub fn answers(document: &Document<'_>) -> Option<Value> {
    let numbered = |link: &str, number: u32| item(link, [json!({ "valueInteger": number })], []);
    let items: Vec<Value> = document
        .report
        .photos
        .iter()
        .map(|photo| {
            let about = serde_json::to_value(photo.about).unwrap_or_default();
            let attachment = json!({ "contentType": JPEG, "size": photo.bytes });
            item(
                "photo",
                [json!({ "valueAttachment": attachment })],
                [
                    string("photo/id", &photo.id),
                    string("photo/about", about.as_str().unwrap_or_default()),
                    numbered("photo/width", photo.width),
                    numbered("photo/height", photo.height),
                ],
            )
        })
        .collect();
    (!items.is_empty()).then(|| item("photos", [], items))
}

/// Photos of a group of [`answers`].
pub fn read(group: &Value) -> Result<Vec<Photo>, Unreadable> {
    list(group, "item").map(photo).collect()
}

fn photo(photo: &Value) -> Result<Photo, Unreadable> {
    let below = |name: &str| {
        let link = format!("photo/{name}");
        list(&photo["answer"][0], "item")
            .find(|item| item["linkId"] == link.as_str())
            .ok_or(Unreadable)
    };
    let number = |name: &str| u32::try_from(integer(below(name)?)?).map_err(|_| Unreadable);
    let about = answer(below("about")?, "valueString")?;
    let bytes = answer(photo, "valueAttachment")?["size"].as_u64();
    Ok(Photo {
        id: owned(answer(below("id")?, "valueString")?)?,
        about: PhotoAbout::deserialize(about).map_err(|_| Unreadable)?,
        bytes: bytes
            .and_then(|bytes| u32::try_from(bytes).ok())
            .ok_or(Unreadable)?,
        width: number("width")?,
        height: number("height")?,
    })
}
