//! Views of the directory for the page: one record, or a searched list by pages.

use consult::guide::directory::{Department, Directory, Doctor, Hospital};
use wire::Localized;
use wire::directory as shown;
use wire::directory::Page;

use super::words::{clinic, fee, for_whom, half_days, localized, opening_hours, said};

/// Rows of one page of a list.
const PAGE: usize = 50;

/// What a list is narrowed by.
#[derive(Debug, Default, Clone)]
pub struct Narrowing<'a> {
    /// Hospital or department the rows belong to.
    pub owner: Option<&'a str>,
    /// Words that must stand in the row; all of them, in any language.
    pub search: Option<&'a str>,
    /// Place to go on from, as the last page said.
    pub cursor: Option<&'a str>,
}

impl Narrowing<'_> {
    fn page<T>(&self, rows: impl Iterator<Item = (usize, T)>) -> Page<T> {
        // A cursor is the position of the next row; one that does not read begins at the beginning.
        let from = self
            .cursor
            .and_then(|cursor| cursor.parse().ok())
            .unwrap_or(0_usize);
        let mut items = Vec::new();
        let mut next = None;
        for (position, row) in rows.skip_while(|(position, _)| *position < from) {
            if items.len() == PAGE {
                next = Some(position.to_string());
                break;
            }
            items.push(row);
        }
        Page { items, next }
    }

    fn matches(&self, texts: &[&consult::Text]) -> bool {
        let Some(search) = self.search else {
            return true;
        };
        search.to_lowercase().split_whitespace().all(|word| {
            texts
                .iter()
                .any(|text| text.0.values().any(|one| one.to_lowercase().contains(word)))
        })
    }
}

/// A hospital as shown.
#[must_use]
pub fn hospital(hospital: &Hospital) -> shown::Hospital {
    shown::Hospital {
        id: hospital.id.clone(),
        name: localized(&hospital.name),
        address: localized(&hospital.address),
        travel: localized(&hospital.travel),
        introduction: localized(&hospital.introduction),
        phone: hospital.phone.clone(),
        triage_desk: localized(&hospital.triage_desk),
        emergency: said(&hospital.emergency),
    }
}

/// A department as shown.
#[must_use]
pub fn department(department: &Department) -> shown::Department {
    shown::Department {
        id: department.id.clone(),
        hospital: department.hospital.clone(),
        name: localized(&department.name),
        introduction: localized(&department.introduction),
        specialties: department.specialties.clone(),
        floor: localized(&department.floor),
        hours: opening_hours(&department.hours),
        prepare: said(&department.prepare),
        bring: said(&department.bring),
        phone: department.phone.clone(),
        for_whom: for_whom(department),
    }
}

/// A doctor as shown.
#[must_use]
pub fn doctor(directory: &Directory, doctor: &Doctor) -> shown::Doctor {
    let department_name = directory
        .departments
        .iter()
        .find(|department| department.id == doctor.department)
        .map_or_else(Localized::default, |department| localized(&department.name));
    shown::Doctor {
        id: doctor.id.clone(),
        department: doctor.department.clone(),
        department_name,
        name: localized(&doctor.name),
        title: localized(&doctor.title),
        expertise: localized(&doctor.expertise),
        introduction: localized(&doctor.introduction),
        clinic: clinic(doctor.clinic),
        hours: half_days(&doctor.hours),
        fee: doctor.fee.map(fee),
        places_left: doctor.places_left,
    }
}

/// Hospitals by page.
#[must_use]
pub fn hospitals(directory: &Directory, by: &Narrowing<'_>) -> Page<shown::Hospital> {
    by.page(
        directory
            .hospitals
            .iter()
            .enumerate()
            .filter(|(_, one)| by.matches(&[&one.name, &one.address, &one.introduction]))
            .map(|(position, one)| (position, hospital(one))),
    )
}

/// Departments by page.
#[must_use]
pub fn departments(directory: &Directory, by: &Narrowing<'_>) -> Page<shown::Department> {
    by.page(
        directory
            .departments
            .iter()
            .enumerate()
            .filter(|(_, one)| by.owner.is_none_or(|owner| one.hospital == owner))
            .filter(|(_, one)| by.matches(&[&one.name, &one.introduction, &one.floor]))
            .map(|(position, one)| (position, department(one))),
    )
}

/// Doctors by page.
#[must_use]
pub fn doctors(directory: &Directory, by: &Narrowing<'_>) -> Page<shown::Doctor> {
    let department_name = |one: &Doctor| {
        directory
            .departments
            .iter()
            .find(|department| department.id == one.department)
            .map(|department| &department.name)
    };
    by.page(
        directory
            .doctors
            .iter()
            .enumerate()
            .filter(|(_, one)| by.owner.is_none_or(|owner| one.department == owner))
            .filter(|(_, one)| {
                let mut texts = vec![&one.name, &one.title, &one.expertise, &one.introduction];
                texts.extend(department_name(one));
                by.matches(&texts)
            })
            .map(|(position, one)| (position, doctor(directory, one))),
    )
}
