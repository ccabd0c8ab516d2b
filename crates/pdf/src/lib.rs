//! The report on paper. Texts come as data and are never read as markup; nothing is fetched, nothing is kept.

mod world;

use serde::Serialize;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use world::World;

/// What is printed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Sheet {
    /// Language of the texts, `zh` or `en`.
    pub language: String,
    /// Title of the document.
    pub title: String,
    /// Whose hospital's page it was taken on.
    pub place: String,
    /// Who the patient is, as far as told; may be empty.
    pub who: String,
    /// What stands at the foot of every page.
    pub not_a_diagnosis: String,
    /// Heading over the chief complaint.
    pub chief_heading: String,
    /// The chief complaint.
    pub chief: String,
    /// The record's sections, in order.
    pub sections: Vec<Section>,
    /// Heading over the photos.
    pub photos_heading: String,
    /// The photos, behind everything else.
    pub photos: Vec<Photo>,
    /// The code for the desk, of a report that was submitted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desk: Option<Desk>,
}

/// A section.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// Its lines.
    pub lines: Vec<Line>,
    /// What was denied and asks for no line of its own: many short sentences, printed one behind the other.
    pub denied: Vec<String>,
}

/// A line.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Line {
    /// The sentence.
    pub text: String,
    /// What is to be known of it beside the sentence ("not asked"); may be empty.
    pub note: String,
    /// The patient's own words behind it.
    pub quotes: Vec<String>,
}

/// A photo.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Photo {
    /// What stands under it.
    pub caption: String,
    /// The picture.
    #[serde(skip)]
    pub jpeg: Vec<u8>,
}

/// The code for the desk.
#[derive(Debug, Clone, Serialize)]
pub struct Desk {
    /// The code.
    pub code: String,
    /// How long it opens the report.
    pub until: String,
    /// Squares a side of the QR code, quiet zone included.
    pub size: u32,
    /// The dark ones: column and row.
    pub dark: Vec<(u32, u32)>,
}

/// Why a sheet was not printed.
#[derive(Debug, thiserror::Error)]
#[error("the sheet was not printed: {0}")]
pub struct RenderError(String);

/// The sheet as a PDF (1.7, tagged). Takes some milliseconds of processor time: not for an asynchronous thread.
///
/// # Errors
/// If the template does not take the data, which would be a fault of this crate.
pub fn render(sheet: &Sheet) -> Result<Vec<u8>, RenderError> {
    let document = lay_out(sheet);
    let pdf = document.and_then(|document| {
        let options = PdfOptions::default();
        typst_pdf::pdf(&document, &options).map_err(|errors| told(&errors))
    });
    // What typst remembers to be quicker next time holds a patient's words.
    comemo::evict(0);
    pdf
}

/// The pages.
fn lay_out(sheet: &Sheet) -> Result<PagedDocument, RenderError> {
    let data = serde_json::to_vec(sheet).map_err(|error| RenderError(error.to_string()))?;
    let pictures = sheet.photos.iter().map(|photo| photo.jpeg.clone());
    let world = World::new(data, pictures).ok_or_else(|| RenderError("no template".to_owned()))?;
    typst::compile(&world)
        .output
        .map_err(|errors| told(&errors))
}

fn told(errors: &[typst::diag::SourceDiagnostic]) -> RenderError {
    let messages: Vec<&str> = errors.iter().map(|one| one.message.as_str()).collect();
    RenderError(messages.join("; "))
}

#[cfg(test)]
mod tests;
