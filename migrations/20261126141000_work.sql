-- Proofs of work, and waits in their place, that have bought a send. Everything here is added: an older replica asks for none.
create table spent_proofs (
    id text primary key,
    expires_at bigint not null -- from then on it is not good anyway, and forgotten
);

create index spent_proofs_expires_at on spent_proofs (expires_at);
