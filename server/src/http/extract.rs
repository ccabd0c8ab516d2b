//! What handlers take from a request, with problem documents where it does not fit.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::error::ApiError;
use crate::App;
use crate::config::Network;
use crate::conversation::Opened;
use crate::conversation::situation::Situation;
use crate::ids::SessionId;
use crate::keys::sealing::sha256;
use crate::store;
use crate::store::events::Log;
use crate::store::sessions::Session;

/// A JSON body.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, ApiError> {
        let bytes = json_bytes(request, app.config.limits.body_kib * 1024).await?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|_| ApiError::BadJson)
    }
}

async fn json_bytes(request: Request, limit: usize) -> Result<axum::body::Bytes, ApiError> {
    let kind = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let is_json = kind.is_some_and(|kind| {
        kind.split(';')
            .next()
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
    });
    if !is_json {
        return Err(ApiError::NotJson);
    }
    bytes(request, limit).await
}

/// The whole body, if it is no larger than `limit` bytes.
///
/// # Errors
/// If it is larger or breaks off.
pub async fn bytes(request: Request, limit: usize) -> Result<axum::body::Bytes, ApiError> {
    let announced = request
        .headers()
        .get(axum::http::header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(ApiError::TooLarge);
    }
    read(request.into_body(), limit).await
}

async fn read(body: Body, limit: usize) -> Result<axum::body::Bytes, ApiError> {
    to_bytes(body, limit).await.map_err(|error| {
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(one) = cause {
            if one.to_string().contains("length limit") {
                return ApiError::TooLarge;
            }
            cause = one.source();
        }
        ApiError::BadRequest
    })
}

/// Parts of the path.
#[derive(Debug)]
pub struct ApiPath<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<App>> for ApiPath<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        Path::from_request_parts(parts, app)
            .await
            .map(|Path(value)| Self(value))
            .map_err(|_| ApiError::NotFound)
    }
}

/// The query.
#[derive(Debug)]
pub struct ApiQuery<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Arc<App>> for ApiQuery<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        Query::from_request_parts(parts, app)
            .await
            .map(|Query(value)| Self(value))
            .map_err(|_| ApiError::BadRequest)
    }
}

/// The session of the path, opened by the request's token. A wrong token, another's session and none are all 404.
#[derive(Debug)]
pub struct PatientSession(pub Opened);

/// The same, with where the session stands.
#[derive(Debug)]
pub struct PatientTurn(pub Opened, pub Situation);

impl FromRequestParts<Arc<App>> for PatientSession {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let (id, hash) = named(parts, app).await?;
        let session = store::sessions::find_by_token(&mut *app.store.reader().await?, id, &hash)
            .await?
            .ok_or(ApiError::NotFound)?;
        open(app, session).await.map(Self)
    }
}

impl FromRequestParts<Arc<App>> for PatientTurn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let (id, hash) = named(parts, app).await?;
        let (session, events) =
            store::sessions::find_to_decide(&mut *app.store.reader().await?, id, &hash)
                .await?
                .ok_or(ApiError::NotFound)?;
        let opened = open(app, session).await?;
        let situation = Situation::opened(&opened, events)?;
        Ok(Self(opened, situation))
    }
}

/// The application whose key was shown. A wrong key is 404 like everything it does not open.
#[derive(Debug)]
pub struct ApplicationKey(pub String);

impl FromRequestParts<Arc<App>> for ApplicationKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let hash = bearer_hash(parts)?;
        store::applications::of_key(&mut *app.store.reader().await?, &hash)
            .await?
            .map(Self)
            .ok_or(ApiError::NotFound)
    }
}

/// Hash of the bearer token shown.
fn bearer_hash(parts: &Parts) -> Result<Vec<u8>, ApiError> {
    let token = parts
        .headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .map(str::trim)
        .filter(|token| !token.is_empty())
        .ok_or(ApiError::NoToken)?;
    Ok(sha256(token.as_bytes()))
}

/// The session a request names, and the hash of its token.
async fn named(parts: &mut Parts, app: &Arc<App>) -> Result<(SessionId, Vec<u8>), ApiError> {
    let hash = bearer_hash(parts)?;
    let path: Path<std::collections::HashMap<String, String>> =
        Path::from_request_parts(parts, app)
            .await
            .map_err(|_| ApiError::NotFound)?;
    let id = path
        .get("session")
        .and_then(|id| SessionId::parse(id))
        .ok_or(ApiError::NotFound)?;
    Ok((id, hash))
}

/// Opens a session that the token fits, within the limits.
async fn open(app: &Arc<App>, session: Session) -> Result<Opened, ApiError> {
    let now = app.clock.now();
    if session.expires_at <= now {
        return Err(ApiError::NotFound);
    }
    app.limits
        .application(&session.application, session.requests_per_minute)
        .map_err(ApiError::TooMany)?;
    app.usage
        .request(&session.organisation, &session.application, now);
    let key = app
        .keys
        .session(&session.organisation, session.id, now)
        .await?;
    let log = Log {
        organisation: session.organisation.clone(),
        session: session.id,
        key,
    };
    Ok(Opened { session, log })
}

/// Whether the caller asks for a JSON array where a stream is the other form.
#[must_use]
pub fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| {
            accept.contains("application/json") && !accept.contains("text/event-stream")
        })
}

/// Whether the caller asks for FHIR where our own JSON is the other form.
#[must_use]
pub fn wants_fhir(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains(FHIR_JSON))
}

/// Media type of FHIR as JSON.
pub const FHIR_JSON: &str = "application/fhir+json";

/// The patient's address: the connection's, or what a trusted proxy says it is.
#[must_use]
pub fn client_address(request: &Request, trusted: &[Network]) -> IpAddr {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| {
            info.0.ip().to_canonical()
        });
    address_behind(peer, request.headers(), trusted)
}

/// The patient's address, as [`client_address`] says it.
#[derive(Debug)]
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<Arc<App>> for ClientAddress {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| {
                info.0.ip().to_canonical()
            });
        let trusted = &app.config.server.trusted_proxies;
        Ok(Self(address_behind(peer, &parts.headers, trusted)))
    }
}

fn address_behind(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut address = peer;
    if !is_trusted(address) {
        return address;
    }
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    // From the nearest hop outwards, as long as each is one of ours; what a stranger wrote further out is not believed.
    for hop in hops.into_iter().rev() {
        let Ok(next) = hop.trim().parse::<IpAddr>() else {
            return address;
        };
        address = next.to_canonical();
        if !is_trusted(address) {
            return address;
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", value.parse().unwrap());
        headers
    }

    fn network(text: &str) -> Network {
        Network::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let (peer, patient) = (
            "10.0.0.1".parse().unwrap(),
            "203.0.113.9".parse::<IpAddr>().unwrap(),
        );
        let forged = headers("198.51.100.1, 203.0.113.9");
        assert_eq!(address_behind(peer, &forged, &[]), peer);
        assert_eq!(
            address_behind(peer, &forged, &[network("10.0.0.0/8")]),
            patient
        );
        let two = headers("198.51.100.1, 203.0.113.9, 10.0.0.7");
        assert_eq!(
            address_behind(peer, &two, &[network("10.0.0.0/8")]),
            patient
        );
        assert_eq!(
            address_behind(peer, &headers("junk"), &[network("10.0.0.0/8")]),
            peer
        );
    }

    #[test]
    fn a_stream_is_the_default() {
        let accept = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, value.parse().unwrap());
            wants_json(&headers)
        };
        assert!(!wants_json(&HeaderMap::new()));
        assert!(!accept("*/*") && !accept("text/event-stream"));
        assert!(accept("application/json"));
    }
}
