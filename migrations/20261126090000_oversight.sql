-- What the operator looks at. Everything here is added: an older replica reads and writes as before.

-- Why a send did not go through: the vendor's words or the network's. Null where it did, and in rows of an older replica.
alter table sends add column fault text;

-- Who was refused a code, and by which rule: of each number the last few, for a day.
create table refusals (
    id text primary key,
    phone_number text not null, -- E.164
    rule text not null,
    subject text not null,
    requester text not null, -- address, IPv6 cut to /64
    refused_at bigint not null, -- the last time
    times bigint not null -- how often, up to then
);

create index refusals_phone_number on refusals (phone_number, refused_at);
create index refusals_refused_at on refusals (refused_at);

-- How often each rule refused in an hour.
create table hourly_refusals (
    hour bigint not null, -- since the Unix epoch
    rule text not null,
    refusals bigint not null,
    primary key (hour, rule)
);

-- What operators did. Rows are added, and never changed or removed.
create table audit (
    id text primary key,
    at bigint not null,
    actor text not null,
    action text not null,
    target text not null, -- a masked number, or everybody
    reason text not null
);

create index audit_target on audit (target, at);
