//! The server: it acts, and asks `verification` what to do.

pub mod provider;
