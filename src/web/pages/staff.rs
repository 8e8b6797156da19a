//! The ways in: log in, and the first time.

use askama::Template;

use super::Site;

/// The page `/login`. Posts `name`, `pin` and `next`.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "login.html")]
pub struct Login<'a> {
    /// What all pages share.
    pub site: Site<'a>,
    /// Where to go afterwards: a path of this program. The handler has checked it.
    pub next: &'a str,
    /// The name typed before, or empty.
    pub name: &'a str,
    /// Why the last try failed, in a sentence that does not tell whether the name exists.
    pub problem: Option<&'a str>,
}

/// Renders `/login`.
///
/// # Errors
/// Only if formatting fails.
pub fn login(page: &Login<'_>) -> Result<String, askama::Error> {
    page.render()
}

/// The page `/first`. Posts `code` (printed at the first start), `name` and `password` of the manager, `desk_name` and
/// `pin` for the desks.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "first.html")]
pub struct First<'a> {
    /// What all pages share.
    pub site: Site<'a>,
    /// The code typed before, or from the address.
    pub code: &'a str,
    /// The manager's name typed before, or empty.
    pub name: &'a str,
    /// The desks' name typed before; where it is empty, the page proposes `desk`.
    pub desk_name: &'a str,
    /// The shortest password, characters.
    pub least_password: u32,
    /// The shortest PIN, digits.
    pub least_pin: u32,
    /// Why the last try failed, in a sentence.
    pub problem: Option<&'a str>,
}

/// Renders `/first`.
///
/// # Errors
/// Only if formatting fails.
pub fn first(page: &First<'_>) -> Result<String, askama::Error> {
    page.render()
}
