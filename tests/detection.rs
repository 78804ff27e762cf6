//! The language is found by itself: for replies in our languages, and for replies in others, which are left alone.

#![allow(clippy::unwrap_used)]

use replylint::{Linter, Options, Thread};

fn detect(text: &str) -> Option<String> {
    Linter::new(Options::default()).unwrap().check(&Thread::new(text)).language
}

#[test]
fn our_languages_are_found() {
    let replies = [
        ("en", "Hi Tom, your parcel left the depot this morning."),
        ("en", "Thanks for the photo! A new one is on its way."),
        ("en", "yes, it's open until 6"),
        ("ro", "Bună ziua, coletul dumneavoastră a plecat azi dimineață."),
        ("ro", "Buna ziua, va multumim pentru mesaj si revenim maine."),
        ("ro", "Am rezolvat, puteti incerca din nou."),
        ("ru", "Здравствуйте! Ваш заказ уже отправлен."),
        ("ru", "Спасибо за обращение, проверим сегодня."),
        ("it", "Buongiorno, il suo ordine è partito questa mattina."),
        ("it", "Grazie della foto, ne spediamo subito uno nuovo."),
        ("it", "Si' certo, puo' passare domani"),
        ("it", "Quale versione hai?"),
        ("ru", "Тогда попробуйте позже."),
        ("fa", "سلام، سفارش شما امروز صبح ارسال شد."),
        ("fa", "ممنون از پیام شما، فردا ساعت ده تماس می‌گیرم."),
        ("hu", "Jó napot kívánok, a csomagja ma reggel elindult."),
        ("hu", "Koszonjuk a leveletek, holnap hivjuk Ont."),
        ("hu", "Igen, holnap nyitva vagyunk."),
    ];
    for (language, text) in replies {
        assert_eq!(detect(text).as_deref(), Some(language), "{text}");
    }
}

#[test]
fn other_languages_are_left_alone() {
    let replies = [
        ("es", "Buenos días, su pedido ha salido esta mañana y llegará mañana antes de las doce."),
        ("es", "Gracias por escribirnos, ya lo hemos arreglado."),
        ("pt", "Bom dia, a sua encomenda saiu hoje de manhã e chega amanhã."),
        ("fr", "Bonjour, votre commande est partie ce matin et arrivera demain."),
        ("de", "Guten Tag, Ihre Bestellung ist heute Morgen verschickt worden."),
        ("nl", "Goedemorgen, uw bestelling is vanochtend verzonden."),
        ("pl", "Dzień dobry, Państwa zamówienie zostało wysłane dziś rano."),
        ("cs", "Dobrý den, vaše objednávka byla dnes ráno odeslána."),
        ("sk", "Dobrý deň, vaša objednávka bola dnes ráno odoslaná."),
        ("sl", "Dober dan, vaše naročilo je bilo poslano danes zjutraj."),
        ("hr", "Dobar dan, vaša narudžba je poslana jutros."),
        ("sr", "Добар дан, ваша поруџбина је послата јутрос."),
        ("bg", "Здравейте, поръчката ви беше изпратена тази сутрин."),
        ("mk", "Добар ден, вашата нарачка е испратена утрово."),
        ("uk", "Доброго дня, ваше замовлення відправлено сьогодні вранці."),
        ("be", "Добры дзень, ваш заказ адпраўлены сёння раніцай."),
        ("sv", "Hej, din beställning skickades i morse."),
        ("da", "Hej, din bestilling blev sendt i morges."),
        ("no", "Hei, bestillingen din ble sendt i morges."),
        ("fi", "Hei, tilauksesi lähetettiin tänä aamuna."),
        ("et", "Tere, teie tellimus saadeti täna hommikul."),
        ("lv", "Labdien, jūsu pasūtījums tika nosūtīts šorīt."),
        ("lt", "Laba diena, jūsų užsakymas išsiųstas šį rytą."),
        ("tr", "Merhaba, siparişiniz bu sabah gönderildi."),
        ("ca", "Bon dia, la seva comanda ha sortit aquest matí."),
        ("id", "Halo, pesanan Anda sudah dikirim tadi pagi."),
        ("vi", "Xin chào, đơn hàng của bạn đã được gửi sáng nay."),
        ("ar", "مرحبا، تم إرسال طلبك هذا الصباح وسيصل غدا."),
        ("ur", "السلام علیکم، آپ کا آرڈر آج صبح بھیج دیا گیا ہے۔"),
        ("el", "Καλημέρα, η παραγγελία σας στάλθηκε σήμερα το πρωί."),
        ("he", "שלום, ההזמנה שלך נשלחה הבוקר."),
        ("hi", "नमस्ते, आपका ऑर्डर आज सुबह भेज दिया गया है।"),
        ("ja", "こんにちは。ご注文の商品は今朝発送いたしました。"),
        ("ko", "안녕하세요, 주문하신 상품이 오늘 아침에 발송되었습니다."),
        ("zh", "您好，您的订单今天早上已经发货。"),
        ("th", "สวัสดีค่ะ คำสั่งซื้อของคุณถูกส่งแล้วเมื่อเช้านี้"),
        ("ka", "გამარჯობა, თქვენი შეკვეთა დღეს დილით გაიგზავნა."),
    ];
    for (language, text) in replies {
        assert_eq!(detect(text), None, "{language}: {text}");
    }
}

#[test]
fn nothing_is_said_about_nothing() {
    for text in ["", "\n", "12345", "👍"] {
        let report = Linter::new(Options::default()).unwrap().check(&Thread::new(text));
        assert!(report.findings.is_empty(), "{text:?}: {:?}", report.findings);
    }
}
