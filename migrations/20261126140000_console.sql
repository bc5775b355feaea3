-- The operator's console. Everything here is added: an older replica reads and writes as before.

-- Links that open the console, each once.
create table console_links (
    digest text primary key, -- SHA-256 of the token
    actor text not null,
    reason text not null,
    expires_at bigint not null,
    used_at bigint -- null until it was used
);

create index console_links_expires_at on console_links (expires_at);

-- Who is at the console. A session that rests is over before it expires.
create table console_sessions (
    digest text primary key, -- SHA-256 of the cookie
    actor text not null,
    expires_at bigint not null,
    last_seen_at bigint not null
);

create index console_sessions_last_seen_at on console_sessions (last_seen_at);

-- The audit is read from its newest line on.
create index audit_at on audit (at);
