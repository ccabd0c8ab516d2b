//! Age, sex, pregnancy where it matters. All of it may be left out; a rule that turns on it asks again.

use leptos::prelude::*;
use wire::Localized;
use wire::session::{Profile, Sex, Subject};
use wire::turn::Input;

use crate::components::fields::{read_number, segment};
use crate::dom::{View, el, field_error, input, word_button, worded};
use crate::locale::{Word, words};
use crate::page::Page;
use crate::screens::consent::{group, radio};
use crate::screens::heading;
use crate::session;

/// Ages at which a pregnancy is asked about, months.
const FERTILE: std::ops::Range<u32> = 11 * 12..56 * 12;

/// What was typed and chosen so far.
#[derive(Clone, Copy)]
struct Form {
    age: RwSignal<String>,
    in_months: RwSignal<bool>,
    sex: RwSignal<Option<Sex>>,
    pregnant: RwSignal<Option<bool>>,
    wrong: RwSignal<bool>,
    subject: Option<Subject>,
}

impl Form {
    fn months(self) -> Result<Option<u32>, ()> {
        months(&self.age.get(), self.in_months.get())
    }

    fn asks_pregnant(self) -> bool {
        let age = self.months().ok().flatten();
        self.sex.get() == Some(Sex::Female) && age.is_none_or(|age| FERTILE.contains(&age))
    }

    fn submit(self, page: Page) {
        let Ok(age_months) = untrack(move || self.months()) else {
            self.wrong.set(true);
            return;
        };
        self.wrong.set(false);
        let asked = untrack(move || self.asks_pregnant());
        let pregnant = self.pregnant.get_untracked().filter(|_| asked);
        tell(
            page,
            Profile {
                subject: self.subject,
                age_months,
                sex: self.sex.get_untracked(),
                pregnant,
            },
        );
    }
}

/// The form.
pub fn who(page: Page) -> View {
    // What the hospital's link told stands here already, to be seen and set right.
    let known = page.chat.with_untracked(|chat| chat.profile.clone());
    let in_months = known.age_months.is_some_and(|months| months < 24);
    let years = known
        .age_months
        .map(|months| if in_months { months } else { months / 12 });
    let form = Form {
        age: RwSignal::new(years.map(|age| age.to_string()).unwrap_or_default()),
        in_months: RwSignal::new(in_months),
        sex: RwSignal::new(known.sex),
        pregnant: RwSignal::new(known.pregnant),
        wrong: RwSignal::new(false),
        subject: known.subject,
    };
    let subject = form.subject;
    let title = if matches!(subject, Some(Subject::Child | Subject::Other)) {
        words::WHO_TITLE_OTHER
    } else {
        words::WHO_TITLE_ME
    };
    let skip = move || {
        tell(
            page,
            Profile {
                subject,
                ..Profile::default()
            },
        );
    };
    el("form", "sheet")
        .attr("novalidate", "")
        .submit(move || form.submit(page))
        .all([
            heading(page, "", title),
            worded(page, "p", "sheet__lead", words::WHO_LEAD),
            age(page, form),
            sex(page, form),
            pregnancy(page, form).flag("hidden", move || !form.asks_pregnant()),
            el("div", "actions").all([
                worded(
                    page,
                    "button",
                    "button button--primary button--large",
                    words::WHO_CONTINUE,
                )
                .attr("type", "submit"),
                word_button(page, "button button--quiet", words::WHO_SKIP, skip),
            ]),
        ])
}

fn age(page: Page, form: Form) -> View {
    let error = move || {
        form.wrong
            .get()
            .then(|| words::WHO_AGE_RANGE.of(page.language.get()).to_owned())
    };
    let field = input("text", "field__input field__input--short")
        .attr("id", "age")
        .attr("inputmode", "decimal")
        .attr("aria-describedby", "age-error")
        .state("aria-invalid", move || form.wrong.get())
        .bound(form.age);
    let units = el("fieldset", "segments").all([
        worded(page, "legend", "visually-hidden", words::WHO_AGE_UNIT),
        unit(page, form.in_months, false, words::WHO_YEARS),
        unit(page, form.in_months, true, words::WHO_MONTHS),
    ]);
    el("div", "group").all([
        worded(page, "label", "group__title", words::WHO_AGE).attr("for", "age"),
        el("div", "field__row").all([field, units]),
        field_error("age-error", error),
    ])
}

fn sex(page: Page, form: Form) -> View {
    let card = |sex: Sex, word| {
        let is = move || form.sex.get() == Some(sex);
        radio(page, "sex", word, is, move || form.sex.set(Some(sex)))
    };
    group(
        page,
        words::WHO_SEX,
        [
            card(Sex::Female, words::WHO_FEMALE),
            card(Sex::Male, words::WHO_MALE),
        ],
    )
}

fn pregnancy(page: Page, form: Form) -> View {
    let card = |told: Option<bool>, word| {
        let is = move || form.pregnant.get() == told;
        radio(page, "pregnant", word, is, move || form.pregnant.set(told))
    };
    let cards = [
        card(Some(true), words::WHO_YES),
        card(Some(false), words::WHO_NO),
        card(None, words::WHO_UNKNOWN),
    ];
    group(page, words::WHO_PREGNANT, cards)
}

fn unit(page: Page, in_months: RwSignal<bool>, months: bool, word: Word) -> View {
    segment(
        "age-unit",
        move || in_months.get() == months,
        move || in_months.set(months),
    )
    .with(worded(page, "span", "", word))
}

/// The age in months: nothing typed is nothing told; what is no age of 0 to 120 years is an error.
fn months(text: &str, in_months: bool) -> Result<Option<u32>, ()> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let value = read_number(text).ok_or(())?;
    let months = if in_months { value } else { value * 12.0 };
    if (0.0..=1440.0).contains(&months) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 1440"
        )]
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
