/** What a program needs to know beside the credentials of a role. */
import { readSharedFiles, resolveSettings } from 'ssooidc/config'
import type { RoleTarget } from './target.ts'

/** Where its calls go, and, where the credentials are not of AWS, who knows them. */
export function surroundingsOf({ client, session }: RoleTarget): { region: string; stsEndpoint: string | undefined } {
  const { endpoint, region } = resolveSettings('STS', client, { env: process.env, files: () => readSharedFiles() })
  return {
    region: region?.value ?? session.region,
    stsEndpoint: endpoint === undefined ? undefined : String(endpoint.value),
  }
}
