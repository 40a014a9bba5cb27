/**
 * The client against paws and the AWS SDK for JavaScript, row by row, and the test that holds each row.
 * `docs/reference/parity.md` is drawn from this; what paws and the SDK do was measured with paws.common 0.7.5 and version
 * 3.1164 of the SDK.
 */

/** A row: what it is about, what paws does, what the AWS SDK for JavaScript v3 does, what this client does. */
export type ParityRow = {
  readonly item: string
  readonly paws: string
  readonly aws: string
  readonly ours: string
  /** The file of the test, from the repository's root, and words of its name as they stand there. */
  readonly test: readonly [file: string, words: string]
}

/** Rows under one heading. */
export type ParityTable = { readonly title: string; readonly rows: readonly ParityRow[] }

const paws = 'packages/ssooidc/src/paws/paws.test.ts'
const config = 'packages/ssooidc/src/config/config.test.ts'
const options = 'packages/ssooidc/src/client/options.test.ts'
const client = 'packages/ssooidc/src/client/client.test.ts'
const operations = 'packages/ssooidc/src/client/operations.test.ts'
const failures = 'test/client/failures.test.ts'
const transport = 'test/client/transport.test.ts'
const signing = 'test/client/signing.test.ts'
const alone = 'test/client/alone.test.ts'

const row = (item: string, paws: string, aws: string, ours: string, test: readonly [string, string]): ParityRow => ({
  item,
  paws,
  aws,
  ours,
  test,
})

export const parity: readonly ParityTable[] = [
  {
    title: 'Arguments and configuration',
    rows: [
      row(
        '`ssooidc(config, credentials, endpoint, region)`',
        'shorthands win leaf by leaf',
        'one object',
        '`ssooidc/paws` merges likewise; `ssooidc()` takes one object',
        [paws, 'win leaf by leaf'],
      ),
      row(
        'the value: operations by name',
        'a function taken off it loses its configuration',
        'methods need `this`',
        'bound functions, in both spellings',
        [paws, 'has every operation under both names'],
      ),
      row('`""` as a shorthand', 'overwrites, then falls back', 'refused late', 'not given, as null and undefined', [
        paws,
        'the empty string is not given',
      ]),
      row(
        'an unknown name',
        'refused',
        'ignored',
        'refused by the type checker and at run time, with the name that was meant; `strict: false` warns',
        [options, 'is refused with the name that was meant'],
      ),
      row(
        '`config$credentials$creds`',
        'used when both keys are there, else silently the chain',
        'keys or a provider',
        'keys or a provider; half a pair is refused',
        [paws, 'creds that are half a pair are refused'],
      ),
      row(
        '`creds$expiration`',
        'refresh 5 minutes before',
        'refresh 5 minutes before',
        'a provider is asked again 5 minutes before',
        [signing, 'again five minutes before they end'],
      ),
      row(
        '`credentials$profile`',
        'an absent one is logged',
        'its endpoint is not read',
        'one profile for region, endpoint, retries, certificates and credentials; an absent one is refused, with those that exist',
        [config, 'that does not exist is an error that lists those that do'],
      ),
      row(
        '`credentials$anonymous`',
        'sends the signed operation unsigned',
        'no such thing',
        'needless for public operations; refuses the signed one',
        [paws, 'anonymous needs no credentials'],
      ),
      row(
        '`endpoint`',
        'URL, prefix kept; http anywhere',
        'URL, prefix kept; http anywhere',
        'URL, prefix kept; http only to this machine, unless `allowInsecure`',
        [options, 'may be plain http on this machine'],
      ),
      row(
        'an endpoint that has to be looked up',
        'no',
        'function',
        'function, asked once, at the first call that needs it',
        [options, 'is asked when the first call needs it'],
      ),
      row(
        'endpoint in environment and files',
        'read; the switch that ignores them is not',
        'read',
        'read, by service first; the switch works',
        [config, 'endpoint is found by service, then for all'],
      ),
      row(
        '`region`',
        'argument, `AWS_REGION`, `AWS_DEFAULT_REGION`, profile',
        'not `AWS_DEFAULT_REGION`; asks the instance metadata',
        'as paws, then the region of the sign-in session; not needed with an endpoint',
        [config, 'region falls back to AWS_DEFAULT_REGION'],
      ),
      row(
        'partitions, FIPS, dual stack',
        'suffix by pattern',
        'rule set',
        'as the rule set, compared for every partition',
        [options, 'is the one that the AWS SDK finds'],
      ),
      row(
        '`close_connection`',
        '`Connection: close`',
        'an agent of one’s own',
        '`keepAlive: false`: the header, and the socket closes',
        [paws, 'close_connection closes the connection after every answer'],
      ),
      row(
        '`timeout`',
        'documented, refused; `connect_timeout` counts the connection only',
        'none by default',
        '`timeoutMs`, 60 s, the whole attempt',
        [paws, 'timeout is in seconds, for the whole attempt'],
      ),
      row('`connect_timeout`', '60 s', 'by mode', '`connectTimeoutMs`, 10 s', [
        transport,
        'ends after connectTimeoutMs',
      ]),
      row('`max_retries`', '3, and one request is sent', '`maxAttempts` 3', '`maxAttempts` 3', [
        paws,
        'max_retries counts without the first attempt',
      ]),
      row(
        '`creds$access_token`, `AWS_BEARER_TOKEN_…`',
        'Bedrock’s only',
        'by service',
        '`token` of `sso()`; by service',
        [config, 'that is a bearer token belongs to one service'],
      ),
      row('`AWS_MAX_ATTEMPTS`, `AWS_RETRY_MODE`', 'no', 'yes', 'yes; each mode is `standard`', [
        config,
        "'retryMode', 'AWS_RETRY_MODE'",
      ]),
      row('`s3_force_path_style`', 'no effect here', 'no such thing', 'accepted, no effect, and says so', [
        paws,
        'takes s3_force_path_style and sts_regional_endpoint',
      ]),
      row(
        '`sts_regional_endpoint`',
        'no effect on its own chain',
        'no such thing',
        '`stsRegionalEndpoints`, given to AWS’s chain',
        [config, "'stsRegionalEndpoints', 'AWS_STS_REGIONAL_ENDPOINTS'"],
      ),
      row('names that paws accepts and never reads', 'silent', '', 'accepted by `ssooidc/paws` with a warning', [
        paws,
        'accepts what paws accepts without effect',
      ]),
      row('`AWS_CA_BUNDLE`, `ca_bundle`', 'no', 'no', 'yes', [transport, 'in the caBundle is trusted']),
      row('`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`', 'by curl', 'no', 'yes', [
        transport,
        'is found in the environment, and NO_PROXY',
      ]),
      row('where does this value come from?', '', '', '`resolveConfig()`', [
        options,
        'gives every setting with its origin',
      ]),
    ],
  },
  {
    title: 'Operations',
    rows: [
      row(
        '`create_token`',
        'sends any input',
        'sends any input',
        'each grant needs its own member, at compile and run time',
        [operations, 'without the member that its grant redeems'],
      ),
      row(
        'its example, whose grant type has a hyphen',
        'sent as it is',
        'sent as it is',
        '`ssooidc/paws` sends the right one and warns once; `ssooidc` refuses with a hint',
        [paws, 'sends the example of the documentation'],
      ),
      row('`create_token_with_iam`', 'signed, or unsigned when anonymous', 'signed', 'signed by AWS’s own signer', [
        signing,
        'carries a signature for sso-oauth',
      ]),
      row('`register_client`', 'works, with keys', 'works', 'works', [operations, 'sends a name and a type']),
      row('`start_device_authorization`', 'works, with keys', 'works', 'works', [
        operations,
        'sends the client and the start URL',
      ]),
      row('the portal’s lists', '', 'paginators', 'async iterators', [operations, 'goes through all pages']),
    ],
  },
  {
    title: 'Behaviour',
    rows: [
      row('public operations', 'need keys, and are signed', 'unsigned', 'unsigned, need nothing', [
        signing,
        'is never what the public operations are',
      ]),
      row('retries', 'never sent', 'one-shot codes too', 'what is safe; one invocation id for all attempts', [
        failures,
        'all with one invocation id',
      ]),
      row('`Retry-After`', 'no', 'yes', 'yes, up to `maxRetryAfterMs`', [failures, '503 with Retry-After']),
      row('redirects', 'followed, with secrets', 'not followed, no reason given', 'refused, with where it pointed', [
        client,
        'does not follow a redirect',
      ]),
      row('answers of the wrong form', 'made to fit', 'passed through', 'refused, naming members and never values', [
        client,
        'never repeats a secret',
      ]),
      row('size of an answer', 'no limit', 'no limit', '1 MiB', [client, 'reads at most a megabyte']),
      row('an error’s words', 'lost', '`UnknownError`', 'the message; with name, status, request id, `retrySafe`', [
        client,
        'with its words, its status and its request id',
      ]),
      row('an error without its header', 'nameless', 'nameless', 'known by its OAuth code', [
        client,
        'knows an OAuth error by its code',
      ]),
      row('abort', 'no', 'reason lost', 'at once, with its reason', [client, "with the signal's reason"]),
      row('log', 'headers', 'codes in clear', '`onAttempt`, every secret redacted', [operations, 'without any secret']),
      row('a wrong clock', 'refused', 'corrected', 'corrected', [
        signing,
        'with the clock of the service when ours is wrong',
      ]),
      row('credential order', 'its own', 'its own chain', 'AWS’s own chain, loaded when needed', [
        signing,
        'finds its credentials with the chain of AWS',
      ]),
      row('packages of AWS not installed', '', '', 'only the signed call fails, and says what to install', [
        alone,
        'is to be installed',
      ]),
    ],
  },
]

/** Words of paws and the words here, for whoever moves a program. */
export const translation: readonly (readonly [paws: string, ours: string])[] = [
  ['`svc <- ssooidc()`', '`const svc = ssooidc()`'],
  ['`svc$create_token(…)`', '`await svc.createToken({ … })`'],
  ['`config$credentials$creds$access_key_id`', '`credentials.accessKeyId`'],
  ['`config$credentials$profile`', '`profile`'],
  ['`config$credentials$anonymous`', '`anonymous`'],
  ['`config$endpoint`, `endpoint`', '`endpoint`'],
  ['`config$region`, `region`', '`region`'],
  ['`config$close_connection = TRUE`', '`keepAlive: false`'],
  ['`config$timeout = 10`', '`timeoutMs: 10_000`'],
  ['`config$connect_timeout = 10`', '`connectTimeoutMs: 10_000`'],
  ['`config$max_retries = 3`', '`maxAttempts: 4`'],
  ['`config$s3_force_path_style`', '`s3ForcePathStyle`'],
  ['`config$sts_regional_endpoint`', '`stsRegionalEndpoints`'],
  ['`tryCatch(…, http_400 = …)`', '`catch (thrown) { if (isServiceException(thrown) && thrown.status === 400) … }`'],
  ['`err$error_response$error_description`', '`thrown.message`'],
  ['`NULL`', 'leave it out'],
  ['`list("a", "b")`', "`['a', 'b']`"],
  ['`Sys.setenv(AWS_PROFILE = …)`', 'the same variable, or `profile`'],
  ['`options(paws.log_level = 3L)`', '`onAttempt: console.log`'],
]
