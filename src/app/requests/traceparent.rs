//! The trace that a request belongs to (W3C Trace Context, level 1), for whoever follows it through several programs by their logs.

use axum::http::HeaderMap;

/// `version-trace-parent-flags`, as version 00 has it; what a later version adds behind is left out.
const PARTS: [usize; 4] = [2, 32, 16, 2];
const LENGTH: usize = 55;

/// The header, where it is there once and is one. Whatever else it is, it is none of the log's.
pub(super) fn traceparent(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all("traceparent").iter();
    let text = all.next()?.to_str().ok()?;
    let known = text.get(..LENGTH)?;
    let parts: Vec<_> = known.split('-').collect();
    let is_hex = |part: &str| part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let is_formed = parts.iter().map(|part| part.len()).eq(PARTS) && parts.iter().all(|part| is_hex(part));
    if all.next().is_some() || !is_formed {
        return None;
    }
    let is_none = |part: &str| part.bytes().all(|byte| byte == b'0');
    let rest = &text[LENGTH..];
    let is_whole = rest.is_empty() || parts[0] != "00" && rest.starts_with('-');
    (is_whole && parts[0] != "ff" && !is_none(parts[1]) && !is_none(parts[2])).then_some(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn read(values: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("traceparent", value.parse().expect("a value"));
        }
        traceparent(&headers).map(str::to_owned)
    }

    #[test]
    fn what_the_standard_allows_is_taken() {
        assert_eq!(read(&[GOOD]).as_deref(), Some(GOOD));
        let later = GOOD.replacen("00", "cc", 1);
        assert_eq!(read(&[&later]), Some(later.clone()));
        assert_eq!(read(&[&format!("{later}-more")]), Some(later));
    }

    #[test]
    fn whatever_else_it_is_is_not_logged() {
        let zero_trace = GOOD.replace("4bf92f3577b34da6a3ce929d0e0e4736", &"0".repeat(32));
        let zero_parent = GOOD.replace("00f067aa0ba902b7", &"0".repeat(16));
        let (upper, invalid) = (GOOD.to_uppercase(), GOOD.replacen("00", "ff", 1));
        let longer = format!("{GOOD}-more");
        for text in ["", "00", "+82 10-1234-5678", &zero_trace, &zero_parent, &upper, &invalid, &longer, &GOOD[..54]] {
            assert_eq!(read(&[text]), None, "{text}");
        }
        assert_eq!(read(&[&format!("{}é", &GOOD[..54])]), None);
        assert_eq!(read(&[GOOD, GOOD]), None, "of two nobody knows which");
    }
}
