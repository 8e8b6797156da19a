//! The certificate of the staff pages.

use chrono::DateTime;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use x509_parser::prelude::FromDer;

use super::finding::Finding;
use super::place::Place;

/// Days before the end from which it is time.
const SOON: i64 = 21;

/// Looks at the certificate, where there is one.
pub(super) fn examine(place: &Place, now_ms: i64) -> Vec<Finding> {
    let path = place.folder.join("tls.crt");
    if place.settings.web.listen_tls.is_none() {
        return Vec::new();
    }
    if !path.exists() {
        return vec![Finding::ok("certificate", "The hub makes its own certificate at its next start.")];
    }
    let again =
        "Move tls.crt and tls.key out of the data folder and restart the hub: it makes its own; or put a sound pair there.";
    let der = CertificateDer::from_pem_file(&path).map_err(|error| error.to_string());
    let end = der.and_then(|der| {
        let (_, certificate) =
            x509_parser::certificate::X509Certificate::from_der(&der).map_err(|error| error.to_string())?;
        Ok(certificate.validity().not_after.timestamp())
    });
    vec![match end {
        Ok(end) => judge(end, now_ms / 1000),
        Err(error) => Finding::fail("certificate", format!("{} cannot be read: {error}.", path.display()), again),
    }]
}

/// `end` and `now` in seconds since 1970.
fn judge(end: i64, now: i64) -> Finding {
    let date = DateTime::from_timestamp(end, 0).unwrap_or_default().format("%Y-%m-%d").to_string();
    let days = (end - now).div_euclid(86_400);
    let mend =
        "Put a new tls.crt and tls.key into the data folder (or remove both: the hub makes its own) and restart the hub.";
    match days {
        ..0 => Finding::fail(
            "certificate",
            format!("The certificate ended on {date}: browsers refuse the staff pages over TLS."),
            mend,
        ),
        0..SOON => Finding::warn("certificate", format!("The certificate ends on {date}, in {days} days."), mend),
        _ => Finding::ok("certificate", format!("The certificate is good until {date}.")),
    }
    .fact("ends", date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Verdict::{Fail, Ok as Well, Warn};

    #[test]
    fn an_end_is_told_three_weeks_before() {
        let now = 1_800_000_000;
        let at = |days: i64| judge(now + days * 86_400, now).verdict;
        assert_eq!([at(-1), at(0), at(20), at(21)], [Fail, Warn, Warn, Well]);
    }
}
