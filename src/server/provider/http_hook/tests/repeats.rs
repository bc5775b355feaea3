//! What happens after 429 and 503.

use super::super::super::fake_vendor::kind_of;
use super::*;

fn busy(status: u16, retry_after: &str) -> Script {
    Script::answer(status, &format!("{retry_after}Content-Type: application/json\r\n"), "{}")
}

async fn sent(scripts: Vec<Script>, limit: Duration) -> (Result<Receipt, ProviderFault>, Vec<Asked>) {
    let vendor = FakeVendor::start(scripts).await;
    let clock = Arc::new(ManualClock::at(NOW_MS));
    let hook = HttpHook::new(client(), Arc::<ManualClock>::clone(&clock), settings(vendor.base_url())).expect("settings");
    let ticking = async {
        loop {
            tokio::time::sleep(Duration::from_millis(10)).await;
            clock.advance(SignedDuration::from_secs(1));
        }
    };
    let parcel = Parcel::new(TEXT).within(limit);
    let message = parcel.message();
    let result = tokio::select! {
        result = hook.send(&message) => result,
        () = ticking => unreachable!("a clock ticks for ever"),
    };
    (result, vendor.asked())
}

#[tokio::test]
async fn a_repeat_has_the_same_name_and_body_and_a_signature_of_its_own() {
    for status in [429, 503] {
        let (result, asked) = sent(vec![busy(status, "Retry-After: 0\r\n"), Script::json(200, "{}")], TIME_LIMIT).await;
        assert_eq!(result, Ok(receipt()), "{status}");
        let [first, second] = asked.as_slice() else { panic!("{asked:?}") };
        assert_eq!(first.header("webhook-id"), second.header("webhook-id"));
        assert_eq!(first.body, second.body);
        assert_ne!(first.header("webhook-timestamp"), second.header("webhook-timestamp"));
        assert_signed(first);
        assert_signed(second);
    }
}

#[tokio::test]
async fn nothing_is_repeated_without_a_word_on_when() {
    for (status, retry_after, kind) in [
        (429, "", "quota exhausted"),
        (503, "", "unavailable"),
        (503, "Retry-After: Fri, 27 Nov 2026 00:00:00 GMT\r\n", "unavailable"),
        (500, "Retry-After: 0\r\n", "unavailable"),
        (400, "Retry-After: 0\r\n", "refused"),
        (504, "Retry-After: 0\r\n", "unknown"),
    ] {
        let (result, asked) = sent(vec![busy(status, retry_after)], TIME_LIMIT).await;
        assert_eq!((result.as_ref().map_err(kind_of), asked.len()), (Err(kind), 1), "{status} {retry_after}");
    }
}

#[tokio::test]
async fn a_wait_that_does_not_fit_is_not_begun() {
    for retry_after in ["Retry-After: 5\r\n", "Retry-After: 18446744073709551615\r\n"] {
        let (result, asked) = sent(vec![busy(503, retry_after)], TIME_LIMIT).await;
        assert_eq!((result.as_ref().map_err(kind_of), asked.len()), (Err("unavailable"), 1), "{retry_after}");
    }
    let (result, asked) = sent(vec![busy(429, "Retry-After: 0\r\n")], Duration::from_millis(900)).await;
    assert_eq!((result.as_ref().map_err(kind_of), asked.len()), (Err("quota exhausted"), 1), "a repeat needs a second");
}
