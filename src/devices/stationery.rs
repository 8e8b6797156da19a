//! What every paper of the branch has, as managers have it at the moment of printing.

use rusqlite::Connection;

use crate::ledger::Papers;
use crate::paper::{Stationery, stored};

/// Keeps the stationery at hand: it is asked for with every paper and changes a few times a year.
#[derive(Debug, Default)]
pub(super) struct Drawer {
    /// The version in the ledger that the stationery was made of.
    version: Option<i64>,
    stationery: Stationery,
}

impl Drawer {
    /// For a branch of that name, whose tickets' pages are at `public_url`.
    pub(super) fn new(store: &str, public_url: &str) -> Self {
        let (store, public_url) = (store.to_owned(), public_url.to_owned());
        Self { version: None, stationery: Stationery { store, public_url, ..Stationery::default() } }
    }

    /// What is live now. A ledger that cannot be read costs the news, not the paper.
    pub(super) fn live(&mut self, connection: &Connection) -> &Stationery {
        match Papers(connection).live() {
            Ok(Some(row)) if self.version != Some(row.id) => {
                let (parts, logo) = stored(&row.body, row.logo.as_deref());
                (self.stationery.parts, self.stationery.logo) = (parts, logo);
                self.version = Some(row.id);
            }
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "what stands on a ticket could not be read; it is printed as before"),
        }
        &self.stationery
    }
}
