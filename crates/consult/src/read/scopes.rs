//! The status of a match: denied, in doubt, past, somebody else's, only imagined.

use super::Marked;
use super::terms::Match;
use super::tokens::{Break, Kind};
use crate::knowledge::{FindingKind, Mark, Reach};
use crate::state::Status;

/// The status, or `None` if the words do not speak of the patient now.
pub(crate) fn status(marked: &Marked<'_>, one: &Match, kind: FindingKind) -> Option<Status> {
    let lasting = matches!(kind, FindingKind::Background | FindingKind::Reason);
    let happened = kind == FindingKind::Event;
    if lasting && is_others(marked, one) {
        return None;
    }
    let (mut denied, mut doubted, mut past, mut still) = (false, false, false, false);
    for (mark, place) in &marked.marks {
        let before = place.last() < one.first();
        let inside = place.first() > one.first() && place.last() < one.last();
        match mark {
            Mark::Deny(reach) => {
                denied |= inside || (before && reaches(marked, *reach, place, one));
            }
            Mark::DenyAfter => denied |= follows(marked, place, one),
            Mark::Doubt => doubted |= before && near(marked, place, one, 6),
            Mark::Past if happened => {
                past |= governs(marked, place, one) && same_clause(marked, place, one);
            }
            Mark::Past => past |= governs(marked, place, one),
            Mark::Year => past |= happened && same_clause(marked, place, one),
            // What happened is over, whatever is still felt; what happens again today is not.
            Mark::Still if happened => still |= same_clause(marked, place, one),
            Mark::Still => still |= same_sentence(marked, place, one),
            Mark::Family
                if before && same_sentence(marked, place, one) && !is_ended(marked, place, one) =>
            {
                return None;
            }
            Mark::Hypothetical if before && near(marked, place, one, 8) => {
                return None;
            }
            _ => {}
        }
    }
    if denied {
        return Some(Status::Absent);
    }
    if past && !still && !lasting {
        return None;
    }
    Some(if doubted {
        Status::Suspected
    } else {
        Status::Present
    })
}

/// Whether the clause speaks of somebody else, and the person speaking says they do not have it: "my mother had a stroke, I am
/// well". Only for illnesses and wishes: whoever writes of what happened to somebody else may write for that person.
fn is_others(marked: &Marked<'_>, one: &Match) -> bool {
    let apart = |(mark, _): &(Mark, Match)| matches!(mark, Mark::Apart);
    if !marked.marks.iter().any(apart) {
        return false;
    }
    let in_clause = |place: &Match| {
        place.last() < one.first() && !marked.is_broken(place.last(), one.first(), Break::Clause)
    };
    let mut nearest: Option<(usize, bool)> = None;
    for (mark, place) in &marked.marks {
        let other = match mark {
            Mark::Person(_) => true,
            Mark::Myself => false,
            _ => continue,
        };
        if in_clause(place) && nearest.is_none_or(|(at, _)| place.last() > at) {
            nearest = Some((place.last(), other));
        }
    }
    nearest.is_some_and(|(_, other)| other)
}

/// Whether a denial before the match reaches it.
fn reaches(marked: &Marked<'_>, reach: Reach, denial: &Match, one: &Match) -> bool {
    let (from, to) = (denial.last() + 1, one.first());
    match reach {
        Reach::Adjacent => from == to,
        Reach::Near => to - from <= 3 && !marked.is_cut(from, to) && !is_ended(marked, denial, one),
        Reach::Clause => {
            !is_ended(marked, denial, one)
                && (!marked.is_cut(from, to)
                    || (!marked.is_broken(from, to, Break::Sentence) && is_joined(marked, one)))
        }
        Reach::List => {
            !is_ended(marked, denial, one) && !marked.is_broken(from, to, Break::Sentence)
        }
    }
}

/// Whether the list the match stands in still comes to its "or": "no fever, cough or chest pain".
fn is_joined(marked: &Marked<'_>, one: &Match) -> bool {
    marked.marks.iter().any(|(mark, join)| {
        // Right before the match, or after it within the same sentence.
        matches!(mark, Mark::Join)
            && (join.last() + 3 > one.first() && join.last() < one.first()
                || join.first() > one.last()
                    && !marked.is_broken(one.last(), join.first(), Break::Sentence)
                    && join.first() - one.last() < 12)
    })
}

/// Whether a word that ends scopes stands between.
fn is_ended(marked: &Marked<'_>, from: &Match, to: &Match) -> bool {
    marked.marks.iter().any(|(mark, end)| {
        matches!(mark, Mark::End) && end.first() > from.last() && end.last() < to.first()
    })
}

/// "Fever: none", 发烧没有: the denial stands right after and ends the clause.
fn follows(marked: &Marked<'_>, denial: &Match, one: &Match) -> bool {
    let first = denial.first();
    let close = first == one.last() + 1
        || (first == one.last() + 2
            && matches!(marked.tokens[one.last() + 1].kind, Kind::Break(strength) if strength < Break::Sentence));
    close
        && marked
            .tokens
            .get(denial.last() + 1)
            .is_none_or(|next| matches!(next.kind, Kind::Break(_)))
        // "Chemo no. 3" counts.
        && !marked
            .tokens
            .get(denial.last() + 2)
            .is_some_and(|next| matches!(next.kind, Kind::Number(_)))
}

fn near(marked: &Marked<'_>, mark: &Match, one: &Match, tokens: usize) -> bool {
    one.first() - mark.last() <= tokens
        && !marked.is_broken(mark.last(), one.first(), Break::Clause)
        && !is_ended(marked, mark, one)
}

/// A time before the match in its sentence, or after it in its clause.
fn governs(marked: &Marked<'_>, time: &Match, one: &Match) -> bool {
    if time.last() < one.first() {
        return !marked.is_broken(time.last(), one.first(), Break::Sentence);
    }
    if time.first() > one.first() && time.last() < one.last() {
        return true;
    }
    time.first() > one.last()
        && time.first() - one.last() <= 6
        && !marked.is_broken(one.last(), time.first(), Break::Clause)
}

fn same_clause(marked: &Marked<'_>, mark: &Match, one: &Match) -> bool {
    let (from, to) = (mark.last().min(one.last()), mark.first().max(one.first()));
    !marked.is_broken(from, to, Break::Clause)
}

fn same_sentence(marked: &Marked<'_>, mark: &Match, one: &Match) -> bool {
    let (from, to) = (mark.last().min(one.last()), mark.first().max(one.first()));
    !marked.is_broken(from, to, Break::Sentence)
}
