//! `cargo xtask bench paper`: a report as long as a thorough interview makes it, printed in both languages.

use std::time::Instant;

use pdf::{Line, Section, Sheet};

use crate::failure::Failure;

/// Times it is printed in each language.
const TIMES: u32 = 40;

/// Milliseconds and kilobytes.
pub fn measure() -> Result<Vec<(&'static str, f64)>, Failure> {
    let (mut first, mut took, mut largest) = (0.0, Vec::new(), 0);
    for language in ["zh", "en"] {
        let sheet = sheet(language);
        for time in 0..TIMES {
            let begun = Instant::now();
            let printed = pdf::render(&sheet).map_err(|error| Failure::new(error.to_string()))?;
            let milliseconds = begun.elapsed().as_secs_f64() * 1000.0;
            if time == 0 && first == 0.0 {
                first = milliseconds;
            } else {
                took.push(milliseconds);
            }
            largest = largest.max(printed.len());
        }
    }
    let kilobytes = u32::try_from(largest).map_or(f64::INFINITY, f64::from) / 1024.0;
    let figures = vec![
        ("first_ms", first),
        ("p50_ms", super::percentile(&took, 0.5)),
        ("p99_ms", super::percentile(&took, 0.99)),
        ("largest_kib", kilobytes),
    ];
    for (name, value) in &figures {
        println!("{name:<12} {value:>8.1}");
    }
    Ok(figures)
}

fn sheet(language: &str) -> Sheet {
    let zh = language == "zh";
    let sentence = |number: u32| {
        if zh {
            format!(
                "第 {number} 条：从三天前开始，上楼和走路时更明显，休息后好一些，自己吃过止痛药"
            )
        } else {
            format!(
                "Line {number}: began three days ago, worse on stairs and on walking, eases with rest, took a painkiller"
            )
        }
    };
    let section = |number: u32| Section {
        heading: if zh {
            format!("第 {number} 节")
        } else {
            format!("Section {number}")
        },
        lines: (1..9)
            .map(|line| Line {
                text: sentence(line),
                quotes: vec![sentence(number)],
                ..Line::default()
            })
            .collect(),
        denied: (1..30).map(sentence).collect(),
    };
    Sheet {
        language: language.to_owned(),
        title: if zh {
            "预问诊记录"
        } else {
            "Pre-consultation history"
        }
        .to_owned(),
        sections: (1..9).map(section).collect(),
        ..Sheet::default()
    }
}
