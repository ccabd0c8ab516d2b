//! Age, sex, pregnancy where it matters. All of it may be left out; a rule that turns on it asks again.

use leptos::prelude::*;
use wire::Localized;
use wire::session::{Profile, Sex, Subject};
use wire::turn::Input;

use crate::components::fields::read_number;
use crate::locale::{Word, words};
use crate::page::Page;
use crate::screens::consent::radio;
use crate::session;

/// Ages at which a pregnancy is asked about, months.
const FERTILE: std::ops::Range<u32> = 11 * 12..56 * 12;

/// The form.
pub fn who(page: Page) -> AnyView {
    let age = RwSignal::new(String::new());
    let in_months = RwSignal::new(false);
    let sex: RwSignal<Option<Sex>> = RwSignal::new(None);
    let pregnant: RwSignal<Option<bool>> = RwSignal::new(None);
    let wrong = RwSignal::new(false);
    let subject = page.chat.with_untracked(|chat| chat.profile.subject);
    let months = move || months(&age.get(), in_months.get());
    let asks_pregnant = move || sex.get() == Some(Sex::Female) && months().ok().flatten().is_none_or(|age| FERTILE.contains(&age));
    let submit = move || {
        let Ok(age_months) = untrack(months) else {
            wrong.set(true);
            return;
        };
        wrong.set(false);
        let pregnant = pregnant.get_untracked().filter(|_| untrack(asks_pregnant));
        tell(page, Profile { subject, age_months, sex: sex.get_untracked(), pregnant });
    };
    let error = move || wrong.get().then(|| words::WHO_AGE_RANGE.of(page.language.get()));
    let title = if matches!(subject, Some(Subject::Child | Subject::Other)) { words::WHO_TITLE_OTHER } else { words::WHO_TITLE_ME };
    view! {
        <form class="sheet" novalidate on:submit=move |event| { event.prevent_default(); submit(); }>
            <h1 id="heading" tabindex="-1">{page.word(title)}</h1>
            <p class="sheet__lead">{page.word(words::WHO_LEAD)}</p>
            <div class="group">
                <label class="group__title" for="age">{page.word(words::WHO_AGE)}</label>
                <div class="field__row">
                    <input id="age" class="field__input field__input--short" type="text" inputmode="decimal" autocomplete="off"
                        aria-invalid=move || wrong.get().to_string() aria-describedby="age-error"
                        prop:value=age on:input=move |event| age.set(event_target_value(&event)) />
                    <fieldset class="segments">
                        <legend class="visually-hidden">{page.word(words::WHO_AGE_UNIT)}</legend>
                        {unit(page, in_months, false, words::WHO_YEARS)}
                        {unit(page, in_months, true, words::WHO_MONTHS)}
                    </fieldset>
                </div>
                <p id="age-error" class="field-error" role="alert">{error}</p>
            </div>
            <fieldset class="group">
                <legend class="group__title">{page.word(words::WHO_SEX)}</legend>
                <div class="cards cards--pair">
                    {radio(page, "sex", words::WHO_FEMALE, move || sex.get() == Some(Sex::Female), move || sex.set(Some(Sex::Female)))}
                    {radio(page, "sex", words::WHO_MALE, move || sex.get() == Some(Sex::Male), move || sex.set(Some(Sex::Male)))}
                </div>
            </fieldset>
            <fieldset class="group" hidden=move || !asks_pregnant()>
                <legend class="group__title">{page.word(words::WHO_PREGNANT)}</legend>
                <div class="cards cards--triple">
                    {radio(page, "pregnant", words::WHO_YES, move || pregnant.get() == Some(true), move || pregnant.set(Some(true)))}
                    {radio(page, "pregnant", words::WHO_NO, move || pregnant.get() == Some(false), move || pregnant.set(Some(false)))}
                    {radio(page, "pregnant", words::WHO_UNKNOWN, move || pregnant.get().is_none(), move || pregnant.set(None))}
                </div>
            </fieldset>
            <div class="actions">
                <button type="submit" class="button button--primary button--large">{page.word(words::WHO_CONTINUE)}</button>
                <button type="button" class="button button--quiet"
                    on:click=move |_| tell(page, Profile { subject, ..Profile::default() })>{page.word(words::WHO_SKIP)}</button>
            </div>
        </form>
    }
    .into_any()
}

fn unit(page: Page, in_months: RwSignal<bool>, months: bool, word: Word) -> impl IntoView {
    view! {
        <label class="segment">
            <input type="radio" class="segment__input" name="age-unit" prop:checked=move || in_months.get() == months
                on:change=move |_| in_months.set(months) />
            <span>{page.word(word)}</span>
        </label>
    }
}

/// The age in months: nothing typed is nothing told; what is no age of 0 to 120 years is an error.
fn months(text: &str, in_months: bool) -> Result<Option<u32>, ()> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let value = read_number(text).ok_or(())?;
    let months = if in_months { value } else { value * 12.0 };
    if (0.0..=1440.0).contains(&months) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1440")]
        let whole = months.floor() as u32;
        Ok(Some(whole))
    } else {
        Err(())
    }
}

fn tell(page: Page, profile: Profile) {
    session::send(page, Input::Profile(profile), Localized::default());
}

#[cfg(test)]
mod tests {
    use super::months;

    #[test]
    fn ages_are_told_in_years_or_months() {
        assert_eq!(months("38", false), Ok(Some(456)));
        assert_eq!(months("1.5", false), Ok(Some(18)));
        assert_eq!(months("5", true), Ok(Some(5)));
        assert_eq!(months(" ", false), Ok(None));
    }

    #[test]
    fn what_is_no_age_is_refused() {
        for text in ["-1", "121", "old"] {
            assert_eq!(months(text, false), Err(()), "{text}");
        }
    }
}
