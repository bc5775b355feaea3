//! What the island is answered: compact text, one field a line, no JSON. The server writes it, the browser reads it.

/// The answer to a form that an island posted, and the status that a page starts with. Every field is a line; absent is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The outcome's stable code.
    pub outcome: String,
    /// What the outcome says, in the page's language.
    pub message: String,
    /// The word of where the verification stands; empty where nothing is known of whoever asks.
    pub state: String,
    /// Masked; empty until one is known.
    pub phone_number: String,
    /// Seconds until the newest code expires.
    pub expires_in_secs: Option<u32>,
    /// Seconds until another code may be asked for.
    pub resend_in_secs: Option<u32>,
    /// Guesses left at the challenge.
    pub attempts_left: Option<u32>,
    /// Sends left in the rolling day.
    pub sends_left: u32,
    /// The challenge that a code would be for.
    pub challenge_id: String,
    /// What became of its newest code: `delivered`, `failed`, or empty while that is not known.
    pub delivery: String,
    /// What kind of provider holds it: `sender`, `reporting_sender`, `hosted_verifier`, or empty.
    pub provider: String,
    /// The work that must be done first, in JSON; empty where there is none.
    pub challenge: String,
}

/// How a masked number ends: the digits that are spoken of it.
#[must_use]
pub(crate) fn last_digits(masked: &str) -> String {
    let digits: Vec<char> = masked.chars().filter(char::is_ascii_digit).collect();
    digits[digits.len().saturating_sub(4)..].iter().collect()
}

/// The outcomes that say what is wrong with what was typed, so that its field is marked. The browser has no list of outcomes.
const OF_FIELDS: [&str; 5] = ["invalid_phone_number", "phone_number_taken", "malformed_code", "incorrect_code", "invalid_nickname"];

/// Whether an outcome is about the field that was filled in.
#[must_use]
pub(crate) fn is_of_field(outcome: &str) -> bool {
    OF_FIELDS.contains(&outcome)
}

impl Answer {
    /// The lines, in the order of the fields.
    #[must_use]
    pub fn encode(&self) -> String {
        let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        [
            &self.outcome,
            &self.message.replace('\n', " "),
            &self.state,
            &self.phone_number,
            &number(self.expires_in_secs),
            &number(self.resend_in_secs),
            &number(self.attempts_left),
            &self.sends_left.to_string(),
            &self.challenge_id,
            &self.delivery,
            &self.provider,
            &self.challenge,
        ]
        .map(String::as_str)
        .join("\n")
    }

    /// Reads the lines; none when they are not an answer (a proxy's error page, say).
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let mut lines = text.split('\n').map(str::to_owned);
        let mut line = || lines.next();
        let number = |line: String| line.parse().ok();
        Some(Self {
            outcome: line()?,
            message: line()?,
            state: line()?,
            phone_number: line()?,
            expires_in_secs: number(line()?),
            resend_in_secs: number(line()?),
            attempts_left: number(line()?),
            sends_left: number(line()?)?,
            challenge_id: line()?,
            delivery: line()?,
            provider: line()?,
            // A replica of before has no such line.
            challenge: line().unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_back_as_it_was_written() {
        let answer = Answer {
            outcome: "code_sent".into(),
            message: "보냈어요.".into(),
            state: "pending".into(),
            phone_number: "+82 10-****-5678".into(),
            expires_in_secs: Some(300),
            resend_in_secs: None,
            attempts_left: Some(5),
            sends_left: 4,
            challenge_id: "c".into(),
            delivery: "delivered".into(),
            provider: "reporting_sender".into(),
            challenge: "{}".into(),
        };
        assert_eq!(Answer::decode(&answer.encode()), Some(answer));
    }

    #[test]
    fn a_masked_number_is_spoken_of_by_its_end() {
        for (masked, digits) in [("010-****-5678", "5678"), ("8 (***) ***-67-89", "6789"), ("+81 ****-5678", "5678"), ("", "")] {
            assert_eq!(last_digits(masked), digits, "{masked}");
        }
    }

    #[test]
    fn what_is_not_an_answer_is_not_read() {
        for text in ["", "<html>", "code_sent\n", "\n\n\n\n\n\n\n\n\n\n"] {
            assert_eq!(Answer::decode(text), None, "{text:?}");
        }
    }
}
