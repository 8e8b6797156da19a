//! The desk: choose one, then one key each. The page is a frame; `desk.js` fills it from `GET /api/desks/{desk}`.

use askama::Template;

use super::Site;
use crate::queue::{DeskPhase, DeskRow};

/// The page `/desk`.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "desks.html")]
pub struct Desks<'a> {
    /// What all pages share.
    pub site: Site<'a>,
    /// Who is logged in.
    pub staff: &'a str,
    /// Whether they may open the manager's page.
    pub manager: bool,
    /// All desks.
    pub desks: &'a [DeskRow],
}

/// Renders `/desk`.
///
/// # Errors
/// Only if formatting fails.
pub fn desks(page: &Desks<'_>) -> Result<String, askama::Error> {
    page.render()
}

/// The page `/desk/{desk}`.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "desk.html")]
pub struct DeskPage<'a> {
    /// What all pages share.
    pub site: Site<'a>,
    /// Who is logged in.
    pub staff: &'a str,
    /// Whether they may open the manager's page.
    pub manager: bool,
    /// The desk's short name.
    pub id: &'a str,
    /// The desk's name.
    pub name: &'a str,
}

/// Renders `/desk/{desk}`.
///
/// # Errors
/// Only if formatting fails.
pub fn desk(page: &DeskPage<'_>) -> Result<String, askama::Error> {
    page.render()
}
