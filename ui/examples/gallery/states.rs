//! Every state of every screen, with the longest texts that must still fit: shared by the gallery and the tests.

use nowserving_ui::offscreen::{Offscreen, OffscreenError};
use nowserving_ui::slint::{ComponentHandle as _, Image, Rgb8Pixel, SharedPixelBuffer};
use nowserving_ui::{
    AnswerRow, BoardAnswer, BoardCall, BoardView, BoardWindow, Brand, CallRow, DeskRow, DeskSignView, DeskSignWindow,
    KeyRow, KioskPage, KioskTicket, KioskView, KioskWindow, LanguageRow, Look, Pointing, ServiceRow, Theme, WaitRow, accent,
    accents, face, keyboard, model, qr_image, split_desk,
};

/// The sizes that every screen must look right at.
pub(crate) const SIZES: [(u32, u32); 4] = [(1920, 1080), (1280, 800), (800, 480), (1080, 1920)];

/// Forty characters.
pub(crate) const LONG_NAME: &str = "Garden machines: repair, parts, warranty";
/// Ninety characters.
pub(crate) const LONG_HINT: &str =
    "Have ready: the machine or its serial number, the receipt, your warranty card and your ID.";

/// Why a service is off.
pub(crate) const REASON: &str = "No more numbers today: the workshop is full until tomorrow, 9:00.";
/// What the QR codes say.
pub(crate) const QR_TEXT: &str = "http://192.168.1.20:8080/t/4jq2kxw7m3c5t9v8n6d2r1y0p";

/// How a screen is brought into a state.
pub(crate) enum Set {
    /// The kiosk.
    Kiosk(fn(&KioskView<'_>)),
    /// The board.
    Board(fn(&BoardView<'_>)),
    /// The desk sign.
    Sign(fn(&DeskSignView<'_>)),
}

/// How a state looks: every state can be asked for in every one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dress {
    Light,
    Dark,
    Contrast,
}

pub(crate) const DRESSES: [(&str, Dress); 3] = [("", Dress::Light), ("-dark", Dress::Dark), ("-contrast", Dress::Contrast)];

pub(crate) fn dress(theme: &Theme<'_>, dress: Dress) {
    theme.set_look(match dress {
        Dress::Light => Look::Light,
        Dress::Dark => Look::Dark,
        Dress::Contrast => Look::Contrast,
    });
}

/// One picture of the gallery.
pub(crate) struct State {
    /// File name without size and ending.
    pub(crate) name: &'static str,
    /// What is shown.
    pub(crate) set: Set,
}

impl State {
    /// Draws the state.
    pub(crate) fn render(
        &self,
        offscreen: &Offscreen,
        look: Dress,
        (width, height): (u32, u32),
        larger: f32,
    ) -> Result<Vec<u8>, OffscreenError> {
        match self.set {
            Set::Kiosk(set) => {
                let screen = KioskWindow::new()?;
                dress(&screen.global::<Theme>(), look);
                screen.global::<Brand>().set_larger(larger);
                set(&screen.global::<KioskView>());
                offscreen.render(&screen, width, height)
            }
            Set::Board(set) => {
                let screen = BoardWindow::new()?;
                dress(&screen.global::<Theme>(), look);
                screen.global::<Brand>().set_larger(larger);
                set(&screen.global::<BoardView>());
                offscreen.render(&screen, width, height)
            }
            Set::Sign(set) => {
                let screen = DeskSignWindow::new()?;
                dress(&screen.global::<Theme>(), look);
                screen.global::<Brand>().set_larger(larger);
                set(&screen.global::<DeskSignView>());
                offscreen.render(&screen, width, height)
            }
        }
    }
}

/// A real QR code.
pub(crate) fn qr() -> Image {
    code(QR_TEXT)
}

fn code(text: &str) -> Image {
    qrcode::QrCode::new(text).map_or_else(
        |_| Image::default(),
        |code| {
            let colours = code.to_colors().into_iter();
            let modules: Vec<bool> = colours.map(|colour| colour == qrcode::Color::Dark).collect();
            qr_image(&modules, code.width())
        },
    )
}

/// Something like a photograph: hills under a sky, a sun.
pub(crate) fn photograph(width: u32, height: u32) -> Image {
    let mut buffer = SharedPixelBuffer::<Rgb8Pixel>::new(width, height);
    for (at, pixel) in buffer.make_mut_slice().iter_mut().enumerate() {
        let (x, y) = ((at as u32 % width) as f32 / width as f32, (at as u32 / width) as f32 / height as f32);
        let hills = 0.62 + 0.12 * (x * 7.0).sin() + 0.04 * (x * 23.0).cos();
        let sun = (x - 0.72).hypot((y - 0.25) * height as f32 / width as f32) < 0.09;
        *pixel = match (sun, y > hills) {
            (_, true) => Rgb8Pixel::new(60, (150.0 - 70.0 * y) as u8, 74),
            (true, _) => Rgb8Pixel::new(250, 214, 110),
            _ => Rgb8Pixel::new((110.0 + 90.0 * y) as u8, (170.0 + 50.0 * y) as u8, 230),
        };
    }
    Image::from_rgb8(buffer)
}

/// So many services, every other one with the longest texts.
pub(crate) fn services(count: usize) -> Vec<ServiceRow> {
    let names = accents().collect::<Vec<_>>();
    (0..count)
        .map(|at| ServiceRow {
            id: format!("service-{at}").into(),
            letter: ["R", "P", "Q", "G", "WW", "K", "T", "M"][at % 8].into(),
            name: if at % 2 == 1 { LONG_NAME } else { "Return or exchange" }.into(),
            hint: if at % 2 == 1 { LONG_HINT } else { "Have ready: the item and the receipt" }.into(),
            wait: if at % 2 == 1 { "1 h 45 – 2 h 30 min" } else { "12–25 min" }.into(),
            waiting: if at % 2 == 1 { "128 waiting" } else { "7 waiting" }.into(),
            accent: accent(names[at % names.len()]),
            enabled: at != 2,
            reason: REASON.into(),
        })
        .collect()
}

fn call(number: &str, desk: &str, colour: &str) -> BoardCall {
    let (word, mark) = split_desk(desk);
    BoardCall {
        number: number.into(),
        desk: desk.into(),
        desk_word: word.into(),
        desk_mark: mark.into(),
        accent: accent(colour),
        again: false,
        fresh: false,
    }
}

fn waits(count: usize) -> Vec<WaitRow> {
    services(count)
        .into_iter()
        .map(|service| WaitRow {
            service: service.name,
            text: service.wait,
            waiting: service.waiting,
            accent: service.accent,
        })
        .collect()
}

fn long_ticket() -> KioskTicket {
    KioskTicket {
        number: "WW0042".into(),
        service: LONG_NAME.into(),
        accent: accent("plum"),
        promise: "You will be called in about 1 h 45 to 2 h 30 min, as far as we can tell now.".into(),
        ahead: "128 people are before you. Have your serial number, the receipt and your ID ready.".into(),
        r#where: "Please wait in the hall or in the café. The board and your phone call your number.".into(),
        paper: "Take your paper, or scan to follow the line on your phone".into(),
        on_paper: true,
        reprint: true,
        qr: qr(),
    }
}

fn kiosk_message(view: &KioskView<'_>, page: KioskPage, headline: &str, message: &str) {
    view.set_page(page);
    view.set_headline(headline.into());
    view.set_message(message.into());
}

fn board_full(view: &BoardView<'_>) {
    view.set_store_name("Nordlund Hardware, Garden and Workshop, City West".into());
    view.set_footer("8 in 10 waits as promised this month · Doors close at 18:00, whoever waits then is served".into());
    view.set_newest(BoardCall { again: true, ..call("WW0042", "Desk 12", "plum") });
    view.set_calls(model(
        (0..8)
            .map(|at| CallRow {
                number: format!("WW00{}", 41 - at).into(),
                desk: if at % 2 == 1 { "Garden machines: repair" } else { "Desk 12" }.into(),
                accent: accent("teal"),
            })
            .collect(),
    ));
    view.set_desks(model(
        (1..=12)
            .map(|at| DeskRow {
                desk: if at == 3 { "Garden machines".into() } else { format!("Desk {at}").into() },
                number: if at % 4 == 0 { String::new() } else { format!("WW00{at:02}") }.into(),
                state: "paused until 14:30".into(),
            })
            .collect(),
    ));
    view.set_waits(model(waits(6)));
    view.set_answer(BoardAnswer {
        kicker: format!("Waiting for {LONG_NAME}?").into(),
        question: "Does the warranty cover a machine that was bought in another branch or abroad?".into(),
        answer: "Yes, wherever it was bought in the European Union. Bring the receipt or the card you paid with, and \
                 the machine. Wearing parts such as blades and belts are not covered."
            .into(),
        accent: accent("ochre"),
    });
    view.set_answer_progress(0.7);
    phone(view);
    view.set_code("Code today: 4711".into());
    view.set_notice("The card terminals are out of order until about 15:00. Please pay in cash at desks 1 to 4.".into());
}

fn phone(view: &BoardView<'_>) {
    view.set_qr(qr());
    view.set_address("nordlund.local:8080".into());
}

fn wifi(view: &BoardView<'_>) {
    phone(view);
    view.set_wifi(code("WIFI:T:WPA;S:Nordlund guests;P:hammer and nail;;"));
    view.set_wifi_caption("Wi-Fi, free".into());
    view.set_wifi_name("Nordlund guests".into());
}

/// The twelve languages, as their speakers write them.
pub(crate) fn languages() -> Vec<LanguageRow> {
    [
        ("en", "English"),
        ("de", "Deutsch"),
        ("es", "Español"),
        ("fr", "Français"),
        ("pl", "Polski"),
        ("tr", "Türkçe"),
        ("ar", "العربية"),
        ("he", "עברית"),
        ("hi", "हिन्दी"),
        ("zh", "简体中文"),
        ("uk", "Українська"),
        ("vi", "Tiếng Việt"),
    ]
    .map(|(code, name)| LanguageRow { code: code.into(), name: name.into() })
    .to_vec()
}

/// All of them.
pub(crate) const STATES: &[State] = &[
    State { name: "kiosk-start", set: Set::Kiosk(|view| view.set_countdown("".into())) },
    State { name: "kiosk-start-1", set: Set::Kiosk(|view| view.set_services(model(services(1)))) },
    State { name: "kiosk-start-4", set: Set::Kiosk(|view| view.set_services(model(services(4)))) },
    State { name: "kiosk-start-5", set: Set::Kiosk(|view| view.set_services(model(services(5)))) },
    State { name: "kiosk-start-8", set: Set::Kiosk(|view| view.set_services(model(services(8)))) },
    State {
        name: "kiosk-start-rtl",
        set: Set::Kiosk(|view| {
            view.set_rtl(true);
            view.set_services(model(services(3)));
        }),
    },
    State {
        name: "kiosk-ticket",
        set: Set::Kiosk(|view| {
            view.set_page(KioskPage::Ticket);
            view.set_ticket(KioskTicket { qr: qr(), ..view.get_ticket() });
        }),
    },
    State {
        name: "kiosk-ticket-long",
        set: Set::Kiosk(|view| {
            view.set_page(KioskPage::Ticket);
            view.set_ticket(long_ticket());
        }),
    },
    State {
        name: "kiosk-ticket-rtl",
        set: Set::Kiosk(|view| {
            view.set_page(KioskPage::Ticket);
            view.set_rtl(true);
            view.set_ticket(long_ticket());
        }),
    },
    State {
        name: "kiosk-ticket-no-paper",
        set: Set::Kiosk(|view| {
            view.set_page(KioskPage::Ticket);
            let paper = "Remember your number, or scan to follow on your phone".into();
            view.set_ticket(KioskTicket { qr: qr(), on_paper: false, paper, ..view.get_ticket() });
        }),
    },
    State {
        name: "kiosk-ticket-no-paper-long",
        set: Set::Kiosk(|view| {
            view.set_page(KioskPage::Ticket);
            view.set_ticket(KioskTicket { on_paper: false, ..long_ticket() });
        }),
    },
    State {
        name: "kiosk-easier",
        set: Set::Kiosk(|view| {
            view.set_easier(true);
            view.set_countdown("".into());
        }),
    },
    State {
        name: "kiosk-easier-8",
        set: Set::Kiosk(|view| {
            view.set_easier(true);
            view.set_services(model(services(8)));
            view.set_notice("We close at 18:00. Numbers are given until 17:40.".into());
        }),
    },
    State {
        name: "kiosk-easier-ticket",
        set: Set::Kiosk(|view| {
            view.set_easier(true);
            view.set_page(KioskPage::Ticket);
            view.set_ticket(KioskTicket { qr: qr(), reprint: true, ..view.get_ticket() });
        }),
    },
    State {
        name: "kiosk-languages",
        set: Set::Kiosk(|view| {
            view.set_page(KioskPage::Languages);
            view.set_languages(model(languages()));
            view.set_countdown("".into());
        }),
    },
    State {
        name: "kiosk-easier-languages",
        set: Set::Kiosk(|view| {
            view.set_easier(true);
            view.set_page(KioskPage::Languages);
            view.set_languages(model(languages()));
        }),
    },
    State {
        name: "kiosk-answers",
        set: Set::Kiosk(|view| {
            view.set_page(KioskPage::Answers);
            view.set_query("receipt".into());
            let rows = ["1234567890"].into_iter().chain(keyboard("de").iter().copied());
            view.set_keys(model(
                rows.map(|row| KeyRow { keys: model(row.chars().map(|letter| letter.to_string().into()).collect()) })
                    .collect(),
            ));
            view.set_answers(model(
                (0..3)
                    .map(|at| AnswerRow {
                        id: format!("answer-{at}").into(),
                        question: ["No receipt?", "What if I paid by card?", "Can somebody else return it for me?"][at]
                            .into(),
                        answer: "Bring the card you paid with: we find the purchase in under a minute.".into(),
                    })
                    .collect(),
            ));
        }),
    },
    State { name: "kiosk-answers-ar", set: Set::Kiosk(|view| answers_rtl(view, "ar")) },
    State { name: "kiosk-answers-he", set: Set::Kiosk(|view| answers_rtl(view, "he")) },
    State {
        name: "kiosk-answer",
        set: Set::Kiosk(|view| {
            view.set_page(KioskPage::Answers);
            view.set_query("receipt".into());
            view.set_answer(AnswerRow {
                id: "no-receipt".into(),
                question: "Can I return something without a receipt?".into(),
                answer: "Often, yes. Bring the payment card or loyalty number you used and we can look it up. Otherwise, with photo \
                         ID, you get store credit at the lowest recent price."
                    .into(),
            });
        }),
    },
    State {
        name: "kiosk-answers-service",
        set: Set::Kiosk(|view| {
            view.set_page(KioskPage::Answers);
            view.set_answers(model(
                (0..6)
                    .map(|at| AnswerRow {
                        id: format!("answer-{at}").into(),
                        question: ["How long do I have to return something?", "When will I get my money back?"][at % 2]
                            .into(),
                        answer: "".into(),
                    })
                    .collect(),
            ));
        }),
    },
    State {
        name: "kiosk-full",
        set: Set::Kiosk(|view| {
            view.set_countdown("".into());
            kiosk_message(
                view,
                KioskPage::Full,
                "No numbers just now",
                "All lines are full. Numbers are given again as soon as there is room; 14 people wait. This screen says so at once.",
            );
        }),
    },
    State { name: "kiosk-board", set: Set::Kiosk(|view| view.set_page(KioskPage::Board)) },
    State {
        name: "kiosk-closed",
        set: Set::Kiosk(|view| {
            kiosk_message(view, KioskPage::Closed, "We are closed", "We open again tomorrow, Tuesday, at 9:00.");
        }),
    },
    State {
        name: "kiosk-refused",
        set: Set::Kiosk(|view| {
            kiosk_message(
                view,
                KioskPage::Refused,
                "No more numbers for returns today",
                "Your wait would end after we close. Come tomorrow from 9:00; your receipt stays valid.",
            );
        }),
    },
    State {
        name: "kiosk-lost",
        set: Set::Kiosk(|view| {
            kiosk_message(
                view,
                KioskPage::Lost,
                "This screen has lost its connection",
                "Press the button beside it for a number, or ask at a desk.",
            );
        }),
    },
    State { name: "board", set: Set::Board(phone) },
    State { name: "board-full", set: Set::Board(board_full) },
    State {
        name: "board-rtl",
        set: Set::Board(|view| {
            phone(view);
            view.set_rtl(true);
        }),
    },
    State {
        name: "board-no-answer",
        set: Set::Board(|view| {
            phone(view);
            view.set_answer(BoardAnswer::default());
            view.set_desks(model(Vec::new()));
            view.set_newest(call("R042", "Tool hire and keys", "green"));
        }),
    },
    State {
        name: "board-early",
        set: Set::Board(|view| {
            view.set_newest(BoardCall::default());
            view.set_calls(model(Vec::new()));
        }),
    },
    State {
        name: "board-picture",
        set: Set::Board(|view| {
            phone(view);
            view.set_answer_picture(photograph(640, 480));
            view.set_answer_alt("The garden centre behind the main building".into());
        }),
    },
    State {
        name: "board-picture-full",
        set: Set::Board(|view| {
            board_full(view);
            view.set_answer_picture(photograph(480, 640));
            view.set_notice_level(2);
        }),
    },
    State {
        name: "board-picture-rtl",
        set: Set::Board(|view| {
            phone(view);
            view.set_rtl(true);
            view.set_answer(BoardAnswer {
                kicker: "هل تنتظر الإرجاع؟".into(),
                question: "هل يمكنني الإرجاع بدون إيصال؟".into(),
                answer: "نعم في أغلب الأحيان. أحضر البطاقة التي دفعت بها، وسنجد عملية الشراء في أقل من دقيقة.".into(),
                accent: accent("rust"),
            });
            view.set_answer_picture(photograph(640, 480));
            view.set_answer_family(face("ar").into());
        }),
    },
    State {
        name: "board-picture-whole",
        set: Set::Board(|view| {
            phone(view);
            view.set_answer(BoardAnswer { question: "Spring sale".into(), accent: accent(""), ..BoardAnswer::default() });
            view.set_answer_picture(photograph(1600, 900));
            view.set_answer_whole(true);
        }),
    },
    State {
        name: "board-hours",
        set: Set::Board(|view| {
            phone(view);
            view.set_answer(BoardAnswer {
                question: "When are you open?".into(),
                answer: "Monday – Friday: 09:00–12:00, 13:00–18:00\nSaturday: 09:00–16:00\nSunday: closed".into(),
                accent: accent(""),
                ..BoardAnswer::default()
            });
            view.set_notice("The café is closed today.".into());
            view.set_notice_level(0);
        }),
    },
    State { name: "board-wifi", set: Set::Board(wifi) },
    State {
        name: "board-wifi-full",
        set: Set::Board(|view| {
            board_full(view);
            wifi(view);
        }),
    },
    State {
        name: "board-enlarged",
        set: Set::Board(|view| {
            wifi(view);
            view.set_enlarge(1.5);
        }),
    },
    State {
        name: "board-night",
        set: Set::Board(|view| {
            view.set_closed_headline("We are closed".into());
            view.set_closed_message("We open again tomorrow, Tuesday, at 9:00.".into());
            view.set_night(true);
        }),
    },
    State {
        name: "board-lost",
        set: Set::Board(|view| {
            phone(view);
            view.set_lost("No connection since 14:02. Please listen for your number.".into());
        }),
    },
    State {
        name: "board-closed",
        set: Set::Board(|view| {
            view.set_closed_headline("We are closed".into());
            view.set_closed_message("We open again tomorrow, Tuesday, at 9:00.".into());
        }),
    },
    State { name: "sign", set: Set::Sign(|_| {}) },
    State {
        name: "sign-long",
        set: Set::Sign(|view| {
            view.set_desk(LONG_NAME.into());
            view.set_number("WW0042".into());
            view.set_text("Called again: please come to this desk now".into());
        }),
    },
    State {
        name: "sign-notice",
        set: Set::Sign(|view| {
            view.set_notice("The card terminals are out of order until about 15:00. Please pay in cash.".into());
            view.set_notice_level(1);
        }),
    },
    State { name: "sign-left", set: Set::Sign(|view| view.set_arrow(Pointing::Left)) },
    State {
        name: "sign-paused",
        set: Set::Sign(|view| {
            view.set_number("".into());
            view.set_text("Back at 14:15".into());
            view.set_lost("No connection since 14:02".into());
        }),
    },
];

/// A keyboard and more answers than have room, from right to left.
fn answers_rtl(view: &KioskView<'_>, language: &str) {
    view.set_rtl(true);
    view.set_page(KioskPage::Answers);
    let (query, question) = if language == "ar" {
        ("إيصال", "هل يمكنني الإرجاع بدون إيصال؟")
    } else {
        ("קבלה", "אפשר להחזיר בלי קבלה?")
    };
    view.set_query(query.into());
    let rows = ["1234567890"].into_iter().chain(keyboard(language).iter().copied());
    let letters = |row: &str| KeyRow { keys: model(row.chars().map(|letter| letter.to_string().into()).collect()) };
    view.set_keys(model(rows.map(letters).collect()));
    let row = |at| AnswerRow { id: format!("answer-{at}").into(), question: question.into(), answer: "".into() };
    view.set_answers(model((0..6).map(row).collect()));
}
