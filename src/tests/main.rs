//! The outer rings of tests: the store contract on both databases, and the whole server over real HTTP.
//!
//! Time moves by the clock and never by waiting; every server has a port and a database of its own.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod abuse;
mod arrows;
mod backup;
mod bad_input;
mod browser;
#[path = "../../benches/shared/chance.rs"]
mod chance;
mod clients;
mod commands;
mod console;
mod countries;
mod database_faults;
mod databases;
mod design;
mod documented;
mod failover;
mod fake_messages;
mod fake_program;
mod fake_sens;
mod fake_twilio;
mod faults;
mod floods;
mod guard;
mod headers;
mod heads;
mod hooks;
mod hostile_texts;
mod journey_forms;
mod journey_islands;
mod journey_json;
mod key_rotation;
mod keyed_requests;
mod killed_groups;
mod killed_tasks;
mod late_answers;
mod left_verbs;
mod link;
mod log_lines;
mod logs;
mod lost_answers;
mod metrics;
mod money;
mod nginx;
mod odd_databases;
mod oidc;
mod other_versions;
mod outgoing_proxy;
mod own_postgres;
mod pgbouncer;
mod process;
mod promises;
mod races;
mod readmes;
mod repeated_requests;
mod replicas;
mod sessions;
mod slow_clients;
mod stop_signal;
mod store_contract;

mod test_server;
mod untold;
mod vendor_faults;
mod vendors_word;
mod why;
mod work;
mod world;
mod wrong_time;
