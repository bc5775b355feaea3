//! No word is missing, each language is itself, and the best one wins.

mod sentences;

use encoding_rs::{BIG5, Encoding, GBK, SHIFT_JIS};
use jiff::civil::{DateTime, date};

use super::*;

/// Every word with its name, those of the console too.
fn all(locale: Locale) -> Vec<(&'static str, &'static str)> {
    locale.words().all().into_iter().chain(locale.console().all()).collect()
}

/// Everything that the page, an answer or an SMS may say, each with a name.
fn all_said(locale: Locale) -> Vec<(String, String)> {
    let words = locale.words().all().into_iter().map(|(name, word)| (name.to_owned(), word.to_owned()));
    words.chain(Outcome::all().map(|outcome| (format!("{outcome:?}"), locale.bare(outcome).to_owned()))).collect()
}

#[test]
fn no_outcome_and_no_word_is_missing_in_a_language() {
    for locale in Locale::ALL {
        for outcome in Outcome::all() {
            let text = locale.outcome(outcome, None, Some(SignedDuration::from_secs(90)));
            assert!(text.chars().count() > 3 && !text.contains('{'), "{outcome:?} in {locale:?}: {text}");
        }
        for (name, word) in all(locale) {
            assert!(!word.trim().is_empty(), "{name} in {locale:?}");
        }
    }
}

#[test]
fn all_languages_fill_the_same_gaps() {
    let gaps = |text: &str| {
        let gaps = pieces(text).into_iter().filter_map(|piece| match piece {
            Piece::Gap(name) => Some(name.to_owned()),
            Piece::Text(_) => None,
        });
        let mut gaps: Vec<_> = gaps.collect();
        gaps.sort();
        gaps
    };
    for locale in Locale::ALL {
        for ((name, english), (_, own)) in all(Locale::En).into_iter().zip(all(locale)) {
            assert_eq!(gaps(own), gaps(english), "{name} in {locale:?}");
        }
        for ((name, english), (_, own)) in all_said(Locale::En).into_iter().zip(all_said(locale)) {
            assert_eq!(gaps(&own), gaps(&english), "{name} in {locale:?}");
        }
    }
}

#[test]
fn a_template_is_taken_apart_in_any_order() {
    assert_eq!(pieces("a {b} c{d}"), [Piece::Text("a "), Piece::Gap("b"), Piece::Text(" c"), Piece::Gap("d")]);
    assert_eq!(pieces("{d}{b}"), [Piece::Gap("d"), Piece::Gap("b")]);
    assert_eq!(pieces("a"), [Piece::Text("a")]);
    assert_eq!(pieces(""), []);
}

#[test]
fn korean_words_are_korean_and_no_other_language_is() {
    let is_hangul = |c: char| ('가'..='힣').contains(&c);
    for (name, word) in all(Locale::Ko) {
        assert!(name == "list_comma" || word.chars().any(is_hangul), "{name}");
    }
    for locale in Locale::ALL.into_iter().filter(|locale| *locale != Locale::Ko) {
        for (name, word) in all(locale).into_iter().map(|(name, word)| (name.to_owned(), word.to_owned())).chain(all_said(locale)) {
            assert!(!word.chars().any(is_hangul), "{name} in {locale:?}: {word}");
        }
    }
}

/// Whether a character is among those of an old set whose bytes have the highest bit: the first level and more of the national standard, without
/// what vendors added.
fn is_of_set(encoding: &'static Encoding, c: char) -> bool {
    let text = c.to_string();
    let (bytes, _, is_lost) = encoding.encode(&text);
    !is_lost && (encoding != GBK || c.is_ascii() || bytes.iter().all(|byte| *byte >= 0xa1))
}

/// The characters that only one of the two kinds of Chinese, or Japan, writes are not in the sets of the others.
#[test]
fn each_kind_of_characters_is_its_own() {
    let is_han = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c);
    let is_kana = |c: &char| ('\u{3041}'..='\u{30fa}').contains(c);
    for (locale, encoding) in [(Locale::Ja, SHIFT_JIS), (Locale::ZhHant, BIG5), (Locale::ZhHans, GBK)] {
        let said = all_said(locale);
        for (name, word) in &said {
            let strange: String = word.chars().filter(|c| is_han(c) && !is_of_set(encoding, *c)).collect();
            assert!(strange.is_empty(), "{name} in {locale:?}: {strange}");
            assert!(locale == Locale::Ja || !word.chars().any(|c| is_kana(&c)), "{name} in {locale:?}: {word}");
            assert!(name == "list_comma" || word.chars().any(|c| is_han(&c) || is_kana(&c)), "{name} in {locale:?}: {word}");
        }
        let others = Locale::ALL
            .into_iter()
            .filter(|other| *other != locale && matches!(other, Locale::Ja | Locale::ZhHant | Locale::ZhHans));
        for other in others {
            let strange =
                all_said(other).iter().flat_map(|(_, word)| word.chars()).filter(|c| is_han(c) && !is_of_set(encoding, *c)).count();
            assert!(strange > 0, "{other:?} would pass for {locale:?}");
        }
    }
}

#[test]
fn what_is_written_in_latin_letters_has_its_own() {
    for (locale, own) in [
        (Locale::En, ""),
        (Locale::Vi, "ăâđêôơưàảãạáằẳẵặắầẩẫậấèẻẽẹéềểễệếìỉĩịíòỏõọóồổỗộốờởỡợớùủũụúừửữựứỳỷỹỵý"),
        (Locale::Es, "áéíóúñ¡¿"),
    ] {
        for (name, word) in all_said(locale) {
            let strange: String =
                word.to_lowercase().chars().filter(|c| c.is_alphabetic() && !c.is_ascii() && !own.contains(*c)).collect();
            assert!(strange.is_empty(), "{name} in {locale:?}: {strange}");
        }
    }
    for (name, word) in all_said(Locale::Es) {
        let pairs = [('?', '¿'), ('!', '¡')].map(|(end, beginning)| word.matches(end).count() == word.matches(beginning).count());
        assert!(pairs == [true, true], "{name}: {word}");
    }
}

#[test]
fn a_tag_names_its_language() {
    for locale in Locale::ALL {
        assert_eq!(Locale::from_tag(locale.tag()), Some(locale));
        assert_eq!(Locale::from_tag(&format!(" {} ", locale.tag().to_ascii_uppercase().replace('-', "_"))), Some(locale));
    }
    for (tag, locale) in [
        ("zh", Locale::ZhHans),
        ("zh-CN", Locale::ZhHans),
        ("zh-SG", Locale::ZhHans),
        ("zh-Hans-HK", Locale::ZhHans),
        ("zh-CN-x-tw", Locale::ZhHans),
        ("zh-TW", Locale::ZhHant),
        ("zh-HK", Locale::ZhHant),
        ("zh-MO", Locale::ZhHant),
        ("zh-Hant-CN", Locale::ZhHant),
        ("zh_TW", Locale::ZhHant),
        ("es-419", Locale::Es),
        ("ja-JP", Locale::Ja),
        ("vi-VN", Locale::Vi),
    ] {
        assert_eq!(Locale::from_tag(tag), Some(locale), "{tag}");
    }
    for tag in ["", "*", "fr", "kok", "english", "-zh", "jp", "cn"] {
        assert_eq!(Locale::from_tag(tag), None, "{tag}");
    }
}

#[test]
fn the_best_language_wins() {
    for (header, locale) in [
        ("", Locale::Ko),
        ("ko-KR,ko;q=0.9,en;q=0.8", Locale::Ko),
        ("en-US,en;q=0.9,ko;q=0.8", Locale::En),
        ("fr, en;q=0.5, ko;q=0.6", Locale::Ko),
        ("en;q=0", Locale::Ko),
        ("en;q=x, *", Locale::Ko),
        ("*", Locale::Ko),
        ("fr-FR,fr;q=0.9", Locale::En),
        ("ja, ko;q=0.1", Locale::Ja),
        ("fr, ko;q=0.1", Locale::Ko),
        ("en;Q=0.1,ko;q=0.9", Locale::Ko),
        ("en;level=1;q=0.1,ko;q=0.9", Locale::Ko),
        (",fr-FR", Locale::En),
        (" , ja", Locale::Ja),
        ("ko;q=0,*", Locale::En),
        ("ko;q=0", Locale::En),
        ("en;q=inf,ko", Locale::Ko),
        ("en;q=9,ko", Locale::Ko),
        ("zh;q=0.9,zh-TW;q=0.9", Locale::ZhHant),
        ("zh-TW;q=0.9,zh;q=0.9", Locale::ZhHant),
        ("zh;q=0.9,zh-CN;q=0.9", Locale::ZhHans),
        ("zh,zh-TW;q=0.9", Locale::ZhHans),
        ("zh-CN;q=0,zh", Locale::ZhHant),
        ("zh,ja", Locale::ZhHans),
        ("zh-TW;q=0,zh-CN;q=0,es;q=0.1", Locale::Es),
    ] {
        assert_eq!(Locale::negotiate(header), locale, "{header}");
    }
}

/// What browsers send in each language: Chrome, Firefox and Safari, on computers and phones.
#[test]
fn a_browser_is_answered_in_its_language() {
    for (header, locale) in [
        ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", Locale::Ko),
        ("ko-KR,ko;q=0.8,en-US;q=0.5,en;q=0.3", Locale::Ko),
        ("ko-kr", Locale::Ko),
        ("en-GB,en;q=0.5", Locale::En),
        ("en-US,en;q=0.9,ja;q=0.8", Locale::En),
        ("ja,en-US;q=0.9,en;q=0.8", Locale::Ja),
        ("ja,en-US;q=0.7,en;q=0.3", Locale::Ja),
        ("ja-JP,ja;q=0.9", Locale::Ja),
        ("ja-jp", Locale::Ja),
        ("zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7", Locale::ZhHant),
        ("zh-TW,zh;q=0.8,en-US;q=0.5,en;q=0.3", Locale::ZhHant),
        ("zh-TW,zh-Hant;q=0.9", Locale::ZhHant),
        ("zh-HK,zh;q=0.9,en-HK;q=0.8,en;q=0.7,zh-TW;q=0.6", Locale::ZhHant),
        ("zh-Hant-HK,zh-Hant;q=0.9", Locale::ZhHant),
        ("zh-CN,zh;q=0.9,en;q=0.8,en-GB;q=0.7,en-US;q=0.6", Locale::ZhHans),
        ("zh-CN,zh;q=0.8,zh-TW;q=0.7,zh-HK;q=0.5,en-US;q=0.3,en;q=0.2", Locale::ZhHans),
        ("zh-CN,zh-Hans;q=0.9", Locale::ZhHans),
        ("vi-VN,vi;q=0.9,fr-FR;q=0.8,fr;q=0.7,en-US;q=0.6,en;q=0.5", Locale::Vi),
        ("vi-VN,vi;q=0.8,en-US;q=0.5,en;q=0.3", Locale::Vi),
        ("es-ES,es;q=0.9,en;q=0.8", Locale::Es),
        ("es-MX,es;q=0.8,en-US;q=0.5,en;q=0.3", Locale::Es),
        ("es-419,es;q=0.9", Locale::Es),
        ("ca-ES,ca;q=0.9,es-ES;q=0.8,es;q=0.7", Locale::Es),
        ("de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7", Locale::En),
        ("pt-BR,pt;q=0.9", Locale::En),
    ] {
        assert_eq!(Locale::negotiate(header), locale, "{header}");
    }
}

#[test]
fn a_wait_is_told_to_the_minute() {
    for (secs, ko, en) in [
        (1, "1초 뒤", "in 1 second"),
        (59, "59초 뒤", "in 59 seconds"),
        (60, "1분 뒤", "in 1 minute"),
        (3541, "1시간 뒤", "in 1 hour"),
        (3600, "1시간 뒤", "in 1 hour"),
        (7300, "2시간 2분 뒤", "in 2 hours and 2 minutes"),
        (36_060, "10시간 1분 뒤", "in 10 hours and 1 minute"),
    ] {
        let wait = Some(SignedDuration::from_secs(secs));
        assert_eq!((Locale::Ko.wait(wait).as_str(), Locale::En.wait(wait).as_str()), (ko, en));
    }
    for (locale, short, long) in [
        (Locale::Ja, "1秒後", "2時間1分後"),
        (Locale::ZhHant, "1 秒後", "2 小時 1 分鐘後"),
        (Locale::ZhHans, "1 秒后", "2 小时 1 分钟后"),
        (Locale::Vi, "sau 1 giây", "sau 2 giờ 1 phút"),
        (Locale::Es, "dentro de 1 segundo", "dentro de 2 horas y 1 minuto"),
    ] {
        let wait = |secs| locale.wait(Some(SignedDuration::from_secs(secs)));
        assert_eq!((wait(1).as_str(), wait(7260).as_str()), (short, long));
    }
}

#[test]
fn a_day_is_written_as_people_write_it() {
    let day = |locale: Locale, month| locale.words().day_of(DateTime::from(date(2026, month, 5)));
    for (locale, shown) in [
        (Locale::Ko, "2026년 11월 5일"),
        (Locale::En, "5 November 2026"),
        (Locale::Ja, "2026年11月5日"),
        (Locale::ZhHant, "2026年11月5日"),
        (Locale::ZhHans, "2026年11月5日"),
        (Locale::Vi, "5 tháng 11, 2026"),
        (Locale::Es, "5 de noviembre de 2026"),
    ] {
        assert_eq!(day(locale, 11), shown);
        let months: std::collections::BTreeSet<_> = (1..=12).map(|month| day(locale, month)).collect();
        assert_eq!((months.len(), locale.words().months.split(',').count()), (12, 12), "{locale:?}");
    }
}

#[test]
fn the_console_speaks_korean_and_english() {
    for locale in Locale::ALL {
        let spoken = locale.at_console();
        assert!(Locale::OF_CONSOLE.contains(&spoken) && (spoken == Locale::Ko) == (locale == Locale::Ko), "{locale:?}");
        assert_eq!(locale.console().all(), spoken.console().all());
    }
}
