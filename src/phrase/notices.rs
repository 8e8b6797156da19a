//! What a branch usually has to tell everyone at once, ready to be sent.

use super::catalogue::sentences;

sentences! { NOTICES:
    /// A notice to everyone in the hall.
    notice notice_cards() = "Card payments do not work right now. Please have cash ready.";
    /// A notice to everyone in the hall.
    notice notice_slow() = "Our computers are slow right now. Thank you for your patience.";
    /// A notice to everyone in the hall. {time} is "18:00".
    notice notice_closing(time) = "We close at {time} today.";
    /// A notice to those who wait to return something.
    notice notice_receipt() = "Please have your receipt and your payment card ready.";
    /// A notice that a product is called back. {product} is its name.
    notice notice_recall(product) = "Do not use {product}: it may be unsafe. Please bring it to the service desk.";
    /// A notice in an emergency.
    notice notice_leave() = "Please leave the building now by the nearest exit.";
}
