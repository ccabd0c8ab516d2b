//! Questions about the hospital, in the middle of a talk about an illness: recognised, answered from the hospital's own
//! content with its sources, and the interview goes on.

use std::ops::Range;
use std::sync::Arc;

use consult::knowledge::FindingKind;
use consult::read::tokens::is_han;
use consult::state::Heard;
use wire::Localized;
use wire::event::{Answer, Source, SourceKind};

use super::Opened;
use crate::App;
use crate::directory::words::localized;
use crate::model::assistant::Assistant;
use crate::model::guard::Step;
use crate::search::{self, Found, Hit, Search};
use crate::store::StoreError;

/// From this chance on words sound as if somebody had to be seen today.
const URGENT: f32 = 0.5;
/// From this chance on they sound as if it could be an emergency, though not enough for a card.
const ALARMING: f32 = 0.02;
/// Passages a model is given at most.
const PASSAGES: usize = 4;
/// Passages shown at most, one for each thing that was asked.
const SHOWN: usize = 3;

/// A question about the hospital.
#[derive(Debug, Clone)]
pub struct Inquiry {
    /// Nothing else is in the text: no question of ours is answered by it.
    pub alone: bool,
    /// What was asked.
    pub asked: String,
    /// What answers it, best first; empty if nothing published does.
    pub hits: Vec<Hit>,
}

async fn search(app: &App, opened: &Opened) -> Result<Arc<Search>, StoreError> {
    let session = &opened.session;
    app.searches
        .get(&app.store, &session.organisation, session.directory_version)
        .await
}

/// Byte ranges of the words in which something of the patient was understood. Reasons for coming (a certificate, a result)
/// are what people ask the hospital about, too.
fn complained(app: &App, heard: &Heard) -> Vec<Range<usize>> {
    let vocabulary = &app.knowledge.vocabulary;
    let is_reason = |id: &str| {
        let finding = vocabulary.index_of(id).map(usize::from);
        finding
            .and_then(|finding| vocabulary.findings.get(finding))
            .is_some_and(|finding| finding.kind == FindingKind::Reason)
    };
    heard
        .findings
        .iter()
        .filter(|finding| !is_reason(&finding.id))
        .filter_map(|finding| finding.span)
        .map(|(from, to)| from as usize..to as usize)
        .collect()
}

/// Whether nothing in the sound of the words speaks of something that must be seen soon: who asks where to go with it has told
/// of it too, and is heard as well.
fn sounds_calm(heard: &Heard) -> bool {
    let urgent = heard.urgency.is_some_and(|chance| chance >= URGENT);
    let alarming = heard
        .sounding
        .as_ref()
        .is_some_and(|sounding| sounding.chance >= ALARMING);
    !urgent && !alarming
}

/// Recognises a question by the hospital's own content.
///
/// # Errors
/// If the store fails.
pub async fn recognise(
    app: &App,
    opened: &Opened,
    text: &str,
    heard: &Heard,
) -> Result<Option<Inquiry>, StoreError> {
    let search = search(app, opened).await?;
    let complained = complained(app, heard);
    let (hits, whole) = match search.answers(text, &complained) {
        Found::Passages { hits, whole } => (hits, whole),
        Found::Nothing => (Vec::new(), true),
        Found::NotAnInquiry => return Ok(None),
    };
    Ok(Some(Inquiry {
        alone: whole && complained.is_empty() && heard.measures.is_empty() && sounds_calm(heard),
        asked: text.to_owned(),
        hits,
    }))
}

/// A question that a model pointed at in a text; `words` are its bytes. It is looked for like any other, and one the hospital's
/// content does not answer is believed only where nothing else was understood.
///
/// # Errors
/// If the store fails.
pub async fn of_words(
    app: &App,
    opened: &Opened,
    text: &str,
    words: Range<usize>,
    heard: &Heard,
) -> Result<Option<Inquiry>, StoreError> {
    let Some(asked) = text.get(words.clone()) else {
        return Ok(None);
    };
    let complained = complained(app, heard);
    let overlaps = |one: &Range<usize>| one.start < words.end && words.start < one.end;
    if complained.iter().any(overlaps) {
        return Ok(None);
    }
    let search = search(app, opened).await?;
    let hits = match search.answers(asked, &[]) {
        Found::Passages { hits, .. } => hits,
        Found::Nothing | Found::NotAnInquiry => Vec::new(),
    };
    if hits.is_empty() && !heard.nothing {
        return Ok(None);
    }
    Ok(Some(Inquiry {
        // Where nothing answers it, the words are heard as well: a model may be wrong about what they ask.
        alone: !hits.is_empty() && complained.is_empty() && heard.nothing && sounds_calm(heard),
        asked: asked.to_owned(),
        hits,
    }))
}

/// Its answer: the best passage itself, or in a model's words if they may be said; where nothing was found, how to reach the
/// desk.
///
/// # Errors
/// If the store fails.
pub async fn answer(
    app: &App,
    opened: &Opened,
    inquiry: &Inquiry,
    assistant: Option<&Assistant<'_>>,
) -> Result<Answer, StoreError> {
    if inquiry.hits.is_empty() {
        return Ok(Answer {
            text: localized(&app.knowledge.sentence("no_answer")),
            sources: Vec::new(),
            alone: inquiry.alone,
            template: None,
        });
    }
    let shown = &inquiry.hits[..inquiry.hits.len().min(SHOWN)];
    let mut text = passages(shown);
    let mut template = None;
    if let Some(assistant) = assistant.filter(|one| one.answers()) {
        let language = opened.session.locale.as_str();
        let given: Vec<String> = inquiry
            .hits
            .iter()
            .take(PASSAGES)
            .map(|hit| hit.passage.text.get(language).to_owned())
            .collect();
        let reviewed = given.join("\n");
        let session = &opened.session;
        let index = app.index_of(session).await?;
        let step = Step {
            language,
            reviewed: &reviewed,
            said: &inquiry.asked,
            names: Some(app.names.of(session, &index.directory)),
            is_answer: true,
        };
        let said = assistant.answer(step, &inquiry.asked, &given).await;
        // Half an answer, or kind words beside the question, are worse than the passage.
        if let Some(said) = said.filter(|said| said.whole && speaks_of(&said.text, &reviewed)) {
            text.0.insert(language.to_owned(), said.text);
            template = Some(said.template);
        }
    }
    Ok(Answer {
        text,
        sources: shown.iter().map(source).collect(),
        alone: inquiry.alone,
        template,
    })
}

/// Whether at least half of a text's pieces (two Chinese characters, a word of four letters) stand in the passages.
fn speaks_of(text: &str, passages: &str) -> bool {
    let passages = passages.to_lowercase();
    let mut pieces: Vec<String> = Vec::new();
    for word in text
        .to_lowercase()
        .split(|character: char| !character.is_alphanumeric())
    {
        let han: Vec<char> = word.chars().filter(|one| is_han(*one)).collect();
        pieces.extend(han.windows(2).map(|pair| pair.iter().collect::<String>()));
        if han.is_empty() && word.chars().count() >= 4 {
            pieces.push(word.to_owned());
        }
    }
    let held = pieces
        .iter()
        .filter(|piece| passages.contains(piece.as_str()))
        .count();
    held * 2 >= pieces.len() && held > 0
}

fn passages(hits: &[Hit]) -> Localized {
    let in_language = |language: &str| {
        hits.iter()
            .map(|hit| hit.passage.text.get(language))
            .collect::<Vec<_>>()
            .join("\n\n")
    };
    Localized::new(&in_language("zh"), &in_language("en"))
}

fn source(hit: &Hit) -> Source {
    let source = &hit.passage.source;
    Source {
        kind: match source.kind {
            search::SourceKind::Faq => SourceKind::Faq,
            search::SourceKind::Department => SourceKind::Department,
            search::SourceKind::Hospital => SourceKind::Hospital,
            search::SourceKind::Doctor => SourceKind::Doctor,
        },
        id: source.id.clone(),
        title: localized(&source.title),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_words_beside_the_question_are_no_answer() {
        let passage = "Both sites have a car park; the charges are shown at the entrance.";
        assert!(speaks_of("There is a car park at both sites.", passage));
        assert!(!speaks_of("Thank you for telling me about this.", passage));
        let passage = "两个院区都有停车场,收费标准写在入口处。";
        assert!(speaks_of("两个院区都有停车场。", passage));
        assert!(!speaks_of("谢谢您告诉我这些情况。", passage));
        assert!(!speaks_of("38.5", passage));
    }
}
