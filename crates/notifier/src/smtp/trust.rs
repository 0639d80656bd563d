//! Whom the driver believes to be the relay: the public web's authorities, a town's own, or both.

use std::sync::Arc;

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore, crypto};

/// Why a set of authorities cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// The file is not PEM, or a certificate in it is not one.
    #[error("not a PEM file of certificates: {0}")]
    Unreadable(String),
    /// The file holds no certificate.
    #[error("no certificate in the file")]
    Empty,
    /// The TLS library refused the set.
    #[error("TLS: {0}")]
    Library(String),
}

/// A set of certificate authorities. TLS 1.2 and 1.3 only; the host name is always checked (RFC 8314).
#[derive(Clone)]
pub struct Trust {
    config: Arc<ClientConfig>,
}

impl Trust {
    /// The authorities that browsers trust (Mozilla's list, compiled in).
    pub fn public() -> Result<Self, TrustError> {
        Self::from_roots(public_roots())
    }

    /// The public ones and those of a PEM file, for a relay inside a town hall's network.
    pub fn public_and(pem: &[u8]) -> Result<Self, TrustError> {
        let mut roots = public_roots();
        add_pem(&mut roots, pem)?;
        Self::from_roots(roots)
    }

    /// Only those of a PEM file: nobody else can issue for the relay.
    pub fn only(pem: &[u8]) -> Result<Self, TrustError> {
        let mut roots = RootCertStore::empty();
        add_pem(&mut roots, pem)?;
        Self::from_roots(roots)
    }

    /// A handshake maker; connections share the session cache.
    pub(crate) fn connector(&self) -> TlsConnector {
        TlsConnector::from(Arc::clone(&self.config))
    }

    fn from_roots(roots: RootCertStore) -> Result<Self, TrustError> {
        let provider = Arc::new(crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error: rustls::Error| TrustError::Library(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { config: Arc::new(config) })
    }
}

impl std::fmt::Debug for Trust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Trust")
    }
}

fn public_roots() -> RootCertStore {
    webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect()
}

fn add_pem(roots: &mut RootCertStore, pem: &[u8]) -> Result<(), TrustError> {
    let before = roots.len();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| TrustError::Unreadable(error.to_string()))?;
        roots.add(certificate).map_err(|error| TrustError::Unreadable(error.to_string()))?;
    }
    if roots.len() == before { Err(TrustError::Empty) } else { Ok(()) }
}
