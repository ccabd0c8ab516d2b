//! The knowledge and the vignettes, opened once per test binary.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot read its files fails, and says which"
)]
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test binary uses its own part of it"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use consult::Input;
use consult::knowledge::{Knowledge, compile};
use consult::profile::{AgeRange, Profile, Sex};
use consult::state::{Heard, State};
use serde::Deserialize;

/// The files of the knowledge, compiled.
pub static COMPILED: LazyLock<compile::Compiled> = LazyLock::new(|| {
    let mut files = Vec::new();
    collect(&folder(), &folder(), &mut files);
    compile::compile(&files).unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("the knowledge has problems:\n{}", lines.join("\n"))
    })
});

/// The knowledge as the files have it now.
pub static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| {
    Knowledge::decode(&COMPILED.knowledge, &COMPILED.gate)
        .and_then(|knowledge| knowledge.with_interviews(&COMPILED.interviews))
        .expect("what was just written can be read")
});

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../knowledge")
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("the knowledge folder is there") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            collect(root, &path, files);
        } else if path
            .extension()
            .is_some_and(|ending| ending == "toml" || ending == "tsv")
        {
            let name = path
                .strip_prefix(root)
                .expect("it lies below")
                .to_string_lossy()
                .replace('\\', "/");
            files.push((
                name,
                fs::read_to_string(&path).expect("a knowledge file is UTF-8"),
            ));
        }
    }
}

/// One labelled case.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vignette {
    pub id: String,
    pub lang: String,
    pub text: String,
    pub age: Option<f64>,
    pub sex: Option<Sex>,
    pub care_level: consult::assess::CareLevel,
    pub specialties: Vec<String>,
    pub card: Option<bool>,
}

#[derive(Deserialize)]
struct VignetteFile {
    vignette: Vec<Vignette>,
}

/// All open vignettes. The locked ones are for `cargo xtask eval` alone: what a test looks at is tuned to sooner or later.
pub fn vignettes() -> Vec<Vignette> {
    let mut files = Vec::new();
    collect(
        &folder().join("vignettes"),
        &folder().join("vignettes"),
        &mut files,
    );
    files.sort();
    files
        .into_iter()
        .filter(|(name, _)| !name.starts_with("locked/"))
        .flat_map(|(name, text)| {
            toml::from_str::<VignetteFile>(&text)
                .unwrap_or_else(|error| panic!("{name}: {error}"))
                .vignette
        })
        .collect()
}

/// What the form would say of a vignette's patient.
pub fn form(vignette: &Vignette) -> Input {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an age in a vignette is between 0 and 120 years"
    )]
    let age = vignette
        .age
        .map(|years| AgeRange::exactly((years * 12.0) as u32));
    Input::Profile {
        profile: Profile {
            subject: None,
            age,
            sex: vignette.sex,
        },
        pregnant: None,
    }
}

/// Hears inputs one after the other, as the server does.
pub fn hear_whole(inputs: &[Input]) -> State {
    let mut heard: Vec<Heard> = Vec::new();
    for input in inputs {
        let state = State::fold(&heard);
        heard.push(KNOWLEDGE.hear(&state, input));
    }
    State::fold(&heard)
}

/// Hears inputs one after the other with the gate alone, as the page does.
pub fn hear_all(gate: &consult::gate::Gate, inputs: &[Input]) -> State {
    let mut heard: Vec<Heard> = Vec::new();
    for input in inputs {
        let state = State::fold(&heard);
        heard.push(gate.hear(&state, input));
    }
    State::fold(&heard)
}
