/** `portico config explain`: every setting that a client command would use, and where it was found. */
import { resolveConfig } from 'ssooidc'
import { type ResolvedConfig, readSharedFiles, resolveSettings } from 'ssooidc/config'
import { resolveTarget, type TargetFlags } from './target.ts'
import { printJson, table } from './terminal.ts'

const services = ['SSO OIDC', 'SSO', 'STS'] as const

/** Prints them. */
export function explain(flags: TargetFlags & { readonly json?: boolean }): void {
  const { session, client, accountId, roleName } = resolveTarget(flags)
  const files = readSharedFiles()
  const around = { env: process.env, files: () => files }
  const rows: [setting: string, value: string, origin: string][] = [
    ['session', session.name ?? '(none)', ''],
    ['startUrl', session.startUrl, ''],
    ['session region', session.region, ''],
    ['account', accountId ?? '(none)', ''],
    ['role', roleName ?? '(none)', ''],
  ]
  for (const service of services) {
    const { endpoint } = resolveSettings(service, client, around)
    rows.push([`endpoint of ${service}`, String(endpoint?.value ?? '(that of AWS)'), endpoint?.origin ?? 'default'])
  }
  // Without the password that a proxy's address may hold.
  const { endpoint: _, ...others } = resolveConfig(client)
  for (const [name, setting] of Object.entries(others as ResolvedConfig))
    if (setting !== undefined) rows.push([name, String(setting.value), setting.origin])
  if (flags.json)
    printJson({ settings: rows.map(([name, value, origin]) => ({ name, value, origin: origin || null })) })
  else console.log(table([['SETTING', 'VALUE', 'FROM'], ...rows]))
}
