//! The texts of a script go into it: they are needed only with it, and would make everybody's first download larger.
//! That both languages have them all is checked when the page is compiled (`app/build.rs`).

use std::collections::BTreeMap;
use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::places;

/// Where the texts go.
const PLACE: &str = "const WORDS = {};";

/// Scripts, and how the keys of their texts begin.
pub const SCRIPTS: [(&str, &str); 2] = [("report.js", "check."), ("speaking.js", "voice.")];

type Texts = BTreeMap<String, String>;

/// Puts the texts of every language whose keys begin so into the script.
pub fn put_into(script: &Path, prefix: &str) -> Outcome {
    let code = std::fs::read_to_string(script).map_err(Failure::of(script.display()))?;
    let code = filled(&code, &read(prefix)?)?;
    std::fs::write(script, code).map_err(Failure::of(script.display()))
}

/// The texts of a script, by language and by key without its beginning.
fn read(prefix: &str) -> Outcome<BTreeMap<String, Texts>> {
    let folder = places::root().join("locales");
    let mut languages = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).map_err(Failure::of(folder.display()))? {
        let path = entry.map_err(Failure::of(folder.display()))?.path();
        if path.extension().is_none_or(|end| end != "json") {
            continue;
        }
        let text = std::fs::read_to_string(&path).map_err(Failure::of(path.display()))?;
        let all: Texts = serde_json::from_str(&text).map_err(Failure::of(path.display()))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        languages.insert(name.into_owned(), of_script(all, prefix));
    }
    Ok(languages)
}

fn of_script(all: Texts, prefix: &str) -> Texts {
    all.into_iter()
        .filter_map(|(key, text)| Some((key.strip_prefix(prefix)?.to_owned(), text)))
        .collect()
}

fn filled(code: &str, languages: &BTreeMap<String, Texts>) -> Outcome<String> {
    if !code.contains(PLACE) {
        return Err(Failure::new(format!("a script has no `{PLACE}`")));
    }
    let texts =
        serde_json::to_string(languages).map_err(Failure::of("texts could not be written"))?;
    Ok(code.replacen(PLACE, &format!("const WORDS = {texts};"), 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_of_a_script_and_no_others_are_put_in() {
        let all = BTreeMap::from([
            ("voice.done".to_owned(), "说完了".to_owned()),
            ("page.close".to_owned(), "关闭".to_owned()),
        ]);
        let languages = BTreeMap::from([("zh".to_owned(), of_script(all, "voice."))]);
        assert_eq!(
            filled("a;\nconst WORDS = {};\nb;", &languages).unwrap(),
            "a;\nconst WORDS = {\"zh\":{\"done\":\"说完了\"}};\nb;"
        );
    }

    #[test]
    fn a_script_without_a_place_for_them_is_refused() {
        assert!(filled("const OTHER = {};", &BTreeMap::new()).is_err());
    }
}
