//! What is touched at a screen, asked of the hub.

use reqwest::{Client, RequestBuilder, StatusCode};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::hub_address::HubAddress;
use super::link::{PATIENCE, PAUSE, TRY, reason};
use super::news::{Issued, News, NoNumber, Order};
use crate::clock::stopwatch;

pub(super) async fn take_orders(
    hub: &HubAddress,
    client: &Client,
    mut orders: mpsc::UnboundedReceiver<Order>,
    deliver: &impl Fn(News),
) {
    while let Some(order) = orders.recv().await {
        match order {
            Order::Issue { touch, service, language, large } => {
                let body = IssueBody { service: &service, origin: "kiosk", language: language.as_deref(), large };
                let result = issue(hub, client, &body).await;
                deliver(News::Answer { touch, result });
            }
            Order::Reprint { key } => {
                let request = hub.signed(client.post(format!("{}/api/tickets/{key}/reprint", hub.url))).timeout(TRY);
                if let Err(error) = request.send().await.and_then(reqwest::Response::error_for_status) {
                    tracing::warn!(error = reason(&error), "a ticket was not printed again");
                }
            }
        }
    }
}

#[derive(Serialize)]
struct IssueBody<'a> {
    service: &'a str,
    origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    /// Not sent unless wished for: a hub of before knows no such member.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    large: bool,
}

#[derive(Deserialize)]
struct Problem {
    detail: String,
}

/// Asks for a number. One touch is one ticket: every try carries the same key.
async fn issue(hub: &HubAddress, client: &Client, body: &IssueBody<'_>) -> Result<Issued, NoNumber> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|_| NoNumber::NoAnswer)?;
    let key = data_encoding::HEXLOWER.encode(&random);
    let deadline = stopwatch() + PATIENCE;
    loop {
        let request = hub.signed(client.post(format!("{}/api/tickets", hub.url)));
        let request = request.header("idempotency-key", &key).timeout(TRY).json(body);
        match try_issue(request).await {
            Ok(result) => return result,
            Err(error) if stopwatch() + PAUSE >= deadline => {
                tracing::warn!(%error, "no answer to a touch");
                return Err(NoNumber::NoAnswer);
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// One try: the hub's word, or (`Err`) that it is worth another.
async fn try_issue(request: RequestBuilder) -> Result<Result<Issued, NoNumber>, String> {
    let answer = request.send().await.map_err(|error| reason(&error))?;
    let status = answer.status();
    if status.is_success() {
        return answer.json().await.map(Ok).map_err(|error| reason(&error));
    }
    let told = answer.json::<Problem>().await.map(|problem| problem.detail);
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            tracing::error!(told = ?told, "the hub does not know this kiosk");
            Ok(Err(NoNumber::NotEnrolled))
        }
        // stopping, overloaded: may be over in a second
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS | StatusCode::BAD_GATEWAY => {
            Err(told.unwrap_or_else(|_| status.to_string()))
        }
        _ => Ok(Err(told.map_or(NoNumber::NoAnswer, NoNumber::Refused))),
    }
}
