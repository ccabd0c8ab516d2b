//! Reads `text/event-stream` bodies piece by piece. Pure: bytes in, events out.

use wire::event::SequencedEvent;

use crate::json;

/// A reader that keeps what is not yet a whole event.
#[derive(Debug, Default)]
pub struct EventReader {
    rest: Vec<u8>,
}

impl EventReader {
    /// Takes the next piece of the body and answers the events it completes. A piece may end anywhere, also inside a
    /// character. An event this page cannot read is left out, as an unknown one is.
    pub fn push(&mut self, piece: &[u8]) -> Vec<SequencedEvent> {
        self.rest
            .extend(piece.iter().filter(|byte| **byte != b'\r'));
        let mut events = Vec::new();
        while let Some(end) = self.rest.windows(2).position(|pair| pair == b"\n\n") {
            let block: Vec<u8> = self.rest.drain(..end + 2).collect();
            events.extend(read_block(&String::from_utf8_lossy(&block)));
        }
        events
    }
}

fn read_block(block: &str) -> Option<SequencedEvent> {
    let (mut tag, mut seq, mut data) = ("", None, String::new());
    for line in block.lines() {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => tag = value,
            "id" => seq = value.parse().ok(),
            "data" => {
                if !data.is_empty() {
                    data.push('\n');
                }
                data.push_str(value);
            }
            _ => {}
        }
    }
    if tag.is_empty() {
        return None;
    }
    json::event(tag, &data)
        .ok()
        .map(|event| SequencedEvent { seq, event })
}

#[cfg(test)]
mod tests {
    use wire::event::Event;

    use super::*;

    const BODY: &str = "id: 7\nevent: message\ndata: {\"kind\":\"plain\",\"text\":{\"zh\":\"请稍等\",\"en\":\"One moment\"}}\n\n\
        : still here\n\nevent: delta\ndata: {\"text\":\"好\"}\n\nid: 9\nevent: tomorrow\ndata: {}\n\n";

    #[test]
    fn pieces_may_end_anywhere() {
        let mut whole = EventReader::default();
        let expected = whole.push(BODY.as_bytes());
        assert_eq!(expected.len(), 3);
        assert_eq!(expected[0].seq, Some(7));
        assert_eq!(expected[1].seq, None);
        assert_eq!(expected[2].event, Event::Unknown);
        for size in 1..BODY.len() {
            let mut reader = EventReader::default();
            let events: Vec<SequencedEvent> = BODY
                .as_bytes()
                .chunks(size)
                .flat_map(|piece| reader.push(piece))
                .collect();
            assert_eq!(events, expected, "pieces of {size}");
        }
    }

    #[test]
    fn a_comment_and_a_broken_event_are_left_out() {
        let mut reader = EventReader::default();
        assert!(
            reader
                .push(b": ping\n\nevent: message\ndata: {\"kind\":\n\n")
                .is_empty()
        );
        assert_eq!(reader.push(BODY.as_bytes()).len(), 3);
    }
}
