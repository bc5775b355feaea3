//! What all services of SENS share: the signed request, and how the API Gateway refuses one.

use std::sync::Arc;

use jiff::Timestamp;
use reqwest::{Client, Method, RequestBuilder, Url, header::CONTENT_TYPE};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::super::ProviderFault;
use super::super::exchange::{VendorAnswer, fault_by_status};
use super::super::report::code;
use super::super::setting::{InvalidSetting, at_path, base_url, header_text};
use super::signature::signature;
use crate::server::clock::Clock;

/// The API Gateway of Naver Cloud, with a key.
pub(in crate::server::provider) struct Gateway {
    pub(in crate::server::provider) client: Client,
    clock: Arc<dyn Clock>,
    base: Url,
    access_key: String,
    secret_key: String,
}

impl Gateway {
    /// `client` is `http_client`'s; `clock` must be within five minutes of true time, or every request is refused.
    pub(in crate::server::provider) fn new(
        client: Client,
        clock: Arc<dyn Clock>,
        base: &str,
        (access_key, secret_key): (&str, &str),
    ) -> Result<Self, InvalidSetting> {
        let base = base_url("the base URL of SENS", base)?;
        header_text("the access key of SENS", access_key)?;
        header_text("the secret key of SENS", secret_key)?;
        Ok(Self { client, clock, base, access_key: access_key.to_owned(), secret_key: secret_key.to_owned() })
    }

    pub(in crate::server::provider) fn url(&self, path: &[&str]) -> Url {
        at_path(&self.base, path)
    }

    pub(in crate::server::provider) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A request with its four headers. The target is taken from the address that is sent, so that what is signed is what is on
    /// the wire, and the time is asked for once: a second look would sign another instant than the header tells.
    pub(in crate::server::provider) fn signed(&self, method: Method, url: Url) -> RequestBuilder {
        let timestamp = self.clock.now().as_millisecond().to_string();
        let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let signature = signature(method.as_str(), &target, &timestamp, &self.access_key, &self.secret_key);
        let request = self.client.request(method, url).header(CONTENT_TYPE, "application/json; charset=utf-8");
        let request = request.header("x-ncp-apigw-timestamp", timestamp).header("x-ncp-iam-access-key", &self.access_key);
        request.header("x-ncp-apigw-signature-v2", signature)
    }
}

/// The body of a success, as what it must be.
pub(in crate::server::provider) fn success<T: DeserializeOwned>(answer: &VendorAnswer) -> Result<T, ProviderFault> {
    if answer.status.is_success() { answer.json().ok_or_else(|| unreadable(answer)) } else { Err(refusal(answer)) }
}

/// A success that is not what SENS documents: it may come from something between us and SENS, so nothing is certain.
pub(in crate::server::provider) fn unreadable(answer: &VendorAnswer) -> ProviderFault {
    ProviderFault::Unknown(format!("{}, not an answer of SENS", answer.summary(None)))
}

/// Anything but 2xx: the HTTP status decides, the vendor's code is for the log (API Gateway, error table).
fn refusal(answer: &VendorAnswer) -> ProviderFault {
    let found = answer.json().and_then(|body| error_code(&body));
    tracing::debug!(status = answer.status.as_u16(), code = found, "SENS refused");
    fault_by_status(answer.status, answer.summary(found.as_deref()))
}

/// The gateway nests its code under `error`, SENS itself writes it at the top or gives only a `status`.
pub(super) fn error_code(body: &Value) -> Option<String> {
    ["/error/errorCode", "/errorCode", "/status"].iter().find_map(|place| body.pointer(place).and_then(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_code_is_found_in_every_shape_of_error() {
        let cases = [
            (json!({"error": {"errorCode": "200", "message": "Authentication Failed"}}), Some("200")),
            (json!({"error": {"errorCode": 200}}), Some("200")),
            (json!({"errorCode": "210", "errorMessage": "Permission Denied"}), Some("210")),
            (json!({"status": 403, "error": "Forbidden", "message": "no access to this 'serviceId'"}), Some("403")),
            (json!({"errors": ["to"]}), None),
            (json!({"errorCode": "01012345678"}), None),
            (json!({"errorCode": {"a": 1}}), None),
            (json!("text"), None),
        ];
        for (body, expected) in cases {
            assert_eq!(error_code(&body).as_deref(), expected, "{body}");
        }
    }
}
