//! How sites are talked to: from the settings of the file, and the environment that it names, to those of the library.

use hedui_fetch::{ExtraHeader, FetchSettings, HostRule, Route, Secret};

use crate::config;
use crate::exit::Failure;

/// The word in a host's `proxy` that means none.
const NO_PROXY: &str = "none";

/// Turns the settings of the file into those of the library.
///
/// # Errors
/// Names the environment variable that the file names and that is not set.
pub(crate) fn fetch_settings(settings: &config::FetchSettings) -> Result<FetchSettings, Failure> {
    fetch_settings_with(settings, &|name| std::env::var(name).ok())
}

fn fetch_settings_with(
    settings: &config::FetchSettings,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<FetchSettings, Failure> {
    let networks = settings.allow_networks.iter().map(|network| {
        network
            .get_ref()
            .parse()
            .map_err(|error| Failure::usage(format!("`allow_networks`: {error}")))
    });
    let hosts = settings.host.iter().map(|row| rule(row, environment));
    let proxy = given(&settings.proxy, &settings.proxy_env, environment)?;
    Ok(FetchSettings {
        contact: settings.contact.clone(),
        user_agent: settings.user_agent.clone(),
        hosts_at_once: settings.hosts_at_once,
        delay_ms_min: settings.delay_ms_min,
        delay_ms_max: settings.delay_ms_max,
        retries_max: settings.retries_max,
        connect_timeout_ms: settings.connect_timeout_ms,
        first_byte_timeout_ms: settings.first_byte_timeout_ms,
        stall_timeout_ms: settings.stall_timeout_ms,
        total_timeout_ms: settings.total_timeout_ms,
        body_bytes_max: settings.body_bytes_max,
        decoded_bytes_max: settings.decoded_bytes_max,
        redirects_max: settings.redirects_max,
        allow_networks: networks.collect::<Result<_, Failure>>()?,
        route: proxy.map_or(Route::Direct, Route::Through),
        hosts: hosts.collect::<Result<_, Failure>>()?,
        ..FetchSettings::default()
    })
}

/// Returns a proxy that is written in the file, or in a variable that it names.
fn given(
    written: &str,
    variable: &str,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Secret>, Failure> {
    if !variable.is_empty() {
        return Ok(Some(Secret::new(value_of(variable, environment)?)));
    }
    Ok((!written.is_empty()).then(|| Secret::new(written)))
}

fn value_of(
    variable: &str,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<String, Failure> {
    environment(variable).ok_or_else(|| {
        Failure::usage(format!("the environment variable `{variable}` is not set"))
            .hint("a row of `[[fetch.host]]`, or `[fetch]`, of hedui.toml names it")
    })
}

fn rule(
    row: &config::HostRow,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<HostRule, Failure> {
    let route = match row.proxy.as_str() {
        NO_PROXY => Route::Direct,
        proxy => given(proxy, &row.proxy_env, environment)?.map_or(Route::AsUsual, Route::Through),
    };
    let mut headers = Vec::new();
    for (name, value) in &row.headers {
        headers.push(ExtraHeader {
            name: name.clone(),
            value: Secret::new(value.as_str()),
            is_secret: false,
        });
    }
    for (name, variable) in &row.headers_env {
        headers.push(ExtraHeader {
            name: name.clone(),
            value: Secret::new(value_of(variable, environment)?),
            is_secret: true,
        });
    }
    let mut cookies = Vec::new();
    for (name, value) in &row.cookies {
        cookies.push(format!("{name}={value}"));
    }
    for (name, variable) in &row.cookies_env {
        cookies.push(format!("{name}={}", value_of(variable, environment)?));
    }
    if !cookies.is_empty() {
        headers.push(ExtraHeader {
            name: "cookie".to_owned(),
            value: Secret::new(cookies.join("; ")),
            // One that is written in the file is none: consent, say, or an edition.
            is_secret: !row.cookies_env.is_empty(),
        });
    }
    Ok(HostRule {
        host: row.host.get_ref().clone(),
        route,
        headers,
        over_http: row.over_http,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<FetchSettings, Failure> {
        let settings: config::FetchSettings = toml::from_str(text).unwrap();
        fetch_settings_with(&settings, &|name| {
            (name == "TOKEN").then(|| "s3cret".to_owned())
        })
    }

    #[test]
    fn a_host_gets_its_headers_cookies_and_proxy() {
        let settings = read(
            "proxy = 'http://proxy.example:3128'\n[[host]]\nhost = 'a.example'\nproxy = 'none'\n\
             headers = { Accept-Language = 'zh-TW' }\nheaders_env = { Authorization = 'TOKEN' }\ncookies = { consent = 'yes' }\ncookies_env = { session = 'TOKEN' }",
        )
        .unwrap();
        assert_eq!(
            settings.route,
            Route::Through(Secret::new("http://proxy.example:3128"))
        );
        let rule = settings.hosts.first().unwrap();
        assert_eq!(rule.route, Route::Direct);
        let header = |name: &str, value: &str, is_secret| ExtraHeader {
            name: name.to_owned(),
            value: Secret::new(value),
            is_secret,
        };
        assert_eq!(
            rule.headers,
            [
                header("Accept-Language", "zh-TW", false),
                header("Authorization", "s3cret", true),
                header("cookie", "consent=yes; session=s3cret", true),
            ]
        );
    }

    #[test]
    fn a_variable_that_is_not_set_is_named() {
        for text in [
            "proxy_env = 'NOT_SET'",
            "[[host]]\nhost = 'a.example'\nheaders_env = { X = 'NOT_SET' }",
            "[[host]]\nhost = 'a.example'\ncookies_env = { x = 'NOT_SET' }",
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains("`NOT_SET`"), "{error}");
        }
    }
}
