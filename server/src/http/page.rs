//! The page and its files, from the binary, in the form the browser takes.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::error::{self, ApiError};
use super::extract::ApiPath;
use super::security::FrameAncestors;
use crate::application::frame_source;
use crate::assets::{self, Asset};
use crate::{App, store};

const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const FRESH: &str = "no-cache";

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Anteroom</title>\
    <h1>The page is not built</h1><p>This server was built without it. Run <code>cargo xtask build</code>.</p></html>";

/// The page's addresses. The page itself knows what stands behind each.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(root))
        .route("/a/{app}", get(patient))
        .route("/a/{app}/{*rest}", get(patient_below))
        .route("/embed/{app}", get(embedded))
        .route("/embed/{app}/{*rest}", get(embedded_below))
        .route("/staff", get(staff))
        .route("/knowledge/{file}", get(gate))
}

async fn root(State(app): State<Arc<App>>) -> Result<Response, ApiError> {
    let first = store::applications::first(&mut *app.store.reader().await?).await?;
    first
        .map(|id| error::found(&format!("/a/{id}")))
        .ok_or(ApiError::NotFound)
}

async fn patient(
    State(app): State<Arc<App>>,
    ApiPath(id): ApiPath<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    exists(&app, &id).await?;
    Ok(html("index.html", &headers))
}

async fn patient_below(
    state: State<Arc<App>>,
    ApiPath((id, _)): ApiPath<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    patient(state, ApiPath(id), headers).await
}

async fn embedded(
    State(app): State<Arc<App>>,
    ApiPath(id): ApiPath<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let application = exists(&app, &id).await?;
    let sources: Vec<&str> = application
        .domains
        .iter()
        .filter_map(|domain| frame_source(domain))
        .collect();
    let ancestors = if sources.is_empty() {
        "'none'".to_owned()
    } else {
        sources.join(" ")
    };
    let mut response = html("index.html", &headers);
    response.extensions_mut().insert(FrameAncestors(ancestors));
    Ok(response)
}

async fn embedded_below(
    state: State<Arc<App>>,
    ApiPath((id, _)): ApiPath<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    embedded(state, ApiPath(id), headers).await
}

async fn exists(app: &App, id: &str) -> Result<store::applications::Application, ApiError> {
    store::applications::find(&mut *app.store.reader().await?, id)
        .await?
        .map(|(_, application)| application)
        .ok_or(ApiError::NotFound)
}

async fn staff(headers: HeaderMap) -> Response {
    html("staff.html", &headers)
}

/// A part of the gate: `gate-HASH-PART.bin`.
async fn gate(
    State(app): State<Arc<App>>,
    ApiPath(file): ApiPath<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let hash = &app.knowledge.gate.hash;
    let part = assets::GATE_PARTS
        .iter()
        .find(|part| file == format!("gate-{hash}-{}.bin", part.name))
        .ok_or(ApiError::NotFound)?;
    let tag = format!("{hash}-{}", part.name);
    Ok(send(
        part.asset(),
        "application/octet-stream",
        &tag,
        IMMUTABLE,
        &headers,
    ))
}

/// Any other file of the page; what is none is nothing.
pub async fn file(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let is_form_of_another = [".br", ".gz", ".html"]
        .iter()
        .any(|end| path.ends_with(end));
    let found = if is_form_of_another || path.starts_with("api/") {
        None
    } else {
        assets::find(path)
    };
    let Some(asset) = found else {
        return ApiError::NotFound.into_response();
    };
    if !matches!(method, Method::GET | Method::HEAD) {
        return ApiError::MethodNotAllowed.into_response();
    }
    let cache = if path.starts_with("assets/") {
        IMMUTABLE
    } else {
        FRESH
    };
    let tag = assets::tag(path);
    send(asset, content_type(path), &tag, cache, &headers)
}

fn html(name: &str, headers: &HeaderMap) -> Response {
    match assets::find(name) {
        Some(asset) => send(
            asset,
            "text/html; charset=utf-8",
            &assets::tag(name),
            FRESH,
            headers,
        ),
        None => (
            [
                (CONTENT_TYPE, "text/html; charset=utf-8"),
                (CACHE_CONTROL, FRESH),
            ],
            NOT_BUILT,
        )
            .into_response(),
    }
}

fn send(
    asset: Asset,
    kind: &'static str,
    tag: &str,
    cache: &'static str,
    headers: &HeaderMap,
) -> Response {
    let accepted = Accepted::of(headers);
    let (bytes, encoding) = match asset {
        Asset {
            brotli: Some(bytes),
            ..
        } if accepted.brotli => (bytes, Some("br")),
        Asset {
            gzip: Some(bytes), ..
        } if accepted.gzip => (bytes, Some("gzip")),
        Asset {
            plain: Some(bytes), ..
        } => (bytes, None),
        _ => return ApiError::NotFound.into_response(),
    };
    let tag = format!(
        "\"{tag}{}\"",
        encoding
            .map(|encoding| format!("-{encoding}"))
            .unwrap_or_default()
    );
    let known = headers
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let unchanged = known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
    let mut response = if unchanged {
        error::not_modified()
    } else {
        let body = match bytes {
            std::borrow::Cow::Borrowed(bytes) => Body::from(bytes),
            std::borrow::Cow::Owned(bytes) => Body::from(bytes),
        };
        Response::new(body)
    };
    let put = response.headers_mut();
    put.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    put.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    put.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        put.insert(ETAG, tag);
    }
    if let Some(encoding) = encoding {
        put.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Encodings a client takes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Accepted {
    brotli: bool,
    gzip: bool,
}

impl Accepted {
    fn of(headers: &HeaderMap) -> Self {
        let text = headers
            .get(ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let mut accepted = Self::default();
        for one in text.split(',') {
            let mut parts = one.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let refused = parts.any(|part| {
                part.strip_prefix("q=")
                    .and_then(|weight| weight.parse::<f32>().ok())
                    .is_some_and(|weight| weight <= 0.0)
            });
            match name {
                "br" => accepted.brotli = !refused,
                "gzip" => accepted.gzip = !refused,
                _ => {}
            }
        }
        accepted
    }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_taken_as_offered() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, value.parse().unwrap());
            let Accepted { brotli, gzip } = Accepted::of(&headers);
            (brotli, gzip)
        };
        assert_eq!(of("gzip, deflate, br, zstd"), (true, true));
        assert_eq!(of("gzip;q=1.0, br;q=0"), (false, true));
        assert_eq!(of("identity"), (false, false));
    }
}
