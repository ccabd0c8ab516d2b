//! What a person reads in the document: each section as a list.

use wire::report::{Line, Section};

use super::Document;
use crate::report::headings::{both, is_open_said, mark};

/// A section as XHTML.
pub fn section(document: &Document<'_>, section: Section) -> serde_json::Value {
    let (report, language) = (document.report, document.language);
    let mut body = String::new();
    if section == Section::ChiefComplaint {
        let chief = escaped(report.chief_complaint.get(language));
        body.extend(["<p>", &chief, "</p>"]);
    }
    let mut lines = report
        .lines
        .iter()
        .filter(|line| line.section == section)
        .peekable();
    if lines.peek().is_some() {
        body.push_str("<ul>");
        lines.for_each(|line| item(&mut body, line, language));
        body.push_str("</ul>");
    }
    serde_json::json!({
        "status": "generated",
        "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{body}</div>"),
    })
}

fn item(body: &mut String, line: &Line, language: &str) {
    let text = line.text.get(language);
    let (open, close) = if line.struck {
        ("<li><del>", "</del></li>")
    } else {
        ("<li>", "</li>")
    };
    body.extend([open, &escaped(text)]);
    if !is_open_said(text) {
        body.push_str(mark(line.status, language));
    }
    if line.contradicts {
        body.push_str(both(language));
    }
    for quote in &line.quotes {
        body.extend([" <q>", &escaped(&quote.words), "</q>"]);
    }
    body.push_str(close);
}

/// Text within XHTML; characters that XML cannot hold become spaces.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(' '),
            other if other.is_control() || matches!(other, '\u{fffe}' | '\u{ffff}') => {
                out.push(' ');
            }
            other => out.push(other),
        }
    }
    out
}
