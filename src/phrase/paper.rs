//! Sentences of the paper.

use super::catalogue::sentences;

sentences! { PAPER:
    /// When the ticket was made. {time} is a time of day.
    paper made_at(time) = "Made at {time}";
    /// Over the list of what to bring to the desk.
    paper have_ready_heading() = "Have ready";
    /// The mark of a reprint: one loud word.
    paper copy() = "COPY";
    /// Under that mark: what it means.
    paper copy_note() = "Printed again: same number,\nsame place in line";
}
