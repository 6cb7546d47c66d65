//! Containers that ended by themselves.

use super::super::Cause;
use super::stage::{check, exited, stopped};

#[track_caller]
fn logged(log: &str, cause: Cause, title: &str) {
    let finding = check(exited(1, None), log, cause, title);
    assert!(!finding.log.is_empty() && !finding.todo.is_empty(), "{finding:#?}");
}

#[test]
fn missing_modules_are_named() {
    let found = |log: &str, name: &str| {
        logged(log, Cause::ModuleNotFound, &format!("module not found: {name}"));
    };
    found(
        "node:internal/modules/cjs/loader:1228\n  throw err;\n  ^\n\n\
         Error: Cannot find module 'express'\nRequire stack:\n- /app/server.js\n  code: 'MODULE_NOT_FOUND',",
        "express",
    );
    found(
        "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'fastify' imported from /app/server.mjs",
        "fastify",
    );
    found("ModuleNotFoundError: No module named 'flask'", "flask");
    found(
        "python: can't open file '/app/main.py': [Errno 2] No such file or directory",
        "/app/main.py",
    );
    found("Error: Could not find or load main class com.shop.Main", "com.shop.Main");
    found("Error: Unable to access jarfile app.jar", "app.jar");
    found("<internal>: cannot load such file -- sinatra (LoadError)", "sinatra");
    found("./app: error while loading shared libraries: libssl.so.3: cannot open", "libssl.so.3");
    found(
        "Error loading shared library libgcc_s.so.1: No such file (needed by /app)",
        "libgcc_s.so.1",
    );
}

#[test]
fn a_taken_address_is_named() {
    let found = |log: &str, rest: &str| {
        logged(log, Cause::AddressInUse, &format!("the address is already in use{rest}"));
    };
    found("Error: listen EADDRINUSE: address already in use :::3000", ": :::3000");
    found("OSError: [Errno 98] Address already in use", "");
    found("listen tcp :8080: bind: address already in use", ": :8080");
    found("Web server failed to start. Port 8080 was already in use.", ": 8080");
}

#[test]
fn missing_variables_are_named() {
    let found = |log: &str, names: &str| {
        let title = format!("an environment variable is missing: {names}");
        logged(log, Cause::VariableMissing, &title);
    };
    found("Error: DATABASE_URL is required", "DATABASE_URL");
    found("Error: Missing required environment variable: JWT_SECRET", "JWT_SECRET");
    found("Missing env var STRIPE_KEY", "STRIPE_KEY");
    found("Environment variable not found: DATABASE_URL.", "DATABASE_URL");
    found("Error: environment variable API_KEY is not set", "API_KEY");
    found(
        "Traceback (most recent call last):\n  File \"<frozen os>\", line 685, in __getitem__\n\
         KeyError: 'DATABASE_URL'",
        "DATABASE_URL",
    );
    found("start.sh: line 3: DATABASE_URL: unbound variable", "DATABASE_URL");
    found("panic: required key REDIS_URL missing value", "REDIS_URL");
    found(
        "Could not resolve placeholder 'spring.datasource.url' in value",
        "spring.datasource.url",
    );
    found(
        "Config validation error: \"JWT_SECRET\" is required. \"SMTP_HOST\" is required",
        "JWT_SECRET",
    );
    found(
        "ZodError: [\n  {\n    \"code\": \"invalid_type\",\n    \"path\": [\n      \"DATABASE_URL\"\n    ],\n\
         \x20   \"message\": \"Required\"\n  },\n  {\n    \"path\": [\n      \"JWT_SECRET\"\n    ],",
        "DATABASE_URL, JWT_SECRET",
    );
    found(
        "================================\n Missing environment variables:\n    DATABASE_URL: undefined\n\
         \x20   PORT_NAME: undefined\n================================\n Exiting with error code 1",
        "DATABASE_URL, PORT_NAME",
    );
    found("❌ Invalid environment variables: { DATABASE_URL: [ 'Required' ] }", "DATABASE_URL");
    found(
        "pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings\n\
         database_url\n  Field required [type=missing, input_value={}, input_type=dict]",
        "database_url",
    );
    found("KeyError: key not found: \"SECRET_KEY\" (KeyError)", "SECRET_KEY");
}

#[test]
fn what_can_not_be_reached_is_named() {
    let found = |log: &str, name: &str| {
        let title = format!("it can't reach what it needs: {name}");
        logged(log, Cause::DependencyUnreachable, &title);
    };
    found("Error: connect ECONNREFUSED 127.0.0.1:5432", "127.0.0.1:5432");
    found("Error: getaddrinfo ENOTFOUND db.internal", "db.internal");
    found("connection to server at \"db\" (10.0.0.4), port 5432 failed: Connection refused", "db");
    found("dial tcp 10.0.0.4:5432: connect: connection refused", "10.0.0.4:5432");
    found("dial tcp: lookup db on 127.0.0.11:53: no such host", "db");
    found("Can't connect to MySQL server on 'db:3306' (111)", "db:3306");
    found(
        "redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Refused.",
        "localhost:6379",
    );
    found("Connection to localhost:5432 refused. Check that the hostname", "localhost:5432");
    logged(
        "Error: Connection refused (os error 111)",
        Cause::DependencyUnreachable,
        "it can't reach what it needs",
    );
}

#[test]
fn databases_that_refuse_say_how() {
    logged(
        "error: password authentication failed for user \"web\"",
        Cause::DatabaseLogin,
        "the database refuses the login: web",
    );
    logged(
        "FATAL: database \"shop\" does not exist",
        Cause::DatabaseLogin,
        "the database refuses the login: shop",
    );
    logged(
        "error: no pg_hba.conf entry for host \"10.0.0.7\", user \"web\", no encryption",
        Cause::DatabaseTls,
        "application and database do not agree on TLS",
    );
    logged(
        "Error: self-signed certificate in certificate chain",
        Cause::DatabaseTls,
        "application and database do not agree on TLS: self-signed certificate in certificate chain",
    );
    logged(
        "error: relation \"orders\" does not exist",
        Cause::TableMissing,
        "a table is missing in the database: orders",
    );
}

#[test]
fn refused_permissions_are_named() {
    let found = |log: &str, rest: &str| {
        logged(log, Cause::PermissionDenied, &format!("permission denied{rest}"));
    };
    found("Error: EACCES: permission denied, open '/data/app.log'", ": open '/data/app.log'");
    found("Error: EROFS: read-only file system, mkdir '/app/tmp'", ": mkdir '/app/tmp'");
    found("PermissionError: [Errno 13] Permission denied: '/data'", ": /data");
    found("Error: listen EACCES: permission denied 0.0.0.0:80", ": 0.0.0.0:80");
    let low = check(
        exited(1, None),
        "Error: listen EACCES: permission denied 0.0.0.0:80",
        Cause::PermissionDenied,
        "permission denied: 0.0.0.0:80",
    );
    assert!(low.todo[0].contains("1024"), "{low:#?}");
}

#[test]
fn exceptions_are_told_by_their_first_line() {
    let found = |log: &str, what: &str| {
        let title = format!("api ended with an exception: {what}");
        logged(log, Cause::UncaughtException, &title);
    };
    found(
        "/app/a.js:1\nthrow new Error('boom')\n^\n\nError: boom\n    at Object.<anonymous>",
        "Error: boom",
    );
    found(
        "TypeError: Cannot read properties of undefined",
        "TypeError: Cannot read properties of undefined",
    );
    found(
        "Traceback (most recent call last):\n  File \"a.py\", line 1\nValueError: first\n\n\
         During handling of the above exception, another exception occurred:\n\n\
         Traceback (most recent call last):\nRuntimeError: second",
        "RuntimeError: second",
    );
    found("panic: runtime error: index out of range", "runtime error: index out of range");
    found(
        "Exception in thread \"main\" java.lang.IllegalStateException: no",
        "java.lang.IllegalStateException: no",
    );
    found(
        "thread 'main' panicked at src/main.rs:2:5:\nboom",
        "thread 'main' panicked at src/main.rs:2:5:",
    );
}

#[test]
fn commands_that_shells_can_not_run_are_named() {
    let finding = check(
        exited(127, None),
        "/bin/sh: 1: serve: not found",
        Cause::CommandNotFound,
        "command not found: serve",
    );
    assert_eq!(finding.evidence[1], "container api: exit code 127");
    check(
        exited(126, None),
        "sh: ./start.sh: Permission denied",
        Cause::NotExecutable,
        "./start.sh is not executable",
    );
    check(
        exited(1, None),
        "exec /app/server: exec format error",
        Cause::WrongArchitecture,
        "/app/server is built for another CPU architecture, or is no program",
    );
    check(
        exited(127, None),
        "./server: 1: ELF: not found",
        Cause::WrongArchitecture,
        "./server is built for another CPU architecture, or is no program",
    );
}

#[test]
fn exit_codes_tell_what_the_log_does_not() {
    check(exited(0, None), "done", Cause::Finished, "api came to its end without an error");
    check(
        exited(139, None),
        "",
        Cause::Crashed,
        "api crashed in native code: SIGSEGV: memory that is not its own",
    );
    check(exited(137, None), "", Cause::Killed, "api was killed (SIGKILL)");
    check(exited(3, None), "", Cause::Unknown, "api ended with exit code 3");
}

#[test]
fn kills_for_memory_are_told_from_others() {
    let reason = "OutOfMemoryError: container killed due to memory usage";
    check(exited(137, Some(reason)), "", Cause::OutOfMemory, "out of memory: it has 512 MiB");
    check(
        exited(134, None),
        "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
        Cause::OutOfMemory,
        "out of memory: the runtime's own limit is reached",
    );
    let mut told = stopped("t1", "ServiceSchedulerInitiated", "Scaling activity initiated by (x)");
    told.containers.as_mut().unwrap()[0].exit_code = Some(137);
    check(
        told,
        "",
        Cause::StopSignalIgnored,
        "api does not end when it is told to: killed after 30s",
    );
    check(
        stopped("t1", "SpotInterruption", "Your Spot Task was interrupted."),
        "",
        Cause::SpotInterrupted,
        "AWS took the Spot capacity of the task back",
    );
}
