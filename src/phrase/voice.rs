//! Sentences of the voice: few words, made for the ear. How a number is brought to an engine is the voice's own business, so it
//! takes these sentences with their places unfilled.

use super::catalogue::sentences;

sentences! { VOICE:
    /// What desks are called by default, before their number.
    voice voice_desk() = "Desk";
    /// A call, its first half. {number} is read as a letter and a number.
    voice voice_number(number) = "Number {number}.";
    /// A call, its second half. {desk} is the desk's number.
    voice voice_to_desk(desk) = "Please go to desk {desk}.";
    /// The same, where the place has a name of its own: {desk}.
    voice voice_to_place(desk) = "Please go to {desk}.";
    /// With a new number.
    voice voice_yours(number) = "Your number is {number}.";
    /// With a new number that did not come on paper.
    voice voice_remember(number) = "There is no paper. Please remember your number: {number}.";
    /// The wait: at most a few minutes.
    voice voice_few() = "You will be called in a few minutes.";
    /// The wait: minutes; more than five.
    voice voice_up_to(to) = "You will be called within {to} minutes.";
    /// The wait: minutes, from and to; {to} is more than five.
    voice voice_about(from, to) = "You will be called in {from} to {to} minutes.";
    /// The number that is served now, before its desk.
    voice voice_serving(number) = "Now serving: {number}.";
    /// Its desk.
    voice voice_at_desk(desk) = "Desk {desk}.";
    /// Nobody was called yet.
    voice voice_nobody() = "Nobody has been called yet.";
    /// The number that was given last.
    voice voice_last(number) = "The last number given here is {number}.";
}
