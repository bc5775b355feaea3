-- What a send costs, and who is held. Everything here is added: an older replica reads and writes as before, and what it sends has no price.

-- Where a send goes (ISO 3166-1 alpha-2; ZZ where the number plan has no country), and its price: null where there is none.
alter table sends add column country text;
alter table sends add column currency text;
alter table sends add column price_micros bigint; -- millionths of the currency's unit

-- What the sends of an hour cost. Several rows share an hour and a country, so that replicas seldom wait for each other.
create table hourly_costs (
    hour bigint not null, -- since the Unix epoch
    shard bigint not null,
    currency text not null,
    country text not null,
    micros bigint not null,
    primary key (hour, shard, currency, country)
);

-- What came of the sends of five minutes, by country (c:KR), prefix (p:+82101234, a number but for its last four digits), requester (i:) and
-- its network (n:, a /24 or /48). Each replica adds to a shard of its own.
create table tally (
    key text not null,
    slot bigint not null, -- five minutes, since the Unix epoch
    shard bigint not null,
    sends bigint not null,
    verified bigint not null,
    primary key (key, slot, shard)
);

create index tally_kind on tally (substr(key, 1, 1), slot);

-- Which prefixes and countries are sent nothing. One that is over stays for a while: what was counted before an operator lifted it is no
-- evidence any more.
create table held (
    key text primary key, -- p:… or c:…
    rule text not null,
    mode text not null, -- on, or watch where it is only written down
    evidence text not null,
    held_at bigint not null,
    until bigint not null,
    lifted_at bigint -- when an operator ended it, the last time
);

-- What happened that an operator wants to know of. Rows are named by what they tell of, so that of many replicas one tells it.
create table events (
    id text primary key,
    at bigint not null,
    kind text not null, -- guard.held, budget.warning, …
    about text not null, -- a masked prefix, a country, a currency
    detail text not null
);

create index events_at on events (at);
