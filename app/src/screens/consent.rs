//! One required purpose in plain words, the others separate and unticked, and who agrees: the words on the button are
//! the declaration.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::application::ConsentText;
use wire::session::{ConsentBy, Profile, Subject};

use crate::app::link;
use crate::components::icon::{Glyph, icon};
use crate::components::trouble::trouble;
use crate::components::voice;
use crate::dom::{View, el, field_error, input, said, worded};
use crate::locale::{Word, words};
use crate::page::Page;
use crate::route::Place;
use crate::screens::heading;
use crate::session;

/// What was chosen so far.
#[derive(Clone, Copy)]
struct Form {
    subject: RwSignal<Option<Subject>>,
    /// For another adult: knows, or cannot answer.
    how: RwSignal<Option<ConsentBy>>,
    optional: RwSignal<Vec<String>>,
    missing: RwSignal<Option<Word>>,
    working: RwSignal<bool>,
}

/// The consent.
pub fn consent(page: Page) -> View {
    let form = Form {
        subject: RwSignal::new(None),
        how: RwSignal::new(None),
        optional: RwSignal::new(Vec::new()),
        missing: RwSignal::new(None),
        working: RwSignal::new(false),
    };
    let texts = page
        .application
        .with_untracked(|application| application.as_deref().map(|one| one.consents.clone()));
    let mut texts = texts.unwrap_or_default();
    // These are asked when the microphone is first used.
    texts.retain(|text| text.purpose != voice::PROVIDER && text.purpose != voice::BROWSER);
    let required = texts
        .iter()
        .filter(|text| text.required)
        .map(|text| purpose(page, text));
    let optional = texts
        .iter()
        .filter(|text| !text.required)
        .map(|text| optional_purpose(page, text, form));
    let declaration = move || {
        let word = match form.subject.get() {
            Some(Subject::Child) => words::CONSENT_AGREE_GUARDIAN,
            Some(Subject::Other) => words::CONSENT_AGREE_OTHER,
            _ => words::CONSENT_AGREE,
        };
        if form.working.get() {
            words::CONSENT_WORKING
        } else {
            word
        }
        .of(page.language.get())
        .to_owned()
    };
    let whom = group(
        page,
        words::CONSENT_FOR_WHOM,
        [
            subject(page, form, Subject::Me, words::CONSENT_ME),
            subject(page, form, Subject::Child, words::CONSENT_CHILD),
            subject(page, form, Subject::Other, words::CONSENT_OTHER),
        ],
    );
    let how = group(
        page,
        words::CONSENT_OTHER_HOW,
        [
            how(
                page,
                form,
                ConsentBy::WithKnowledge,
                words::CONSENT_WITH_KNOWLEDGE,
            ),
            how(
                page,
                form,
                ConsentBy::Emergency,
                words::CONSENT_IN_EMERGENCY,
            ),
        ],
    );
    let agree_button = el("button", "button button--primary button--large")
        .attr("type", "submit")
        .flag("disabled", move || form.working.get())
        .says(declaration);
    let back = link(page, Place::Talk, "button button--quiet").word(page, words::TALK_BACK);
    el("form", "sheet")
        .attr("novalidate", "")
        .submit(move || agree(page, form))
        .with(heading(page, "", words::CONSENT_TITLE))
        .all(required)
        .all(optional)
        .with(whom)
        .with(how.flag("hidden", move || form.subject.get() != Some(Subject::Other)))
        .with(field_error("consent-error", move || {
            form.missing
                .get()
                .map(|word| word.of(page.language.get()).to_owned())
        }))
        .with(trouble(page))
        .with(el("div", "actions").all([agree_button, back]))
}

fn purpose(page: Page, text: &ConsentText) -> View {
    let kept = move || {
        let days = page
            .of_application(|application| application.retention_days)
            .to_string();
        words::consent_kept(page.language.get(), &days)
    };
    el("section", "purpose").all([
        el("p", "purpose__kind")
            .with(icon(Glyph::LOCK))
            .word(page, words::CONSENT_REQUIRED),
        said(page, "p", "purpose__text", &text.text),
        el("p", "hint").says(kept),
    ])
}

fn optional_purpose(page: Page, text: &ConsentText, form: Form) -> View {
    let id = text.purpose.clone();
    let field = input("checkbox", "purpose__tick");
    let ticked = field.clone();
    let toggle = move |_| {
        form.optional.update(|chosen| {
            chosen.retain(|one| *one != id);
            if ticked.is_checked() {
                chosen.push(id.clone());
            }
        });
    };
    let says = el("span", "").all([
        worded(page, "span", "purpose__kind", words::CONSENT_OPTIONAL),
        said(page, "span", "purpose__text", &text.text),
    ]);
    el("label", "purpose purpose--optional").all([
        field.on("change", toggle),
        el("span", "chip__box").with(icon(Glyph::TICK)),
        says,
    ])
}

fn subject(page: Page, form: Form, subject: Subject, word: Word) -> View {
    radio(
        page,
        "subject",
        word,
        move || form.subject.get() == Some(subject),
        move || form.subject.set(Some(subject)),
    )
}

fn how(page: Page, form: Form, by: ConsentBy, word: Word) -> View {
    radio(
        page,
        "how",
        word,
        move || form.how.get() == Some(by),
        move || form.how.set(Some(by)),
    )
}

/// A question of a form with cards to choose from.
pub fn group(page: Page, title: Word, cards: impl IntoIterator<Item = View>) -> View {
    let legend = worded(page, "legend", "group__title", title);
    el("fieldset", "group").all([legend, el("div", "cards").all(cards)])
}

/// One of a few, as a card to tap.
pub fn radio(
    page: Page,
    name: &str,
    word: Word,
    is: impl Fn() -> bool + 'static,
    choose: impl Fn() + 'static,
) -> View {
    let field = input("radio", "card-choice__input")
        .attr("name", name)
        .checked(is)
        .on("change", move |_| choose());
    el("label", "card-choice").all([field, worded(page, "span", "", word)])
}

fn agree(page: Page, form: Form) {
    let subject = form.subject.get_untracked();
    let by = match subject {
        Some(Subject::Me) => Some(ConsentBy::Patient),
        Some(Subject::Child) => Some(ConsentBy::Guardian),
        _ => form.how.get_untracked(),
    };
    let (Some(subject), Some(by)) = (subject, by) else {
        form.missing.set(Some(if subject.is_none() {
            words::CONSENT_CHOOSE_WHOM
        } else {
            words::CONSENT_CHOOSE_HOW
        }));
        return;
    };
    form.missing.set(None);
    form.working.set(true);
    let agreed = form.optional.get_untracked();
    spawn_local(async move {
        let profile = Profile {
            subject: Some(subject),
            ..Profile::default()
        };
        if session::begin(page, by, profile, agreed).await {
            page.go(Place::Talk);
        }
        form.working.set(false);
    });
}
