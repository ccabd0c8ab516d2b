//! Every own vignette through the engine: emergencies are caught, ordinary sentences show no card, page and server agree.

mod shared;

use std::collections::BTreeSet;

use consult::Input;
use consult::assess::{CareLevel, assess};
use consult::gate::{Fired, Gate};
use shared::{COMPILED, KNOWLEDGE, Vignette, form, hear_all, hear_whole, vignettes};

fn whole(vignette: &Vignette) -> Vec<Input> {
    vec![form(vignette), Input::Text(vignette.text.clone())]
}

fn rules(fired: &[Fired]) -> BTreeSet<String> {
    fired.iter().map(|rule| rule.id.clone()).collect()
}

#[test]
fn there_are_enough_of_them() {
    let all = vignettes();
    let emergencies = all
        .iter()
        .filter(|one| one.care_level == CareLevel::Emergency)
        .count();
    let chinese = all.iter().filter(|one| one.lang == "zh").count();
    assert!(
        all.len() >= 300 && emergencies >= 100,
        "{} vignettes, {emergencies} emergencies",
        all.len()
    );
    assert!(
        chinese >= 150 && all.len() - chinese >= 150,
        "{chinese} of {} are Chinese",
        all.len()
    );
    let ids: BTreeSet<&str> = all.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids.len(), all.len(), "an id stands twice");
}

#[test]
fn every_emergency_is_caught() {
    let mut missed = Vec::new();
    for vignette in vignettes()
        .iter()
        .filter(|one| one.care_level == CareLevel::Emergency)
    {
        let state = hear_whole(&whole(vignette));
        let fired = KNOWLEDGE.gate.fired(&state);
        if assess(&KNOWLEDGE, &state, &fired).care_level != Some(CareLevel::Emergency) {
            let known: Vec<&String> = state.findings.keys().collect();
            missed.push(format!("{} | {} | {known:?}", vignette.id, vignette.text));
        }
    }
    println!("{}", missed.join("\n"));
    assert!(missed.is_empty(), "{} emergencies are missed", missed.len());
}

#[test]
fn ordinary_cases_show_no_emergency_card() {
    let mut shown = Vec::new();
    let mut ordinary = 0;
    for vignette in vignettes().iter().filter(|one| one.card == Some(false)) {
        ordinary += 1;
        let state = hear_whole(&whole(vignette));
        let cards: Vec<String> = KNOWLEDGE
            .gate
            .fired(&state)
            .iter()
            .filter(|rule| rule.is_emergency())
            .map(|rule| rule.id.clone())
            .collect();
        if !cards.is_empty() {
            shown.push(format!("{} | {} | {cards:?}", vignette.id, vignette.text));
        }
    }
    println!("{}", shown.join("\n"));
    // 4 in 100 is the bar of docs/clinical-safety; none of these is an emergency.
    assert!(
        shown.len() * 100 <= ordinary * 4,
        "{} of {ordinary} ordinary cases show a card",
        shown.len()
    );
}

fn assembled(names: &[&str]) -> Gate {
    let part = |name: &str| COMPILED.gate_parts[name].as_slice();
    let parts: Vec<&[u8]> = names.iter().map(|name| part(name)).collect();
    Gate::assemble(part("core"), &parts).expect("the parts were just written")
}

#[test]
fn the_parts_of_the_page_together_are_the_gate() {
    let all = assembled(&["zh", "zh-more", "en", "en-more"]);
    let whole = &KNOWLEDGE.gate;
    assert_eq!(all.vocabulary.tokens, whole.vocabulary.tokens);
    assert_eq!(all.vocabulary.terms.len(), whole.vocabulary.terms.len());
    assert_eq!(all.rules, whole.rules);
    assert_eq!(all.alarm, whole.alarm);
}

#[test]
fn the_words_that_come_first_catch_most_emergencies() {
    let first = assembled(&["zh", "en"]);
    let (mut caught, mut all) = (0, 0);
    for vignette in vignettes()
        .iter()
        .filter(|one| one.care_level == CareLevel::Emergency)
    {
        let state = hear_all(&first, &whole(vignette));
        all += 1;
        caught += usize::from(first.fired(&state).iter().any(Fired::is_card));
    }
    println!("{caught} of {all} with the first words alone");
    // The server's gate and the words that follow catch the others.
    assert!(caught * 100 >= all * 60, "{caught} of {all}");
}

#[test]
fn page_and_server_fire_the_same_rules() {
    for vignette in vignettes() {
        let inputs = whole(&vignette);
        let server = rules(&KNOWLEDGE.gate.fired(&hear_whole(&inputs)));
        let page = rules(&KNOWLEDGE.gate.fired(&hear_all(&KNOWLEDGE.gate, &inputs)));
        assert_eq!(server, page, "{}: {}", vignette.id, vignette.text);
    }
}

#[test]
fn page_and_server_fire_the_same_rules_when_cut_over_turns() {
    for vignette in vignettes() {
        let mut inputs = vec![form(&vignette)];
        inputs.extend(
            vignette
                .text
                .split_inclusive([',', '，', '.', '。', '!', '?', ' '])
                .filter(|part| !part.trim().is_empty())
                .map(|part| Input::Text(part.to_owned())),
        );
        let server = rules(&KNOWLEDGE.gate.fired(&hear_whole(&inputs)));
        let page = rules(&KNOWLEDGE.gate.fired(&hear_all(&KNOWLEDGE.gate, &inputs)));
        assert_eq!(server, page, "{}: {}", vignette.id, vignette.text);
    }
}

#[test]
fn a_bare_number_of_ordinary_departments_is_right() {
    let (mut first, mut third, mut all) = (0, 0, 0);
    for vignette in vignettes()
        .iter()
        .filter(|one| one.care_level != CareLevel::Emergency)
    {
        let state = hear_whole(&whole(vignette));
        let fired = KNOWLEDGE.gate.fired(&state);
        let judged = assess(&KNOWLEDGE, &state, &fired);
        let right = |most: usize| {
            judged
                .specialties
                .iter()
                .take(most)
                .any(|(code, _)| vignette.specialties.contains(code))
        };
        all += 1;
        first += usize::from(right(1));
        third += usize::from(right(3));
    }
    println!("top-1 {first} of {all}, top-3 {third}");
    assert!(
        first * 100 >= all * 60 && third * 100 >= all * 75,
        "top-1 {first}, top-3 {third} of {all}"
    );
}
