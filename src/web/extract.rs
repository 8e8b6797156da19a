//! What stands in an address. What cannot be read there is no place of ours, and is answered like any other.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::{Problem, Shared};

/// The named parts of a path. An address that is no text leads nowhere.
pub(super) struct Path<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Shared> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        let path = axum::extract::Path::from_request_parts(parts, app).await;
        path.map(|axum::extract::Path(named)| Self(named)).map_err(|_| Problem::missing())
    }
}

/// What follows the question mark. A page does without what it cannot read.
pub(super) struct Query<T>(pub(super) T);

impl<T: DeserializeOwned + Default> FromRequestParts<Shared> for Query<T> {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Self::Rejection> {
        let query = axum::extract::Query::try_from_uri(&parts.uri);
        Ok(query.map_or_else(|_| Self(T::default()), |axum::extract::Query(named)| Self(named)))
    }
}
