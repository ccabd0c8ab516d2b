//! Whether a session helped, as codes; no free text.

use wire::session::Feedback;

use crate::App;
use crate::conversation::{Opened, TurnError};
use crate::store;

/// Reasons there are.
const REASONS: [&str; 4] = [
    "wrong_department",
    "too_many_questions",
    "not_understood",
    "other",
];

/// Notes a session's feedback; a second one replaces the first.
///
/// # Errors
/// `unknown_reason`, or if the store fails.
pub async fn note(app: &App, opened: &Opened, feedback: Feedback) -> Result<(), TurnError> {
    if feedback
        .reason
        .as_deref()
        .is_some_and(|reason| !REASONS.contains(&reason))
    {
        return Err(TurnError::Input("unknown_reason"));
    }
    let (organisation, session, now) = (
        opened.session.organisation.clone(),
        opened.session.id,
        app.clock.now(),
    );
    app.store
        .write(move |connection| {
            Box::pin(async move {
                store::privacy::set_feedback(connection, &organisation, session, &feedback, now)
                    .await
            })
        })
        .await?;
    Ok(())
}
