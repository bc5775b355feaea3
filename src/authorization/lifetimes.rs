//! How long what applications are given is good.

use jiff::SignedDuration;

/// A request waits for its person.
pub const REQUEST: SignedDuration = SignedDuration::from_mins(10);
/// A code is on its way (RFC 6749, 4.1.2: ten minutes at most).
pub const CODE: SignedDuration = SignedDuration::from_secs(60);
/// An access token is good.
pub const ACCESS_TOKEN: SignedDuration = SignedDuration::from_mins(10);
/// An ID token is good.
pub const ID_TOKEN: SignedDuration = SignedDuration::from_mins(10);
/// A refresh token that is not used.
pub const REFRESH_TOKEN_REST: SignedDuration = SignedDuration::from_hours(24 * 14);
/// All that follows from one code, however busy.
pub const OFFLINE_GRANT: SignedDuration = SignedDuration::from_hours(24 * 30);
/// How long a code is remembered, so that a replay is known.
pub const GRANT: SignedDuration = SignedDuration::from_hours(24);
/// How long a refresh token may come again and be told what it was told: an answer may be lost.
pub const REPEAT: SignedDuration = SignedDuration::from_secs(60);
/// A cookie of forward authentication: then its person is led through here again, and notices nothing.
pub const DOOR: SignedDuration = SignedDuration::from_hours(12);
/// A logout token is good (Back-Channel Logout 1.0, 2.4: short).
pub const LOGOUT_TOKEN: SignedDuration = SignedDuration::from_mins(2);
/// How many requests of one address may wait.
pub const MAX_WAITING: u32 = 500;
/// When an application is told again that a session is over, after the first try.
pub const NOTICE_WAITS: [SignedDuration; 5] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_secs(30),
    SignedDuration::from_mins(2),
    SignedDuration::from_mins(10),
    SignedDuration::from_hours(1),
];
