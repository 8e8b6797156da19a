//! TLS for staff pages: a certificate that is given, or one the branch makes for itself.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// The branch's own certificate and key in its data folder, made at the first call for the given names.
///
/// # Errors
/// If they cannot be made or written.
pub fn own_certificate(folder: &Path, names: Vec<String>) -> anyhow::Result<(PathBuf, PathBuf)> {
    let (certificate, key) = (folder.join("tls.crt"), folder.join("tls.key"));
    if certificate.exists() && key.exists() {
        return Ok((certificate, key));
    }
    let made = rcgen::generate_simple_self_signed(names).context("A certificate could not be made")?;
    write_private(&key, made.signing_key.serialize_pem().as_bytes())?;
    std::fs::write(&certificate, made.cert.pem()).with_context(|| format!("Cannot write {}", certificate.display()))?;
    Ok((certificate, key))
}

fn write_private(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let open = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    open.and_then(|mut file| file.write_all(bytes)).with_context(|| format!("Cannot write {}", path.display()))
}

/// Accepts TLS with the certificate chain and key in these PEM files.
///
/// # Errors
/// If they cannot be read or do not fit each other.
pub fn acceptor(certificate: &Path, key: &Path) -> anyhow::Result<TlsAcceptor> {
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("Cannot read the certificate {}", certificate.display()))?;
    let key = PrivateKeyDer::from_pem_file(key).with_context(|| format!("Cannot read the key {}", key.display()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .context("TLS cannot be set up")?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("The certificate and the key do not belong together")?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
