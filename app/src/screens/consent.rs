//! One required purpose in plain words, the others separate and unticked, and who agrees: the words on the button are
//! the declaration.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::application::ConsentText;
use wire::session::{ConsentBy, Profile, Subject};

use crate::components::icon::{Glyph, icon};
use crate::components::trouble::trouble;
use crate::locale::{Word, words};
use crate::page::Page;
use crate::route::Place;
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
pub fn consent(page: Page) -> AnyView {
    let form = Form {
        subject: RwSignal::new(None),
        how: RwSignal::new(None),
        optional: RwSignal::new(Vec::new()),
        missing: RwSignal::new(None),
        working: RwSignal::new(false),
    };
    let texts = page.of_application(|application| application.consents.clone());
    let (required, optional): (Vec<ConsentText>, Vec<ConsentText>) = texts.into_iter().partition(|text| text.required);
    let declaration = move || {
        let word = match form.subject.get() {
            Some(Subject::Child) => words::CONSENT_AGREE_GUARDIAN,
            Some(Subject::Other) => words::CONSENT_AGREE_OTHER,
            _ => words::CONSENT_AGREE,
        };
        if form.working.get() { words::CONSENT_WORKING } else { word }.of(page.language.get())
    };
    view! {
        <form class="sheet" novalidate on:submit=move |event| { event.prevent_default(); agree(page, form); }>
            <h1 id="heading" tabindex="-1">{page.word(words::CONSENT_TITLE)}</h1>
            {required.iter().map(|text| purpose(page, text)).collect_view()}
            {optional.iter().map(|text| optional_purpose(page, text, form)).collect_view()}
            <fieldset class="group">
                <legend class="group__title">{page.word(words::CONSENT_FOR_WHOM)}</legend>
                <div class="cards">
                    {whom(page, form, Subject::Me, words::CONSENT_ME)}
                    {whom(page, form, Subject::Child, words::CONSENT_CHILD)}
                    {whom(page, form, Subject::Other, words::CONSENT_OTHER)}
                </div>
            </fieldset>
            <fieldset class="group" hidden=move || form.subject.get() != Some(Subject::Other)>
                <legend class="group__title">{page.word(words::CONSENT_OTHER_HOW)}</legend>
                <div class="cards">
                    {how(page, form, ConsentBy::WithKnowledge, words::CONSENT_WITH_KNOWLEDGE)}
                    {how(page, form, ConsentBy::Emergency, words::CONSENT_IN_EMERGENCY)}
                </div>
            </fieldset>
            <p class="field-error" role="alert">{move || form.missing.get().map(|word| word.of(page.language.get()))}</p>
            {trouble(page)}
            <div class="actions">
                <button type="submit" class="button button--primary button--large" disabled=form.working>{declaration}</button>
                {crate::app::link(page, Place::Talk, "button button--quiet", page.word(words::TALK_BACK))}
            </div>
        </form>
    }
    .into_any()
}

fn purpose(page: Page, text: &ConsentText) -> impl IntoView + use<> {
    let kept = move || {
        let days = page.of_application(|application| application.retention_days).to_string();
        words::consent_kept(page.language.get(), &days)
    };
    view! {
        <section class="purpose">
            <p class="purpose__kind">{icon(Glyph::LOCK)}{page.word(words::CONSENT_REQUIRED)}</p>
            <p class="purpose__text">{page.say(&text.text)}</p>
            <p class="hint">{kept}</p>
        </section>
    }
}

fn optional_purpose(page: Page, text: &ConsentText, form: Form) -> impl IntoView + use<> {
    let id = text.purpose.clone();
    let toggle = move |event| {
        let ticked = event_target_checked(&event);
        form.optional.update(|chosen| {
            chosen.retain(|one| *one != id);
            if ticked {
                chosen.push(id.clone());
            }
        });
    };
    view! {
        <label class="purpose purpose--optional">
            <input type="checkbox" class="purpose__tick" on:change=toggle />
            <span class="chip__box">{icon(Glyph::TICK)}</span>
            <span>
                <span class="purpose__kind">{page.word(words::CONSENT_OPTIONAL)}</span>
                <span class="purpose__text">{page.say(&text.text)}</span>
            </span>
        </label>
    }
}

fn whom(page: Page, form: Form, subject: Subject, word: Word) -> impl IntoView {
    radio(page, "subject", word, move || form.subject.get() == Some(subject), move || form.subject.set(Some(subject)))
}

fn how(page: Page, form: Form, by: ConsentBy, word: Word) -> impl IntoView {
    radio(page, "how", word, move || form.how.get() == Some(by), move || form.how.set(Some(by)))
}

/// One of a few, as a card to tap.
pub fn radio(
    page: Page,
    name: &'static str,
    word: Word,
    is_chosen: impl Fn() -> bool + Copy + Send + Sync + 'static,
    choose: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <label class="card-choice">
            <input type="radio" class="card-choice__input" name=name prop:checked=is_chosen on:change=move |_| choose() />
            <span>{page.word(word)}</span>
        </label>
    }
}

fn agree(page: Page, form: Form) {
    let subject = form.subject.get_untracked();
    let by = match subject {
        Some(Subject::Me) => Some(ConsentBy::Patient),
        Some(Subject::Child) => Some(ConsentBy::Guardian),
        _ => form.how.get_untracked(),
    };
    let (Some(subject), Some(by)) = (subject, by) else {
        form.missing.set(Some(if subject.is_none() { words::CONSENT_CHOOSE_WHOM } else { words::CONSENT_CHOOSE_HOW }));
        return;
    };
    form.missing.set(None);
    form.working.set(true);
    let agreed = form.optional.get_untracked();
    spawn_local(async move {
        let profile = Profile { subject: Some(subject), ..Profile::default() };
        if session::begin(page, by, profile, agreed).await {
            page.go(Place::Talk);
        }
        form.working.set(false);
    });
}
