//! The driver against the sink, and its parts by themselves. Everything runs in parallel; what waits does so in
//! paused time over pipes in memory, so nothing sleeps.

mod content_tests;
mod courier_tests;
mod envelope_tests;
mod fault_tests;
mod fixture;
mod reply_tests;
mod session_tests;
mod table_tests;
mod tls_tests;
