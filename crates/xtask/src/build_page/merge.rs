//! From Trunk's folders to one: every file but the pages themselves goes to `assets/NAME-HASH.ENDING`, and each mention of it
//! is changed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::failure::{Failure, Outcome};
use crate::fingerprint::hex;

/// Files that mention others and are therefore rewritten before they are named.
const MENTIONING: [&str; 4] = [".css", ".webmanifest", "report.js", "speaking.js"];

/// Names that hosts write into their pages: they keep them.
const FIXED: [&str; 1] = ["embed.js"];

/// Merges the folders, each with its page, into one.
pub fn merge(folders: &[(PathBuf, &str)], into: &Path) -> Outcome {
    if into.exists() {
        std::fs::remove_dir_all(into).map_err(Failure::of(into.display()))?;
    }
    std::fs::create_dir_all(into.join("assets")).map_err(Failure::of(into.display()))?;
    for (folder, page) in folders {
        one(folder, page, into)?;
    }
    Ok(())
}

fn one(folder: &Path, page: &str, into: &Path) -> Outcome {
    let mut files = BTreeMap::new();
    collect(folder, folder, &mut files)?;
    let html = files
        .remove(page)
        .ok_or_else(|| Failure::new(format!("Trunk wrote no {page}")))?;
    let html = String::from_utf8(html).map_err(Failure::of(page))?;

    let mut names = BTreeMap::new();
    let (mentioning, plain): (Vec<_>, Vec<_>) = files
        .into_iter()
        .partition(|(path, _)| MENTIONING.iter().any(|end| path.ends_with(end)));
    for (path, content) in plain {
        let name = if FIXED.contains(&path.as_str()) {
            path.clone()
        } else if let Some(snippet) = path.strip_prefix("snippets/") {
            // The script beside them mentions them relative to itself; their folder's name holds a hash already.
            format!("assets/snippets/{snippet}")
        } else {
            named(&path, &content)
        };
        write(into, &name, &content)?;
        names.insert(path, name);
    }
    for (path, content) in mentioning {
        let text = String::from_utf8(content).map_err(Failure::of(&path))?;
        let text = renamed(&text, &names);
        let name = named(&path, text.as_bytes());
        write(into, &name, text.as_bytes())?;
        names.insert(path, name);
    }

    let stem = page.trim_end_matches(".html");
    let html = start_in_file(&html, |script| {
        let script = renamed(script, &names);
        let name = named(&format!("{stem}-start.js"), script.as_bytes());
        write(into, &name, script.as_bytes())?;
        Ok(name)
    })?;
    let html = renamed(&html, &names);
    write(into, page, html.as_bytes())
}

/// Takes each inline script out of the html into the file that `place` answers.
fn start_in_file(html: &str, mut place: impl FnMut(&str) -> Outcome<String>) -> Outcome<String> {
    let mut result = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(begin) = rest.find("<script") {
        let (before, script) = rest.split_at(begin);
        let cut_off = || Failure::new("a script of the page has no end");
        let tag_end = script.find('>').ok_or_else(cut_off)?;
        let close = script.find("</script>").ok_or_else(cut_off)?;
        let (tag, body) = (&script[..tag_end], &script[tag_end + 1..close]);
        result.push_str(before);
        if body.trim().is_empty() {
            result.push_str(&script[..close]);
        } else if tag.contains("module") {
            let name = place(body.trim())?;
            result.push_str("<script type=\"module\" src=\"/");
            result.push_str(&name);
            result.push_str("\">");
        } else {
            return Err(Failure::new(
                "the page has an inline script, which the content security policy forbids: move it into a file of public/",
            ));
        }
        result.push_str("</script>");
        rest = &script[close + "</script>".len()..];
    }
    result.push_str(rest);
    Ok(result)
}

/// Changes every mention of a file, which is its path between quotation marks, brackets or an `=` and the end of the attribute.
fn renamed(text: &str, names: &BTreeMap<String, String>) -> String {
    let mut result = text.to_owned();
    for (path, name) in names {
        for start in ["/", "./", ""] {
            for (open, close) in [("\"", "\""), ("'", "'"), ("(", ")"), ("=", " "), ("=", ">")] {
                result = result.replace(
                    &format!("{open}{start}{path}{close}"),
                    &format!("{open}/{name}{close}"),
                );
            }
        }
    }
    result
}

fn named(path: &str, content: &[u8]) -> String {
    let hash = hex(&Sha256::digest(content)[..8]);
    let file = path.rsplit('/').next().unwrap_or(path);
    let (stem, end) = file.rsplit_once('.').unwrap_or((file, "bin"));
    format!("assets/{stem}-{hash}.{end}")
}

fn write(into: &Path, name: &str, content: &[u8]) -> Outcome {
    let path = into.join(name);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(Failure::of(folder.display()))?;
    }
    std::fs::write(&path, content).map_err(Failure::of(path.display()))
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) -> Outcome {
    for entry in std::fs::read_dir(folder).map_err(Failure::of(folder.display()))? {
        let path = entry.map_err(Failure::of(folder.display()))?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            let below = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('\\', "/");
            files.insert(
                below,
                std::fs::read(&path).map_err(Failure::of(path.display()))?,
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> BTreeMap<String, String> {
        BTreeMap::from([
            ("patient.js".to_owned(), "assets/patient-1.js".to_owned()),
            ("icons/a.svg".to_owned(), "assets/a-2.svg".to_owned()),
        ])
    }

    #[test]
    fn every_kind_of_mention_is_renamed() {
        let text = r#"<link href="/patient.js"><link href=/icons/a.svg rel=icon> url(icons/a.svg) import a from './patient.js'"#;
        let expected = r#"<link href="/assets/patient-1.js"><link href=/assets/a-2.svg rel=icon> url(/assets/a-2.svg) import a from '/assets/patient-1.js'"#;
        assert_eq!(renamed(text, &names()), expected);
    }

    #[test]
    fn a_longer_name_that_ends_alike_stays() {
        assert_eq!(
            renamed(r#""/other-patient.js""#, &names()),
            r#""/other-patient.js""#
        );
    }

    #[test]
    fn a_script_that_imports_another_follows_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let (from, into) = (folder.path().join("from"), folder.path().join("into"));
        std::fs::create_dir(&from).unwrap();
        let files = [
            ("index.html", "<meta name=speaking content=/speaking.js>"),
            ("speaking.js", "import { a } from \"./voice.js\";"),
            ("voice.js", "export const a = 1;"),
        ];
        for (name, content) in files {
            std::fs::write(from.join(name), content).unwrap();
        }
        merge(&[(from, "index.html")], &into).unwrap();
        let voice = named("voice.js", b"export const a = 1;");
        let script = format!("import {{ a }} from \"/{voice}\";");
        let speaking = named("speaking.js", script.as_bytes());
        assert_eq!(
            std::fs::read_to_string(into.join(&speaking)).unwrap(),
            script
        );
        let html = std::fs::read_to_string(into.join("index.html")).unwrap();
        assert_eq!(html, format!("<meta name=speaking content=/{speaking}>"));
    }

    #[test]
    fn the_start_script_moves_into_a_file() {
        let mut moved = String::new();
        let html = start_in_file(
            "<head><script type=\"module\">\nimport a;\n</script><script src=\"/x.js\"></script></head>",
            |script| {
                script.clone_into(&mut moved);
                Ok("assets/start.js".to_owned())
            },
        );
        assert_eq!(
            html.unwrap(),
            "<head><script type=\"module\" src=\"/assets/start.js\"></script><script src=\"/x.js\"></script></head>"
        );
        assert_eq!(moved, "import a;");
    }

    #[test]
    fn another_inline_script_is_refused() {
        assert!(start_in_file("<script>alert(1)</script>", |_| Ok(String::new())).is_err());
    }

    #[test]
    fn a_name_follows_the_content() {
        assert_ne!(named("a/b.css", b"one"), named("a/b.css", b"two"));
        assert!(named("a/b.css", b"one").starts_with("assets/b-"));
    }
}
