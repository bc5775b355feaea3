-- The sender belongs to the send, the judge to the challenge. Everything here is added: an older replica reads and writes as before, and
-- finds the sender of a challenge's first code where it looks for who judges it.

-- Who judges the codes: ours, or the name of a hosted vendor. Null in rows of an older replica: then its provider tells.
alter table challenges add column judge text;
-- Who took the text, or was to. Null in rows of an older replica: then the provider of its challenge.
alter table sends add column provider text;
