//! The Clopper-Pearson interval: how far a share could be from the truth, exactly, whatever the truth is.

/// The 95 % interval of `hits` of `all`.
pub fn clopper_pearson(hits: usize, all: usize) -> (f64, f64) {
    if all == 0 {
        return (0.0, 1.0);
    }
    let factorials = log_factorials(all);
    let lower = if hits == 0 {
        0.0
    } else {
        root(|share| at_least(hits, all, share, &factorials) < 0.025)
    };
    let upper = if hits == all {
        1.0
    } else {
        root(|share| 1.0 - at_least(hits + 1, all, share, &factorials) > 0.025)
    };
    (lower, upper)
}

/// The share at which a condition that holds below it ceases to hold.
fn root(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// Chance of at least `hits` of `all` when each has the chance `share`.
fn at_least(hits: usize, all: usize, share: f64, factorials: &[f64]) -> f64 {
    (hits..=all)
        .map(|count| {
            (factorials[all] - factorials[count] - factorials[all - count]
                + number(count) * share.ln()
                + number(all - count) * (1.0 - share).ln())
            .exp()
        })
        .sum()
}

fn log_factorials(all: usize) -> Vec<f64> {
    let mut sum = 0.0;
    std::iter::once(0.0)
        .chain((1..=all).map(|factor| {
            sum += number(factor).ln();
            sum
        }))
        .collect()
}

/// A count as a number; counts here are far below what a float holds exactly.
pub fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        let (low, high) = clopper_pearson(10, 10);
        assert!(
            (low - 0.691_5).abs() < 1e-3 && (high - 1.0).abs() < 1e-9,
            "{low} {high}"
        );
        let (low, high) = clopper_pearson(8, 20);
        assert!(
            (low - 0.191_2).abs() < 1e-3 && (high - 0.639_5).abs() < 1e-3,
            "{low} {high}"
        );
        let (low, high) = clopper_pearson(0, 5);
        assert!(
            low.abs() < 1e-9 && (high - 0.521_8).abs() < 1e-3,
            "{low} {high}"
        );
    }
}
