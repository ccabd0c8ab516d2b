#[path = "../tests/shared/mod.rs"]
mod shared;
use consult::assess::{assess, CareLevel};
use consult::Input;
fn main() {
    let k = &*shared::KNOWLEDGE; let all = shared::vignettes();
    let mut k2 = k.clone();
    for (me, mu, nl) in [(40.0,4.0,1.0),(20.0,4.0,1.0),(10.0,3.0,1.0),(6.0,2.0,1.0),(4.0,1.5,1.0),(3.0,1.0,1.0),(2.0,0.7,1.0)] {
        k2.losses.missed_emergency = me; k2.losses.missed_urgent = mu; k2.losses.needless = nl;
        let (mut over, mut n, mut urg, mut urgn, mut t1, mut t3, mut over_now) = (0,0,0,0,0,0,0);
        for v in all.iter().filter(|v| v.care_level != CareLevel::Emergency) {
            let state = shared::hear_all(&k2.vocabulary, &[shared::form(v), Input::Text(v.text.clone())]);
            let fired = k2.gate.fired(&state);
            let a = assess(&k2, &state, &fired);
            n += 1;
            if a.level_if_denied > Some(v.care_level.max(CareLevel::Routine)) { over += 1; if std::env::args().len() > 1 && me == 4.0 { println!("{} {:?} {} {:?}", v.id, v.care_level, v.text, a.complaints); } }
            if a.care_level > Some(v.care_level) { over_now += 1; }
            if v.care_level == CareLevel::Urgent { urgn += 1; if a.level_if_denied >= Some(CareLevel::Urgent) { urg += 1; } }
            if a.specialties.iter().take(1).any(|s| v.specialties.contains(&s.0)) { t1 += 1; }
            if a.specialties.iter().take(3).any(|s| v.specialties.contains(&s.0)) { t3 += 1; }
        }
        println!("missed_emergency {me} urgent {mu}: over {over}/{n} now {over_now} urgent recall {urg}/{urgn} top1 {t1} top3 {t3}");
    }
}
