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

/// The form.
pub fn who(page: Page) -> View {
    let age = RwSignal::new(String::new());
    let in_months = RwSignal::new(false);
    let sex: RwSignal<Option<Sex>> = RwSignal::new(None);
    let pregnant: RwSignal<Option<bool>> = RwSignal::new(None);
    let wrong = RwSignal::new(false);
    let subject = page.chat.with_untracked(|chat| chat.profile.subject);
    let months = move || months(&age.get(), in_months.get());
    let asks_pregnant = move || {
        sex.get() == Some(Sex::Female)
            && months()
                .ok()
                .flatten()
                .is_none_or(|age| FERTILE.contains(&age))
    };
    let submit = move || {
        let Ok(age_months) = untrack(months) else {
            wrong.set(true);
            return;
        };
        wrong.set(false);
        let pregnant = pregnant.get_untracked().filter(|_| untrack(asks_pregnant));
        tell(
            page,
            Profile {
                subject,
                age_months,
                sex: sex.get_untracked(),
                pregnant,
            },
        );
    };
    let error = move || {
        wrong
            .get()
            .then(|| words::WHO_AGE_RANGE.of(page.language.get()).to_owned())
    };
    let title = if matches!(subject, Some(Subject::Child | Subject::Other)) {
        words::WHO_TITLE_OTHER
    } else {
        words::WHO_TITLE_ME
    };
    let age_field = input("text", "field__input field__input--short")
        .attr("id", "age")
        .attr("inputmode", "decimal")
        .attr("aria-describedby", "age-error")
        .state("aria-invalid", move || wrong.get())
        .bound(age);
    let units = el("fieldset", "segments").all([
        worded(page, "legend", "visually-hidden", words::WHO_AGE_UNIT),
        unit(page, in_months, false, words::WHO_YEARS),
        unit(page, in_months, true, words::WHO_MONTHS),
    ]);
    let age_group = el("div", "group").all([
        worded(page, "label", "group__title", words::WHO_AGE).attr("for", "age"),
        el("div", "field__row").all([age_field, units]),
        field_error("age-error", error),
    ]);
    let sexes = group(
        page,
        words::WHO_SEX,
        [
            radio(
                page,
                "sex",
                words::WHO_FEMALE,
                move || sex.get() == Some(Sex::Female),
                move || sex.set(Some(Sex::Female)),
            ),
            radio(
                page,
                "sex",
                words::WHO_MALE,
                move || sex.get() == Some(Sex::Male),
                move || sex.set(Some(Sex::Male)),
            ),
        ],
    );
    let pregnancy = group(
        page,
        words::WHO_PREGNANT,
        [
            radio(
                page,
                "pregnant",
                words::WHO_YES,
                move || pregnant.get() == Some(true),
                move || pregnant.set(Some(true)),
            ),
            radio(
                page,
                "pregnant",
                words::WHO_NO,
                move || pregnant.get() == Some(false),
                move || pregnant.set(Some(false)),
            ),
            radio(
                page,
                "pregnant",
                words::WHO_UNKNOWN,
                move || pregnant.get().is_none(),
                move || pregnant.set(None),
            ),
        ],
    );
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
        .submit(submit)
        .all([
            heading(page, "", title),
            worded(page, "p", "sheet__lead", words::WHO_LEAD),
            age_group,
            sexes,
            pregnancy.flag("hidden", move || !asks_pregnant()),
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
