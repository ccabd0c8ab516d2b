mod shared;
#[test]
fn sizes() {
    let g = &shared::KNOWLEDGE.gate; let v=&g.vocabulary;
    let s = |n:&str, b: Vec<u8>| { std::fs::write(format!("/tmp/log/size_{n}.bin"), &b).unwrap(); println!("{n} {}", b.len()); };
    println!("findings {} terms {} sets {} tokens {} rules {} whole terms {} findings {}", v.findings.len(), v.terms.len(), v.sets.len(), v.tokens.len(), g.rules.len(), shared::KNOWLEDGE.vocabulary.terms.len(), shared::KNOWLEDGE.vocabulary.findings.len());
    s("terms", postcard::to_allocvec(&v.terms).unwrap());
    s("sets", postcard::to_allocvec(&v.sets).unwrap());
    s("tokens", postcard::to_allocvec(&v.tokens).unwrap());
    s("findings", postcard::to_allocvec(&v.findings).unwrap());
    s("marks", postcard::to_allocvec(&v.marks).unwrap());
    s("rules", postcard::to_allocvec(&g.rules).unwrap());
    s("words", postcard::to_allocvec(&g.rules.iter().map(|r| (&r.title,&r.words)).collect::<Vec<_>>()).unwrap());
    s("gate", postcard::to_allocvec(&g).unwrap());
}
