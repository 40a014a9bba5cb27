//! What the program says and hears: one message a line.

use std::fmt::Debug;
use std::io;

use serde_json::{Value, json};

use crate::Failure;

/// Reports a call that must succeed. `grant` is `None` for one that asks for no token.
pub fn step<T, E: std::error::Error + 'static>(
    operation: &str,
    grant: Option<&str>,
    result: Result<T, E>,
) -> Result<T, Failure> {
    let answer = result.map_err(|error| format!("{operation}: {error:?}"))?;
    report(operation, grant, "ok");
    Ok(answer)
}

/// Reports a call that must fail with the error that `is` knows.
pub fn refused<T: Debug, E: Debug>(
    operation: &str,
    grant: Option<&str>,
    result: Result<T, E>,
    name: &str,
    is: impl Fn(&E) -> bool,
) -> Result<(), Failure> {
    match result {
        Err(error) if is(&error) => {
            report(operation, grant, name);
            Ok(())
        }
        other => Err(format!("{operation}: expected {name}, got {other:?}").into()),
    }
}

/// Says how a call ended.
pub fn report(operation: &str, grant: Option<&str>, outcome: &str) {
    say(json!({ "operation": operation, "grant": grant, "outcome": outcome }));
}

/// Has somebody decide in a browser and returns where the browser was sent at last.
pub fn open(address: &str, decision: &str) -> Result<String, Failure> {
    ask(json!({ "open": address, "decision": decision }))
}

/// Says something and waits for the answer.
pub fn ask(message: Value) -> Result<String, Failure> {
    say(message);
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}

/// Prints a message.
pub fn say(message: Value) {
    println!("{message}");
}
