//! What the builders make, before anything is sent.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{Piece, Reply, Stream, chat, transcription};

/// The data lines of a stream, those that are JSON read as such and the others as strings.
fn events(stream: &Stream) -> Vec<Value> {
    let text = String::from_utf8(stream.bytes()).unwrap();
    text.lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(|data| serde_json::from_str(data).unwrap_or_else(|_| json!(data)))
        .collect()
}

fn whole_body(reply: &Reply) -> Value {
    let Reply::Whole { body, .. } = reply else {
        panic!("not whole: {reply:?}")
    };
    serde_json::from_slice(body).unwrap()
}

#[test]
fn events_come_in_the_order_of_a_model() {
    let stream = chat::text(&["Hello", " there"]).model("m").stream();
    assert_eq!(stream.content_type, "text/event-stream");
    assert_eq!(stream.pieces.len(), 6);
    let events = events(&stream);
    let delta = |index: usize| &events[index]["choices"][0]["delta"];
    assert_eq!(delta(0), &json!({"role": "assistant", "content": null}));
    assert_eq!(delta(1), &json!({"content": "Hello"}));
    assert_eq!(delta(2), &json!({"content": " there"}));
    assert_eq!(delta(3), &json!({}));
    assert_eq!(events[2]["choices"][0]["finish_reason"], Value::Null);
    assert_eq!(events[3]["choices"][0]["finish_reason"], "stop");
    assert_eq!(events[4]["choices"], json!([]));
    assert_eq!(
        events[4]["usage"],
        json!({"prompt_tokens": 12, "completion_tokens": 2, "total_tokens": 14})
    );
    assert_eq!(events[5], "[DONE]");
    assert_eq!(events[0]["model"], "m");
    assert_eq!(events[0]["object"], "chat.completion.chunk");
}

#[test]
fn parts_can_be_left_out_or_said_otherwise() {
    let completion = chat::text(&["a"])
        .without_usage()
        .without_done()
        .finish_reason("length");
    let events = events(&completion.stream());
    assert_eq!(events.len(), 3);
    assert_eq!(events[2]["choices"][0]["finish_reason"], "length");
    assert_eq!(whole_body(&completion.whole()).get("usage"), None);
}

#[test]
fn thoughts_come_before_the_text() {
    let completion = chat::text(&["a"]).reasoning(&["Hm", "…"]);
    let thoughts = events(&completion.stream());
    assert_eq!(
        thoughts[1]["choices"][0]["delta"],
        json!({"reasoning_content": "Hm"})
    );
    assert_eq!(thoughts[3]["choices"][0]["delta"], json!({"content": "a"}));
    let renamed = completion.reasoning_field("reasoning");
    assert_eq!(
        events(&renamed.stream())[2]["choices"][0]["delta"],
        json!({"reasoning": "…"})
    );
    assert_eq!(
        whole_body(&renamed.whole())["choices"][0]["message"]["reasoning"],
        "Hm…"
    );
}

#[test]
fn pacing_waits_before_the_deltas_only() {
    let (first, each) = (Duration::from_millis(100), Duration::from_millis(20));
    let stream = chat::text(&["a", "b", "c"]).paced(first, each).stream();
    let waits: Vec<_> = stream
        .pieces
        .iter()
        .enumerate()
        .filter_map(|(index, piece)| match piece {
            Piece::Wait(wait) => Some((index, *wait)),
            _ => None,
        })
        .collect();
    // Wait, role, a, wait, b, wait, c, finish, usage, done.
    assert_eq!(waits, [(0, first), (3, each), (5, each)]);
    assert_eq!(stream.pieces.len(), 10);
}

#[test]
fn layouts_change_the_writes_but_not_the_bytes() {
    let completion = chat::text(&["你好", "a"]);
    let bytes = completion.stream().bytes();
    let pause = Duration::from_millis(1);
    let together = completion.clone().together().stream();
    assert_eq!(
        (together.pieces.len(), together.bytes()),
        (1, bytes.clone())
    );
    let dripped = completion.clone().drip(pause).stream();
    assert_eq!(
        (dripped.pieces.len(), dripped.bytes()),
        (2 * bytes.len(), bytes.clone())
    );
    let split = completion.split(pause).stream();
    assert_eq!((split.written().count(), split.bytes()), (12, bytes));
    let within = split.written().nth(2).unwrap().1;
    assert!(
        str::from_utf8(within).is_err(),
        "the character is cut in two"
    );
}

#[test]
fn lines_may_end_otherwise_and_comments_come_between() {
    let stream = chat::text(&["a"]).crlf().keep_alives().stream();
    let text = String::from_utf8(stream.bytes()).unwrap();
    assert_eq!(text.matches(": keep-alive\r\n\r\n").count(), 5);
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    assert!(text.ends_with("data: [DONE]\r\n\r\n"));
}

#[test]
fn faults_stand_where_they_were_inserted() {
    let stream = chat::text(&["a", "b"])
        .together()
        .insert(0, Piece::Wait(Duration::ZERO))
        .invalid_json(1)
        .failing(2, "out of memory")
        .content_type("text/html")
        .stream();
    assert_eq!(stream.content_type, "text/html");
    let found = events(&stream);
    assert_eq!(found.len(), 8);
    assert!(found[2].is_string());
    assert_eq!(found[4]["error"]["message"], "out of memory");
    assert!(matches!(stream.pieces[1], Piece::Wait(_)));
}

#[test]
fn huge_answers_and_whole_answers() {
    let huge = chat::huge(2).stream();
    let (_, longest) = huge.written().max_by_key(|(_, bytes)| bytes.len()).unwrap();
    assert!(longest.len() > 2 * 1024 * 1024);
    let whole = whole_body(&chat::text(&["Hello", " there"]).usage(1, 2).whole());
    assert_eq!(whole["object"], "chat.completion");
    assert_eq!(
        whole["choices"][0]["message"],
        json!({"role": "assistant", "content": "Hello there"})
    );
    assert_eq!(whole["usage"]["total_tokens"], 3);
}

#[test]
fn transcripts_have_every_form() {
    assert_eq!(
        whole_body(&transcription::json("hi")),
        json!({"text": "hi"})
    );
    let verbose = whole_body(&transcription::verbose("hi", "en", 1.5));
    assert_eq!(
        (&verbose["language"], &verbose["duration"]),
        (&json!("en"), &json!(1.5))
    );
    assert_eq!(verbose["segments"][0]["text"], "hi");
    assert!(matches!(transcription::plain("hi"), Reply::Whole { body, .. } if body == b"hi\n"));
    assert_eq!(
        events(&transcription::streamed(&["h", "i"])),
        [
            json!({"type": "transcript.text.delta", "delta": "h"}),
            json!({"type": "transcript.text.delta", "delta": "i"}),
            json!({"type": "transcript.text.done", "text": "hi"}),
        ]
    );
}
