//! Pages as pictures, text that can be read out again, words that are no markup.

use std::path::Path;

use super::*;

/// Of how many dots one may differ: fonts are drawn by the same code everywhere, numbers are rounded by others.
const ONE_OF: usize = 1000;

fn jpeg(width: u32, height: u32, dot: [u8; 3]) -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(width, height, image::Rgb(dot));
    let mut file = std::io::Cursor::new(Vec::new());
    let format = image::ImageFormat::Jpeg;
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

fn sheet(language: &str) -> Sheet {
    let zh = language == "zh";
    let either = |chinese: &str, english: &str| if zh { chinese } else { english }.to_owned();
    let line = |text: String, note: &str, quotes: &[&str]| Line {
        text,
        note: note.to_owned(),
        quotes: quotes.iter().map(|words| (*words).to_owned()).collect(),
    };
    let section = |heading: String, lines| Section {
        heading,
        lines,
        denied: Vec::new(),
    };
    let many = (1..60)
        .map(|number| {
            line(
                either(&format!("症状 {number}：无"), &format!("Sign {number}: no")),
                "",
                &[],
            )
        })
        .collect();
    Sheet {
        language: language.to_owned(),
        title: either("预问诊记录", "Pre-consultation history"),
        place: either("晨光医院", "Morning Light Hospital"),
        who: either("女，34 岁", "Female, 34 years"),
        not_a_diagnosis: either(
            "患者自述，由软件记录。不是诊断。",
            "The patient's own statements, taken down by software. Not a diagnosis.",
        ),
        chief_heading: either("主诉", "Chief complaint"),
        chief: either("膝痛2个月", "Knee pain for 2 months"),
        sections: vec![
            Section {
                denied: (1..24)
                    .map(|number| {
                        either(&format!("体征 {number}：无"), &format!("Mark {number}: no"))
                    })
                    .collect(),
                ..section(
                    either("现病史", "Present illness"),
                    vec![
                        line(
                            either("膝痛（2个月）", "Knee pain (2 months)"),
                            "",
                            &["my *knee* #panic() $x$ <b>hurts</b> 藥片"],
                        ),
                        line(
                            either("过敏", "Allergies"),
                            &either("（未问）", " (not asked)"),
                            &[],
                        ),
                    ],
                )
            },
            section(either("个人史", "Personal history"), many),
        ],
        photos_heading: either("患者提供的照片", "Photos by the patient"),
        photos: [(60, 20, [180, 40, 40]), (20, 60, [40, 40, 180])]
            .map(|(width, height, dot)| Photo {
                caption: either("药品的照片", "Photo of a medicine"),
                jpeg: jpeg(width, height, dot),
            })
            .into(),
        desk: Some(Desk {
            code: "ABCD-EFGH-JKMN".to_owned(),
            until: either("有效期至 2026年12月4日", "Works until 4 December 2026"),
            size: 4,
            dark: vec![(0, 0), (1, 1), (3, 2)],
        }),
    }
}

#[test]
fn pages_look_as_they_looked_when_a_person_saw_them() {
    for language in ["zh", "en"] {
        let document = lay_out(&sheet(language)).unwrap();
        assert_eq!(document.pages().len(), 2, "{language}");
        for (place, page) in document.pages().iter().enumerate() {
            let drawn = typst_render::render(page, &typst_render::RenderOptions::default());
            let name = format!("{language}-{}.png", place + 1);
            let golden = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("golden")
                .join(&name);
            if std::env::var_os("ANTEROOM_GOLDEN").is_some() {
                drawn.save_png(&golden).unwrap();
            }
            let seen = tiny_skia::Pixmap::load_png(&golden).unwrap();
            assert_eq!(
                (seen.width(), seen.height()),
                (drawn.width(), drawn.height())
            );
            let differing = seen
                .pixels()
                .iter()
                .zip(drawn.pixels())
                .filter(|(one, other)| one.red().abs_diff(other.red()) > 32)
                .count();
            assert!(
                differing * ONE_OF <= seen.pixels().len(),
                "{name}: {differing} dots differ"
            );
        }
    }
}

#[test]
fn the_text_can_be_read_out_in_both_languages() {
    for (language, words) in [
        ("zh", ["膝痛2个月", "症状 59：无", "不是诊断", "1 / 2"]),
        (
            "en",
            [
                "Knee pain for 2 months",
                "Sign 59: no",
                "Not a diagnosis",
                "1 / 2",
            ],
        ),
    ] {
        let pdf = render(&sheet(language)).unwrap();
        assert!(pdf.len() <= 500 * 1024, "{} bytes", pdf.len());
        let text = pdf_extract::extract_text_from_mem(&pdf).unwrap();
        // Chinese and Latin stand a little apart, which is read as a space.
        let dense = |text: &str| text.replace(char::is_whitespace, "");
        for word in words {
            assert!(dense(&text).contains(&dense(word)), "{word} in {text}");
        }
        // A patient's words are words, whatever they look like; traditional characters are there.
        assert!(
            text.contains("my *knee* #panic() $x$ <b>hurts</b>"),
            "{text}"
        );
        assert!(text.contains("藥片"), "{text}");
    }
}

#[test]
fn an_empty_report_and_strange_characters_are_printed_too() {
    let mut odd = Sheet {
        language: "en".to_owned(),
        ..Sheet::default()
    };
    assert!(render(&odd).unwrap().starts_with(b"%PDF-"));
    odd.sections.push(Section {
        heading: "💊".to_owned(),
        denied: Vec::new(),
        lines: vec![Line {
            text: "\u{0}\u{7}\u{202e}龘 \u{1f600}".repeat(2000),
            ..Line::default()
        }],
    });
    assert!(render(&odd).unwrap().len() < 500 * 1024);
}
