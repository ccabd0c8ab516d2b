use super::*;

/// Pieces joined by `|`, a tab, and the sentence they must vanish from. Everybody in it is invented.
const SECRET: &str = include_str!("tests/masked.tsv");
/// Clinical sentences that must come through as they are.
const CLEAR: &str = include_str!("tests/clear.txt");
const MARKS: [&str; 8] = [NAME, PHONE, ID, ADDRESS, MAIL, LINK, ACCOUNT, DATE];

fn secrets() -> impl Iterator<Item = (Vec<&'static str>, &'static str)> {
    let lines = SECRET
        .lines()
        .map(|line| line.split_once('\t').expect("a tab in each line"));
    lines.map(|(pieces, text)| (pieces.split('|').collect(), text))
}

/// Repeatable numbers (xorshift), so that a failure can be run again.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn character(&mut self) -> char {
        let known = "我叫是王先生患者姓名路号市区省@.:/-+() 1234567890年月日Xx　，。１３８'’Mr dr my name is \n\u{200b}İß🙂e\u{301}";
        match self.below(4) {
            0 => {
                char::from_u32(u32::try_from(self.below(0x11_0000)).unwrap()).unwrap_or('\u{fffd}')
            }
            1 => char::from(u8::try_from(self.below(128)).unwrap()),
            _ => known
                .chars()
                .nth(usize::try_from(self.below(known.chars().count() as u64)).unwrap())
                .unwrap(),
        }
    }
}

/// What holds for every text: marks and kept words add up to the original, in order and on boundaries.
fn check_pieces(text: &str) {
    let masked = Masked::of(text);
    let (mut kept, mut here, mut there) = (String::new(), 0, 0);
    for (mark, piece) in &masked.pieces {
        assert!(MARKS.contains(&&masked.text()[mark.clone()]), "{text:?}");
        assert_eq!(
            masked.text()[here..mark.start],
            text[there..piece.start],
            "{text:?}"
        );
        assert!(!piece.is_empty());
        kept.push_str(&text[there..piece.start]);
        kept.push_str(&text[piece.clone()]);
        (here, there) = (mark.end, piece.end);
    }
    assert_eq!(masked.text()[here..], text[there..], "{text:?}");
    kept.push_str(&text[there..]);
    assert_eq!(kept, text);
    assert_eq!(masked.count(), masked.pieces.len());
}

#[test]
fn what_identifies_is_gone() {
    let leaks: Vec<_> = secrets()
        .map(|(pieces, text)| (pieces, text, Masked::of(text)))
        .filter(|(pieces, _, masked)| {
            masked.count() == 0 || pieces.iter().any(|piece| masked.text().contains(piece))
        })
        .map(|(pieces, text, masked)| format!("{pieces:?} {text} => {}", masked.text()))
        .collect();
    assert!(leaks.is_empty(), "{leaks:#?}");
    assert!(secrets().count() >= 150);
}

#[test]
fn what_a_clinic_needs_stays() {
    let changed: Vec<_> = CLEAR
        .lines()
        .map(|text| (text, Masked::of(text)))
        .filter(|(text, masked)| masked.text() != *text || masked.count() > 0)
        .map(|(text, masked)| format!("{text} => {}", masked.text()))
        .collect();
    assert!(changed.is_empty(), "{changed:#?}");
    assert!(CLEAR.lines().count() >= 150);
}

#[test]
fn a_mark_never_holds_the_original_and_stands_for_each_piece() {
    for (pieces, text) in secrets() {
        check_pieces(text);
        let masked = Masked::of(text);
        for piece in pieces {
            assert!(MARKS.iter().all(|mark| !mark.contains(piece)), "{piece}");
            let at = text.find(piece).expect("the piece stands in its sentence");
            let holds = |range: &Range<usize>| range.start < at + piece.len() && at < range.end;
            assert!(
                masked.pieces.iter().any(|(_, range)| holds(range)),
                "{text}"
            );
        }
    }
}

#[test]
fn masking_again_changes_nothing() {
    for (_, text) in secrets() {
        let once = Masked::of(text);
        assert_eq!(Masked::of(once.text()).text(), once.text(), "{text}");
    }
}

#[test]
fn the_kind_is_told() {
    let text = "我叫王芳，电话13812340000，身份证110101199003074514，住文三路259号，卡号 4111 1111 1111 1111，\
                生日1985-03-12，a@b.example，www.example.org";
    let masked = "我叫[name]，电话[phone]，身份证[id]，住[address]，卡号 [account]，生日[date]，[mail]，[link]";
    assert_eq!(Masked::of(text).text(), masked);
    assert_eq!(Masked::of(text).count(), 8);
    assert_eq!(
        Masked::of("手机13812345678 3天没吃饭").text(),
        "手机[phone] 3天没吃饭"
    );
    assert_eq!(
        Masked::of("我老公孙先生发烧").text(),
        "我老公[name]先生发烧"
    );
}

#[test]
fn every_kept_line_is_found_again() {
    for (_, text) in secrets() {
        let masked = Masked::of(text);
        assert_eq!(
            masked.find(masked.text()),
            Some(0..text.trim_end().len()),
            "{text}"
        );
        for (mark, piece) in &masked.pieces {
            let quote = &masked.text()[..mark.end];
            assert_eq!(masked.find(quote).unwrap().end, piece.end, "{text}");
        }
    }
    for text in CLEAR.lines() {
        assert_eq!(Masked::of(text).find(text), Some(0..text.len()), "{text}");
    }
}

#[test]
fn quotes_are_found_in_the_original() {
    let text = "我叫王小明，Chest   PAIN for 3 days，体温３８．５度。电话13812345678，胸闷";
    let masked = Masked::of(text);
    let found = |quote: &str| masked.find(quote).map(|range| &text[range]);
    assert_eq!(
        found(" chest pain FOR 3 days. "),
        Some("Chest   PAIN for 3 days")
    );
    assert_eq!(found("体温38.5度"), Some("体温３８．５度"));
    assert_eq!(found("体温38.5度."), Some("体温３８．５度。"));
    assert_eq!(found("“胸闷。”"), Some("胸闷"));
    assert_eq!(found("我叫[name]"), Some("我叫王小明"));
    assert_eq!(found("电话[Phone], 胸闷"), None);
    assert_eq!(found("电话[Phone],胸闷"), Some("电话13812345678，胸闷"));
    assert_eq!(found("[phone"), Some("13812345678"));
    assert_eq!(found("phone]"), Some("13812345678"));
    for absent in ["", "  ", "。", "，，", "王小明", "13812345678", "头疼"] {
        assert_eq!(found(absent), None, "{absent}");
    }
}

#[test]
fn a_whole_word_is_the_better_find() {
    let masked = Masked::of("I weigh 68 kg, lost 8 kg");
    assert_eq!(masked.find("8 kg"), Some(20..24));
    assert_eq!(masked.find("weig"), Some(2..6));
}

#[test]
fn any_text_is_survived() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for round in 0..1500 {
        let length = numbers.below(if round % 100 == 0 { 600 } else { 40 });
        let text: String = (0..length).map(|_| numbers.character()).collect();
        check_pieces(&text);
        let masked = Masked::of(&text);
        let quote: String = (0..numbers.below(4)).map(|_| numbers.character()).collect();
        for quote in [quote.as_str(), masked.text()] {
            if let Some(range) = masked.find(quote) {
                assert!(text.get(range).is_some(), "{text:?} {quote:?}");
            }
        }
    }
}

#[test]
fn pieces_of_sentences_are_survived() {
    let mut numbers = Numbers(0x0123_4567_89ab_cdef);
    let lines: Vec<&str> = secrets()
        .map(|(_, text)| text)
        .chain(CLEAR.lines())
        .collect();
    let mut pick = |limit: usize| usize::try_from(numbers.below(limit as u64)).unwrap();
    for _ in 0..1500 {
        let mut text = String::new();
        for _ in 0..2 {
            let line: Vec<char> = lines[pick(lines.len())].chars().collect();
            let from = pick(line.len());
            text.extend(&line[from..from + pick(line.len() - from + 1)]);
        }
        check_pieces(&text);
    }
}

#[test]
fn long_texts_of_one_kind_are_survived() {
    for piece in [
        "1",
        "1 ",
        "王",
        "我叫",
        "a@",
        "路1",
        "Mr A ",
        "a.",
        "省市",
        "我是王",
        "[name]",
        "(",
        "\u{200b}",
        "flat 1, ",
    ] {
        check_pieces(&piece.repeat(2000 / piece.len()));
    }
}
