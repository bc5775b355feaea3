//! The OpenAPI 3.1 document of the JSON interface, made of the types that it reads and writes.

use utoipa::OpenApi;

use super::bodies::Body;
use crate::api::json;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Beonho",
        description = "Sign-up by phone number. The subject is the session of the cookie, which the first answer sets.",
    ),
    paths(json::look, json::start, json::check, json::sign_up),
    components(schemas(Body))
)]
struct Document;

/// The document as `/v1/openapi.json` gives it and `docs/openapi.json` keeps it.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
