//! HTTP: thin. A handler parses, calls one use case and answers.

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

mod applications;
pub(crate) mod connections;
mod documents;
pub(crate) mod error;
mod extract;
mod health;
mod layers;
pub(crate) mod limits;
mod links;
pub(crate) mod metrics;
mod page;
mod photos;
mod receipts;
mod reports;
mod security;
mod sessions;
mod speech;
mod staff;
mod turns;

use error::ApiError;

/// Where the API begins.
const API: &str = "/api/v1";

/// The API: every route of it is one of the document, because there is no other way to add one.
fn api() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(documents::base())
        .nest(
            API,
            OpenApiRouter::new()
                .routes(routes!(applications::application))
                .routes(routes!(applications::hospitals))
                .routes(routes!(applications::hospital))
                .routes(routes!(applications::departments))
                .routes(routes!(applications::department))
                .routes(routes!(applications::doctors))
                .routes(routes!(applications::doctor))
                .routes(routes!(sessions::create))
                .routes(routes!(sessions::state, sessions::erase))
                .routes(routes!(sessions::make_code))
                .routes(routes!(sessions::resume))
                .routes(routes!(sessions::consent))
                .routes(routes!(sessions::feedback))
                .routes(routes!(turns::take))
                .routes(routes!(turns::events))
                .routes(routes!(turns::stop))
                .routes(routes!(speech::speech))
                .merge(of_reports())
                .routes(routes!(links::make))
                .routes(routes!(receipts::show, receipts::erase))
                .merge(staff::routes())
                .routes(routes!(documents::openapi)),
        )
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
}

fn of_reports() -> OpenApiRouter<Arc<App>> {
    let router = OpenApiRouter::new()
        .routes(routes!(reports::report))
        .routes(routes!(reports::fhir))
        .routes(routes!(reports::submit))
        .routes(routes!(reports::export))
        .routes(routes!(reports::fetch))
        .routes(routes!(photos::add))
        .routes(routes!(photos::photo, photos::remove))
        .routes(routes!(photos::fetch));
    #[cfg(feature = "pdf")]
    let router = router.routes(routes!(reports::paper));
    router
}

/// The API's description.
#[must_use]
pub fn document() -> OpenApi {
    api().to_openapi()
}

/// The whole patients' side.
pub fn router(app: Arc<App>) -> Router {
    let (api, _) = api().split_for_parts();
    api.merge(page::routes())
        .fallback(page::file)
        .method_not_allowed_fallback(|| async { ApiError::MethodNotAllowed })
        .route_layer(from_fn_with_state(Arc::clone(&app), staff::guard))
        .route_layer(from_fn(layers::note_route))
        .with_state(Arc::clone(&app))
        .merge(documents::viewer())
        .layer(from_fn_with_state(Arc::clone(&app), layers::guard))
        .layer(CatchPanicLayer::custom(on_panic))
        .layer(from_fn_with_state(app, layers::outermost))
}

fn on_panic(_: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    use axum::response::IntoResponse as _;
    // What it said may hold anything; the panic hook has written the place.
    tracing::error!("a handler panicked");
    ApiError::Internal.into_response()
}
