//! Lets the driver say which compiler made it.

use std::process::Command;

fn main() {
    let compiler = std::env::var_os("RUSTC").expect("cargo names the compiler");
    let said = Command::new(compiler).arg("--version").output().expect("the compiler runs");
    let version = String::from_utf8_lossy(&said.stdout);
    println!("cargo::rustc-env=RUST_VERSION={}", version.split(' ').nth(1).unwrap_or("unknown"));
    println!("cargo::rerun-if-changed=build.rs");
}
