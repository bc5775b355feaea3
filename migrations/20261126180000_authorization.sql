-- Other applications: who they are, what waits, what they were given. Everything here is added: an older replica reads and writes as before,
-- and a session that it begins says neither when its number was proven nor what applications call it.

alter table sessions add column authenticated_at bigint; -- when its person last proved the number
alter table sessions add column sid text; -- what applications call it: stays the same when the cookie is replaced

-- Applications that were added by command; the others stand in a file of the operator's.
create table clients (
    id text primary key,
    settings text not null, -- JSON in the words of RFC 7591
    changed_at bigint not null
);

-- What an application asked for while its person signs in. The browser carries the name and nothing else.
create table authorization_requests (
    digest text primary key, -- SHA-256 of its name
    client_id text not null,
    parameters text not null, -- as they came, form-urlencoded
    fresh_after bigint, -- a session that was begun before is not good enough
    requester text not null,
    opened_at bigint not null,
    expires_at bigint not null
);

create index authorization_requests_requester on authorization_requests (requester, expires_at);
create index authorization_requests_expires_at on authorization_requests (expires_at);

-- Who let which application know them, from the code on. All tokens that follow are its own.
create table grants (
    id text primary key,
    client_id text not null,
    account_id text not null references accounts (id) on delete cascade,
    session text not null, -- digest of the session's cookie
    sid text not null,
    scope text not null,
    nonce text,
    redirect_uri text not null,
    challenge text, -- PKCE, S256
    authenticated_at bigint,
    code text not null unique, -- SHA-256
    code_expires_at bigint not null,
    redeemed_at bigint,
    is_offline bigint not null, -- 1 where it outlives the session
    ended_at bigint, -- from then on nothing of it is good
    granted_at bigint not null,
    expires_at bigint not null -- from then on it is forgotten
);

create index grants_session on grants (session);
create index grants_account_id on grants (account_id);
create index grants_expires_at on grants (expires_at);

create table tokens (
    digest text primary key, -- SHA-256
    grant_id text not null references grants (id) on delete cascade,
    kind text not null, -- access, refresh, or door: the cookie of forward authentication
    issued_at bigint not null,
    expires_at bigint not null,
    replaced_at bigint -- when a refresh token was used
);

create index tokens_grant_id on tokens (grant_id);
create index tokens_expires_at on tokens (expires_at);

-- Which applications know of a session, and are told when it ends.
create table session_clients (
    session text not null references sessions (digest) on delete cascade on update cascade,
    client_id text not null,
    account_id text not null,
    sid text not null,
    since bigint not null,
    primary key (session, client_id)
);

-- Applications that are yet to be told that a session, or all of an account, is over.
create table logout_notices (
    id text primary key,
    client_id text not null,
    account_id text not null, -- perhaps of an account that is gone
    sid text, -- null for all sessions
    made_at bigint not null,
    tries bigint not null default 0,
    due_at bigint not null
);

create index logout_notices_due_at on logout_notices (due_at);

-- What is drawn once for the whole database, by name. No key protects it: it only makes names that nobody can guess.
create table constants (
    name text primary key,
    value text not null
);

-- What signs ID tokens.
create table signing_keys (
    kid text primary key,
    algorithm text not null, -- RS256 or ES256
    generation bigint not null, -- counted for each algorithm, so that of many replicas one makes the next
    sealed text not null, -- PKCS#8, AES-256-GCM under SECRET_KEY
    made_at bigint not null,
    signs_from bigint not null,
    unique (algorithm, generation)
);
