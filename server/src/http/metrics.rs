//! Figures for operators: counts and times by route template, never content, never an id.

use std::sync::OnceLock;
use std::time::Duration;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use wire::event::{AlertLevel, Event};

/// Upper bounds of the time buckets, seconds.
const BUCKETS: [f64; 15] = [
    0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.25, 1.0, 3.0, 6.0, 20.0,
];

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Installs the recorder once for the process and answers what renders it. `None` if another recorder was there before.
pub fn install() -> Option<PrometheusHandle> {
    HANDLE
        .get_or_init(|| {
            let builder = PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)
                .ok()?;
            let recorder = builder.build_recorder();
            let handle = recorder.handle();
            metrics::set_global_recorder(recorder).ok()?;
            describe();
            Some(handle)
        })
        .clone()
}

fn describe() {
    metrics::describe_counter!(
        "anteroom_requests_total",
        "Requests by route template, method and status"
    );
    metrics::describe_histogram!(
        "anteroom_request_seconds",
        "Time to answer by route template"
    );
    metrics::describe_histogram!(
        "anteroom_turn_seconds",
        "Server time of a turn: from the request read to its last event ready"
    );
    metrics::describe_counter!("anteroom_sessions_total", "Sessions begun");
    metrics::describe_counter!("anteroom_turns_total", "Turns ended, by step");
    metrics::describe_counter!("anteroom_alerts_total", "Cards shown, by level");
    metrics::describe_gauge!("anteroom_streams", "Streams open");
    metrics::describe_gauge!(
        "anteroom_circuit",
        "State of a circuit by port: 0 off, 1 closed, 2 trying again, 3 open"
    );
    metrics::describe_gauge!(
        "anteroom_outbox_messages",
        "Messages to the webhook by state: waiting, dead"
    );
    metrics::describe_counter!(
        "anteroom_model_calls_total",
        "Calls of a language model, by purpose and outcome"
    );
    metrics::describe_histogram!(
        "anteroom_model_call_seconds",
        "Time of a model's call, by purpose"
    );
    metrics::describe_counter!(
        "anteroom_model_readings_total",
        "Texts read by a model, by outcome"
    );
    metrics::describe_counter!(
        "anteroom_model_phrasings_total",
        "Messages put into words by a model, by outcome"
    );
    metrics::describe_counter!(
        "anteroom_speech_calls_total",
        "Recordings sent to a speech provider, by outcome"
    );
    metrics::describe_histogram!(
        "anteroom_speech_call_seconds",
        "Time of a recording from its first byte to its text"
    );
}

/// The circuits as they are now.
pub fn circuits(model: &str, speech: &str) {
    for (port, state) in [("model", model), ("speech", speech)] {
        let value = match state {
            "closed" => 1.0,
            "half_open" => 2.0,
            "open" => 3.0,
            _ => 0.0,
        };
        metrics::gauge!("anteroom_circuit", "port" => port).set(value);
    }
}

/// The messages to the webhook as they are now.
pub fn messages(waiting: u32, dead: u32) {
    metrics::gauge!("anteroom_outbox_messages", "state" => "waiting").set(waiting);
    metrics::gauge!("anteroom_outbox_messages", "state" => "dead").set(dead);
}

/// One request answered.
pub fn request(route: &str, method: &str, status: u16, took: Duration) {
    metrics::counter!(
        "anteroom_requests_total",
        "route" => route.to_owned(),
        "method" => method_label(method),
        "status" => status.to_string()
    )
    .increment(1);
    metrics::histogram!("anteroom_request_seconds", "route" => route.to_owned())
        .record(took.as_secs_f64());
}

/// A method as a label: what a stranger invents does not make a new series.
fn method_label(method: &str) -> &'static str {
    match method {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// One turn answered.
pub fn turn(took: Duration) {
    metrics::histogram!("anteroom_turn_seconds").record(took.as_secs_f64());
}

/// What a turn ended with.
pub fn decided(events: &[Event], care_level: Option<&str>) {
    let level = care_level.unwrap_or("none").to_owned();
    metrics::counter!("anteroom_turns_total", "care_level" => level).increment(1);
    for event in events {
        let level = match event {
            Event::Alert(alert) => match alert.level {
                AlertLevel::GoNow => "go_now",
                AlertLevel::CallNow | AlertLevel::Unknown => "call_now",
            },
            Event::Crisis(_) => "crisis",
            _ => continue,
        };
        metrics::counter!("anteroom_alerts_total", "level" => level).increment(1);
    }
}
