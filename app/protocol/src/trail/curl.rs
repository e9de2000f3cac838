//! "Copy as curl": the request as a command, with blanks to fill in where secrets were.

use super::{Credentials, Detail, Endpoint, Value, Way};
use crate::ids::ClientId;

/// The request as a curl command. What was masked stands there as `$NAME`, a variable of the shell
/// that the developer sets; what nobody knows the name of is left out.
pub fn curl(issuer: &str, endpoint: Endpoint, client: &ClientId, detail: &Detail) -> String {
    let mut command = match detail.way {
        Way::Query => "curl -G".to_owned(),
        Way::Body => "curl".to_owned(),
    };
    if endpoint != Endpoint::Authorize && detail.credentials == Credentials::Header {
        command += &format!(" \\\n  -u {}:\"$CLIENT_SECRET\"", quoted(client.as_str()));
    }
    for parameter in &detail.parameters {
        let name = parameter.name.as_str();
        if !name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        {
            continue;
        }
        let value = match &parameter.value {
            Value::Clear(text) => quoted(&format!("{name}={text}")),
            Value::Cut(..) | Value::Length(_) => {
                format!("{name}=\"${}\"", name.to_ascii_uppercase())
            }
        };
        command += &format!(" \\\n  --data-urlencode {value}");
    }
    let path = detail.path.as_deref().unwrap_or(endpoint.path());
    command += &format!(" \\\n  {}", quoted(&format!("{issuer}{path}")));
    command
}

/// One word for a POSIX shell.
fn quoted(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=,@%+".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{form::RawForm, trail::Masked};

    fn detail(form: &str) -> Detail {
        let form = RawForm::parse(form.as_bytes()).unwrap_or_default();
        Detail {
            parameters: Masked::of(form).parameters(),
            ..Detail::default()
        }
    }

    #[test]
    fn secrets_are_blanks_to_fill_in() {
        let form = "grant_type=authorization_code&code=cs_ac_x&redirect_uri=https%3A%2F%2Fa.example%2Fb%3Fc%3Dit's&x=y";
        let command = curl(
            "https://id.example",
            Endpoint::Token,
            &ClientId::new("shop"),
            &detail(form),
        );
        let expected = r#"curl \
  -u shop:"$CLIENT_SECRET" \
  --data-urlencode grant_type=authorization_code \
  --data-urlencode code="$CODE" \
  --data-urlencode 'redirect_uri=https://a.example/b?c=it'\''s' \
  https://id.example/oauth/token"#;
        assert_eq!(command, expected);
    }

    #[test]
    fn an_authorize_request_is_a_get_without_credentials() {
        let detail = Detail {
            way: Way::Query,
            ..detail("response_type=code&scope=wallet+ais")
        };
        let command = curl(
            "https://id.example",
            Endpoint::Authorize,
            &ClientId::new("shop"),
            &detail,
        );
        let expected = r"curl -G \
  --data-urlencode response_type=code \
  --data-urlencode 'scope=wallet ais' \
  https://id.example/oauth/authorize";
        assert_eq!(command, expected);
    }

    #[test]
    fn nothing_that_was_sent_runs_in_the_developers_shell() {
        let command = curl(
            "https://id.example",
            Endpoint::Token,
            &ClientId::new("$(reboot)"),
            &detail("scope=%24(reboot)%60reboot%60%27%3Breboot"),
        );
        assert!(command.contains(r"-u '$(reboot)':"), "{command}");
        assert!(
            command.contains(r"'scope=$(reboot)`reboot`'\'';reboot'"),
            "{command}"
        );
    }
}
