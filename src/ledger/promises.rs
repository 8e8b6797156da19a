//! The promises of closed business days, and what came of them.

use rusqlite::{Connection, Row, params};

use super::Fault;
use crate::estimate::{Promised, Waited};
use crate::queue::{Forecast, Promise};

/// Every promise of the closed business days from `day` on and before `before`, oldest day first. Reads those days only,
/// whatever the length of the history: `unique (day, number)` is the index.
///
/// # Errors
/// A [`Fault`] of the disk.
pub fn promises_since(connection: &Connection, day: u32, before: u32) -> Result<Vec<Promised>, Fault> {
    let mut statement = connection.prepare_cached(
        "select day, date, number, promise_from, promise_to, learning, void, called_ms, first_wait_ms, uncalled_ms,
           forecast_low_s, forecast_mid_s, forecast_high_s, forecast_naive_s, forecast_ahead, forecast_desks, forecast_model
         from visits where day >= ?1 and day < ?2 and promise_to is not null order by day",
    )?;
    let rows = statement.query_map(params![day, before], promised)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn promised(row: &Row<'_>) -> rusqlite::Result<Promised> {
    let date: String = row.get("date")?;
    let number: String = row.get("number")?;
    let called: Option<i64> = row.get("called_ms")?;
    let waited = match called {
        Some(_) => Waited::Called(row.get("first_wait_ms")?),
        None => Waited::Uncalled(row.get("uncalled_ms")?),
    };
    let void: Option<String> = row.get("void")?;
    let promise = Promise {
        from_min: row.get("promise_from")?,
        to_min: row.get("promise_to")?,
        // a history whose events could not be read tells no more: not in the headline
        learning: row.get::<_, Option<bool>>("learning")?.unwrap_or(true),
        forecast: forecast(row)?,
    };
    Ok(Promised {
        day: row.get("day")?,
        date: date.parse().unwrap_or_default(),
        service: Promised::service_of(&number),
        promise,
        void: void.is_some(),
        waited,
    })
}

fn forecast(row: &Row<'_>) -> rusqlite::Result<Option<Forecast>> {
    let Some(mid_s) = row.get("forecast_mid_s")? else { return Ok(None) };
    Ok(Some(Forecast {
        low_s: row.get("forecast_low_s")?,
        mid_s,
        high_s: row.get("forecast_high_s")?,
        naive_s: row.get("forecast_naive_s")?,
        ahead: row.get("forecast_ahead")?,
        desks: row.get("forecast_desks")?,
        model: row.get("forecast_model")?,
        simple: false,
        inputs: None,
    }))
}
