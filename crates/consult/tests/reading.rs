//! Constructions in both languages: denial, doubt, time, family, subject, age, sex, temperature, duration.

mod shared;

use consult::expression::Measure;
use consult::profile::{Sex, Subject};
use consult::read::read;
use consult::state::Status;
use shared::KNOWLEDGE;

fn status(text: &str, finding: &str) -> Option<Status> {
    read(&KNOWLEDGE.vocabulary, text)
        .findings
        .iter()
        .find(|heard| heard.id == finding)
        .map(|heard| heard.status)
}

#[track_caller]
fn expect(text: &str, finding: &str, wanted: Option<Status>) {
    let got = read(&KNOWLEDGE.vocabulary, text);
    assert_eq!(
        status(text, finding),
        wanted,
        "{finding} in \"{text}\": {:?}",
        got.findings
    );
}

const PRESENT: Option<Status> = Some(Status::Present);
const ABSENT: Option<Status> = Some(Status::Absent);
const SUSPECTED: Option<Status> = Some(Status::Suspected);

#[test]
fn plain_words() {
    for text in [
        "胸口疼",
        "我胸口这两天老是疼",
        "胸 口 好 疼",
        "胸口痛得厉害",
        "chest pain",
        "my chest has really been hurting",
        "pain in my chest",
        "Chest hurts!!",
        "我 chest pain 两天了",
    ] {
        expect(text, "chest_pain", PRESENT);
    }
}

#[test]
fn denial() {
    for text in [
        "没有胸痛",
        "否认胸痛",
        "胸口不疼",
        "无胸痛",
        "no chest pain",
        "denies chest pain",
        "I don't have chest pain",
        "without chest pain",
        "my chest does not hurt",
        "胸痛没有",
    ] {
        expect(text, "chest_pain", ABSENT);
    }
    for text in [
        "没有发烧、咳嗽",
        "否认发烧,咳嗽,咳痰",
        "no fever, cough or chest pain",
        "no fever or cough",
        "denies fever, cough",
    ] {
        expect(text, "cough", ABSENT);
    }
}

#[test]
fn denial_ends_where_it_should() {
    for text in [
        "没有发烧,但是咳嗽",
        "没有发烧,咳嗽两天了",
        "no fever but I have a cough",
        "No fever. Cough for two days",
        "不知道为什么咳嗽",
        "没办法一直咳嗽",
        "咳嗽不停",
    ] {
        expect(text, "cough", PRESENT);
    }
}

#[test]
fn doubt_is_suspected() {
    expect("not sure if it is chest pain", "chest_pain", SUSPECTED);
    expect("不确定是不是胸痛", "chest_pain", SUSPECTED);
}

#[test]
fn the_past_and_the_family_are_not_now() {
    for text in [
        "去年有过胸痛,已经好了",
        "10 years ago I had chest pain",
        "when I was a child I had chest pain",
    ] {
        expect(text, "chest_pain", None);
    }
    expect("my father died of chest pain", "chest_pain", None);
    expect("以前有过胸痛,现在又胸痛", "chest_pain", PRESENT);
}

#[test]
fn who_it_is_for() {
    let profile = |text: &str| read(&KNOWLEDGE.vocabulary, text).profile;
    assert_eq!(profile("宝宝两个月发烧").age.map(|age| age.to), Some(2));
    assert_eq!(
        profile("my 3-month-old has a fever").age.map(|age| age.to),
        Some(3)
    );
    assert_eq!(
        profile("My baby is 3 weeks old and won't feed")
            .age
            .map(|age| age.to),
        Some(0)
    );
    assert_eq!(profile("58岁男性胸痛").age.map(|age| age.to), Some(58 * 12));
    assert_eq!(profile("58岁男性胸痛").sex, Some(Sex::Male));
    assert_eq!(
        profile("I'm 45 and my back hurts").age.map(|age| age.to),
        Some(45 * 12)
    );
    assert_eq!(profile("34F with headache").sex, Some(Sex::Female));
    assert_eq!(profile("I'm 8 weeks pregnant").age, None);
    assert_eq!(profile("我奶奶头晕").subject, Some(Subject::Other));
    assert_eq!(profile("我奶奶头晕").sex, Some(Sex::Female));
    assert_eq!(
        profile("my son fell off his bike").subject,
        Some(Subject::Child)
    );
}

#[test]
fn measurements() {
    let measure = |text: &str, measure: Measure| {
        read(&KNOWLEDGE.vocabulary, text)
            .measures
            .get(&measure)
            .copied()
    };
    for text in [
        "发烧38.5度",
        "体温38.5",
        "烧到38.5",
        "temperature 38.5",
        "fever of 38.5",
        "38.5°C",
        "38.5℃",
        "体温３８．５度",
        "temp is 101.3F",
    ] {
        let found = measure(text, Measure::Temperature);
        assert!(
            found.is_some_and(|value| (value - 38.5).abs() < 0.01),
            "{text}: {found:?}"
        );
    }
    assert_eq!(measure("发烧3天", Measure::Temperature), None);
    // A thermometer that nobody names.
    for (text, expected) in [
        ("宝宝出生18天,摸着烫,腋下38.3,老睡", 38.3),
        ("38.9,孩子两岁", 38.9),
        ("昨晚38.4今早39.1", 39.1),
        ("he reads 38.9 in the ear, 2 year old", 38.9),
        ("armpit 101.5", 38.6),
    ] {
        let found = measure(text, Measure::Temperature);
        assert!(
            found.is_some_and(|value| (value - expected).abs() < 0.05),
            "{text}: {found:?}"
        );
    }
    for text in [
        "体重38.5公斤",
        "i weigh 101.5 lbs",
        "38.5 weeks pregnant",
        "白蛋白38.5 血钾4.1",
        "血糖 38.5",
        "跑了38.5公里",
        "鞋码38.5码",
        "tuned to 101.5 fm",
    ] {
        assert_eq!(measure(text, Measure::Temperature), None, "{text}");
    }
    assert_eq!(
        measure("blood pressure 82/54, heart rate 138", Measure::Systolic),
        Some(82.0)
    );
    assert_eq!(
        measure("blood pressure 82/54, heart rate 138", Measure::Diastolic),
        Some(54.0)
    );
    assert_eq!(
        measure(
            "heart rate 138, temperature 37.1, oxygen 88, breaths per minute 30",
            Measure::HeartRate
        ),
        Some(138.0)
    );
    assert_eq!(
        measure(
            "heart rate 138, temperature 37.1, oxygen 88, breaths per minute 30",
            Measure::Oxygen
        ),
        Some(88.0)
    );
    assert_eq!(
        measure(
            "heart rate 138, temperature 37.1, oxygen 88, breaths per minute 30",
            Measure::Breaths
        ),
        Some(30.0)
    );
    assert_eq!(measure("血压180/110", Measure::Systolic), Some(180.0));
    assert_eq!(
        measure("体温400度", Measure::Temperature),
        None,
        "nobody has 400 degrees"
    );
}

#[test]
fn durations() {
    let hours = |text: &str| {
        read(&KNOWLEDGE.vocabulary, text)
            .findings
            .first()
            .and_then(|heard| heard.details.hours)
    };
    for (text, wanted) in [
        ("咳嗽三天了", 72.0),
        ("咳嗽3天", 72.0),
        ("cough for two weeks", 336.0),
        ("咳嗽半个月", 365.0),
        ("cough for 3 days", 72.0),
        ("咳嗽十二天", 288.0),
        ("咳嗽两三天", 72.0),
        ("cough since yesterday", 24.0),
    ] {
        let found = hours(text);
        assert!(
            found.is_some_and(|value: f64| (value - wanted).abs() < 1.0),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn words_are_the_patients_own() {
    let text = "我昨天开始胸口有点儿疼,NO fever";
    for heard in read(&KNOWLEDGE.vocabulary, text).findings {
        let words = heard.words.expect("text findings carry words");
        assert!(text.contains(&words), "{words}");
    }
}

#[test]
fn traditional_and_full_width() {
    expect("胸口疼痛,發燒", "fever", PRESENT);
    expect("頭痛三天", "headache", PRESENT);
}

#[test]
fn what_is_said_to_be_fine_is_denied() {
    for (text, finding) in [
        ("喘气没事,就是痒", "shortness_of_breath"),
        ("体温正常没有发烧", "fever"),
        (
            "Hives all week, breathing trouble none",
            "shortness_of_breath",
        ),
        ("没吃抗凝药", "blood_thinner"),
    ] {
        expect(text, finding, ABSENT);
    }
    // A number after "no" is a count, not a denial.
    expect("Chemo no. 3 was last week", "cancer_treatment", PRESENT);
}

#[test]
fn what_others_have_is_not_the_patients() {
    for (text, finding) in [
        ("我妈有糖尿病,我自己没有不舒服", "diabetes"),
        ("my mother has diabetes, I feel fine myself", "diabetes"),
    ] {
        expect(text, finding, None);
    }
    // Whoever tells what happened to somebody may write for that person, however well they are themselves.
    for (text, finding) in [
        ("我觉得我妈吃了一瓶安眠药", "overdose"),
        (
            "I woke up and found my wife took 30 sleeping pills",
            "overdose",
        ),
        ("my husband took an overdose, I am fine", "overdose"),
    ] {
        expect(text, finding, PRESENT);
    }
    // Whoever writes for somebody else speaks of that person.
    expect("我妈有糖尿病,今天没力气", "diabetes", PRESENT);
    expect(
        "my mother has diabetes and is weak today",
        "diabetes",
        PRESENT,
    );
}

#[test]
fn what_happened_long_ago_is_over() {
    for (text, finding) in [
        ("半年前车祸,现在抬胳膊还有点僵", "high_energy_accident"),
        (
            "I was bitten by a viper back in 2011, the scar is thick",
            "snake_bite",
        ),
    ] {
        expect(text, finding, None);
    }
    expect("刚才车祸了", "high_energy_accident", PRESENT);
    // What happens again today is not over.
    expect("以前吃过农药,今天又喝了农药", "poison_swallowed", PRESENT);
    expect(
        "took an overdose last year, now took 30 sleeping pills",
        "overdose",
        PRESENT,
    );
    expect("had a TIA in 2020", "known_tia", None);
}

#[test]
fn playing_it_down_denies_nothing() {
    for text in [
        "胸口疼没事",
        "胸口疼,没事,睡一觉就好",
        "chest pain, fine",
        "chest pain ok",
        "chest pain gone now",
    ] {
        expect(text, "chest_pain", PRESENT);
    }
}

#[test]
fn the_unborn_is_not_the_patient() {
    let reading = read(&KNOWLEDGE.vocabulary, "36周+2,从昨晚宝宝就没怎么动");
    assert_eq!(reading.profile.subject, None);
    assert_eq!(reading.measures.get(&Measure::Gestation), Some(&36.0));
    let reading = read(&KNOWLEDGE.vocabulary, "34 weeks, first baby, headache");
    assert_eq!(reading.profile.age, None);
    assert_eq!(reading.measures.get(&Measure::Gestation), Some(&34.0));
    // A born child stays the patient, whatever is said of the pregnancy.
    for text in [
        "怀孕时有糖尿病,宝宝出生3天不吃奶",
        "my first baby is 5 weeks old and has a bump on the head",
        "宝宝8个月,摔了一跤胳膊不动",
    ] {
        let reading = read(&KNOWLEDGE.vocabulary, text);
        assert_eq!(reading.profile.subject, Some(Subject::Child), "{text}");
        assert!(reading.profile.age.is_some(), "{text}");
        assert_eq!(reading.measures.get(&Measure::Gestation), None, "{text}");
    }
    // A baby's own weeks are its age.
    let reading = read(&KNOWLEDGE.vocabulary, "my baby is 5 weeks old, temp 38.5");
    assert_eq!(reading.profile.subject, Some(Subject::Child));
    assert_eq!(reading.profile.age.map(|age| age.to), Some(1));
}

#[test]
fn numbers_as_people_type_them() {
    for (text, measure, value) in [
        ("宝宝发烧38度5", Measure::Temperature, 38.5),
        ("烧到三十九度二", Measure::Temperature, 39.2),
        ("发烧38度 2天", Measure::Temperature, 38.0),
        ("the machine said 178/122", Measure::Systolic, 178.0),
    ] {
        let reading = read(&KNOWLEDGE.vocabulary, text);
        assert_eq!(reading.measures.get(&measure), Some(&value), "{text}");
    }
    let newborn = read(&KNOWLEDGE.vocabulary, "宝宝刚满28天,量了体温38.6");
    assert_eq!(newborn.profile.age.map(|age| age.to), Some(0));
    expect("took about 30 panadol", "overdose", PRESENT);
    expect("took 2 panadol", "overdose", None);
}

#[test]
fn misspelled_words_are_heard() {
    expect("missed dyalisis twice", "missed_dialysis", PRESENT);
    expect(
        "my ankle is swolen",
        "leg_swelling",
        status("my ankle is swollen", "leg_swelling"),
    );
}

#[test]
fn what_is_as_it_should_be_denies_what_would_take_it_away() {
    for (text, finding) in [
        (
            "my lips are swollen but breathing is ok",
            "shortness_of_breath",
        ),
        ("4 yo limping, temp fine now", "fever"),
        ("no temp, just a cold", "fever"),
        ("cough for months, weight steady", "weight_loss"),
        ("嘴肿了,呼吸正常", "shortness_of_breath"),
        ("孩子腿疼,体温正常", "fever"),
        ("腰疼,大小便都正常", "bladder_bowel_loss"),
    ] {
        assert_eq!(status(text, finding), Some(Status::Absent), "{text}");
    }
    for (text, finding) in [
        ("breathing is not fine", "shortness_of_breath"),
        (
            "his breathing was fine yesterday, now he cant breathe",
            "shortness_of_breath",
        ),
        ("呼吸不正常", "shortness_of_breath"),
        ("昨天呼吸还好,现在喘不上气", "shortness_of_breath"),
    ] {
        assert_ne!(status(text, finding), Some(Status::Absent), "{text}");
    }
}
