//! Turns `locales/*.json` into checked constants and functions: a text missing in one language, or a placeholder that
//! differs between languages, stops the build.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Keys of the texts that travel with a script of `public/`, where the build of the page puts them: they are needed only with it.
const WITH_SCRIPTS: [&str; 2] = ["check.", "voice."];

type Texts = BTreeMap<String, String>;
type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../locales");
    println!("cargo:rerun-if-changed={}", folder.display());
    let locales = read_all(&folder)?;
    let code = generate(&locales)?;
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("words.rs"), code)?;
    Ok(())
}

/// Reads every locale, sorted by language code.
fn read_all(folder: &Path) -> Result<Vec<(String, Texts)>, Failure> {
    let mut locales = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        println!("cargo:rerun-if-changed={}", path.display());
        let language = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .ok_or("a locale file without a name")?
            .to_owned();
        let texts = serde_json::from_str(&fs::read_to_string(&path)?)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        locales.push((language, texts));
    }
    locales.sort_by(|one: &(String, Texts), other| one.0.cmp(&other.0));
    Ok(locales)
}

fn generate(locales: &[(String, Texts)]) -> Result<String, Failure> {
    let keys: BTreeSet<&String> = locales.iter().flat_map(|(_, texts)| texts.keys()).collect();
    let mut code = String::new();
    let count = locales.len();
    writeln!(
        code,
        "/// Codes of the languages there are.\npub const CODES: [&str; {count}] = {:?};\n",
        codes(locales)
    )?;
    for key in keys {
        let mut texts = Vec::new();
        for (language, table) in locales {
            texts.push(
                table
                    .get(key)
                    .ok_or_else(|| format!("locales/{language}.json has no text for `{key}`"))?,
            );
        }
        let names = placeholders(texts[0]);
        if let Some(place) = texts.iter().position(|text| placeholders(text) != names) {
            return Err(format!(
                "`{key}` has other placeholders in locales/{}.json",
                locales[place].0
            )
            .into());
        }
        if WITH_SCRIPTS
            .iter()
            .any(|beginning| key.starts_with(beginning))
        {
            continue;
        }
        let shown = texts
            .last()
            .map_or("", |text| text.as_str())
            .replace('\n', " ");
        writeln!(code, "/// {shown}")?;
        if names.is_empty() {
            let name = key.replace('.', "_").to_uppercase();
            writeln!(code, "pub const {name}: Word = Word({texts:?});\n")?;
        } else {
            let name = key.replace('.', "_");
            let parameters: String = names.iter().fold(String::new(), |list, name| {
                list + &format!(", {name}: &str")
            });
            let filled: Vec<String> = names
                .iter()
                .map(|name| format!("({:?}, {name})", format!("{{{name}}}")))
                .collect();
            writeln!(
                code,
                "#[must_use]\npub fn {name}(language: Language{parameters}) -> String {{"
            )?;
            writeln!(
                code,
                "    Word({texts:?}).filled(language, &[{}])\n}}\n",
                filled.join(", ")
            )?;
        }
    }
    Ok(code)
}

fn codes(locales: &[(String, Texts)]) -> Vec<&str> {
    locales
        .iter()
        .map(|(language, _)| language.as_str())
        .collect()
}

/// Names in braces.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}
