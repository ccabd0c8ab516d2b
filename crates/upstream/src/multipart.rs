//! Reading of `multipart/form-data` bodies.

/// One part of a multipart body.
pub(crate) struct Part<'a> {
    /// Name of the field.
    pub name: String,
    /// Name of the file, when the part is a file.
    pub file_name: Option<String>,
    /// Content type, empty when not given.
    pub content_type: String,
    /// What the part holds.
    pub content: &'a [u8],
}

/// The boundary named by a content type, if it is one of a multipart form.
pub(crate) fn boundary(content_type: &str) -> Option<String> {
    if !content_type
        .to_ascii_lowercase()
        .starts_with("multipart/form-data")
    {
        return None;
    }
    parameter(content_type, "boundary")
}

/// All parts of a body. A body that is cut short yields the parts that are whole.
pub(crate) fn parts<'a>(body: &'a [u8], boundary: &str) -> Vec<Part<'a>> {
    let delimiter = format!("\r\n--{boundary}");
    let mut found = Vec::new();
    // The first delimiter may stand at the very start, without a line end before it.
    let Some(mut rest) = body
        .strip_prefix(&delimiter.as_bytes()[2..])
        .or_else(|| split(body, delimiter.as_bytes()).map(|(_, rest)| rest))
    else {
        return found;
    };
    while !rest.starts_with(b"--") {
        let Some((content, next)) = split(rest, delimiter.as_bytes()) else {
            break;
        };
        found.extend(part(content));
        rest = next;
    }
    found
}

/// Reads what stands between two delimiters. It starts with the line end of the first.
fn part(raw: &[u8]) -> Option<Part<'_>> {
    let (head, content) = split(raw, b"\r\n\r\n")?;
    let mut read = Part {
        name: String::new(),
        file_name: None,
        content_type: String::new(),
        content,
    };
    for line in String::from_utf8_lossy(head).lines() {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        if name.eq_ignore_ascii_case("content-disposition") {
            read.name = parameter(value, "name").unwrap_or_default();
            read.file_name = parameter(value, "filename");
        } else if name.eq_ignore_ascii_case("content-type") {
            value.trim().clone_into(&mut read.content_type);
        }
    }
    Some(read)
}

/// The value of a parameter such as `name="file"`, with or without quotation marks.
fn parameter(header: &str, wanted: &str) -> Option<String> {
    let mut rest = header.split_once(';')?.1;
    loop {
        let (name, after) = rest.split_once('=')?;
        let (value, next) = if let Some(quoted) = after.strip_prefix('"') {
            quoted_value(quoted)
        } else {
            let (value, next) = after.split_once(';').unwrap_or((after, ""));
            (value.trim().to_owned(), next)
        };
        if name
            .trim_matches([' ', '\t', ';'])
            .eq_ignore_ascii_case(wanted)
        {
            return Some(value);
        }
        rest = next;
    }
}

/// Reads up to the closing quotation mark, undoing backslashes, and returns what follows it.
fn quoted_value(quoted: &str) -> (String, &str) {
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => value.push(character),
        }
    }
    (value, "")
}

/// Splits at the first place where `separator` stands.
fn split<'a>(bytes: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = bytes
        .windows(separator.len())
        .position(|window| window == separator)?;
    Some((&bytes[..at], &bytes[at + separator.len()..]))
}
