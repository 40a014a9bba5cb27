/** What to do about a connection that did not come about, where Node.js's own words do not say it to a person at a terminal. */

// OpenSSL's names, as Node.js hands them on.
const untrusted =
  /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(?:_LOCALLY)?))$/
const notTls = /^(?:EPROTO|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG)$/

/** A sentence without its full stop; undefined where nothing is known that the system's own words do not say. */
export function adviceFor(code: string | undefined, host: string): string | undefined {
  if (code === undefined) return undefined
  if (untrusted.test(code))
    return `its certificate is not trusted here (${code}); name a file of those that vouch for it with AWS_CA_BUNDLE`
  if (notTls.test(code)) return `no TLS is spoken at ${host}; is https:// right, and the port?`
  if (code === 'ECONNREFUSED')
    return `nothing listens at ${host} (${code}); is the address right, and does the service run?`
  if (code === 'ENOTFOUND') return `there is no host ${host} (${code}); is the name right?`
  return undefined
}
