//! Who is asked to send where, and in which order: `SMS_PROVIDERS`.

/// The names of providers by country, and those for the rest of the world.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routes {
    by_country: Vec<(String, Vec<&'static str>)>,
    elsewhere: Vec<&'static str>,
}

/// What is wrong with `SMS_PROVIDERS`.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum InvalidRoutes {
    #[error("`{0}` is none of {1}")]
    Unknown(String, String),
    #[error("`{0}` is not a country (ISO 3166-1 alpha-2, like KR, or * for the rest)")]
    Country(String),
    #[error("names {0} twice")]
    Twice(String),
    #[error("names nobody for {0}")]
    Nobody(String),
    #[error("{0} holds its codes itself and can neither follow another nor be followed")]
    NotAlone(&'static str),
    #[error("outbox sends nothing and can neither follow another nor be followed")]
    Outbox,
}

/// What stands for the rest of the world.
const ELSEWHERE: &str = "*";

impl Routes {
    /// The same providers for the whole world.
    #[must_use]
    pub(crate) fn everywhere(names: &[&'static str]) -> Self {
        Self { by_country: Vec::new(), elsewhere: names.to_vec() }
    }

    /// Reads `solapi,sens` or `KR:solapi,sens;*:twilio_messaging`. `known` are the names there are; of those that are `alone` none shares a
    /// country with another, since the code of one is worth nothing at the other.
    pub(crate) fn parse(text: &str, known: &[&'static str], alone: &[&'static str]) -> Result<Self, InvalidRoutes> {
        let mut routes = Self::default();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (country, names) = part.split_once(':').unwrap_or((ELSEWHERE, part));
            let country = country.trim().to_ascii_uppercase();
            if country != ELSEWHERE && !crate::verification::phone_number::is_country(&country) {
                return Err(InvalidRoutes::Country(country));
            }
            let names = read_names(&country, names, known, alone)?;
            let is_known = routes.by_country.iter().any(|(known, _)| *known == country);
            if is_known || country == ELSEWHERE && !routes.elsewhere.is_empty() {
                return Err(InvalidRoutes::Twice(country));
            }
            if country == ELSEWHERE { routes.elsewhere = names } else { routes.by_country.push((country, names)) }
        }
        Ok(routes)
    }

    /// Who is asked for numbers of a country, in order.
    #[must_use]
    pub(crate) fn of(&self, country: &str) -> &[&'static str] {
        self.by_country.iter().find(|(known, _)| known == country).map_or(&self.elsewhere, |(_, names)| names)
    }

    /// Every provider that may be asked, each once; the first is asked first at home, say.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        let mut all: Vec<&'static str> = Vec::new();
        let listed = self.by_country.iter().flat_map(|(_, names)| names).chain(&self.elsewhere);
        for name in listed {
            if !all.contains(name) {
                all.push(name);
            }
        }
        all
    }

    /// Whether a provider is asked anywhere.
    #[must_use]
    pub(crate) fn uses(&self, name: &str) -> bool {
        self.names().contains(&name)
    }
}

fn read_names(
    country: &str,
    text: &str,
    known: &[&'static str],
    alone: &[&'static str],
) -> Result<Vec<&'static str>, InvalidRoutes> {
    let mut names = Vec::new();
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let found = known.iter().find(|name| **name == word).copied();
        let name = found.ok_or_else(|| InvalidRoutes::Unknown(word.to_owned(), known.join(", ")))?;
        if names.contains(&name) {
            return Err(InvalidRoutes::Twice(name.to_owned()));
        }
        names.push(name);
    }
    let lonely = names.iter().find(|name| alone.contains(name)).filter(|_| names.len() > 1);
    match lonely {
        _ if names.is_empty() => Err(InvalidRoutes::Nobody(country.to_owned())),
        Some(&super::outbox::NAME) => Err(InvalidRoutes::Outbox),
        Some(name) => Err(InvalidRoutes::NotAlone(name)),
        None => Ok(names),
    }
}

impl std::fmt::Display for Routes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (country, names) in &self.by_country {
            write!(f, "{country}:{};", names.join(","))?;
        }
        let rest = if self.by_country.is_empty() { "" } else { "*:" };
        if self.elsewhere.is_empty() { Ok(()) } else { write!(f, "{rest}{}", self.elsewhere.join(",")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 5] = ["outbox", "sens", "solapi", "twilio_messaging", "twilio_verify"];

    fn read(text: &str) -> Result<Routes, String> {
        Routes::parse(text, &KNOWN, &["outbox", "twilio_verify"]).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn a_country_has_senders_of_its_own_and_the_rest_has_the_others() {
        let routes = read(" KR: solapi , sens; *:twilio_messaging ").expect("routes");
        assert_eq!(routes.of("KR"), ["solapi", "sens"]);
        assert_eq!(routes.of("JP"), ["twilio_messaging"]);
        assert_eq!(routes.names(), ["solapi", "sens", "twilio_messaging"]);
        assert_eq!(routes.to_string(), "KR:solapi,sens;*:twilio_messaging");
        assert_eq!(read("solapi,sens").expect("routes").to_string(), "solapi,sens");
        assert!(read("KR:sens").expect("routes").of("JP").is_empty());
        assert_eq!(read("KR:sens;*:twilio_verify").expect("routes").of("US"), ["twilio_verify"]);
    }

    #[test]
    fn what_cannot_be_meant_is_told() {
        for (text, wrong) in [
            ("sns", "`sns` is none of outbox, sens, solapi, twilio_messaging, twilio_verify"),
            ("QQ:sens", "`QQ` is not a country (ISO 3166-1 alpha-2, like KR, or * for the rest)"),
            ("sens,sens", "names sens twice"),
            ("KR:sens;kr:solapi", "names KR twice"),
            ("sens;solapi", "names * twice"),
            ("KR:", "names nobody for KR"),
            ("twilio_verify,sens", "twilio_verify holds its codes itself and can neither follow another nor be followed"),
            ("sens,outbox", "outbox sends nothing and can neither follow another nor be followed"),
        ] {
            assert_eq!(read(text), Err(wrong.to_owned()), "{text}");
        }
    }
}
