// One draft in each language, with emoji before the words: what must be underlined, and what the fix must leave.

/** `findings` are all of them, rule and words, in the order of the text; `fix` is a part of the title of the quick fix for the first. */
export const drafts = [
  {
    language: "en",
    text: "Hello Ana 👋🏽,\n\n👩‍💻 thank you 🇷🇴. I'll have to ask my manager about the postage.\n\nWe can't deliver it before that 😔.\n\nKind regards,\nTom\n",
    findings: [["escalation-phrase", "I'll have to ask my manager"], ["negative-framing", "We can't deliver"]],
    fix: "Own it and date it",
    fixed: "I am clearing this with [name or team] and will write to you with the answer by [time]",
  },
  {
    language: "ro",
    text: "Bună ziua, Ana 👋🏽,\n\n👩‍💻 mulțumesc 🇷🇴. Trebuie să întreb șeful despre taxa de transport.\n\nDin păcate nu putem schimba culoarea 😔.\n\nCu drag,\nTudor\n",
    findings: [["escalation-phrase", "Trebuie să întreb șeful"], ["negative-framing", "Din păcate nu putem schimba"]],
    fix: "Asumați-vă și datați",
    fixed: "Lămuresc asta cu [echipa] și vă scriu până [ora]",
  },
  {
    language: "ru",
    text: "Здравствуйте, Анна 👋🏽!\n\n👩‍💻 Спасибо 🇷🇴. Мне нужно спросить начальника насчёт доставки.\n\nК сожалению, мы не можем поменять цвет 😔.\n\nС уважением,\nТимур\n",
    findings: [["escalation-phrase", "Мне нужно спросить начальника"], ["negative-framing", "мы не можем поменять"]],
    fix: "Возьмите на себя",
    fixed: "Я решаю это с [команда] и напишу вам до [время]",
  },
  {
    language: "it",
    text: "Buongiorno Anna 👋🏽,\n\n👩‍💻 grazie 🇷🇴. Devo chiedere al mio responsabile per le spese di spedizione.\n\nPurtroppo non possiamo cambiare il colore 😔.\n\nUn caro saluto,\nTommaso\n",
    findings: [["escalation-phrase", "Devo chiedere al mio responsabile"], ["negative-framing", "Purtroppo non possiamo cambiare"]],
    fix: "Se ne occupi",
    fixed: "Chiarisco la cosa con [reparto] e le scrivo entro le [ora]",
  },
  {
    language: "hu",
    text: "Kedves Anna 👋🏽!\n\n👩‍💻 Köszönöm 🇷🇴. A szállítási díjról meg kell kérdeznem a főnökömet.\n\nSajnos nem tudjuk kicserélni a huzatot 😔.\n\nÜdvözlettel:\nTamás\n",
    findings: [["escalation-phrase", "meg kell kérdeznem a főnökömet"], ["negative-framing", "Sajnos nem tudjuk kicserélni"]],
    fix: "Vállalja",
    fixed: "Ezt a [csapat] csapattal tisztázom, és [időpont]-ig írok",
  },
  {
    language: "fa",
    text: "سلام خانم احمدی 👋🏽،\n\n👩‍💻 ممنون 🇷🇴 از عکس‌ها. درباره هزینه ارسال باید از مدیرم بپرسم.\n\nمتاسفانه امکان تغییر رنگ وجود ندارد 😔.\n\nبا احترام،\nتیمور\n",
    findings: [["escalation-phrase", "باید از مدیرم بپرسم"], ["negative-framing", "متاسفانه امکان تغییر رنگ وجود ندارد"]],
    fix: "خودتان بر عهده بگیرید",
    fixed: "این را با [تیم] پیگیری می‌کنم و تا ساعت [ساعت] برایتان می‌نویسم",
  },
];
