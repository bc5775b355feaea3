//! The integration tests: the store's contract on each database, and journeys through a real server.
