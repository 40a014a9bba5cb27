/**
 * Every page in every state that differs to the eye, with invented people and things. The tests and the preview show them;
 * no route does.
 */
import {
  accountPage,
  accountsPage,
  choosePage,
  cliSetUpPage,
  consentPage,
  credentialsPage,
  deviceCodePage,
  deviceConfirmPage,
  deviceEndingPage,
  deviceOutcomes,
  disownPage,
  endSessionPage,
  enrolPage,
  errorPage,
  forgotPage,
  type Html,
  oneTimeCodesPage,
  type PortalAccount,
  passwordPage,
  recoveryCodesPage,
  secondFactorPage,
  setUpPage,
  signedOutPage,
  signInPage,
} from './pages.ts'

/** A page in one state. */
export type Sample = {
  /** Words with hyphens, unique. */
  name: string
  model: Readonly<Record<string, unknown>>
  /** Renders the page, with another model of the same shape if one is given. */
  render(model?: Readonly<Record<string, unknown>>): Html
}

const instanceName = 'Acme Portico'
const csrf = 'csrf-9f8e7d'
const person = { displayName: 'Alice Liddell', userName: 'alice' }
const frame = { instanceName, csrf, person }
const reach = { accounts: 12, strongestRole: 'AdministratorAccess' }
const agent = 'aws-cli/2.36.7 md/awscrt#0.31.2 ua/2.1 os/linux#6.12 md/arch#x86_64 lang/python#3.14 command/sso.login'

const device = {
  ...frame,
  userCode: 'BCDF-GHJK',
  clientName: 'botocore-client-my',
  scopes: ['sso:account:access'],
  began: { address: '203.0.113.7', userAgent: agent, secondsAgo: 12 },
  address: '203.0.113.7',
  proximity: 'same' as const,
  reach,
}

const consent = {
  ...frame,
  request: 'sealed-request',
  clientName: 'botocore-client-my',
  scopes: ['sso:account:access'],
  redirect: { host: '127.0.0.1:39179', loopback: true },
  reach,
}

const accounts: readonly PortalAccount[] = [
  {
    accountId: '111111111111',
    name: 'Production',
    emailAddress: 'aws-production@example.com',
    roles: ['AdministratorAccess', 'ReadOnly'],
  },
  {
    accountId: '222222222222',
    name: 'Staging',
    emailAddress: 'aws-staging@example.com',
    roles: ['AdministratorAccess', 'PowerUser', 'ReadOnly'],
  },
  { accountId: '333333333333', name: 'Data lake', emailAddress: null, roles: ['Analyst'] },
  {
    accountId: '444444444444',
    name: 'Object store, Frankfurt',
    emailAddress: 'storage@example.com',
    roles: ['BucketOwner', 'ReadOnly'],
  },
  {
    accountId: '555555555555',
    name: 'Sandbox of the machine learning group',
    emailAddress: null,
    roles: ['PowerUser'],
  },
]

const credentials = {
  ...frame,
  account: { accountId: '111111111111', name: 'Production' },
  roleName: 'ReadOnly',
  credentials: {
    accessKeyId: 'ASIAEXAMPLEKEYID0001',
    secretAccessKey: 'an/example+of/a/secret+access/key+000001',
    sessionToken: `ptc_st_${'ExampleOfASessionToken'.repeat(12)}`,
    expiration: Date.UTC(2026, 10, 24, 12, 59),
  },
  profile: 'production-readonly',
  now: Date.UTC(2026, 10, 24, 12, 0),
}

const cli = {
  ...frame,
  url: 'https://portico.example.com',
  startUrlAlias: 'https://ssoins-0123456789abcdef.portico.invalid.awsapps.com/start',
  region: 'eu-central-1',
  accountId: '111111111111',
  accountName: 'Production',
  roleName: 'ReadOnly',
  profile: 'production-readonly',
}

const passkey = {
  options: '{"challenge":"c2FtcGxl","rpId":"portico.example.com","allowCredentials":[]}',
  ceremony: 'sealed-ceremony',
}
const totp = {
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  uri: 'otpauth://totp/portico.example.com:alice?issuer=portico.example.com&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  sealed: 'sealed-secret',
}
const at = (hour: number) => Date.UTC(2026, 10, 24, hour)
const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/152.0.0.0 Safari/537.36'

const account = {
  ...frame,
  person: { ...person, email: 'alice@example.com' },
  hasPassword: true,
  returnTo: '/account',
  passkeys: [
    { id: 'pk-1', name: 'Laptop', synced: true, createdAt: at(8), lastUsedAt: at(11) },
    { id: 'pk-2', name: 'Security key in the safe', synced: false, createdAt: at(9), lastUsedAt: null },
  ],
  newPasskey: passkey,
  distant: [],
  totp: { createdAt: at(9), lastUsedAt: at(10) },
  recoveryCodes: 9,
  programs: [
    {
      ...{
        id: 'session-1',
        name: 'botocore-client-my',
        flow: 'device' as const,
        address: '203.0.113.7',
        userAgent: agent,
      },
      ...{ since: at(9), lastUsedAt: at(11), expiresAt: at(17), methods: ['password', 'passkey'] as const },
    },
    {
      ...{ id: 'session-2', name: 'my-tool', flow: 'code' as const, address: '', userAgent: '' },
      ...{ since: at(10), lastUsedAt: at(10), expiresAt: at(18), methods: ['password'] as const },
    },
  ],
  browsers: [
    {
      ...{ id: 'browser-1', here: true, address: '203.0.113.7', userAgent: chrome },
      ...{ since: at(9), lastUsedAt: at(11), expiresAt: at(17), methods: ['password', 'passkey'] as const },
    },
    {
      ...{ id: 'browser-2', here: false, address: '198.51.100.99', userAgent: chrome },
      ...{ since: at(8), lastUsedAt: at(10), expiresAt: at(16), methods: ['password', 'recovery-code'] as const },
    },
  ],
}

const distant = {
  ...{
    id: 'session-1',
    name: 'botocore-client-my',
    address: '198.51.100.99',
    userAgent: agent,
    at: at(9),
    alive: true,
  },
}
const disown = {
  ...{ instanceName, csrf, link: 'sealed-link', clientName: 'AWS CLI (official)', address: '198.51.100.99' },
  ...{ userAgent: 'python-requests/2.32', since: at(9), endedAt: null, administratorEmail: 'it@example.com' },
}

const secondFactor = { instanceName, csrf, userName: 'alice', passkey, totp: true, recoveryCodes: true }
const choose = {
  ...{ instanceName, csrf, link: 'one-time-secret', purpose: 'invitation' as const, passwordMinimum: 15, passkey },
  ...{ displayName: 'Alice Liddell', userName: 'alice' },
}
const codes = ['k3f9-2m7q-x0vd-8t1h', 'a7c2-9r4n-p5wz-3e6j', 'd8s1-0g5y-b2kx-7m4v', 'h6t3-4q9w-n1rf-2z8c']

const signIn = { instanceName, csrf, returnTo: '/device?user_code=BCDF-GHJK' }
const setUp = { instanceName, csrf, token: 'one-time-secret', passwordMinimum: 15 }

/** All of them. */
export const samples: readonly Sample[] = [
  sample('sign-in', signInPage, signIn),
  sample('sign-in-failed', signInPage, {
    ...signIn,
    userName: 'alice',
    error: 'The user name or the password is wrong. Try again, or ask your administrator for a new password.',
  }),
  sample('sign-in-again', signInPage, { ...signIn, userName: 'alice', reason: 'Sign in again to approve a device.' }),
  sample('sign-in-every-way', signInPage, { ...signIn, passkey, mayForget: true }),
  sample('second-factor', secondFactorPage, secondFactor),
  sample('second-factor-failed', secondFactorPage, {
    ...secondFactor,
    passkey: undefined,
    error: 'This code is not right, or was used already. Wait for the next one and try again.',
  }),
  sample('enrol', enrolPage, { instanceName, csrf, userName: 'alice', passkey, totp }),
  sample('enrol-after-reset', enrolPage, {
    ...{ instanceName, csrf, userName: 'alice', totp, resetAt: at(8) },
    error: 'This is not the code that the app shows now. Try the next one.',
  }),
  sample('forgot', forgotPage, { instanceName, csrf, asked: false }),
  sample('forgot-asked', forgotPage, { instanceName, csrf, asked: true }),
  sample('choose', choosePage, choose),
  sample('choose-reset-failed', choosePage, {
    ...{ ...choose, purpose: 'reset', passkey: undefined },
    errors: { password: 'Use at least 15 characters.', password_again: 'The two passwords differ.' },
  }),
  sample('account', accountPage, { ...account, said: { kind: 'information', text: 'The passkey was added.' } }),
  sample('account-bare', accountPage, {
    ...account,
    ...{ hasPassword: false, passkeys: [], newPasskey: undefined, totp: null, recoveryCodes: null, programs: [] },
    resetAt: at(8),
    said: { kind: 'error', text: 'It was gone already.' },
  }),
  sample('account-distant', accountPage, {
    ...account,
    distant: [distant, { ...distant, id: 'session-0', name: '', userAgent: '', at: at(8), alive: false }],
  }),
  sample('disown', disownPage, disown),
  sample('disown-over', disownPage, { ...disown, endedAt: at(10) }),
  sample('account-every-passkey', accountPage, { ...account, newPasskey: undefined, everyPasskey: true }),
  sample('account-new', accountPage, { ...account, passkeys: [], totp: null, recoveryCodes: 0 }),
  sample('password', passwordPage, { ...frame, userName: 'alice', hasPassword: true, passwordMinimum: 8 }),
  sample('password-failed', passwordPage, {
    ...{ ...frame, userName: 'alice', hasPassword: true, passwordMinimum: 15 },
    errors: { current: 'This is not your password.' },
  }),
  sample('one-time-codes', oneTimeCodesPage, { ...frame, totp, replaces: true }),
  sample('one-time-codes-failed', oneTimeCodesPage, {
    ...{ ...frame, totp, replaces: false },
    error: 'This is not the code that the app shows now. Try the next one.',
  }),
  sample('recovery-codes', recoveryCodesPage, { ...frame, returnTo: '/account', left: 3 }),
  sample('recovery-codes-made', recoveryCodesPage, { ...frame, returnTo: '/account', codes, left: 0 }),
  sample('set-up', setUpPage, setUp),
  sample('set-up-failed', setUpPage, {
    ...setUp,
    values: { username: 'alice', display_name: 'Alice Liddell', email: 'alice' },
    errors: {
      username: 'This user name is taken.',
      display_name: 'Say what to call you.',
      email: 'This is not an e-mail address.',
      password: 'This password has 6 characters; it needs at least 15.',
      password_again: 'The two passwords differ.',
    },
  }),
  sample('device-code', deviceCodePage, frame),
  sample('device-code-wrong', deviceCodePage, {
    ...frame,
    userCode: 'BCDF-GHJJ',
    error: 'No terminal waits with this code. Compare it letter by letter.',
  }),
  sample('device-confirm', deviceConfirmPage, device),
  sample('device-confirm-other-network', deviceConfirmPage, {
    ...device,
    clientName: 'AWS CLI (official), please approve',
    scopes: ['sso:account:access', 'codewhisperer:completions'],
    began: { address: '198.51.100.99', userAgent: 'python-requests/2.32', secondsAgo: 412 },
    proximity: 'other',
  }),
  sample('device-confirm-uncertain', deviceConfirmPage, {
    ...device,
    address: '2001:db8::1',
    proximity: 'unknown',
    uncertain: true,
  }),
  sample('device-confirm-number', deviceConfirmPage, { ...device, numbers: [17, 42, 88] }),
  sample('device-confirm-number-unchosen', deviceConfirmPage, { ...device, numbers: [17, 42, 88], unchosen: true }),
  ...deviceOutcomes.map((outcome) =>
    sample(`device-${outcome}`, deviceEndingPage, {
      ...frame,
      outcome,
      reference: '7f3c0a1e-5d',
      administratorEmail: 'it@example.com',
      retryInSeconds: 480,
    }),
  ),
  sample('device-denied-without-address', deviceEndingPage, { ...frame, outcome: 'denied' }),
  sample('consent', consentPage, consent),
  sample('consent-elsewhere', consentPage, {
    ...consent,
    clientName: 'Wiki',
    scopes: ['openid', 'email', 's3:access_grants:read_write'],
    redirect: { host: 'wiki.example.com', loopback: false },
    reach: { accounts: 0 },
  }),
  sample('accounts', accountsPage, { ...frame, accounts, query: '' }),
  sample('accounts-found', accountsPage, { ...frame, accounts, query: 'read store' }),
  sample('accounts-not-found', accountsPage, { ...frame, accounts, query: 'zebra' }),
  sample('accounts-none', accountsPage, { ...frame, accounts: [], query: '' }),
  sample('credentials', credentialsPage, credentials),
  sample('cli-set-up', cliSetUpPage, cli),
  sample('signed-out', signedOutPage, { instanceName }),
  sample('signed-out-onward', signedOutPage, {
    instanceName,
    onward: { href: 'https://wiki.example.com/bye', host: 'wiki.example.com', stranger: true },
  }),
  sample('end-session', endSessionPage, {
    ...frame,
    request: 'AbCd',
    clientName: 'Wiki',
    host: 'wiki.example.com',
    strayed: false,
  }),
  sample('end-session-strayed', endSessionPage, { ...frame, request: 'AbCd', strayed: true }),
  sample('error', errorPage, {
    instanceName,
    title: 'This page does not exist',
    whatHappened: 'Nothing is at the address that you opened.',
    whatToDo: 'Check the address, or begin at the start page.',
    requestId: '0c5f7e0e-6a1d-4c1b-9c55-0d2f5a8c1f77',
  }),
  sample('error-elsewhere', errorPage, {
    instanceName,
    title: 'This sign-in cannot go on',
    whatHappened:
      'response_type must be code. The program that sent you here is at wiki.example.com, an address that anybody can have registered.',
    whatToDo: 'If you came from there and trust it, you may go back. Else close this page.',
    link: { href: 'https://wiki.example.com/callback', label: 'Go back to wiki.example.com' },
    requestId: '0c5f7e0e-6a1d-4c1b-9c55-0d2f5a8c1f77',
  }),
]

function sample<Model extends Record<string, unknown>>(
  name: string,
  view: (model: Model) => Html,
  model: NoInfer<Model>,
): Sample {
  // The cast is true for every caller here: the tests change what strings say and leave the shape.
  return { name, model, render: (other = model) => view(other as Model) }
}
