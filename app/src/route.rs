//! Where in the page the reader is, as an address. Full pages use the path, the embedded page the fragment: the server
//! knows `/embed/{app}` only. Pure; the browser's history is in `page`.

/// A place in the page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Place {
    /// The visit: arrival, questions, card, guidance.
    #[default]
    Talk,
    /// Consent, the step before a visit.
    Consent,
    /// All departments.
    Directory,
    /// One department with its doctors.
    Department(String),
    /// One hospital.
    Hospital(String),
    /// What is kept, download, withdrawal, deletion.
    MyData,
    /// A code for another device, or of one.
    Device,
}

/// An address taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Application id.
    pub application: String,
    /// Whether it is the page that hosts frame.
    pub embedded: bool,
    /// The place.
    pub place: Place,
}

impl Address {
    /// Reads an address from the path and the fragment of a URL. `None` if the path names no application.
    #[must_use]
    pub fn read(path: &str, fragment: &str) -> Option<Self> {
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        let embedded = match segments.next()? {
            "embed" => true,
            "a" => false,
            _ => return None,
        };
        let application = segments.next()?.to_owned();
        let in_path: Vec<&str> = segments.collect();
        let in_fragment: Vec<&str> = fragment
            .trim_start_matches('#')
            .split('/')
            .filter(|segment| !segment.is_empty())
            .collect();
        let place = place(if in_fragment.is_empty() {
            &in_path
        } else {
            &in_fragment
        });
        Some(Self {
            application,
            embedded,
            place,
        })
    }

    /// The URL of a place in the same page, with query kept out: nothing of a visit ever stands in it.
    #[must_use]
    pub fn url_of(&self, place: &Place) -> String {
        let base = format!(
            "/{}/{}",
            if self.embedded { "embed" } else { "a" },
            self.application
        );
        let rest = match place {
            Place::Talk => return base,
            Place::Consent => return base + "#/start",
            Place::MyData => return base + "#/my-data",
            Place::Device => return base + "#/device",
            Place::Directory => "/directory".to_owned(),
            Place::Department(id) => format!("/departments/{id}"),
            Place::Hospital(id) => format!("/hospitals/{id}"),
        };
        if self.embedded {
            format!("{base}#{rest}")
        } else {
            base + &rest
        }
    }
}

fn place(segments: &[&str]) -> Place {
    match segments {
        ["start"] => Place::Consent,
        ["my-data"] => Place::MyData,
        ["device"] => Place::Device,
        ["directory"] => Place::Directory,
        ["departments", id] => Place::Department((*id).to_owned()),
        ["hospitals", id] => Place::Hospital((*id).to_owned()),
        _ => Place::Talk,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> [Place; 7] {
        [
            Place::Talk,
            Place::Consent,
            Place::Directory,
            Place::Department("d1".to_owned()),
            Place::Hospital("h1".to_owned()),
            Place::MyData,
            Place::Device,
        ]
    }

    #[test]
    fn every_place_is_read_back_from_its_own_url() {
        for embedded in [true, false] {
            for place in places() {
                let address = Address {
                    application: "demo".to_owned(),
                    embedded,
                    place: place.clone(),
                };
                let url = address.url_of(&place);
                let (path, fragment) = url.split_once('#').unwrap_or((&url, ""));
                assert_eq!(Address::read(path, fragment), Some(address), "{url}");
            }
        }
    }

    #[test]
    fn an_embedded_page_never_leaves_its_path() {
        let address = Address {
            application: "demo".to_owned(),
            embedded: true,
            place: Place::Talk,
        };
        for place in places() {
            let url = address.url_of(&place);
            assert_eq!(url.split('#').next(), Some("/embed/demo"));
        }
    }

    #[test]
    fn other_paths_name_no_application() {
        assert_eq!(Address::read("/", ""), None);
        assert_eq!(Address::read("/staff", ""), None);
        assert_eq!(Address::read("/a", ""), None);
    }
}
