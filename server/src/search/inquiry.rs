//! Whether a text asks about the hospital. Rules over what its clauses hold; when in doubt it is a complaint, because a
//! complaint taken for a question is not heard.

use std::ops::Range;

use consult::read::tokens::{Kind as TokenKind, is_han};

use super::embedded::Index;
use super::lexicon::Kind;
use super::reading::Term;
use super::{Found, Hit};

/// What may be asked of a department or doctor by name.
const OF_A_NAME: &[&str] = &[
    "@where",
    "@floor",
    "@door",
    "@when",
    "@opening",
    "@phone_number",
    "@call",
    "@weekend",
    "@weekday",
    "@today",
    "@tomorrow",
    "@night",
    "@morning",
    "@afternoon",
    "@bring",
    "@lunch_break",
    "@cost",
    "@outpatient_building",
    "@surgery_building",
    "@women_building",
    "@holiday",
];
/// What of it may be asked beside a complaint.
const OF_A_NAME_BESIDE: &[&str] = &["@where", "@floor", "@door", "@opening", "@phone_number"];

/// What alone, without the form of a question, is one: people write the thing they want and nothing more.
const WISHES: &[&str] = &[
    "@repeat_medicine",
    "@vaccine",
    "@check_up",
    "@certificate",
    "@which_department",
    "@no_idea_department",
    "@follow_up",
    "@forgot",
    "@obstetric_papers",
    "@appointment",
    "@pharmacy",
    "@identity",
    "@blood_taking",
    "@images",
];
/// When something is asked for.
const TIMES: &[&str] = &[
    "@weekend",
    "@weekday",
    "@night",
    "@holiday",
    "@lunch_break",
    "@morning",
    "@afternoon",
    "@today",
    "@tomorrow",
];
/// Waiting to be seen is part of a complaint, unless it is asked where or how.
const WAITING: &[&str] = &["@register", "@appointment", "@hospital"];

/// What, said of hospitals and of illness alike, may be asked beside a complaint.
const BESIDE: &[&str] = &[
    "@result",
    "@blood_taking",
    "@check_up",
    "@images",
    "@online",
    "@parking",
    "@pay",
    "@wheelchair",
    "@insurance",
    "@identity",
];
/// What is asked of anything: alone it does not tell a question from a complaint.
const GENERAL: &[&str] = &["@cost", "@online", "@hospital", "@door"];
/// What alone is asked in a talk about illness as well.
const WEAK: &[&str] = &[
    "@explain",
    "@food",
    "@medicine",
    "@doctor",
    "@test",
    "@clinic",
    "@night",
    "@forgot",
    "@ready",
    "@late",
    "@queue",
    "@nurse",
    "@emergency",
    "@fasting",
    "@herb",
];
/// Score from which a passage answers what is a question for sure.
const ANSWERS: f32 = 0.5;
/// Score from which one passage answers several clauses.
const WHOLE: f32 = 0.7;
/// Unexplained words from which a complaint is a story: then nobody asks where to park.
const STORY: usize = 12;

/// What stands in a piece of text.
#[derive(Debug, Default, Clone, Copy)]
struct Signs {
    names: usize,
    hospital: usize,
    shared: usize,
    plain: usize,
    asks: usize,
    health: usize,
    /// Words nobody explained, and numbers: a story has them.
    others: usize,
}

fn signs<'a>(index: &Index, terms: impl Iterator<Item = &'a Term>) -> Signs {
    let mut signs = Signs::default();
    for term in terms {
        match term.kind {
            Some(Kind::Name) => signs.names += 1,
            Some(Kind::Hospital) => signs.hospital += 1,
            Some(Kind::Shared) => signs.shared += 1,
            Some(Kind::Ask) => signs.asks += 1,
            Some(Kind::Health) => signs.health += 1,
            Some(Kind::Plain) => signs.plain += 1,
            None if index.weights().rarity(&term.text).is_none() => signs.others += 1,
            Some(Kind::Idle) | None => {}
        }
    }
    signs
}

fn touches(range: &Range<usize>, bytes: &Range<usize>) -> bool {
    range.start < bytes.end && bytes.start < range.end
}

/// Whether a text asks about the hospital, and what answers it.
pub(super) fn answers(index: &Index, words: &str, heard: &[Range<usize>]) -> Found {
    let tokens = index.reader().tokens(words);
    let terms = index.reader().terms(&tokens);
    let mut groups: Vec<Vec<Range<usize>>> = vec![Vec::new()];
    let mut complains = !heard.is_empty();
    for clause in super::split(words) {
        let is_heard = heard.iter().any(|range| touches(range, &clause))
            || terms
                .iter()
                .any(|term| term.kind == Some(Kind::Health) && touches(&term.bytes, &clause));
        if is_heard {
            complains = true;
            groups.push(Vec::new());
            if let Some(rest) = rest(&terms, heard, &clause) {
                groups.push(vec![rest]);
                groups.push(Vec::new());
            }
        } else if let Some(group) = groups.last_mut() {
            group.push(clause);
        }
    }
    let numbers = tokens
        .iter()
        .filter(|token| matches!(token.kind, TokenKind::Number(_)))
        .count();
    let message = Message {
        complains,
        others: signs(index, terms.iter()).others + numbers,
    };
    // A published question is one, also where it speaks of illness: people tap it in a list or copy it.
    let (hits, asked) = match index.verbatim(&tokens) {
        Some(hit) => (vec![hit], true),
        None => judge_groups(index, words, &terms, &groups, &message),
    };
    match (hits.is_empty(), asked) {
        (false, _) => Found::Passages {
            hits,
            whole: !complains,
        },
        (true, true) => Found::Nothing,
        (true, false) => Found::NotAnInquiry,
    }
}

/// The passages that answer what the groups of clauses without a complaint ask, each once, and whether one asks what nothing
/// answers.
fn judge_groups(
    index: &Index,
    words: &str,
    terms: &[Term],
    groups: &[Vec<Range<usize>>],
    message: &Message,
) -> (Vec<Hit>, bool) {
    let mut hits: Vec<Hit> = Vec::new();
    let mut asked = false;
    for group in groups.iter().filter(|group| !group.is_empty()) {
        let whole = group[0].start..group[group.len() - 1].end;
        let mut pieces: Vec<Range<usize>> = vec![whole];
        if group.len() > 1 {
            pieces.extend(group.iter().cloned());
        }
        let mut best: Vec<Hit> = Vec::new();
        for (number, piece) in pieces.iter().enumerate() {
            let of_piece: Vec<Term> = terms
                .iter()
                .filter(|term| touches(&term.bytes, piece))
                .cloned()
                .collect();
            match judge(index, &of_piece, is_question(words, piece), message) {
                Judged::Answered(hit) => {
                    // What answers everything that was said there answers best.
                    let is_enough = number == 0
                        && (hit.score >= WHOLE
                            || of_piece.iter().any(|term| term.kind == Some(Kind::Name)));
                    best.push(hit);
                    if is_enough {
                        break;
                    }
                }
                Judged::Unanswered => asked = true,
                Judged::NotAsked => {}
            }
        }
        best.sort_by(|one, other| other.score.total_cmp(&one.score));
        hits.extend(best);
    }
    let mut seen = Vec::new();
    hits.retain(|hit| {
        let source = (hit.passage.source.kind, hit.passage.source.id.clone());
        let is_new = !seen.contains(&source);
        seen.push(source);
        is_new
    });
    (hits, asked)
}

/// What follows the last complaint of a clause: people type on without a comma.
fn rest(terms: &[Term], heard: &[Range<usize>], clause: &Range<usize>) -> Option<Range<usize>> {
    let last = terms
        .iter()
        .filter(|term| term.kind == Some(Kind::Health))
        .map(|term| term.bytes.end)
        .chain(heard.iter().map(|range| range.end))
        .filter(|end| (clause.start + 1..=clause.end).contains(end))
        .max()?;
    let ask = terms.iter().find(|term| {
        term.bytes.start >= last
            && term.bytes.end <= clause.end
            && matches!(term.kind, Some(Kind::Ask | Kind::Hospital))
    })?;
    Some(ask.bytes.start..clause.end)
}

/// Words an English question begins with.
const BEGINNINGS: &[&str] = &[
    "is", "are", "am", "do", "does", "did", "can", "could", "will", "would", "may", "has", "have",
    "should",
];
/// Characters of which one stands in nearly every Chinese question.
const INSIDE: &[char] = &['哪', '几', '咋', '啥', '谁', '吗', '幾', '誰', '嗎'];
/// Characters a Chinese question ends with: 可以抽烟不.
const ENDINGS: &[char] = &['伐', '不', '没', '么', '否', '吗', '呢', '嘛', '咩'];

/// Whether a word stands on both sides of a denial: 开不开, 有没有.
fn is_either(said: &str) -> bool {
    let characters: Vec<char> = said.chars().collect();
    characters
        .windows(3)
        .any(|three| matches!(three[1], '不' | '没') && three[0] == three[2] && is_han(three[0]))
}

/// Whether a piece has the form of a question, by its mark, its first or its last word.
fn is_question(words: &str, piece: &Range<usize>) -> bool {
    let said = words.get(piece.clone()).unwrap_or("").trim();
    let first = said
        .split_whitespace()
        .next()
        .unwrap_or("")
        .to_ascii_lowercase();
    words
        .get(piece.end..)
        .is_some_and(|after| after.trim_start().starts_with(['?', '\u{ff1f}']))
        || said.contains(INSIDE)
        || said.ends_with(ENDINGS)
        || is_either(said)
        || BEGINNINGS.contains(&first.as_str())
}

/// What is known of the message a piece stands in.
struct Message {
    complains: bool,
    others: usize,
}

/// What a piece was found to be.
enum Judged {
    Answered(Hit),
    Unanswered,
    NotAsked,
}

/// A piece of a message with what its rules look at.
struct Piece<'a> {
    terms: &'a [Term],
    signs: Signs,
    /// Whether it has the form of a question.
    asks: bool,
    /// Score of the best passage.
    score: f32,
}

impl Piece<'_> {
    fn has(&self, ideas: &[&str]) -> bool {
        self.terms
            .iter()
            .any(|term| ideas.contains(&term.text.as_str()))
    }

    fn has_of(&self, kind: Kind, is_one: impl Fn(&str) -> bool) -> bool {
        self.terms
            .iter()
            .any(|term| term.kind == Some(kind) && is_one(&term.text))
    }

    /// Beside a complaint only what is plainly about the hospital is a question to it.
    fn is_asked_beside_a_complaint(&self) -> bool {
        let Self { signs, score, .. } = self;
        let only_waits = !self.has_of(Kind::Hospital, |idea| !WAITING.contains(&idea))
            && !self.has(&["@where", "@how", "@online", "@cost", "@how_much", "@who"]);
        let of_the_hospital = self.asks
            && !only_waits
            && self.has_of(Kind::Hospital, |idea| !GENERAL.contains(&idea))
            && *score >= 0.55
            && signs.others <= 2;
        let of_both = signs.shared > 1
            && self.has(BESIDE)
            && self.has(&[
                "@where",
                "@when",
                "@how",
                "@how_long",
                "@need",
                "@who",
                "@can",
            ])
            && *score >= 0.65
            && signs.others == 0;
        let of_a_name =
            signs.names > 0 && self.has(OF_A_NAME_BESIDE) && signs.others == 0 && *score >= 0.6;
        of_the_hospital || of_both || of_a_name
    }

    /// Whether it asks about the hospital for sure, so that even no answer is an answer.
    fn is_surely_asked(&self, message: &Message) -> bool {
        let signs = &self.signs;
        (signs.hospital > 0 && self.asks && signs.others <= 5)
            || (signs.hospital > 0 && message.others <= 3 && self.score >= 0.55)
            || (signs.names > 0 && self.has(OF_A_NAME) && signs.others <= 3)
    }

    /// Whether it asks about the hospital, seeing that something published answers it well.
    fn is_likely_asked(&self, message: &Message) -> bool {
        let Self { signs, score, .. } = self;
        let quiet = message.others == 0;
        let has_subject =
            signs.shared > 1 || self.has_of(Kind::Shared, |idea| !WEAK.contains(&idea));
        (has_subject && self.asks && signs.others <= 2 && message.others <= 3 && *score >= 0.55)
            || (signs.shared > 1 && message.others <= 1 && *score >= 0.7)
            || (self.has(WISHES) && message.others <= 2 && *score >= 0.65)
            || (self.has(TIMES)
                && quiet
                && *score >= 0.7
                && (signs.shared > 1
                    || self.has(&[
                        "@can",
                        "@is_there",
                        "@where",
                        "@which",
                        "@particle",
                        "@opening",
                    ])))
            || (signs.names > 0 && quiet && signs.shared + signs.plain <= 1 && *score >= 0.6)
    }
}

fn judge(index: &Index, terms: &[Term], is_marked: bool, message: &Message) -> Judged {
    let signs = signs(index, terms.iter());
    if signs.health > 0 || terms.is_empty() {
        return Judged::NotAsked;
    }
    let hit = index.find_terms(terms, 1).into_iter().next();
    let mut piece = Piece {
        terms,
        signs,
        asks: false,
        score: hit.as_ref().map_or(0.0, |hit| hit.score),
    };
    piece.asks = signs.asks > 0
        || is_marked
        || piece.has_of(Kind::Hospital, |idea| {
            matches!(idea, "@floor" | "@door" | "@cost")
        })
        || (!message.complains && piece.has(&["@which_department", "@no_idea_department"]));
    if message.complains {
        return match hit {
            Some(hit) if message.others <= STORY && piece.is_asked_beside_a_complaint() => {
                Judged::Answered(hit)
            }
            _ => Judged::NotAsked,
        };
    }
    let sure = piece.is_surely_asked(message);
    match hit {
        Some(hit) if (sure && hit.score >= ANSWERS) || piece.is_likely_asked(message) => {
            Judged::Answered(hit)
        }
        _ if sure && piece.asks && signs.hospital > 0 && signs.others == message.others => {
            Judged::Unanswered
        }
        _ => Judged::NotAsked,
    }
}
