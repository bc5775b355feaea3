-- The whole life of a sign-up: who verifies which number, what was sent, who has an account.
-- One text for SQLite and PostgreSQL: text and bigint only; every instant (_at) is in unix milliseconds.

create table accounts (
    id text primary key,
    phone_number text not null unique, -- E.164
    nickname text not null, -- 1 to 30 characters
    consented_at bigint, -- when terms and privacy were agreed to; null where none were shown
    created_at bigint not null
);

-- A browser's session. A cookie that has posted nothing has no row; its subject is its digest.
create table sessions (
    digest text primary key, -- SHA-256 of the cookie's secret
    subject text not null,
    account_id text references accounts (id) on delete cascade,
    expires_at bigint not null,
    flash text, -- the outcome that the next page shows once
    rotated_at bigint, -- when another session took its place; it is dead from then on
    rotated_by text, -- digest of the one-time value of the form that did it
    rotated_outcome text -- what that form was answered
);

create index sessions_expires_at on sessions (expires_at);
create index sessions_account_id on sessions (account_id);

-- One act of proving possession of a number. Subject, number, purpose and provider never change.
create table challenges (
    id text primary key,
    subject text not null,
    phone_number text not null, -- E.164
    purpose text not null, -- sign_up or sign_in
    provider text not null, -- sens, outbox, twilio_verify
    provider_reference text, -- the hosted verifier's name for it
    attempts bigint not null, -- guesses made, counted before they are looked at
    opened_at bigint not null,
    expires_at bigint not null, -- of the newest code
    delivery text, -- of the newest code: null, delivered or failed
    verified_at bigint,
    closed_at bigint
);

-- A subject has one challenge at a time.
create unique index challenges_open on challenges (subject) where closed_at is null;
create index challenges_provider_reference on challenges (provider_reference) where provider_reference is not null;
create index challenges_opened_at on challenges (opened_at);
create index challenges_phone_number on challenges (phone_number, expires_at);

-- Every send that was reserved, and every answer that a number is taken: what the budgets count.
create table sends (
    id text primary key,
    challenge_id text, -- null for an answer that a number is taken
    subject text not null,
    requester text not null, -- address, IPv6 cut to /64
    phone_number text, -- E.164; null for an answer that a number is taken
    code_digest text, -- HMAC-SHA256; null when the vendor holds the code, or the send failed for certain
    reserved_at bigint not null,
    expires_at bigint not null, -- of this code
    result text not null, -- reserved, accepted, failed, unknown, taken
    given_back bigint not null, -- 1 when subject and number got the send back
    provider_reference text, -- the vendor's name for the request
    delivery text, -- what became of it: null, delivered, or the vendor's reason
    polls bigint not null default 0, -- how often the vendor was asked about it
    poll_at bigint -- when it is asked next; null when it is not
);

create index sends_poll_at on sends (poll_at) where poll_at is not null;

create index sends_subject on sends (subject, reserved_at);
create index sends_phone_number on sends (phone_number, reserved_at);
create index sends_requester on sends (requester, reserved_at);
create index sends_reserved_at on sends (reserved_at);
create index sends_challenge_id on sends (challenge_id);

-- How many sends of the whole service were reserved in an hour and not given back: its budget for a day is their sum. Several rows share an
-- hour, so that replicas seldom wait for each other.
create table hourly_sends (
    hour bigint not null, -- since the Unix epoch
    shard bigint not null,
    sends bigint not null,
    primary key (hour, shard)
);

-- What serialises the sends of a requester, a subject and a number across replicas.
create table budgets (
    key text primary key, -- requester:…, subject:…, number:…
    touched_at bigint not null,
    lifted_at bigint not null -- sends before it no longer count; 0 for never
);

create index budgets_touched_at on budgets (touched_at);
