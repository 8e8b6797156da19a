//! Sentences of the kiosk, the board and the desks' signs, and those that every surface says.

use super::catalogue::sentences;

sentences! { SCREENS:
    /// The language's own name, as its speakers write it: "Deutsch".
    common own_name() = "English";
    /// Which way the language is written: "ltr" (from left to right) or "rtl" (from right to left). Nothing else.
    common direction() = "ltr";
    /// How many wait in a line.
    common waiting(n) = "{n} waiting" / "{n} waiting";
    /// The same where nobody does.
    common nobody_waiting() = "nobody waiting";
    /// How many are served before the reader.
    common people_before_you(n) = "{n} person before you" / "{n} people before you";
    /// The same where nobody is.
    common you_are_next() = "You are next";
    /// In the place of a wait where nobody serves that line.
    common no_desk() = "No desk is open";
    /// In the place of a promise where no desk is open.
    common no_promise() = "No desk is open yet. You will be called as soon as one is.";
    /// Beside a wait of a branch that knows too little yet to keep its word.
    common learning() = "We are still learning how long this takes.";
    /// What to bring to the desk, in one line. {things} is the branch's own text.
    common have_ready(things) = "Have ready: {things}";
    /// Why a service gives no numbers. {reason} is the branch's own text.
    common stopped_because(reason) = "No numbers now: {reason}";
    /// A service gives no numbers.
    common stopped() = "No numbers now";
    /// Over a courtesy: why a customer gets it. {number} is the ticket's, where it could be taken for somebody else's.
    common sorry_number(number) = "{number}: you waited longer than we said. We are sorry.";
    /// The same on the customer's own page.
    common sorry() = "You waited longer than we said. We are sorry.";
    /// Under a voucher's code.
    common voucher_valid() = "Valid today. Show this code at a desk.";
    /// Beside the QR code of the branch's page. Two short lines.
    common wait_on_phone() = "Your wait,\non your phone";
    /// Over the newest call, while its desk has it.
    common now_serving() = "Now serving";
    /// Over the newest call, once its desk does not have it any more.
    common last_called() = "Last called";
    /// Headline of a closed branch.
    common closed() = "We are closed";

    /// Until when the branch is open today, in a header.
    kiosk open_until(clock) = "open until {clock}";
    /// Headline of a branch that serves whoever waits and gives no more numbers.
    kiosk closing() = "No more numbers today";
    /// What those who have a number should know then.
    kiosk closing_more() = "Whoever has a number is still served.";
    /// Headline of a screen that waits for the branch.
    kiosk starting() = "One moment, please";
    /// What such a screen waits for.
    kiosk starting_more() = "This screen is starting.";
    /// While a number is being written down.
    kiosk busy_more() = "Your number is being written down.";
    /// The kiosk without a connection: headline.
    kiosk kiosk_lost() = "This screen has lost its connection";
    /// The kiosk without a connection: what to do.
    kiosk kiosk_lost_more() = "It comes back by itself. If you are in a hurry, ask at a desk for a number.";
    /// Headline of a refusal: the kiosk gives no number.
    kiosk no_number() = "Sorry, no number";
    /// Headline if no answer came.
    kiosk no_answer() = "That did not get through";
    /// What to do if no answer came.
    kiosk no_answer_more() = "Please touch again, or ask at a desk for a number.";
    /// A kiosk that staff have not enrolled yet.
    kiosk kiosk_unknown() = "This kiosk may not give numbers yet: staff must enrol it. Please ask at a desk for a number.";
    /// A branch without services: headline.
    kiosk nothing() = "There is nothing to choose yet";
    /// A branch without services: what to do.
    kiosk nothing_more() = "Please ask at a desk. Staff add services on the manager's page.";
    /// Where to wait, on a new ticket.
    kiosk where_to_wait() = "Please wait in the hall. The board calls your number.";
    /// What to do with a new ticket where no paper comes out.
    kiosk scan() = "Remember your number, or scan to follow on your phone";
    /// What to do with a new ticket where paper comes out.
    kiosk take_paper() = "Take your paper, or scan to follow on your phone";

    /// The code that phones need today to take a number.
    board code_today(code) = "Code today: {code}";
    /// A board or sign whose connection is lost.
    board lost_since(clock) = "No connection since {clock}";
    /// What whoever waits should do then.
    board listen() = "Please listen for your number.";
    /// A courtesy for all who waited too long; nobody's number is named. {text} is the branch's own text.
    board courtesy_for_all(text) = "Did you wait longer than we said? {text}";
    /// A desk's state, in the board's list: nobody sits there.
    board desk_closed_word() = "closed";
    /// A desk's state, in the board's list: it serves.
    board desk_open_word() = "open";
    /// A desk's state, in the board's list: back soon.
    board desk_paused_word() = "paused";

    /// A desk's sign: the called customer is to come.
    sign come() = "Please come to this desk";
    /// A desk's sign: the same, said again.
    sign come_again() = "Called again: please come to this desk now";
    /// A desk's sign while somebody is served.
    sign being_served() = "Being served";
    /// A desk's sign while nobody is called.
    sign desk_free() = "Please wait for your number";
    /// A desk's sign during a pause.
    sign desk_paused() = "Back in a few minutes";
    /// A desk's sign while it is closed.
    sign desk_closed() = "This desk is closed";
    /// A sign for a desk that the branch does not have.
    sign no_such_desk(desk) = "The branch has no desk {desk}";

    /// The kiosk's first page: its headline.
    kiosk what_can_we_do() = "What can we do for you?";
    /// The kiosk where there is one service: what to do.
    kiosk touch_here() = "Touch here for your number";
    /// The kiosk while it is the board: what to do.
    kiosk touch_for_number() = "Touch for a number";
    /// Over a new number.
    kiosk your_number() = "Your number";
    /// What a ticket's QR code is, for whoever listens to the screen.
    kiosk ticket_page() = "Your ticket's page, for your phone";
    /// A button: this person is done. Short.
    kiosk done() = "Done";
    /// A button: the services, for whoever is next. Short.
    kiosk next_person() = "Next person";
    /// A button: the paper did not come, or was lost. Short.
    kiosk print_again() = "Print again";
    /// What stands on the ticket's page then.
    kiosk printing_again() = "It is printed again. Take your paper";
    /// A button: away from here. Short.
    kiosk back_to_start() = "Back to start";
    /// A button: larger, within reach, with more contrast. Short.
    kiosk easier() = "Easier to use";
    /// A button: the way back from it. Short.
    kiosk as_before() = "As before";
    /// Over the languages.
    kiosk which_language() = "Which language?";
    /// A button: not all services have room. Short.
    kiosk more() = "More";
    /// Headline of a kiosk where no service gives numbers.
    kiosk all_stopped() = "No numbers just now";
    /// The same: when that changes.
    kiosk all_stopped_more() = "Numbers are given again as soon as there is room. This screen shows it at once.";
    /// How long a ticket stays on the screen.
    kiosk back_in(seconds) = "Back to start in {seconds} s. Touch to stay.";
    /// Before somebody's language or size is taken back.
    kiosk still_there(seconds) = "Are you still there? Back to start in {seconds} s. Touch to stay.";
    /// The kiosk shortly before the branch closes.
    kiosk closes_at(clock) = "We close at {clock}. Whoever has a number then is still served.";

    /// A button: the answers to what people often ask. Short.
    kiosk questions_and_answers() = "Questions and answers";
    /// In the field to type a question in.
    kiosk what_is_your_question() = "What is your question?";
    /// Nothing was found for what was typed.
    kiosk nothing_found() = "Nothing is found. Try another word, or ask at a desk.";
    /// A key of the keyboard on the screen. One word.
    kiosk space_key() = "space";
    /// A key of the keyboard on the screen: takes a letter back. One word.
    kiosk erase_key() = "erase";

    /// In the newest call, when it was made before.
    board called_again() = "Called again";
    /// In the place of the newest call, before the first.
    board called_here() = "Numbers are called here";
    /// In the place of the newest call while no desk is open.
    board no_desk_yet() = "No desk is open yet";
    /// A notice while people wait and no desk is open.
    board no_desk_more() = "No desk is open just now. Numbers keep their place; the first desk that opens calls the first number.";
    /// Beside the code that joins the store's Wi-Fi. Two short lines.
    board wifi() = "Wi-Fi\nfor your phone";
    /// Over what to have ready for a service. {service} is the branch's own text.
    board waiting_for(service) = "Waiting for {service}?";
    /// What to have ready. {things} is the branch's own text.
    board ready_headline(things) = "Have ready: {things}.";
    /// Why to have it ready.
    board ready_more() = "Then it goes quicker at the desk, for you and for everybody after you.";
    /// Advice on following the line by phone: headline.
    board phone_headline() = "You need not stand here.";
    /// Advice on following the line by phone.
    board phone_more() = "Scan the code on your ticket: your phone shows when you are called. Look around meanwhile.";
    /// Until when the branch is open: headline.
    board open_today(clock) = "Open today until {clock}.";
    /// The same: who is served then.
    board open_today_more() = "Whoever has a number then is still served.";
}
