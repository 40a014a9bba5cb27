/** The AWS tools of this machine. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { awsFolder } from 'ssooidc/config'
import { endpointRuleSetFiles } from '../../../core/access/aws-config.ts'
import { awsVersion, readsOnlyRuleSets } from '../configure/session.ts'
import type { Finding } from './doctor.ts'

/** Looks at the AWS CLI, and at what leads it elsewhere. */
export function lookAtTools(): Finding[] {
  const version = awsVersion()?.split(' ')[0]
  const findings: Finding[] = [
    version === 'error'
      ? { check: 'AWS CLI', result: 'warning', detail: 'does not start: run aws --version to see why' }
      : { check: 'AWS CLI', result: 'ok', detail: version ?? 'none on the path' },
  ]
  const rules = endpointRuleSetFiles.filter((file) => existsSync(join(awsFolder(), 'models', file)))
  if (rules.length > 0)
    findings.push({
      check: 'endpoint rules',
      result: 'warning',
      detail: `${join(awsFolder(), 'models')} sends every sign-in of this machine's AWS CLI to one place`,
    })
  else if (readsOnlyRuleSets())
    findings.push({
      check: 'endpoint rules',
      result: 'warning',
      detail: `${version} reaches a Portico by endpoint rules only: portico configure session … --endpoint-rules`,
    })
  for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'])
    if (process.env[name]) findings.push({ check: 'proxy', result: 'ok', detail: `${name} is set` })
  return findings
}
