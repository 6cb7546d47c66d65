use super::*;

fn check(line: &str, expected: &[&str]) {
    assert_eq!(split(line), Ok(expected.iter().map(|&word| word.to_owned()).collect()), "{line}");
}

fn refuse(line: &str, expected: Refusal) {
    assert_eq!(split(line), Err(expected), "{line}");
}

#[test]
fn a_line_is_cut_as_a_shell_cuts_it() {
    check("node server.js", &["node", "server.js"]);
    check("  npx  prisma\tmigrate deploy ", &["npx", "prisma", "migrate", "deploy"]);
    check("node -e 'a b' \"c \\\" d\"", &["node", "-e", "a b", "c \" d"]);
    check("echo a\\ b ''", &["echo", "a b", ""]);
    check("java -Dkey=value -jar app.jar", &["java", "-Dkey=value", "-jar", "app.jar"]);
    check("echo '$HOME' $5 100$", &["echo", "$HOME", "$5", "100$"]);
    check("", &[]);
}

#[test]
fn what_only_a_shell_understands_is_refused() {
    refuse("cd app && node x", Refusal::Shell("`&&`".to_owned()));
    refuse("a | b", Refusal::Shell("`|`".to_owned()));
    refuse("a > b", Refusal::Shell("`>`".to_owned()));
    refuse("echo $HOME", Refusal::Shell("`$H`".to_owned()));
    refuse("echo \"${HOME}\"", Refusal::Shell("`${`".to_owned()));
    refuse("echo $(date)", Refusal::Shell("`$(`".to_owned()));
    refuse("NODE_ENV=production node x", Refusal::Assignment("NODE_ENV".to_owned()));
    refuse("a\nb", Refusal::Shell("a second line".to_owned()));
}

#[test]
fn an_open_quote_is_refused() {
    refuse("echo 'a", Refusal::OpenQuote('\''));
    refuse("echo \"a", Refusal::OpenQuote('"'));
}
