/** The guards that `test-guards.ts` takes out, one at a time, and the tests that must notice. */

/** One guard. */
export type Guard = {
  /** What nobody may do, because of it. */
  what: string
  file: string
  /** The text that is the guard; stands once in the file. */
  guard: string
  /** What stands there without it. */
  without: string
  /** Test files of which at least one must fail then. */
  tests: readonly string[]
}

const core = 'packages/portico/src/core'

export const guards: readonly Guard[] = [
  {
    what: 'read a sealed text as something that it was not sealed for',
    file: `${core}/sealing.ts`,
    guard: 'CONTEXTS.get(purpose)',
    without: "CONTEXTS.get('client')",
    tests: [`${core}/sealing.test.ts`],
  },
  {
    what: 'spell one token in two ways',
    file: `${core}/opaque-token.ts`,
    guard: 'format(kind, body) === text ? body : undefined',
    without: 'body',
    tests: [`${core}/opaque-token.test.ts`],
  },
  {
    what: 'exchange a code with a verifier of any length',
    file: `${core}/pkce.ts`,
    guard: '{43,128}',
    without: '*',
    tests: [`${core}/pkce.test.ts`],
  },
  {
    what: 'have the answer sent to a name that only looks like loopback',
    file: `${core}/redirect-uri.ts`,
    guard: "&& host !== 'localhost') {",
    without: "&& !host.endsWith('localhost') && host !== 'localhost') {",
    tests: [`${core}/redirect-uri.test.ts`],
  },
  {
    what: 'have the answer sent to another path of a registered host',
    file: `${core}/redirect-uri.ts`,
    guard: '(uri) => uri === requested ||',
    without: '(uri) => requested.startsWith(uri) ||',
    tests: [`${core}/redirect-uri.test.ts`],
  },
  {
    what: 'climb out of a registered path with dots',
    file: `${core}/redirect-uri.ts`,
    guard: "if (path.split('/').some((segment) => /^\\.{1,2}(?:;|$)/.test(segment))) {",
    without: 'if (false) {',
    tests: [`${core}/redirect-uri.test.ts`],
  },
  {
    what: 'find out who has a password by how long the answer takes',
    file: `${core}/passwords.ts`,
    guard: 'possible ? stored : NOBODY',
    without:
      "possible ? stored : '$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'",
    tests: [`${core}/passwords.test.ts`],
  },
  {
    what: 'keep every core busy with password guesses',
    file: `${core}/passwords.ts`,
    guard: 'if (queue.length >= waiting)',
    without: 'if (false)',
    tests: [`${core}/passwords.test.ts`],
  },
  {
    what: 'change the body of a signed request',
    file: `${core}/sigv4/verify.ts`,
    guard: "if (claimed !== hash) throw mismatch('x-amz-content-sha256 is not the SHA-256 of the body that arrived.')",
    without: '',
    tests: [`${core}/sigv4/verify.test.ts`],
  },
  {
    what: 'sign tomorrow with the signing key of today',
    file: `${core}/sigv4/verify.ts`,
    guard: 'if (!timestamp.startsWith(scope.date))',
    without: 'if (false)',
    tests: [`${core}/sigv4/verify.test.ts`],
  },
  {
    what: 'send an old signed request again',
    file: `${core}/sigv4/verify.ts`,
    guard: 'checkClock(signedAt, options.now, options.skew)',
    without: '',
    tests: [`${core}/sigv4/verify.test.ts`],
  },
  {
    what: 'go on with role credentials after their end',
    file: `${core}/sigv4/verify.ts`,
    guard: 'credentials.expiresAt <= options.now',
    without: 'false',
    tests: [`${core}/sigv4/verify.test.ts`],
  },
  {
    what: 'sign for another service of the same origin',
    file: `${core}/sigv4/verify.ts`,
    guard: 'if (!services.includes(service)) {',
    without: 'if (false) {',
    tests: [`${core}/sigv4/verify.test.ts`],
  },
]
