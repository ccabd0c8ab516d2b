//! The API's description: generated from the handlers, served as JSON and with a viewer.

use axum::Json;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, InfoBuilder, OpenApi, OpenApiBuilder};

/// The document before any route.
#[must_use]
pub fn base() -> OpenApi {
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The token a session's creation answered, once."))
        .build();
    let mut components = Components::new();
    components.add_security_scheme("session_token", SecurityScheme::Http(token));
    let key = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The key `anteroom key` printed, once."))
        .build();
    components.add_security_scheme("application_key", SecurityScheme::Http(key));
    let cookie = ApiKey::Cookie(ApiKeyValue::new(super::staff::COOKIE));
    components.add_security_scheme("staff", SecurityScheme::ApiKey(cookie));
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Anteroom")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "Finds the right department and doctor. Errors are RFC 9457 problem documents with a stable code. \
                     Every write carries the header X-Anteroom: 1.",
                )),
        )
        .components(Some(components))
        .build()
}

/// The API's description.
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "openapi",
    tag = "documents",
    responses((status = 200, description = "This document", content_type = "application/json", body = serde_json::Value))
)]
pub async fn openapi() -> Json<OpenApi> {
    Json(super::document())
}

/// The viewer for people, at `/api/docs`; its files are in the binary.
pub fn viewer() -> axum::Router {
    utoipa_swagger_ui::SwaggerUi::new("/api/docs")
        .config(utoipa_swagger_ui::Config::from("/api/v1/openapi.json"))
        .into()
}
