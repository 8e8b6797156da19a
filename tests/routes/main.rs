//! The hub as clients see it: every request goes through the router that serves them.

mod architecture;
mod document;
mod feed;
mod hub;
mod journeys;
mod limits;
mod roles;
mod wrong;
