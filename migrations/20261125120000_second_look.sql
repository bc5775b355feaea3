-- What the second look found missing. Everything here is added: an older replica reads and writes as before.

-- When the newest code was sent. Null in rows of an older replica: then it is opened_at.
alter table challenges add column sent_at bigint;
-- The challenge that this one was closed for. When that one's only send fails for certain, this one is open again.
alter table challenges add column closed_for text;
-- When the hosted verifier's verification was ended there; null while it may live.
alter table challenges add column hosted_ended_at bigint;
-- When the hosted verifier was last asked about it.
alter table challenges add column looked_up_at bigint;
create index challenges_closed_for on challenges (closed_for) where closed_for is not null;

-- How often a session that was replaced was asked for its successor over the JSON interface.
alter table sessions add column repeats bigint not null default 0;

-- What a request with an Idempotency-Key was answered, for those that repeat it.
create table kept_answers (
    subject text not null,
    key text not null, -- digest of the Idempotency-Key
    request text not null, -- digest of path and body
    status bigint, -- HTTP; null while the first of them is under way
    body text, -- JSON
    retry_after_secs bigint,
    claimed_at bigint not null,
    primary key (subject, key)
);

create index kept_answers_claimed_at on kept_answers (claimed_at);
