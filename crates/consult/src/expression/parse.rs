//! `chest_pain and any of (sweating, fainting)` to [`Expression`]: for the knowledge at build time and for a hospital's routing
//! rules at run time.

use super::{Compare, Detail, Expression, Measure};
use crate::profile::Sex;

/// Reads an expression; `finding` gives the index of an id.
///
/// # Errors
/// What is wrong, in plain words.
pub fn parse(text: &str, finding: &impl Fn(&str) -> Option<u16>) -> Result<Expression, String> {
    let tokens = lex(text)?;
    let mut parser = Parser {
        tokens: &tokens,
        at: 0,
        finding,
    };
    let expression = parser.any()?;
    match parser.peek() {
        None => Ok(expression),
        Some(token) => Err(format!(
            "\"{token}\" is not expected here; parts are joined by \"and\" or \"or\""
        )),
    }
}

fn lex(text: &str) -> Result<Vec<String>, String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            ' ' | '\n' | '\t' => {}
            '(' | ')' | ',' => tokens.push(character.to_string()),
            '<' | '>' => {
                let equal = characters.next_if_eq(&'=').is_some();
                tokens.push(format!("{character}{}", if equal { "=" } else { "" }));
            }
            _ if character.is_alphanumeric() || character == '_' => {
                let mut word = character.to_string();
                while let Some(next) =
                    characters.next_if(|next| next.is_alphanumeric() || matches!(next, '_' | '.'))
                {
                    word.push(next);
                }
                tokens.push(word);
            }
            other => {
                return Err(format!(
                    "the character \"{other}\" has no meaning in an expression"
                ));
            }
        }
    }
    Ok(tokens)
}

struct Parser<'a, F> {
    tokens: &'a [String],
    at: usize,
    finding: &'a F,
}

impl<F: Fn(&str) -> Option<u16>> Parser<'_, F> {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn next(&mut self) -> Result<String, String> {
        let token = self
            .tokens
            .get(self.at)
            .cloned()
            .ok_or("the expression ends too early")?;
        self.at += 1;
        Ok(token)
    }

    fn takes(&mut self, word: &str) -> bool {
        let taken = self.peek() == Some(word);
        self.at += usize::from(taken);
        taken
    }

    fn expect(&mut self, word: &str) -> Result<(), String> {
        let token = self.next()?;
        if token == word {
            Ok(())
        } else {
            Err(format!("\"{word}\" is expected where \"{token}\" stands"))
        }
    }

    fn any(&mut self) -> Result<Expression, String> {
        let mut parts = vec![self.all()?];
        while self.takes("or") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 {
            parts.remove(0)
        } else {
            Expression::AtLeast(1, parts)
        })
    }

    fn all(&mut self) -> Result<Expression, String> {
        let mut parts = vec![self.one()?];
        while self.takes("and") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 {
            parts.remove(0)
        } else {
            Expression::All(parts)
        })
    }

    fn list(&mut self) -> Result<Vec<Expression>, String> {
        self.expect("(")?;
        let mut parts = vec![self.any()?];
        while self.takes(",") {
            parts.push(self.any()?);
        }
        self.expect(")")?;
        Ok(parts)
    }

    fn one(&mut self) -> Result<Expression, String> {
        let word = self.next()?;
        match word.as_str() {
            "(" => {
                let inner = self.any()?;
                self.expect(")")?;
                Ok(inner)
            }
            "not" => Err("there is no \"not\": what was not said is never \"no\"".to_owned()),
            "any" if self.peek() == Some("of") => {
                self.expect("of")?;
                Ok(Expression::AtLeast(1, self.list()?))
            }
            "all" if self.peek() == Some("of") => {
                self.expect("of")?;
                Ok(Expression::All(self.list()?))
            }
            "at" if self.peek() == Some("least") => {
                self.expect("least")?;
                let number = self.next()?;
                let least = number
                    .parse()
                    .map_err(|_| format!("\"at least\" wants a number, not \"{number}\""))?;
                self.expect("of")?;
                let parts = self.list()?;
                if usize::from(least) > parts.len() || least == 0 {
                    return Err(format!(
                        "\"at least {least}\" cannot hold with {} members",
                        parts.len()
                    ));
                }
                Ok(Expression::AtLeast(least, parts))
            }
            "age" => {
                let (compare, value) = self.comparison()?;
                let unit = self.next()?;
                let months = match unit.as_str() {
                    "years" | "year" => value * 12.0,
                    "months" | "month" => value,
                    "weeks" | "week" => value * 7.0 / 30.44,
                    "days" | "day" => value / 30.44,
                    other => return Err(format!("an age is in years or months, not \"{other}\"")),
                };
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "clamped before the cast"
                )]
                let months = months.clamp(0.0, 1440.0).ceil() as u32;
                Ok(Expression::Age(compare, months))
            }
            "sex" => {
                self.expect("is")?;
                match self.next()?.as_str() {
                    "female" => Ok(Expression::Sex(Sex::Female)),
                    "male" => Ok(Expression::Sex(Sex::Male)),
                    other => Err(format!("sex is female or male, not \"{other}\"")),
                }
            }
            "could_be_pregnant" => Ok(Expression::CouldBePregnant),
            _ => self.named(&word),
        }
    }

    fn named(&mut self, word: &str) -> Result<Expression, String> {
        if let Some((measure, ..)) = Measure::ALL.iter().find(|(_, name, ..)| *name == word) {
            let (compare, value) = self.comparison()?;
            if matches!(
                self.peek(),
                Some("c" | "mmhg" | "mmol" | "percent" | "per" | "mmHg")
            ) {
                self.at += 1;
            }
            return Ok(Expression::Measure(*measure, compare, value));
        }
        let (id, detail) = word
            .split_once('.')
            .map_or((word, None), |(id, detail)| (id, Some(detail)));
        let finding = (self.finding)(id)
            .ok_or_else(|| format!("\"{id}\" is no finding; is it spelt as in findings/?"))?;
        match detail {
            None => Ok(Expression::Finding(finding)),
            Some("sudden") => Ok(Expression::Detail(finding, Detail::Sudden)),
            Some("severe") => Ok(Expression::Detail(finding, Detail::Severe)),
            Some("worsening") => Ok(Expression::Detail(finding, Detail::Worsening)),
            Some(unit @ ("hours" | "days")) => {
                let (compare, value) = self.comparison()?;
                Ok(Expression::Lasted(
                    finding,
                    compare,
                    if unit == "days" { value * 24.0 } else { value },
                ))
            }
            Some(other) => Err(format!(
                "\"{other}\" is no detail; there are sudden, severe, worsening, hours, days"
            )),
        }
    }

    fn comparison(&mut self) -> Result<(Compare, f64), String> {
        let compare = match self.next()?.as_str() {
            "<" => Compare::Less,
            "<=" => Compare::AtMost,
            ">" => Compare::More,
            ">=" => Compare::AtLeast,
            other => {
                return Err(format!(
                    "a comparison (<, <=, >, >=) is expected where \"{other}\" stands"
                ));
            }
        };
        let number = self.next()?;
        number
            .parse()
            .map(|value| (compare, value))
            .map_err(|_| format!("\"{number}\" is no number"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Expression, String> {
        super::parse(text, &|id| {
            ["chest_pain", "sweating", "fever"]
                .iter()
                .position(|one| *one == id)
                .and_then(|at| u16::try_from(at).ok())
        })
    }

    #[test]
    fn reads_what_the_readme_shows() {
        for text in [
            "chest_pain and any of (sweating, fever)",
            "(chest_pain.sudden or sweating) and age >= 50 years",
            "at least 2 of (chest_pain, sweating and fever, temperature >= 38 c)",
            "oxygen < 92",
            "chest_pain.hours < 24 and sex is female and could_be_pregnant",
        ] {
            assert!(parse(text).is_ok(), "{text}: {:?}", parse(text));
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, word) in [
            ("not fever", "no \"not\""),
            ("chest_pan", "no finding"),
            ("chest_pain sweating", "joined by"),
            ("age >= 3 moons", "years or months"),
            ("at least 3 of (fever, sweating)", "cannot hold"),
            ("fever and", "ends too early"),
        ] {
            let problem = parse(text).expect_err(text);
            assert!(problem.contains(word), "{text}: {problem}");
        }
    }
}
