//! What is touched at a screen, asked of the hub.

use reqwest::{Client, RequestBuilder, StatusCode};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::hub_address::HubAddress;
use super::link::{PATIENCE, PAUSE, TRY, reason};
use super::news::{Found, Issued, News, NoNumber, Order};
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
            asking => ask(hub, client, asking, deliver).await,
        }
    }
}

#[derive(Deserialize)]
struct Rows {
    answers: Vec<Found>,
}

/// An address with what follows the question mark.
fn with(address: &str, query: &[(&str, String)]) -> String {
    reqwest::Url::parse_with_params(address, query).map_or_else(|_| address.to_owned(), String::from)
}

/// Answers are looked for and told of once: who types on asks anew, and a number matters more than a count.
async fn ask(hub: &HubAddress, client: &Client, order: Order, deliver: &impl Fn(News)) {
    let said = |request: RequestBuilder| async { request.timeout(TRY).send().await?.error_for_status() };
    let answers = format!("{}/api/answers", hub.url);
    let done = match order {
        Order::Look { ask, words, service, language } => {
            let mut query = vec![("q", words), ("typing", String::new()), ("lang", language)];
            query.extend(service.map(|service| ("service", service)));
            match said(hub.signed(client.get(with(&answers, &query)))).await {
                Ok(answer) => answer.json::<Rows>().await.map(|rows| deliver(News::Found { ask, answers: rows.answers })),
                Err(error) => Err(error),
            }
        }
        Order::Read { ask, id, language } => {
            let request = hub.signed(client.get(with(&format!("{answers}/{id}"), &[("lang", language)])));
            match said(request).await {
                Ok(answer) => answer.json().await.map(|answer| deliver(News::Whole { ask, answer })),
                Err(error) => Err(error),
            }
        }
        Order::Tell { id, what, language } => {
            let body = serde_json::json!({"what": what, "language": language});
            said(hub.signed(client.post(format!("{answers}/{id}"))).json(&body)).await.map(drop)
        }
        Order::Searched { words, language, found } => {
            let body = serde_json::json!({"words": words, "language": language, "found": found});
            said(hub.signed(client.post(format!("{}/api/searches", hub.url))).json(&body)).await.map(drop)
        }
        Order::Issue { .. } | Order::Reprint { .. } => Ok(()),
    };
    if let Err(error) = done {
        tracing::warn!(error = reason(&error), "the hub did not answer about answers");
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
