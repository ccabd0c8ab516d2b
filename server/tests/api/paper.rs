//! The report as a PDF.

use crate::support::Server;

#[tokio::test]
async fn a_report_is_printed_in_the_patients_language_or_the_doctors() {
    let server = Server::start().await;
    let session = server.begin().await;
    let begun = session.begin_interview().await;
    session.tell(begun).await;
    let report = session.report().await;
    let submitted = session.submit(report.seq).await;
    let print = async |query: &str| {
        let answer = session.get(&format!("/report.pdf{query}")).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "application/pdf");
        let pdf = answer.bytes().await.unwrap();
        assert!(pdf.len() <= 500 * 1024, "{} bytes", pdf.len());
        let text = pdf_extract::extract_text_from_mem(&pdf).unwrap();
        text.replace(char::is_whitespace, "")
    };
    let without_spaces = |text: &str| text.replace(char::is_whitespace, "");
    // The session's language is Chinese; a language nobody has is not taken.
    for (query, language, foot) in [
        ("", "zh", "不是诊断"),
        ("?language=tlh", "zh", "不是诊断"),
        ("?language=en", "en", "Notadiagnosis"),
    ] {
        let text = print(query).await;
        assert!(
            text.contains(foot) && text.contains(&submitted.code),
            "{text}"
        );
        assert!(
            text.contains(&without_spaces(report.chief_complaint.get(language))),
            "{text}"
        );
        for line in &report.lines {
            let sentence: String = without_spaces(line.text.get(language))
                .chars()
                .take(12)
                .collect();
            assert!(text.contains(&sentence), "{sentence} in {text}");
        }
        assert!(!text.contains(&session.created.id));
    }
}
