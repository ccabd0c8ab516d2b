//! Answers in numbers: a scale, a number with its unit, a duration, a date.

use leptos::prelude::*;
use wire::Localized;
use wire::question::Question;
use wire::turn::{Input, Valued};

use crate::dom::{View, button, el, field_error, input, said, word_button, worded};
use crate::json::decimal as written;
use crate::locale::{Language, words};
use crate::page::Page;
use crate::{session, shell};

/// A scale of whole numbers: a tap answers.
pub fn scale(page: Page, question: &Question) -> View {
    let (min, max) = (question.min.unwrap_or(0.0), question.max.unwrap_or(10.0));
    let step = question.step.unwrap_or(1.0).max(1.0);
    let mut steps = Vec::new();
    let mut value = min;
    while value <= max && steps.len() < 21 {
        let (id, text) = (question.id.clone(), written(value));
        let shown = plain(&text);
        steps.push(
            button("scale__step", move || {
                answer(page, &id, value, None, &shown);
            })
            .text(&text),
        );
        value += step;
    }
    el("div", "scale")
        .attr("role", "group")
        .attr("aria-labelledby", "question")
        .all([
            el("div", "scale__steps").all(steps),
            el("p", "scale__ends").all([
                worded(page, "span", "", words::TALK_SCALE_LOW),
                worded(page, "span", "", words::TALK_SCALE_HIGH),
            ]),
        ])
}

/// A number with its unit.
pub fn number(page: Page, question: &Question) -> View {
    // An age is told in years or, for the very young, in months: then the units come as choices.
    if !question.choices.iter().all(|choice| choice.id == "unknown") {
        return duration(page, question);
    }
    let unit = question.unit.clone().unwrap_or_default();
    let beside = said(page, "span", "field__unit", &unit);
    let id = question.id.clone();
    form(page, question, beside, move |value| {
        answer(page, &id, value, None, &with_unit(value, &unit));
    })
}

/// A number and one of the units.
pub fn duration(page: Page, question: &Question) -> View {
    let units: Vec<_> = question
        .choices
        .iter()
        .filter(|choice| choice.id != "unknown")
        .cloned()
        .collect();
    let usual = |id: &str| units.iter().find(|unit| unit.id == id);
    let first = usual("days").or_else(|| usual("years")).or(units.first());
    let unit = RwSignal::new(first.map(|unit| unit.id.clone()).unwrap_or_default());
    let options = units.iter().map(|choice| {
        let (id, own) = (choice.id.clone(), choice.id.clone());
        segment(
            "unit",
            move || unit.with(|unit| *unit == own),
            move || unit.set(id.clone()),
        )
        .with(said(page, "span", "", &choice.label))
    });
    let legend = worded(page, "legend", "visually-hidden", words::TALK_UNIT);
    let segments = el("fieldset", "segments").with(legend).all(options);
    let id = question.id.clone();
    form(page, question, segments, move |value| {
        let chosen = unit.get_untracked();
        let label = units
            .iter()
            .find(|label| label.id == chosen)
            .map(|label| label.label.clone())
            .unwrap_or_default();
        answer(page, &id, value, Some(chosen), &with_unit(value, &label));
    })
}

/// One of a few, side by side.
pub fn segment(name: &str, is: impl Fn() -> bool + 'static, choose: impl Fn() + 'static) -> View {
    el("label", "segment").with(
        input("radio", "segment__input")
            .attr("name", name)
            .checked(is)
            .on("change", move |_| choose()),
    )
}

/// The number's field with what stands beside it.
fn form(page: Page, question: &Question, beside: View, send: impl Fn(f64) + 'static) -> View {
    let (min, max) = (question.min.unwrap_or(0.0), question.max.unwrap_or(1_000.0));
    let text = RwSignal::new(String::new());
    let wrong = RwSignal::new(false);
    let submit = move || {
        let value = read_number(&text.get_untracked()).filter(|value| (min..=max).contains(value));
        wrong.set(value.is_none());
        if let Some(value) = value {
            send(value);
        }
    };
    let error = move || {
        wrong
            .get()
            .then(|| words::talk_number_range(page.language.get(), &written(min), &written(max)))
    };
    let field = input("text", "field__input field__input--short")
        .attr("inputmode", "decimal")
        .attr("aria-labelledby", "question")
        .attr("aria-describedby", "number-error")
        .state("aria-invalid", move || wrong.get())
        .bound(text);
    el("form", "field")
        .attr("novalidate", "")
        .submit(submit)
        .all([
            el("div", "field__row").all([field, beside]),
            field_error("number-error", error),
            worded(
                page,
                "button",
                "button button--primary",
                words::TALK_CONTINUE,
            )
            .attr("type", "submit"),
        ])
}

/// A calendar day, not in the future, sent as a text: the question says that it is one.
pub fn date(page: Page) -> View {
    let day = RwSignal::new(String::new());
    let send = move || {
        let day = day.get_untracked();
        if !day.is_empty() {
            session::send(page, Input::Text(day.clone()), plain(&day));
        }
    };
    el("div", "field").all([
        input("date", "field__input")
            .attr("aria-labelledby", "question")
            .attr("max", &shell::today())
            .bound(day),
        word_button(page, "button button--primary", words::TALK_CONTINUE, send),
    ])
}

fn answer(page: Page, question: &str, value: f64, unit: Option<String>, shown: &Localized) {
    session::send(
        page,
        Input::Values(Valued {
            question: question.to_owned(),
            value,
            unit,
        }),
        shown.clone(),
    );
}

/// A text that is the same in every language.
fn plain(text: &str) -> Localized {
    Localized::new(text, text)
}

fn with_unit(value: f64, unit: &Localized) -> Localized {
    let texts = Language::all().map(|language| {
        (
            language.code().to_owned(),
            format!("{} {}", written(value), unit.get(language.code())),
        )
    });
    Localized(texts.collect())
}

/// A number as people type it: full-width digits, a comma for the point; at most nine digits and six decimals.
#[must_use]
pub fn read_number(text: &str) -> Option<f64> {
    let (mut value, mut digits, mut decimals): (u64, u32, Option<u32>) = (0, 0, None);
    for character in text.trim().chars() {
        let digit = match character {
            '\u{ff10}'..='\u{ff19}' => Some(u32::from(character) - 0xff10),
            other => other.to_digit(10),
        };
        match (digit, character) {
            (Some(digit), _) => {
                value = value * 10 + u64::from(digit);
                digits += 1;
                decimals = decimals.map(|count| count + 1);
            }
            (None, '.' | ',' | '，' | '。' | '．') if decimals.is_none() => decimals = Some(0),
            _ => return None,
        }
        if digits > 9 {
            return None;
        }
    }
    let decimals = decimals.unwrap_or(0);
    #[expect(clippy::cast_precision_loss, reason = "nine digits fit")]
    let value = value as f64;
    (digits > 0 && decimals <= 6).then(|| value / f64::from(10_u32.pow(decimals)))
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
        for text in ["", "abc", "inf", "NaN", "1.2.3", "-4", "9999999999", "."] {
            assert_eq!(read_number(text), None, "{text}");
        }
    }
}
