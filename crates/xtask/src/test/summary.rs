//! Adds up what the runners report.

use crate::command::step;
use crate::failure::Outcome;

/// What ran and how it went.
#[derive(Debug, Default)]
pub struct Summary {
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    name: String,
    passed: usize,
    failed: usize,
    seconds: f64,
}

impl Summary {
    /// Does a check that counts as one test. Answers whether it passed.
    pub fn check(&mut self, name: &str, work: impl FnOnce() -> Outcome) -> bool {
        let begun = std::time::Instant::now();
        let outcome = step(name, work);
        if let Err(failure) = &outcome {
            println!("{failure}");
        }
        let passed = outcome.is_ok();
        self.rows.push(Row {
            name: name.to_owned(),
            passed: usize::from(passed),
            failed: usize::from(!passed),
            seconds: begun.elapsed().as_secs_f64(),
        });
        passed
    }

    /// Adds a runner's own count. One that ended badly without naming a failed test (it did not build, it crashed, it found
    /// nothing to run) is a failure itself.
    pub fn runner(&mut self, name: &str, counted: (usize, usize), ended_well: bool, seconds: f64) {
        let (passed, failed) = counted;
        let failed = if (!ended_well || passed + failed == 0) && failed == 0 {
            1
        } else {
            failed
        };
        self.rows.push(Row {
            name: name.to_owned(),
            passed,
            failed,
            seconds,
        });
    }

    /// Prints one line per step.
    pub fn print(&self) {
        for row in &self.rows {
            println!(
                "{:<44} {:>5} passed {:>4} failed {:>7.1} s",
                row.name, row.passed, row.failed, row.seconds
            );
        }
    }

    /// The closing line.
    pub fn line(&self) -> String {
        let (passed, failed) = self
            .rows
            .iter()
            .fold((0, 0), |sum, row| (sum.0 + row.passed, sum.1 + row.failed));
        format!("{passed} passed, {failed} failed")
    }

    /// Whether nothing failed.
    pub fn passed(&self) -> bool {
        self.rows.iter().all(|row| row.failed == 0)
    }
}

/// Passed and failed of a line `test result: ok. 3 passed; 0 failed; …`.
pub fn result_line(line: &str) -> Option<(usize, usize)> {
    let counts = line.trim().strip_prefix("test result:")?;
    let number_before = |word: &str| {
        let words: Vec<&str> = counts
            .split([' ', ';', '.'])
            .filter(|part| !part.is_empty())
            .collect();
        words
            .iter()
            .position(|part| *part == word)
            .and_then(|place| place.checked_sub(1))
            .and_then(|place| words[place].parse().ok())
    };
    Some((number_before("passed")?, number_before("failed")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_line_is_read() {
        assert_eq!(
            result_line(
                "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.02s"
            ),
            Some((12, 0))
        );
        assert_eq!(
            result_line("test result: FAILED. 3 passed; 2 failed; 0 ignored"),
            Some((3, 2))
        );
        assert_eq!(result_line("test a ... ok"), None);
    }

    #[test]
    fn a_runner_that_crashed_is_a_failure() {
        let mut summary = Summary::default();
        summary.runner("a", (4, 0), false, 0.0);
        assert_eq!(summary.line(), "4 passed, 1 failed");
        assert!(!summary.passed());
    }

    #[test]
    fn a_runner_that_ran_nothing_is_a_failure() {
        let mut summary = Summary::default();
        summary.runner("a", (0, 0), true, 0.0);
        assert!(!summary.passed());
    }

    #[test]
    fn counts_are_summed_over_all_runners() {
        let mut summary = Summary::default();
        summary.runner("a", (4, 0), true, 0.0);
        summary.runner("b", (2, 3), false, 0.0);
        assert_eq!(summary.line(), "6 passed, 3 failed");
    }
}
