//! How long the engine takes: reading one text, one whole turn, opening the knowledge. `cargo bench --package consult`.
#![allow(
    missing_docs,
    reason = "the macros of the benchmark write functions without"
)]
#![expect(
    clippy::expect_used,
    reason = "a benchmark that cannot read its files fails, and says which"
)]

#[path = "../tests/shared/mod.rs"]
mod shared;

use std::hint::black_box;

use consult::knowledge::Knowledge;
use consult::profile::Profile;
use consult::read::read;
use consult::{Settings, judge};
use criterion::{Criterion, criterion_group, criterion_main};

use shared::{COMPILED, KNOWLEDGE, vignettes};

fn turn(criterion: &mut Criterion) {
    let vignettes = vignettes();
    for language in ["zh", "en"] {
        let mut texts = vignettes
            .iter()
            .filter(|one| one.lang == language)
            .map(|one| one.text.as_str())
            .cycle();
        criterion.bench_function(&format!("read {language}"), |bencher| {
            bencher.iter(|| read(&KNOWLEDGE.vocabulary, black_box(texts.next().unwrap_or(""))));
        });
        criterion.bench_function(&format!("first turn {language}"), |bencher| {
            bencher.iter(|| {
                let text = black_box(texts.next().unwrap_or(""));
                judge(
                    &KNOWLEDGE,
                    Profile::default(),
                    text,
                    &[],
                    Settings::default(),
                )
            });
        });
    }
}

fn open(criterion: &mut Criterion) {
    criterion.bench_function("open the knowledge", |bencher| {
        bencher.iter(|| {
            Knowledge::decode(&COMPILED.knowledge, &COMPILED.gate).expect("it was just written")
        });
    });
}

criterion_group!(benches, turn, open);
criterion_main!(benches);
