//! The one mapping from refusals and faults to HTTP: problem details, RFC 9457.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::branch::Failure;
use crate::ledger::Fault;
use crate::phrase::Words;
use crate::queue::Refusal;

/// An answer that something was not done, in RFC 9457's form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// `urn:nowserving:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A sentence a person can act on.
    pub detail: String,
    /// A stable name for programs.
    pub code: String,
    /// Seconds after which to try again, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
}

impl Problem {
    /// A problem with a stable code and a sentence.
    #[must_use]
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:nowserving:{code}"),
            title: status.canonical_reason().unwrap_or("Problem").to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
            retry_after_s: None,
        }
    }

    /// The request itself is wrong.
    #[must_use]
    pub fn bad(code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// There is nothing here; no hint whether there ever was.
    #[must_use]
    pub fn missing() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "There is nothing here. Check the address or scan the code again.")
    }

    /// The status as a type.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let retry = self.retry_after_s;
        let mut response = (self.status(), Json(self)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match &refusal {
            Refusal::UnknownService(..)
            | Refusal::UnknownDesk(_)
            | Refusal::UnknownTicket
            | Refusal::UnknownVoucher
            | Refusal::UnknownClass(_) => StatusCode::NOT_FOUND,
            Refusal::BadSetting(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Refusal::KeyTaken => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::CONFLICT,
        };
        Self::new(status, refusal.code(), refusal.to_string())
    }
}

impl From<&Fault> for Problem {
    fn from(fault: &Fault) -> Self {
        let (status, code) = match fault.is_full() {
            true => (StatusCode::INSUFFICIENT_STORAGE, "disk-full"),
            false => (StatusCode::SERVICE_UNAVAILABLE, "ledger-fault"),
        };
        Self::new(status, code, format!("{fault} Nothing was changed."))
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        tracing::error!(error = %fault, source = ?std::error::Error::source(&fault), "the ledger failed");
        Self::from(&fault)
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Fault(fault) => Self::from(fault.as_ref()),
            Failure::KeyReused => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused", failure.to_string()),
            Failure::Stopping => Self::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", failure.to_string()),
        }
    }
}

impl Problem {
    /// The same as [`Problem::from`] for a customer, in their language.
    pub(super) fn said(failure: Failure, words: Words) -> Self {
        match failure {
            Failure::Refused(refusal) => {
                let detail = words.refusal(&refusal);
                Self { detail, ..refusal.into() }
            }
            other => other.into(),
        }
    }
}

/// The path has no such method.
pub(super) async fn method_not_allowed() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "This address does not take that kind of request.")
}

/// A handler panicked. That is a defect; the process lives on, and the log says where.
pub(super) fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let detail = "Something went wrong here. Please try again; the log says what.";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "defect", detail).into_response()
}
