//! Answers in numbers: a scale, a number with its unit, a duration, a date.

use leptos::prelude::*;
use wire::Localized;
use wire::question::Question;
use wire::turn::{Input, Valued};

use crate::locale::{Language, words};
use crate::page::Page;
use crate::session;

/// A scale of whole numbers: a tap answers.
pub fn scale(page: Page, question: &Question) -> AnyView {
    let (min, max) = (question.min.unwrap_or(0.0), question.max.unwrap_or(10.0));
    let mut steps = Vec::new();
    let mut value = min;
    while value <= max && steps.len() < 21 {
        steps.push(value);
        value += question.step.unwrap_or(1.0).max(1.0);
    }
    let buttons = steps.into_iter().map(|value| {
        let id = question.id.clone();
        view! {
            <button type="button" class="scale__step" on:click=move |_| answer(page, &id, value, None, &plain(&value.to_string()))>
                {value.to_string()}
            </button>
        }
    });
    view! {
        <div class="scale" role="group" aria-labelledby="question">
            <div class="scale__steps">{buttons.collect_view()}</div>
            <p class="scale__ends"><span>{page.word(words::TALK_SCALE_LOW)}</span><span>{page.word(words::TALK_SCALE_HIGH)}</span></p>
        </div>
    }
    .into_any()
}

/// A number with its unit.
pub fn number(page: Page, question: &Question) -> AnyView {
    // An age is told in years or, for the very young, in months: then the units come as choices.
    if !question.choices.iter().all(|choice| choice.id == "unknown") {
        return duration(page, question);
    }
    let unit = question.unit.clone().unwrap_or_default();
    let (id, shown_unit) = (question.id.clone(), unit.clone());
    let send = move |value: f64| {
        let shown = Localized(
            Language::all().map(|language| (language.code().to_owned(), format!("{value} {}", shown_unit.get(language.code())))).collect(),
        );
        answer(page, &id, value, None, &shown);
    };
    form(page, question, view! { <span class="field__unit">{page.say(&unit)}</span> }.into_any(), send)
}

/// A number and one of the units.
pub fn duration(page: Page, question: &Question) -> AnyView {
    let units: Vec<_> = question.choices.iter().filter(|choice| choice.id != "unknown").cloned().collect();
    let first = units.iter().find(|unit| unit.id == "days").or_else(|| units.iter().find(|unit| unit.id == "years")).or(units.first());
    let unit = RwSignal::new(first.map(|unit| unit.id.clone()).unwrap_or_default());
    let options = units.iter().map(|choice| {
        let (id, own) = (choice.id.clone(), choice.id.clone());
        let is_chosen = move || unit.with(|unit| *unit == own);
        view! {
            <label class="segment">
                <input type="radio" name="unit" class="segment__input" prop:checked=is_chosen on:change=move |_| unit.set(id.clone()) />
                <span>{page.say(&choice.label)}</span>
            </label>
        }
    });
    let segments = view! {
        <fieldset class="segments">
            <legend class="visually-hidden">{page.word(words::TALK_UNIT)}</legend>
            {options.collect_view()}
        </fieldset>
    };
    let (id, labels) = (question.id.clone(), units.clone());
    let send = move |value: f64| {
        let chosen = unit.get_untracked();
        let label = labels.iter().find(|label| label.id == chosen).map(|label| label.label.clone()).unwrap_or_default();
        let shown = Language::all().map(|language| (language.code().to_owned(), format!("{value} {}", label.get(language.code()))));
        answer(page, &id, value, Some(chosen), &Localized(shown.collect()));
    };
    form(page, question, segments.into_any(), send)
}

/// The number's field with what stands beside it.
fn form(page: Page, question: &Question, beside: AnyView, send: impl Fn(f64) + 'static) -> AnyView {
    let (min, max) = (question.min.unwrap_or(0.0), question.max.unwrap_or(1_000.0));
    let text = RwSignal::new(String::new());
    let wrong = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let value = read_number(&text.get_untracked()).filter(|value| (min..=max).contains(value));
        wrong.set(value.is_none());
        if let Some(value) = value {
            send(value);
        }
    };
    let error = move || {
        wrong.get().then(|| words::talk_number_range(page.language.get(), &min.to_string(), &max.to_string()))
    };
    view! {
        <form class="field" novalidate on:submit=submit>
            <div class="field__row">
                <input class="field__input field__input--short" type="text" inputmode="decimal" autocomplete="off"
                    aria-labelledby="question" aria-invalid=move || wrong.get().to_string() aria-describedby="number-error"
                    prop:value=text on:input=move |event| text.set(event_target_value(&event)) />
                {beside}
            </div>
            <p id="number-error" class="field-error" role="alert">{error}</p>
            <button type="submit" class="button button--primary">{page.word(words::TALK_CONTINUE)}</button>
        </form>
    }
    .into_any()
}

/// A calendar date, sent as words: the engine reads it like any other.
pub fn date(page: Page, _: &Question) -> AnyView {
    let day = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let day = day.get_untracked();
        if !day.is_empty() {
            session::send(page, Input::Text(day.clone()), plain(&day));
        }
    };
    view! {
        <form class="field" on:submit=submit>
            <input class="field__input" type="date" required aria-labelledby="question" prop:value=day
                on:input=move |event| day.set(event_target_value(&event)) />
            <button type="submit" class="button button--primary">{page.word(words::TALK_CONTINUE)}</button>
        </form>
    }
    .into_any()
}

fn answer(page: Page, question: &str, value: f64, unit: Option<String>, shown: &Localized) {
    session::send(page, Input::Values(Valued { question: question.to_owned(), value, unit }), shown.clone());
}

/// A text that is the same in every language.
fn plain(text: &str) -> Localized {
    Localized::new(text, text)
}

/// A number as people type it: full-width digits, a comma for the point.
#[must_use]
pub fn read_number(text: &str) -> Option<f64> {
    let plain: String = text
        .trim()
        .chars()
        .map(|character| match character {
            '\u{ff10}'..='\u{ff19}' => char::from_digit(u32::from(character) - 0xff10, 10).unwrap_or(character),
            ',' | '，' | '。' | '．' => '.',
            other => other,
        })
        .collect();
    plain.parse().ok().filter(|value: &f64| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::read_number;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        assert_eq!(read_number(" 38,5 "), Some(38.5));
        assert_eq!(read_number("３８．５"), Some(38.5));
        assert_eq!(read_number("12"), Some(12.0));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "abc", "inf", "NaN", "1.2.3"] {
            assert_eq!(read_number(text), None, "{text}");
        }
    }
}
