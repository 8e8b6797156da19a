//! Sentences around questions and their answers, on phone and kiosk.

use super::catalogue::sentences;

sentences! { ANSWERS:
    /// Headline over up to three questions that may be the reader's own.
    answers perhaps_this_helps() = "Perhaps this helps already";
    /// Over what is found where none of it is likely to be the answer.
    answers nothing_quite_fits() = "Nothing quite fits. Perhaps one of these?";
    /// A button under questions that were found.
    answers none_of_these() = "None of these";
    /// After that button, to somebody who waits.
    answers noted_ask_desk() = "Thank you. We have noted what is missing. Ask at the desk: your place is kept.";
    /// After that button, to somebody who has no number.
    answers noted_take_number() = "Thank you. We have noted what is missing. Take a number and ask at a desk.";
    /// A button beside the field for a question.
    answers search() = "Search";
    /// A link to all questions that are answered.
    answers all_questions() = "All questions";
    /// Over the questions that concern everybody.
    answers for_everyone() = "For everyone";
    /// Where no question is answered yet.
    answers no_answers_yet() = "Nothing is written here yet. Please ask at a desk.";
    /// A link back to the page of a ticket.
    answers back_to(number) = "Back to {number}";
    /// Under an answer.
    answers did_it_answer() = "Did this answer it?";
    /// A button under that question: the reader needs no desk any more.
    answers yes_give_back() = "Yes – give my place to the next person";
    /// A button under that question.
    answers yes_keep_place() = "Yes, and I keep my place";
    /// A button under that question.
    answers yes() = "Yes";
    /// A button under that question.
    answers no() = "No";
    /// After "Yes".
    answers glad() = "We are glad that it helped.";
    /// After "No", to somebody who waits.
    answers then_ask_desk() = "Then ask at the desk: your place is kept.";
    /// After "No", to somebody who has no number.
    answers then_take_number() = "Then take a number and ask at a desk.";
    /// A button, on the page of a number that was just given up.
    answers take_my_place_back() = "Take my place back";
    /// Under it. {time} is a time of day.
    answers place_until(time) = "Your place is yours again if you press until {time}.";
    /// Headline over an answer that somebody at a desk sends to the customer's phone.
    answers desk_hands_you() = "From the desk, for you";
}
