use anteroom_server::config::MasterKeySource;

use crate::support::{Server, config};

#[tokio::test]
async fn the_first_start_makes_a_key_only_its_owner_reads() {
    let server = Server::start().await;
    let path = server.folder.join("master.key");
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.trim().len(), 64);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    for (path, bytes) in server.files() {
        if !path.ends_with("master.key") {
            let raw: [u8; 32] = anteroom_server::keys::from_hex(text.trim()).unwrap();
            assert!(
                !bytes.windows(32).any(|window| window == raw),
                "{}",
                path.display()
            );
            assert!(
                !bytes
                    .windows(64)
                    .any(|window| window == text.trim().as_bytes()),
                "{}",
                path.display()
            );
        }
    }
}

#[tokio::test]
async fn a_missing_or_wrong_key_is_an_error_and_changes_nothing() {
    let keep = tempfile::tempdir().unwrap();
    let server = Server::on(config(keep.path())).await.unwrap();
    let created = server.begin().await.created;
    server.stop().await;
    let key = keep.path().join("master.key");
    let right = std::fs::read_to_string(&key).unwrap();

    let start_fails = async |words: &str, source: MasterKeySource| {
        let mut config = config(keep.path());
        config.master_key = source;
        let Err(message) = Server::on(config).await else {
            panic!("it started")
        };
        assert!(message.contains(words), "{message}");
    };
    std::fs::remove_file(&key).unwrap();
    start_fails("master key is missing", MasterKeySource::DataFolder).await;
    assert!(!key.exists(), "no new key over old data");
    start_fails("master key is missing", MasterKeySource::File(key.clone())).await;
    start_fails("wrong one", MasterKeySource::Value("00".repeat(32))).await;
    start_fails(
        "64 hexadecimal digits",
        MasterKeySource::Value("secret".to_owned()),
    )
    .await;
    std::fs::write(&key, "11".repeat(32)).unwrap();
    start_fails("wrong one", MasterKeySource::DataFolder).await;

    let mut with_value = config(keep.path());
    with_value.master_key = MasterKeySource::Value(right.trim().to_owned());
    let server = Server::on(with_value).await.unwrap();
    let session = crate::support::Session {
        server: &server,
        created,
    };
    session.open().await;
}

#[tokio::test]
async fn a_lost_key_store_is_an_error() {
    let keep = tempfile::tempdir().unwrap();
    let server = Server::on(config(keep.path())).await.unwrap();
    server.begin().await;
    server.stop().await;
    for file in ["keys.sqlite", "keys.sqlite-wal", "keys.sqlite-shm"] {
        let _ = std::fs::remove_file(keep.path().join(file));
    }
    assert!(Server::on(config(keep.path())).await.is_err());
}
