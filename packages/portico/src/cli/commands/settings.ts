/** `portico settings`: every setting, its value and where it came from. */
import { type ResolvedSettings, renderSettings, showSettings } from '../resolve-settings.ts'

/** Prints the settings as a table for a person, or as JSON. Secrets are not shown. */
export function printSettings(resolved: ResolvedSettings, { json }: { json: boolean }): void {
  console.log(json ? JSON.stringify(showSettings(resolved)) : renderSettings(resolved))
}
