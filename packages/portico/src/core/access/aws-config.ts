/**
 * The text that makes an unmodified AWS tool use this server: sections of `~/.aws/config` for tools that can be given an
 * endpoint there, and endpoint rule sets for AWS CLI 2.9 to 2.12, which cannot. The access portal and the command line
 * print the same text, because both take it from here. Reading or writing anybody's files is not its job.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */

/** Where the AWS tools find this instance. */
export type AwsInstance = {
  /** The origin that answers everything, such as `https://portico.example.com`. */
  url: string
  /** The start URL under `awsapps.com` that stands for ours: newer tools accept no other host without asking it first. */
  startUrlAlias: string
  region: string
}

/** One role, as a profile of the AWS tools. */
export type AwsProfile = {
  accountId: string
  roleName: string
  profile: string
}

/** A section of the file: its heading, such as `profile dev`, and its settings, some of which have settings below them. */
export type AwsSection = { heading: string; settings: readonly AwsSetting[] }
export type AwsSetting = readonly [key: string, value: string | readonly (readonly [key: string, value: string])[]]

/** Name of the `[sso-session]` and `[services]` sections. One of each serves every profile of an instance. */
const SECTION = 'portico'

const SIGN_IN_SCOPE = 'sso:account:access'

/** What the services are called in a `[services]` section. */
const SERVICES = ['sso_oidc', 'sso', 'sts'] as const

/** Where to sign in. */
export function sessionSection(
  name: string,
  {
    startUrl,
    region,
    scopes = [SIGN_IN_SCOPE],
  }: { startUrl: string; region: string; scopes?: readonly string[] | undefined },
): AwsSection {
  return {
    heading: `sso-session ${name}`,
    settings: [
      ['sso_start_url', startUrl],
      ['sso_region', region],
      ['sso_registration_scopes', scopes.join(',')],
    ],
  }
}

/** Where the services are, when they are not at AWS. */
export function servicesSection(name: string, url: string): AwsSection {
  return { heading: `services ${name}`, settings: SERVICES.map((service) => [service, [['endpoint_url', url]]]) }
}

/** A role, as a profile that signs in through the session of that name, and finds the services in their section of that name. */
export function profileSection(
  { accountId, roleName, profile }: AwsProfile,
  { session, region, services }: { session: string; region: string; services: boolean },
): AwsSection {
  return {
    heading: profile === 'default' ? profile : `profile ${profile}`,
    settings: [
      ['sso_session', session],
      ['sso_account_id', accountId],
      ['sso_role_name', roleName],
      ['region', region],
      ...(services ? ([['services', session]] as const) : []),
    ],
  }
}

/**
 * The sections that a computer needs once, however many profiles use them. To repeat them would make the file unreadable
 * for the AWS CLI, which refuses a section that is there twice.
 */
export function awsSession({ url, startUrlAlias, region }: AwsInstance): string {
  const session = sessionSection(SECTION, { startUrl: startUrlAlias, region })
  return formatSection(session).concat('\n', formatSection(servicesSection(SECTION, url)))
}

/** The section that each role needs: a profile that signs in through {@link awsSession}'s sections. */
export function awsProfile({ region, ...profile }: AwsProfile & { region: string }): string {
  return formatSection(profileSection(profile, { session: SECTION, region, services: true }))
}

/**
 * Everything that a fresh `~/.aws/config` needs for one role. Understood by the AWS CLI from 2.13 (1.29), boto3 from 1.28,
 * and the JavaScript, Go, Java and Rust SDKs of 2024 and later.
 *
 * @throws Error when a value could break out of its line or a profile's name is one that some AWS tools cannot read
 */
export function awsConfig(input: AwsInstance & AwsProfile): string {
  return awsSession(input).concat('\n', awsProfile(input))
}

/** A profile name for a role: the account's name and the role's, in letters that every AWS tool reads. */
export function suggestProfile(accountName: string, roleName: string): string {
  const words = `${accountName} ${roleName}`.normalize('NFKD').match(/[A-Za-z0-9]+/g) ?? [SECTION]
  return words.join('-').toLowerCase()
}

/** Files below `~/.aws/models` that each hold {@link endpointRuleSet} for AWS CLI 2.9 to 2.12. */
export const endpointRuleSetFiles = [
  'sso-oidc/2019-06-10/endpoint-rule-set-1.json',
  'sso/2019-06-10/endpoint-rule-set-1.json',
  'sts/2011-06-15/endpoint-rule-set-1.json',
] as const

/**
 * An endpoint rule set that sends a service's every request to `url`. One text serves all three services: a parameter that
 * a service does not use does no harm.
 *
 * @see https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-endpoints.html
 */
export function endpointRuleSet(url: string): object {
  const flag = (builtIn: string) => ({ builtIn, required: true, default: false, documentation: '', type: 'Boolean' })
  return {
    version: '1.0',
    parameters: {
      Region: { builtIn: 'AWS::Region', required: false, documentation: '', type: 'String' },
      UseDualStack: flag('AWS::UseDualStack'),
      UseFIPS: flag('AWS::UseFIPS'),
      Endpoint: { builtIn: 'SDK::Endpoint', required: false, documentation: '', type: 'String' },
      UseGlobalEndpoint: flag('AWS::STS::UseGlobalEndpoint'),
    },
    rules: [{ conditions: [], endpoint: { url, properties: {}, headers: {} }, type: 'endpoint' }],
  }
}

/** A POSIX shell command that writes {@link endpointRuleSet} where AWS CLI 2.9 to 2.12 looks for it. */
export function endpointRuleSetCommand(url: string): string {
  const directories = endpointRuleSetFiles.map((file) => file.slice(0, file.lastIndexOf('/')))
  return `for service in ${directories.join(' ')}; do
  mkdir -p ~/.aws/models/$service
  cat > ~/.aws/models/$service/endpoint-rule-set-1.json <<'END'
${JSON.stringify(endpointRuleSet(url))}
END
done
`
}

/**
 * A section as text.
 *
 * @throws Error when a value could break out of its line or the heading is one that some AWS tools cannot read
 */
export function formatSection({ heading, settings }: AwsSection): string {
  if (!/^[a-z]+(?:-[a-z]+)?(?: [\w@+.%:/-]+)?$/.test(heading)) {
    throw new Error(`a section name that AWS tools cannot read: ${JSON.stringify(heading)}`)
  }
  return `[${heading}]\n${settings.flatMap(formatSetting).join('\n')}\n`
}

/** A setting's lines. @throws Error as {@link formatSection} does */
export function formatSetting([key, value]: AwsSetting): string[] {
  return typeof value === 'string' ? [line(key, value)] : [`${key} =`, ...value.map(([k, v]) => `  ${line(k, v)}`)]
}

/** One setting. The format has no escapes: a value with a line break or a comment would become other settings. */
function line(key: string, value: string): string {
  if (/[\p{Cc}\u2028\u2029]|(?:^|\s)[#;]/u.test(value)) {
    throw new Error(`a value of ${key} that an AWS configuration file cannot hold: ${JSON.stringify(value)}`)
  }
  return `${key} = ${value}`
}
