//! Sentences of the phone's pages and of the board in a browser.

use super::catalogue::sentences;

sentences! { PAGES:
    /// The page's title. {store} is the branch's name.
    phone lines_now_of(store) = "{store}: the lines now";
    /// A link to the page of all lines.
    phone lines_now() = "The lines now";
    /// Headline of a branch that closes soon.
    phone closing_soon() = "We are closing";
    /// Under it.
    phone closing_soon_more() = "Everyone who has a number is still served. No more numbers are given today.";
    /// Headline over the services with their waits: how it would be for somebody who came now.
    phone if_you_came_now() = "If you came now";
    /// Until when the branch is open today.
    phone open_until_sentence(clock) = "Open until {clock}.";
    /// Over the services, where a number can be taken here.
    phone choose() = "Choose what you come for";
    /// In the place of a wait: the branch is closed.
    phone closed_word() = "closed";
    /// In the place of a wait: the branch closes and gives no more numbers.
    phone no_more_today() = "no more numbers today";
    /// How many wait in a line.
    phone people_wait(n) = "{n} person waits" / "{n} people wait";
    /// The same where nobody does.
    phone nobody_waits() = "nobody waits";
    /// Until when numbers are given for a service today.
    phone numbers_until(time) = "Numbers until {time}";
    /// A field's label: a code that the board shows.
    phone code_of_the_day() = "Code of the day";
    /// Under that field.
    phone code_help() = "It stands on the board in the hall, so that numbers go to those who are here.";
    /// A button.
    phone take_a_number() = "Take a number";
    /// Where the page gives no numbers.
    phone take_in_branch() = "Take your number in the branch: at the screen or with the button. Its QR code brings you to your own page.";
    /// A link to the page that says how often the promised waits were right.
    phone how_well() = "How well our times hold";
    /// Label of the links to other languages.
    phone language() = "Language";

    /// Large, on a phone whose number was called. {desk} is the desk's name.
    phone called(desk) = "You are called: {desk}";
    /// Before it, if it was said before.
    phone again() = "Called again";
    /// Under it.
    phone come_now(desk) = "Please come now. {desk} is waiting for you.";
    /// Whom a desk called last.
    phone now_called(number, desk) = "Last called: {number}, {desk}";
    /// When the reader will probably be called; two times of day.
    phone between(from, to) = "Probably called between {from} and {to}.";
    /// Title of the page: the number, and how many are before it.
    phone title_ahead(number, ahead) = "{number}: {ahead}";
    /// At the beginning of a bar that stands for time.
    phone now() = "now";
    /// What was promised with the number. {wait} is "about 12–25 min" or "a few minutes".
    phone we_said(time, wait) = "At {time} we said {wait}.";
    /// At a desk.
    phone you_are_served() = "You are being served.";
    /// A desk has set the ticket aside.
    phone set_aside(desk) = "Set aside at {desk}";
    /// Under it.
    phone set_aside_more() = "Your number stays yours. Please stay near: the desk calls you again.";
    /// Called, and did not come: headline.
    phone you_were_called() = "You were called";
    /// Under it.
    phone did_not_come(desk) = "{desk} called you and you did not come.";
    /// Until when the place of somebody who did not come is kept.
    phone kept_until(time) = "Your place is kept until {time}.";
    /// A button: the customer is there after all.
    phone i_am_here() = "I am here";
    /// In its place where it cannot be done on the phone.
    phone go_to_desk() = "Please go to a desk and show your number.";
    /// Served: headline.
    phone thank_you() = "Thank you";
    /// Under it.
    phone finished() = "Your visit is finished.";
    /// The customer gave up the place: headline.
    phone given_up() = "Given up";
    /// Under it.
    phone given_up_more() = "You gave up your place. Thank you for telling us: the others wait less.";
    /// Did not come, and the time is over: headline.
    phone over() = "Over";
    /// Under it.
    phone over_more() = "You were called and did not come, and the time your place was kept has passed. Please take a new number.";
    /// The day ended first: headline.
    phone day_closed() = "We have closed";
    /// Under it.
    phone day_closed_more() = "We are sorry: the day ended before your number was called. Please come again and ask at a desk.";
    /// A ticket that is over, for whatever reason.
    phone number_over() = "This number is over.";
    /// Under a voucher's code that staff have taken.
    phone used_at(time) = "Used at {time}.";
    /// A button: the phone shall ring when the number is called.
    phone ring_me() = "Ring me";
    /// The same button while that is on.
    phone ring_on() = "The sound is on";
    /// Under it.
    phone ring_help() = "Rings and shakes when you are called. Keep this page open: a phone that sleeps may stay silent, so look at the board too.";
    /// In its place, where the page keeps the screen on.
    phone awake() = "Your screen stays on while this page is open.";
    /// Opens the sentence that says why.
    phone why_before_me() = "Did somebody go before me?";
    /// Headline over a form.
    phone tell_desk() = "Tell the desk what it is about";
    /// A link to that form.
    phone write_to_desk() = "Write to the desk";
    /// A field's label.
    phone your_question() = "Your question";
    /// A field's label.
    phone your_name() = "Your name";
    /// After a field's label: it need not be filled.
    phone if_you_like() = "(if you like)";
    /// An example in the field for the question.
    phone question_example() = "The drill stops after a minute…";
    /// What becomes of name and question.
    phone only_desk_sees() = "Only the desk sees it. It is never on the board.";
    /// The same: when they are erased.
    phone erased_after(n) = "It is erased after {n} day." / "It is erased after {n} days.";
    /// The same: backups hold them longer.
    phone backups_hold(n) = "A backup of this branch may hold it {n} day longer." / "A backup of this branch may hold it {n} days longer.";
    /// The same: how to take them back.
    phone send_empty() = "Send it empty to take it back.";
    /// A button.
    phone send_to_desk() = "Send to the desk";
    /// After it was sent.
    phone desk_has_it() = "The desk has it.";
    /// A button: others go first, the number stays.
    phone let_pass() = "Let others pass";
    /// Under it. {number} is the reader's ticket number, {n} how many go first.
    phone let_pass_help(n, number) = "Not ready yet? You keep {number}, and the next person goes first." / "Not ready yet? You keep {number}, and up to {n} people go first.";
    /// A button.
    phone give_up() = "Give up my place";
    /// Over the three reasons.
    phone give_up_why(number) = "{number} then ends for good. Why, if you don’t mind?";
    /// A button: why the place is given up.
    phone reason_answered() = "My question is answered";
    /// A button: why the place is given up.
    phone reason_changed_mind() = "I changed my mind";
    /// A button: why the place is given up.
    phone reason_too_long() = "The wait is too long";

    /// In the header while the page is connected. {time} is a time of day.
    phone live(time) = "live · {time}";
    /// In the header while it is not.
    phone lost(time) = "no connection – showing {time}";
    /// What was typed or chosen did not reach the branch.
    phone unsent() = "That could not be sent. Please try again when the connection is back.";
    /// Headline of a page that does not exist.
    phone nothing_here() = "Nothing here";
    /// Under it.
    phone nothing_here_more() = "There is nothing here. Check the address or scan the code again.";
    /// Headline of a page that could not do what was asked.
    phone did_not_work() = "That did not work";
    /// A link to the first page.
    phone all_services() = "All services";
    /// Title of the board in a browser.
    phone now_serving_of(store) = "{store}: now serving";
    /// What a picture shows, for those who do not see it. {address} is what the code leads to.
    phone qr_of(address) = "QR code: {address}";
}
