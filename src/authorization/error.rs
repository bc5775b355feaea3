//! What an application is told when it does not get what it asked for.

/// An error of RFC 6749, RFC 6750, RFC 7009 or OpenID Connect Core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OauthError {
    /// A parameter is missing, doubled, malformed, or does not go with another.
    InvalidRequest,
    /// The application did not say who it is, or with the wrong secret.
    InvalidClient,
    /// The code or refresh token is not good, or not this application's.
    InvalidGrant,
    /// This application may not do that.
    UnauthorizedClient,
    /// Neither a code nor a refresh token.
    UnsupportedGrantType,
    /// No `openid` in it.
    InvalidScope,
    /// Something else than a code is asked for.
    UnsupportedResponseType,
    /// Nobody is signed in, or not lately enough, and nobody may be asked.
    LoginRequired,
    /// Request objects are not read.
    RequestNotSupported,
    /// Nor fetched.
    RequestUriNotSupported,
    /// Applications do not register themselves.
    RegistrationNotSupported,
    /// The access token is not good.
    InvalidToken,
    /// Too much is under way from there.
    TemporarilyUnavailable,
    /// Something of ours failed.
    ServerError,
}

impl OauthError {
    /// Its name in an answer.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::LoginRequired => "login_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::InvalidToken => "invalid_token",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::ServerError => "server_error",
        }
    }
}

/// An error, and what is wrong in words for whoever builds the application: ours alone, nothing of what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its name.
    pub error: OauthError,
    /// In English.
    pub description: &'static str,
}

impl Refused {
    /// An error and its words.
    #[must_use]
    pub fn new(error: OauthError, description: &'static str) -> Self {
        Self { error, description }
    }
}
