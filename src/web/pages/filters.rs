//! Filters of the templates.

use std::fmt::Display;

/// `1004` as people write it: `1,004`.
#[askama::filter_fn]
pub(super) fn figure(number: impl Display, _: &dyn askama::Values) -> askama::Result<String> {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    Ok(text)
}
