//! The words on the command line: `--name value` and `--name`.

/// The words that were given. Cargo adds `--bench` to them, which is nobody's.
pub struct Arguments(Vec<String>);

impl Arguments {
    /// Those of this process.
    pub fn of_process() -> Self {
        Self(std::env::args().skip(1).collect())
    }

    /// Whether a word is there.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|word| word == name)
    }

    /// The word after a name.
    pub fn text(&self, name: &str, default: &str) -> String {
        let at = self.0.iter().position(|word| word == name);
        at.and_then(|at| self.0.get(at + 1)).map_or_else(|| default.to_owned(), Clone::clone)
    }

    /// The number after a name.
    pub fn number(&self, name: &str, default: u64) -> Result<u64, String> {
        let text = self.text(name, &default.to_string());
        text.replace('_', "").parse().map_err(|_| format!("{name}: `{text}` is not a number"))
    }
}
