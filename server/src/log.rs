//! The log, on standard error: readable on a terminal, JSON lines otherwise.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::settings::value::LogFilter;

/// Starts the log. A second call in the same process changes nothing.
pub fn start(filter: &LogFilter) {
    let registry = tracing_subscriber::registry().with(EnvFilter::new(&filter.0));
    let lines = fmt::layer().with_writer(io::stderr);
    let started = if io::stderr().is_terminal() {
        registry.with(lines.with_target(false)).try_init()
    } else {
        let lines = lines
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false);
        registry.with(lines).try_init()
    };
    // Only possible in tests, where the first one's log serves all.
    drop(started);
}
