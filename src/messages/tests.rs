//! No word is missing, and the best language wins.

use super::*;

/// Every word with its name, those of the console too.
fn all(locale: Locale) -> Vec<(&'static str, &'static str)> {
    locale.words().all().into_iter().chain(locale.console().all()).collect()
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
fn both_languages_fill_the_same_gaps() {
    let gaps = |text: &str| {
        let mut gaps: Vec<_> = text.split('{').skip(1).filter_map(|rest| rest.split('}').next().map(str::to_owned)).collect();
        gaps.sort();
        gaps
    };
    for ((name, ko), (_, en)) in all(Locale::Ko).into_iter().zip(all(Locale::En)) {
        assert_eq!(gaps(ko), gaps(en), "{name}");
    }
}

#[test]
fn korean_words_are_korean_and_english_words_are_not() {
    let is_hangul = |c: char| ('가'..='힣').contains(&c);
    for ((name, ko), (_, en)) in all(Locale::Ko).into_iter().zip(all(Locale::En)) {
        assert!(name == "switch_label" || (ko.chars().any(is_hangul) && !en.chars().any(is_hangul)), "{name}");
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
        ("ja, ko;q=0.1", Locale::Ko),
        ("en;Q=0.1,ko;q=0.9", Locale::Ko),
        ("en;level=1;q=0.1,ko;q=0.9", Locale::Ko),
        (",fr-FR", Locale::En),
        (" , ja", Locale::En),
        ("ko;q=0,*", Locale::En),
        ("ko;q=0", Locale::En),
        ("en;q=inf,ko", Locale::Ko),
        ("en;q=9,ko", Locale::Ko),
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
}
