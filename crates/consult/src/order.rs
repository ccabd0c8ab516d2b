//! One sorting routine for items of every kind. The standard library's is written out anew for each type: a twentieth of the
//! page's code was copies of it.

use std::cmp::Ordering;

/// The items in order; equal ones keep their places.
pub(crate) fn sorted<T>(items: Vec<T>, compare: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let places = places(items.len(), &|one, other| {
        compare(&items[one], &items[other])
    });
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    places
        .into_iter()
        .filter_map(|place| items[place].take())
        .collect()
}

fn places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_unstable_by(|one, other| compare(*one, *other).then(one.cmp(other)));
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_items_keep_their_places() {
        let items = vec![(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd')];
        let order: String = sorted(items, |one, other| one.0.cmp(&other.0))
            .into_iter()
            .map(|(_, name)| name)
            .collect();
        assert_eq!(order, "bdac");
    }
}
