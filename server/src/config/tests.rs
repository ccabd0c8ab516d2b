use super::*;

fn none() -> Vec<(String, String)> {
    Vec::new()
}

fn variable(name: &str, value: &str) -> Vec<(String, String)> {
    vec![(name.to_owned(), value.to_owned())]
}

fn with_file(text: &str) -> Result<Config, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("anteroom.toml");
    std::fs::write(&path, text).unwrap();
    Config::load(Some(&path), none())
}

#[test]
fn the_default_file_is_complete_and_fits() {
    let config = Config::load(None, none()).unwrap();
    assert_eq!(config.server.listen, "127.0.0.1:8080".parse().unwrap());
    assert_eq!(config.server.backlog, 1024);
    assert_eq!(
        config.metrics.address(),
        Some("127.0.0.1:9464".parse().unwrap())
    );
}

#[test]
fn every_key_of_the_default_file_has_words_above_it() {
    let mut previous = "";
    for line in DEFAULT.lines() {
        if line.contains(" = ") && !line.starts_with('#') {
            assert!(previous.starts_with('#'), "{line} has no words above it");
        }
        previous = line;
    }
}

#[test]
fn an_unknown_key_is_named_with_its_line() {
    let error = with_file("[server]\nlisten = \"127.0.0.1:1\"\n\nbacklogg = 3\n")
        .unwrap_err()
        .to_string();
    assert!(error.contains("anteroom.toml line 4"), "{error}");
    assert!(error.contains("`server.backlogg`"), "{error}");
    let error = with_file("\n[sever]\nlisten = \"x\"\n")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("line 2") && error.contains("`sever`"),
        "{error}"
    );
    let error = with_file("listen = \"127.0.0.1:1\"\n")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("line 1") && error.contains("server.listen"),
        "{error}"
    );
}

#[test]
fn a_value_that_does_not_fit_is_named_with_its_line() {
    for (text, line, words) in [
        (
            "[server]\nbacklog = \"many\"\n",
            "line 2",
            "expected integer, found string",
        ),
        (
            "[server]\n\nlisten = \"nowhere\"\n",
            "line 3",
            "`server.listen`",
        ),
        ("[store]\nreaders = 0\n", "line 2", "not between 1 and 64"),
        ("[store]\nreaders = -1\n", "line 2", "`store.readers`"),
        ("[log]\nformat = \"xml\"\n", "line 2", "xml"),
        ("[log]\nfilter = \"loud=very\"\n", "line 2", "`log.filter`"),
        (
            "[retention]\nkey_backup_days = 31\n",
            "line 2",
            "not between 1 and 30",
        ),
        (
            "[metrics]\nlisten = \"off\"\n",
            "line 2",
            "`metrics.listen`",
        ),
        (
            "[server]\ntrusted_proxies = [\"10.0.0.0/40\"]\n",
            "line 2",
            "10.0.0.0/40",
        ),
        (
            "[server]\npublic_origins = [\"example.org\"]\n",
            "line 2",
            "example.org",
        ),
    ] {
        let error = with_file(text).unwrap_err().to_string();
        assert!(
            error.contains(line) && error.contains(words),
            "{text}: {error}"
        );
    }
    let error = with_file("[server\n").unwrap_err().to_string();
    assert!(error.contains("TOML"), "{error}");
}

#[test]
fn variables_beat_the_file_and_are_named_when_wrong() {
    let config = Config::load(None, variable("ANTEROOM_SERVER__LISTEN", "0.0.0.0:9")).unwrap();
    assert_eq!(config.server.listen, "0.0.0.0:9".parse().unwrap());
    let config = Config::load(
        None,
        variable("ANTEROOM_SERVER__TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
    )
    .unwrap();
    assert_eq!(config.server.trusted_proxies.len(), 2);
    for (name, value) in [
        ("ANTEROOM_SERVER__LISTEN", "x"),
        ("ANTEROOM_SERVER__BACKLOG", "x"),
        ("ANTEROOM_DATA__DEMO", "yes"),
        ("ANTEROOM_SERVER_LISTEN", "127.0.0.1:1"),
        ("ANTEROOM_NOTHING", "1"),
    ] {
        let error = Config::load(None, variable(name, value))
            .unwrap_err()
            .to_string();
        assert!(error.contains(name), "{error}");
    }
}

#[test]
fn the_master_key_is_never_printed() {
    let secret = "ab".repeat(32);
    let config = Config::load(None, variable("ANTEROOM_MASTER_KEY", &secret)).unwrap();
    assert!(!format!("{config:?}").contains(&secret));
}

#[test]
fn networks_hold_their_addresses() {
    let network = |text: &str| Network::try_from(text.to_owned()).unwrap();
    let holds = |text: &str, address: &str| network(text).contains(address.parse().unwrap());
    assert!(holds("10.0.0.0/8", "10.9.8.7"));
    assert!(!holds("10.0.0.0/8", "11.0.0.1"));
    assert!(holds("0.0.0.0/0", "8.8.8.8"));
    assert!(holds("::1", "::1"));
    assert!(holds("fd00::/8", "fd12::3"));
    assert!(holds("::/0", "fd12::3"));
    assert!(holds("192.168.0.1", "::ffff:192.168.0.1"));
    assert!(!holds("192.168.0.1", "192.168.0.2"));
}
