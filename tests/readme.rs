//! What README.md says can be typed, can be typed.

use crate::support::{Archive, hedui, project, run};

/// Returns the commands of the tour: indented lines that begin with the program's name, comments cut off.
fn commands() -> Vec<String> {
    let readme = std::fs::read_to_string(project("README.md")).unwrap();
    let lines = readme.lines().filter_map(|line| line.strip_prefix("    "));
    let commands = lines.filter(|line| line.starts_with("hedui ") || line.starts_with("$ hedui "));
    let plain = commands.map(|line| {
        line.trim_start_matches("$ ")
            .split(" #")
            .next()
            .unwrap_or_default()
    });
    plain
        .map(|line| {
            line.split("&&")
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned()
        })
        .collect()
}

/// Cuts a command as a shell does, as far as README needs it.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in command.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
        .into_iter()
        .skip(1)
        .take_while(|word| word != "<" && word != "|")
        .collect()
}

#[test]
fn every_command_has_flags_that_exist() {
    let commands = commands();
    assert!(commands.len() >= 12, "{commands:?}");
    for command in commands {
        let words = words(&command);
        run(hedui().args(&words).arg("--help")).exits(0);
    }
}

#[test]
fn the_tour_of_the_sample_finds_something() {
    let archive = Archive::new();
    run(hedui()
        .current_dir(archive.folder())
        .args(["demo", "--quiet", "--keep"])
        .arg(archive.dir()))
    .exits(0);
    let reading = ["search", "claims", "conflicts"];
    let tour: Vec<String> = commands()
        .into_iter()
        .filter(|command| !command.contains('…'))
        .collect();
    let mut seen = 0;
    for command in tour {
        let words = words(&command);
        if words
            .first()
            .is_some_and(|first| reading.contains(&first.as_str()))
        {
            let found = run(hedui().env("HEDUI_ARCHIVE", archive.dir()).args(&words)).exits(0);
            assert!(!found.out.is_empty(), "{command}");
            seen += 1;
        }
    }
    assert!(seen >= 5, "{seen}");
}
