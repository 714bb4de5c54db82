//! The small part of Okta's expression language that claims need: `user.…`, `appuser.userName`, texts, and `+`.

use super::person::Person;

/// What an expression says about a person. `Ok(None)`: null, and the claim is left out.
pub(crate) fn evaluate(expression: &str, person: &Person) -> Result<Option<String>, ()> {
    let mut whole: Option<String> = None;
    for part in split(expression)? {
        if let Some(text) = term(part.trim(), person)? {
            whole.get_or_insert_default().push_str(&text);
        }
    }
    Ok(whole)
}

/// Cuts at every `+` outside of quotes.
fn split(expression: &str) -> Result<Vec<&str>, ()> {
    let mut parts = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (index, letter) in expression.char_indices() {
        if letter == '"' {
            quoted = !quoted;
        } else if letter == '+' && !quoted {
            parts.push(&expression[start..index]);
            start = index + 1;
        }
    }
    parts.push(&expression[start..]);
    if quoted { Err(()) } else { Ok(parts) }
}

fn term(term: &str, person: &Person) -> Result<Option<String>, ()> {
    if let Some(text) = term
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        return Ok(Some(text.to_owned()));
    }
    if let Some(attribute) = term.strip_prefix("user.") {
        return attribute_of(attribute, person);
    }
    if term == "appuser.userName" {
        Ok(Some(person.login.clone()))
    } else {
        Err(())
    }
}

/// An attribute that the profile does not have is null; what is not even a name is an error.
fn attribute_of(attribute: &str, person: &Person) -> Result<Option<String>, ()> {
    match attribute {
        "id" => Ok(Some(person.id.clone())),
        "login" => Ok(Some(person.login.clone())),
        "email" => Ok(Some(person.email.clone())),
        "firstName" => Ok(Some(person.first_name.clone())),
        "lastName" => Ok(Some(person.last_name.clone())),
        "displayName" => Ok(Some(person.name())),
        other
            if !other.is_empty()
                && other
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || letter == '_') =>
        {
            Ok(None)
        }
        _ => Err(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ada() -> Person {
        Person {
            id: "00u1".into(),
            login: "ada@northwind.example".into(),
            email: "Ada.Lovelace@northwind.example".into(),
            first_name: "Ada".into(),
            last_name: "Lovelace".into(),
            email_verified: true,
            active: true,
            google_subject: String::new(),
            microsoft_object_id: String::new(),
        }
    }

    #[test]
    fn the_usual_values_are_understood() {
        assert_eq!(
            evaluate("user.email", &ada()),
            Ok(Some("Ada.Lovelace@northwind.example".into()))
        );
        assert_eq!(evaluate(" user.id ", &ada()), Ok(Some("00u1".into())));
        assert_eq!(
            evaluate(r#"user.firstName + " + " + user.lastName"#, &ada()),
            Ok(Some("Ada + Lovelace".into()))
        );
    }

    #[test]
    fn an_attribute_that_nobody_has_is_null_and_nonsense_is_an_error() {
        assert_eq!(evaluate("user.mail", &ada()), Ok(None));
        for nonsense in ["email", "user.", "user.email()", "\"open", ""] {
            assert_eq!(evaluate(nonsense, &ada()), Err(()), "{nonsense}");
        }
    }
}
