/** What went wrong, by the codes of Node.js and OpenSSL; other codes of theirs are quoted. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^CERT_HAS_EXPIRED$|ALERT_CERTIFICATE_EXPIRED/, 'the certificate has expired'],
  [/^CERT_NOT_YET_VALID$/, 'the certificate is not valid yet'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$|^HOSTNAME_MISMATCH$/, 'the certificate is made out to another name'],
  [
    /SELF_SIGNED|UNABLE_TO_|^CERT_UNTRUSTED$|^INVALID_CA$|ALERT_UNKNOWN_CA/,
    'the certificate does not come from a trusted authority',
  ],
  [/CERTIFICATE_REQUIRED/, 'the other side wants a certificate, and this side has shown none'],
  [/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/, 'the other side does not speak TLS'],
  [/UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION/, 'the other side does not speak TLS 1.3'],
  [
    /ALERT_(BAD_)?CERTIFICATE|ALERT_UNSUPPORTED_CERTIFICATE/,
    'the other side does not accept the certificate of this side',
  ],
];

/** Why TLS failed, as a sentence; undefined for errors that are none of its own. */
export function tlsFailure(systemCode: string): string | undefined {
  const reason = REASONS.find(([pattern]) => pattern.test(systemCode))?.[1];
  if (reason !== undefined) return reason;
  return /^ERR_(SSL|TLS)_|^CERT_|CERTIFICATE/.test(systemCode) ? `TLS failed with ${systemCode}` : undefined;
}
