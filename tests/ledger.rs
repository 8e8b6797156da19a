//! Promises of the ledger: what is refused stays untouched, damage is found, backups are whole, what is erased is gone.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "ledger/backups.rs"]
mod backups;
#[path = "ledger/damage.rs"]
mod damage;
#[path = "ledger/exports.rs"]
mod exports;
mod kit;
#[path = "ledger/personal.rs"]
mod personal;
#[path = "ledger/settings.rs"]
mod settings;
#[path = "ledger/upgrades.rs"]
mod upgrades;
