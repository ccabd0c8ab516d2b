//! Compiles the knowledge into the binary, and makes sure there is a folder to embed the page from.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use consult::knowledge::compile::CASES;

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("cargo::error={message}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("..");
    let out = PathBuf::from(variable("OUT_DIR")?);
    // Without it the server still builds, and says that the page is missing.
    let dist = root.join("dist");
    std::fs::create_dir_all(&dist).map_err(|error| format!("{}: {error}", dist.display()))?;
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-changed=demo");

    let knowledge = root.join("knowledge");
    let mut files = Vec::new();
    collect(&knowledge, &knowledge, &mut files)?;
    files.sort();
    let compiled = consult::knowledge::compile::compile(&files).map_err(|problems| {
        for problem in &problems {
            println!("cargo::error=knowledge/{problem}");
        }
        format!("the knowledge has {} problems", problems.len())
    })?;
    write(&out.join("knowledge.bin"), &compiled.knowledge)?;
    write(&out.join("gate.bin"), &compiled.gate)?;
    write(&out.join("interviews.bin"), &compiled.interviews)?;
    let mut table = String::from("&[\n");
    for (part, bytes) in &compiled.gate_parts {
        let file = out.join(format!("gate-{part}.bin"));
        write(&file, bytes)?;
        write(&with_ending(&file, "br"), &packed(pack::brotli(bytes))?)?;
        write(&with_ending(&file, "gz"), &packed(pack::gzip(bytes))?)?;
        let included = |file: &Path| format!("include_bytes!({:?})", file.display().to_string());
        let forms = [
            included(&file),
            included(&with_ending(&file, "br")),
            included(&with_ending(&file, "gz")),
        ];
        // Writing to a string does not fail.
        let _ = writeln!(
            table,
            "    GatePart {{ name: {part:?}, plain: {}, brotli: {}, gzip: {} }},",
            forms[0], forms[1], forms[2]
        );
    }
    table.push_str("]\n");
    write(&out.join("gate_parts.rs"), table.as_bytes())
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

fn packed(result: std::io::Result<Vec<u8>>) -> Result<Vec<u8>, String> {
    result.map_err(|error| format!("compressing the gate: {error}"))
}

fn variable(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|error| format!("{name}: {error}"))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}

/// Every TOML file below a folder, as its path below `knowledge/` and its text. Cases are not knowledge.
fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> Result<(), String> {
    let wrong = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    for entry in std::fs::read_dir(folder).map_err(|error| wrong(folder, error))? {
        let path = entry.map_err(|error| wrong(folder, error))?.path();
        let name = path.file_name().unwrap_or_default();
        if !CASES.iter().any(|cases| name == *cases) {
            println!("cargo::rerun-if-changed={}", path.display());
        }
        if path.is_dir() {
            if !CASES.iter().any(|cases| name == *cases) {
                collect(root, &path, files)?;
            }
        } else if path
            .extension()
            .is_some_and(|end| end == "toml" || end == "tsv")
        {
            let text = std::fs::read_to_string(&path).map_err(|error| wrong(&path, error))?;
            let name = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('\\', "/");
            files.push((name, text));
        }
    }
    Ok(())
}
