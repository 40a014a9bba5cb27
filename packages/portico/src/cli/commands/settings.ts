/** `portico settings`: every setting, its value and where it came from. */
import { type ResolvedSettings, renderSettings, showSettings } from '../resolve-settings.ts'

/** Prints the settings as a table for a person, or as JSON, and on standard error what looks misspelt. Secrets are not shown. */
export function printSettings(resolved: ResolvedSettings, { json }: { json: boolean }): void {
  for (const warning of resolved.warnings) console.error(warning)
  console.log(json ? JSON.stringify(showSettings(resolved)) : renderSettings(resolved))
}
