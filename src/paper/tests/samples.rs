//! A ticket in each of the twelve languages: words such as a branch would have, for tests only.

use super::super::*;

/// A language, its words of the paper, and a ticket in it.
pub(super) struct Sample {
    pub(super) lang: &'static str,
    pub(super) words: PaperWords,
    pub(super) paper: TicketPaper,
}

/// Language; name of the branch; service; promise; doubt; have ready; line; made at; desks; have ready; on phone.
type Texts = (&'static str, [&'static str; 10]);

const TEXTS: [Texts; 12] = [
    (
        "en",
        [
            "Nordlund Hardware",
            "Return or exchange",
            "about 14–27 min",
            "We are still learning how long this takes.",
            "the item; the receipt, or the card you paid with",
            "Open until 20:00 today.",
            "Made at {time}",
            "You will be called to {desks}",
            "Have ready",
            "Your wait,\non your phone",
        ],
    ),
    (
        "de",
        [
            "Möbel Größer & Söhne",
            "Rückgabe oder Umtausch",
            "etwa 14–27 Min.",
            "Wir lernen noch, wie lange das dauert.",
            "die Ware; den Kassenbon oder die Karte, mit der Sie bezahlt haben",
            "Heute bis 20:00 Uhr geöffnet.",
            "Gezogen um {time} Uhr",
            "Sie werden aufgerufen an: {desks}",
            "Bitte bereithalten",
            "Ihre Wartezeit\nauf dem Telefon",
        ],
    ),
    (
        "es",
        [
            "Ferretería El Ñandú",
            "Devolución o cambio",
            "unos 14–27 min",
            "Aún estamos aprendiendo cuánto se tarda.",
            "el artículo; el recibo o la tarjeta con la que pagó",
            "¡Hoy abierto hasta las 20:00!",
            "Emitido a las {time}",
            "Le llamarán a {desks}",
            "Tenga preparado",
            "Su espera,\nen su teléfono",
        ],
    ),
    (
        "fr",
        [
            "Quincaillerie L’Œuvre",
            "Retour ou échange",
            "environ 14–27 min",
            "Nous apprenons encore combien de temps cela prend.",
            "l’article; le reçu ou la carte de paiement",
            "Ouvert aujourd’hui jusqu’à 20 h.",
            "Émis à {time}",
            "On vous appellera au {desks}",
            "À préparer",
            "Votre attente\nsur votre téléphone",
        ],
    ),
    (
        "pl",
        [
            "Księgarnia Pod Żółwiem",
            "Zwrot lub wymiana",
            "około 14–27 min",
            "Wciąż się uczymy, ile to trwa.",
            "towar; paragon albo kartę, którą zapłacono",
            "Dziś czynne do 20:00.",
            "Wydano o {time}",
            "Zostaniesz wezwany do: {desks}",
            "Przygotuj",
            "Twój czas oczekiwania\nw telefonie",
        ],
    ),
    (
        "tr",
        [
            "Güneş Yapı Market",
            "İade veya değişim",
            "yaklaşık 14–27 dk",
            "Bunun ne kadar sürdüğünü hâlâ öğreniyoruz.",
            "ürün; fiş ya da ödediğiniz kart",
            "Bugün 20:00’ye kadar açığız.",
            "Saat {time}",
            "Çağrılacağınız yer: {desks}",
            "Hazır bulundurun",
            "Bekleme süreniz\ntelefonunuzda",
        ],
    ),
    (
        "ar",
        [
            "متجر النور",
            "إرجاع أو استبدال",
            "حوالي 14–27 دقيقة",
            "ما زلنا نتعلم كم يستغرق ذلك.",
            "المنتج; الإيصال أو البطاقة التي دفعت بها",
            "مفتوح اليوم حتى الساعة 20:00.",
            "صدرت الساعة {time}",
            "سيتم استدعاؤك إلى {desks}",
            "جهّز من فضلك",
            "وقت انتظارك\nعلى هاتفك",
        ],
    ),
    (
        "he",
        [
            "חנות האור",
            "החזרה או החלפה",
            "בערך 14–27 דקות",
            "אנחנו עדיין לומדים כמה זמן זה לוקח.",
            "המוצר; הקבלה או הכרטיס ששילמת בו",
            "פתוח היום עד 20:00.",
            "הונפק בשעה {time}",
            "יקראו לך אל {desks}",
            "נא להכין",
            "זמן ההמתנה שלך\nבטלפון",
        ],
    ),
    (
        "hi",
        [
            "प्रकाश हार्डवेयर",
            "वापसी या बदलाव",
            "लगभग 14–27 मिनट",
            "हम अभी सीख रहे हैं कि इसमें कितना समय लगता है।",
            "सामान; रसीद या वह कार्ड जिससे भुगतान किया था",
            "आज रात 8 बजे तक खुला है।",
            "{time} बजे जारी",
            "आपको {desks} पर बुलाया जाएगा",
            "तैयार रखें",
            "आपका इंतज़ार,\nआपके फ़ोन पर",
        ],
    ),
    (
        "zh-Hans",
        [
            "北方五金商店",
            "退货或换货",
            "约 14–27 分钟",
            "我们还在了解办理需要多长时间。",
            "商品; 收据或付款时使用的银行卡",
            "今天营业到晚上八点。",
            "{time} 取号",
            "请到 {desks} 办理",
            "请准备好",
            "在手机上\n查看等候时间",
        ],
    ),
    (
        "uk",
        [
            "Крамниця «Їжачок»",
            "Повернення або обмін",
            "приблизно 14–27 хв",
            "Ми ще вчимося, скільки це триває.",
            "товар; чек або картку, якою ви платили",
            "Сьогодні відчинено до 20:00.",
            "Видано о {time}",
            "Вас викличуть до: {desks}",
            "Підготуйте",
            "Ваше очікування\nу телефоні",
        ],
    ),
    (
        "vi",
        [
            "Cửa hàng Phương Đông",
            "Trả hoặc đổi hàng",
            "khoảng 14–27 phút",
            "Chúng tôi vẫn đang tìm hiểu việc này mất bao lâu.",
            "sản phẩm; hóa đơn hoặc thẻ đã dùng để thanh toán",
            "Hôm nay mở cửa đến 20:00.",
            "Lấy số lúc {time}",
            "Bạn sẽ được gọi tới {desks}",
            "Hãy chuẩn bị",
            "Thời gian chờ\ntrên điện thoại",
        ],
    ),
];

/// Every language, with each part there is.
pub(super) fn samples() -> Vec<Sample> {
    TEXTS.iter().map(|(lang, texts)| sample(lang, texts)).collect()
}

fn sample(lang: &'static str, texts: &[&str; 10]) -> Sample {
    let [store, service, promise, doubt, have_ready, line, made_at, desks, ready, on_phone] = texts.map(str::to_owned);
    let rtl = matches!(lang, "ar" | "he");
    let words = PaperWords { rtl, made_at, have_ready: ready, on_phone, ..PaperWords::default() };
    let paper = TicketPaper {
        rtl,
        store,
        service,
        desk_hint: Some(desks.replace("{desks}", "A1, A2")),
        have_ready: have_ready.split("; ").map(str::to_owned).collect(),
        promise: Some(promise),
        doubt: Some(doubt),
        line: Some(line),
        ahead: None,
        ..super::example()
    };
    Sample { lang, words, paper }
}
