//! How a patient with a history answers: with a sentence of theirs that fits the question, by tapping what they know to be so,
//! else "I don't know". Never "no" by default.

use std::collections::BTreeMap;

use consult::Input;
use consult::ask::{Question, QuestionKind};
use consult::interview::{Aspect, Section};
use consult::knowledge::Knowledge;
use consult::profile::Sex;
use consult::state::{State, Status};

use super::cases::Case;

/// Words by which a sentence about the present illness answers what is asked of it.
const CUES: [(Aspect, &[&str]); 8] = [
    (
        Aspect::Onset,
        &[
            "ago",
            "started",
            "began",
            "since",
            "for the past",
            "for about",
            "over the last",
            "history of",
            "sudden",
            "gradual",
            "开始",
            "以来",
            "突然",
            "慢慢",
            "前",
            "了",
            "天",
            "月",
            "周",
            "年",
        ],
    ),
    (
        Aspect::Site,
        &[
            "left",
            "right",
            "side",
            "middle",
            "upper",
            "lower",
            "spread",
            "radiat",
            "左",
            "右",
            "边",
            "上面",
            "下面",
            "中间",
            "这一块",
            "放射",
        ],
    ),
    (
        Aspect::Character,
        &[
            "like", "sharp", "dull", "burning", "ache", "tight", "throb", "colour", "color",
            "itch", "watery", "bloody", "像", "样", "胀", "刺", "烧", "痒", "颜色", "闷", "跳着",
            "酸",
        ],
    ),
    (
        Aspect::Severity,
        &[
            "severe",
            "mild",
            "bad",
            "out of 10",
            "worst",
            "厉害",
            "严重",
            "轻",
            "分",
        ],
    ),
    (
        Aspect::Course,
        &[
            "worse",
            "better",
            "improv",
            "same",
            "comes and goes",
            "intermittent",
            "progress",
            "constant",
            "every",
            "越来越",
            "好一点",
            "反复",
            "一阵",
            "一直",
            "没好",
            "加重",
            "每",
        ],
    ),
    (
        Aspect::Triggers,
        &[
            "after",
            "when",
            "while",
            "with exercise",
            "trigger",
            "brought on",
            "worse",
            "就",
            "时候",
            "一动",
            "以后",
            "完",
        ],
    ),
    (
        Aspect::Relief,
        &[
            "relie",
            "better",
            "helps",
            "rest",
            "eases",
            "improve",
            "好一点",
            "缓解",
            "舒服",
            "歇",
            "休息",
        ],
    ),
    (
        Aspect::Treatment,
        &[
            "took",
            "tried",
            "treated",
            "antibiotic",
            "cream",
            "paracetamol",
            "ibuprofen",
            "pill",
            "doctor",
            "hospital",
            "吃了",
            "用了",
            "抹",
            "药",
            "看过",
            "试过",
            "医院",
        ],
    ),
];
/// Sentences given in one answer at most.
const SENTENCES: usize = 3;

/// Sentences of the story they tell when they are asked for it.
const STORY: usize = 6;

/// A patient who answers.
pub struct Patient<'a> {
    knowledge: &'a Knowledge,
    case: &'a Case,
    /// Findings they have or do not have, by their own sentences.
    pub truth: BTreeMap<String, bool>,
    hours: Option<f64>,
    /// Places of facts told already.
    told: Vec<usize>,
}

impl<'a> Patient<'a> {
    pub fn new(knowledge: &'a Knowledge, case: &'a Case) -> Self {
        let mut state = State::default();
        let own = case.facts.iter().filter(|fact| {
            !matches!(
                fact.section,
                Section::Family | Section::Wishes | Section::Personal
            )
        });
        for text in own.map(|fact| &fact.text).chain([&case.says]) {
            state.apply(&consult::hear(
                &knowledge.vocabulary,
                &State::default(),
                &Input::Text(text.clone()),
            ));
        }
        let truth = state
            .findings
            .iter()
            .filter_map(|(id, known)| match known.status {
                Status::Present => Some((id.clone(), true)),
                Status::Absent => Some((id.clone(), false)),
                Status::Unknown | Status::Suspected => None,
            })
            .collect();
        let hours = state
            .findings
            .values()
            .find_map(|known| known.details.hours);
        Self {
            knowledge,
            case,
            truth: super::super::patients::implied(knowledge, truth),
            hours,
            told: Vec::new(),
        }
    }

    /// The answer to a question.
    pub fn answer(&mut self, question: &Question) -> Input {
        let offered: Vec<String> = question
            .choices
            .iter()
            .map(|choice| choice.id.clone())
            .collect();
        let skip = || Input::Skip {
            question: question.id.clone(),
            offered: offered.clone(),
        };
        let choose = |choices: Vec<String>| Input::Choice {
            question: question.id.clone(),
            offered: offered.clone(),
            choices,
        };
        let value = |value: Option<f64>, unit: &str| match value {
            Some(value) => Input::Values {
                question: question.id.clone(),
                value,
                unit: Some(unit.to_owned()),
            },
            None => skip(),
        };
        match question.id.as_str() {
            "age" => return value(self.case.age_months.map(f64::from), "months"),
            "sex" => {
                return match self.case.sex {
                    Some(Sex::Female) => choose(vec!["female".to_owned()]),
                    Some(Sex::Male) => choose(vec!["male".to_owned()]),
                    None => skip(),
                };
            }
            id if id.starts_with("duration:") => return value(self.hours, "hours"),
            id if id.starts_with("severity:") => return skip(),
            _ => {}
        }
        if let Some(text) = self.sentence(question) {
            return Input::Answer {
                question: question.id.clone(),
                offered,
                text,
            };
        }
        match question.kind {
            QuestionKind::YesNo => {
                let id = question.id.strip_prefix("signs:").unwrap_or(&question.id);
                let choice = match self.truth.get(id) {
                    Some(true) => "yes",
                    Some(false) => "no",
                    None => "unknown",
                };
                choose(vec![choice.to_owned()])
            }
            QuestionKind::Multiple | QuestionKind::Single => {
                self.tap(&question.id, &offered, &choose, &skip)
            }
            _ => skip(),
        }
    }

    /// Findings among the choices that are so; "none of these" only if each is known not to be.
    fn tap(
        &mut self,
        question: &str,
        offered: &[String],
        choose: &dyn Fn(Vec<String>) -> Input,
        skip: &dyn Fn() -> Input,
    ) -> Input {
        let truth = |choice: &String| {
            let finding = choice.strip_prefix("has:").unwrap_or(choice);
            self.truth.get(finding).copied()
        };
        let signs: Vec<&String> = offered
            .iter()
            .filter(|id| !matches!(id.as_str(), "none" | "unknown") && !id.starts_with("hasnt:"))
            .collect();
        let there: Vec<String> = signs
            .iter()
            .filter(|id| truth(id) == Some(true))
            .map(|id| (*id).clone())
            .collect();
        if !there.is_empty() {
            return choose(there);
        }
        // Some of it they know not to be so: they say that, in words.
        let denied = |place: &usize| {
            let fact = &self.case.facts[*place];
            fact.denied && !self.told.contains(place)
        };
        if signs.iter().any(|id| truth(id) == Some(false)) {
            let places: Vec<usize> = (0..self.case.facts.len()).filter(denied).collect();
            if !places.is_empty() {
                let texts: Vec<&str> = places
                    .iter()
                    .map(|place| self.case.facts[*place].text.as_str())
                    .collect();
                let text = texts.join("\n");
                self.told.extend(places);
                return Input::Answer {
                    question: question.to_owned(),
                    offered: offered.to_vec(),
                    text,
                };
            }
        }
        let all_denied = !signs.is_empty() && signs.iter().all(|id| truth(id) == Some(false));
        if all_denied && offered.iter().any(|id| id == "none") {
            return choose(vec!["none".to_owned()]);
        }
        if offered.iter().any(|id| id == "unknown") {
            choose(vec!["unknown".to_owned()])
        } else {
            skip()
        }
    }

    /// Sentences of the history that answer a question of it and were not told yet.
    fn sentence(&mut self, question: &Question) -> Option<String> {
        let (_, item) = consult::interview::Scope::of_question(&question.id)?;
        let item = self.knowledge.interviews.item(item)?;
        let fits: Vec<usize> = self
            .case
            .facts
            .iter()
            .enumerate()
            .filter(|(place, fact)| fact.section == item.section && !self.told.contains(place))
            .filter(|(_, fact)| match item.aspect {
                Some(aspect) => answers(aspect, &fact.text),
                None => speaks_of(item, &fact.text),
            })
            .map(|(place, _)| place)
            .take(if item.id == "story" { STORY } else { SENTENCES })
            .collect();
        if fits.is_empty() {
            return None;
        }
        self.told.extend(&fits);
        let texts: Vec<&str> = fits
            .iter()
            .map(|place| self.case.facts[*place].text.as_str())
            .collect();
        Some(texts.join("\n"))
    }
}

fn answers(aspect: Aspect, text: &str) -> bool {
    let low = text.to_lowercase();
    match CUES.iter().find(|(one, _)| *one == aspect) {
        Some((_, cues)) => cues.iter().any(|cue| low.contains(cue)),
        // What else belongs to it: any sentence.
        None => true,
    }
}

/// Whether a sentence fits an item that is one of several of its section: smoking to smoking, work to work.
fn speaks_of(item: &consult::interview::Item, text: &str) -> bool {
    const TOPICS: [(&str, &[&str]); 6] = [
        ("smok", &["smok", "cigar", "抽烟", "吸烟", "烟"]),
        (
            "alcohol",
            &["drink", "alcohol", "wine", "beer", "喝酒", "酒"],
        ),
        (
            "operation",
            &[
                "operat",
                "surg",
                "removed",
                "taken out",
                "hospital",
                "手术",
                "开刀",
                "切",
                "住院",
                "做过",
            ],
        ),
        (
            "birth",
            &["born", "birth", "weeks", "出生", "足月", "早产", "生的"],
        ),
        (
            "growth",
            &["grow", "walk", "talk", "develop", "长", "走路", "说话"],
        ),
        ("vaccin", &["vaccin", "immuniz", "jab", "疫苗", "打针"]),
    ];
    let low = text.to_lowercase();
    TOPICS
        .iter()
        .find(|(topic, _)| item.id.contains(topic))
        .is_none_or(|(_, words)| words.iter().any(|word| low.contains(word)))
}
